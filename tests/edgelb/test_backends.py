"""The lines of backends, in both dialects."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lbgen.edgelb.rewriting import location, request_path
from tests.edgelb.pools import SERVICE, backend, frontend, pool, section, text

FORWARDED = [
    "option forwardfor",
    "http-request set-header X-Forwarded-Port %[dst_port]",
    "http-request add-header X-Forwarded-Proto https if { ssl_fc }",
]
ADDRESS = "192.0.2.1:31000"
SERVER = f"server agentip_192.0.2.1_31000 {ADDRESS} check"
COOKIE = "cookie YWdlbnRpcF8xOTIuMC4yLjFfMzEwMDA="


def lines(more: dict[str, Any], **options: Any) -> list[str]:
    protocol = "TCP" if more.get("protocol") in {"TCP", "TLS"} else "HTTP"
    given = pool(frontends=[frontend(protocol=protocol)], backends=[backend(**more)])
    return section(text(given, **options), "backend web")


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({}, ["balance roundrobin", "mode http", *FORWARDED, SERVER]),
        ({"protocol": "HTTPS"}, ["balance roundrobin", "mode http", *FORWARDED, f"{SERVER} ssl verify none"]),
        ({"protocol": "TCP", "balance": "source"}, ["balance source", "mode tcp", SERVER]),
        ({"protocol": "TLS", "rewriteHttp": {"sticky": {}}}, ["balance roundrobin", "mode tcp", SERVER]),
        ({"rewriteHttp": None}, ["balance roundrobin", "mode http", SERVER]),
        (
            {"rewriteHttp": {"request": {"forwardfor": False}}},
            ["balance roundrobin", "mode http", *FORWARDED[1:], SERVER],
        ),
        (
            {"rewriteHttp": {"host": "a.org", "request": {"xForwardedPort": False}}},
            [
                "balance roundrobin",
                "mode http",
                FORWARDED[0],
                FORWARDED[2],
                "http-request set-header Host a.org",
                SERVER,
            ],
        ),
        (
            {"rewriteHttp": {"host": "a.org", "request": {"setHostHeader": False}}},
            ["balance roundrobin", "mode http", *FORWARDED, SERVER],
        ),
        (
            {"rewriteHttp": {"sticky": {}}},
            [
                "balance roundrobin",
                "mode http",
                "cookie DCOS_SERVER_ID_FOR_THE_STICKY insert indirect nocache",
                *FORWARDED,
                f"{SERVER} {COOKIE}",
            ],
        ),
        (
            {"rewriteHttp": {"sticky": {"customStr": "cookie X prefix"}}, "protocol": "HTTPS"},
            ["balance roundrobin", "mode http", "cookie X prefix", *FORWARDED, f"{SERVER} ssl verify none {COOKIE}"],
        ),
        (
            {
                "customCheck": {
                    "httpchk": True,
                    "httpchkMiscStr": "GET /up",
                    "sslHelloChk": True,
                    "miscStr": "http-check expect status 204",
                },
                "miscStrs": ["timeout server 1h"],
            },
            [
                "balance roundrobin",
                "mode http",
                "option httpchk GET /up",
                "option ssl-hello-chk",
                "http-check expect status 204",
                *FORWARDED,
                "timeout server 1h",
                SERVER,
            ],
        ),
        ({"customCheck": {}}, ["balance roundrobin", "mode http", *FORWARDED, SERVER]),
    ],
)
def test_lines_of_a_backend(more: dict[str, Any], wanted: list[str]) -> None:
    assert lines(more, dialect="edge-lb") == wanted
    # The portable dialect puts lines of the user's own where HAProxy runs them.
    assert sorted(lines(more)) == sorted(wanted)


def test_a_cookie_without_stickiness_is_edge_lbs_own() -> None:
    more = {"rewriteHttp": {"sticky": {"enabled": False}}}
    assert lines(more)[-1] == SERVER
    assert lines(more, dialect="edge-lb")[-1] == f"{SERVER} {COOKIE}"


def test_headers_of_a_check_are_no_part_of_the_version() -> None:
    check = {"httpchk": True, "httpchkMiscStr": r"GET /up HTTP/1.1\r\nHost:\ a.org\r\nX-Y:\ 5%\r\n\r\nbody"}
    portable = lines({"customCheck": check})
    assert portable[2:4] == [
        "option httpchk GET /up HTTP/1.1",
        "http-check send hdr Host a.org hdr X-Y 5%% body body",
    ]
    assert f"option httpchk {check['httpchkMiscStr']}" in lines({"customCheck": check}, dialect="edge-lb")


@pytest.mark.parametrize(
    ("endpoint", "line"),
    [
        ({"portName": "web", "check": {"enabled": False}}, f"server agentip_192.0.2.1_31000 {ADDRESS}"),
        ({"portName": "web", "check": {"customStr": "inter 5s"}}, f"{SERVER} inter 5s"),
        ({"portName": "web", "miscStr": "weight 20"}, f"{SERVER} weight 20"),
        ({"type": "ADDRESS", "address": "10.0.0.9", "port": 8080}, "server address_10.0.0.9_8080 10.0.0.9:8080 check"),
        (
            {"type": "ADDRESS", "address": "a.org", "port": 80, "miscStr": "backup"},
            "server address_a.org_80 a.org:80 check resolvers default_resolvers backup",
        ),
        ({"type": "ADDRESS", "address": "::1", "port": 80}, "server address_::1_80 [::1]:80 check"),
    ],
)
def test_the_line_of_a_server(endpoint: dict[str, Any], line: str) -> None:
    assert lines({"services": [{**SERVICE, "endpoint": endpoint}]})[-1] == line


def test_a_server_is_written_once() -> None:
    services = [{"endpoint": {"type": "ADDRESS", "address": "10.0.0.9", "port": 80}}] * 2
    assert [line.split()[1] for line in lines({"services": services}) if line.startswith("server")] == [
        "address_10.0.0.9_80"
    ]


def test_name_servers_are_there_where_a_name_is_looked_up() -> None:
    named = [{"endpoint": {"type": "ADDRESS", "address": "a.org", "port": 80}}]
    given = pool(backends=[backend(services=named)])
    assert section(text(given), "resolvers default_resolvers")[0] == "parse-resolv-conf"
    assert (
        section(text(given, nameservers=("10.0.0.2:53",)), "resolvers default_resolvers")[0]
        == "nameserver ns1 10.0.0.2:53"
    )
    assert "resolvers" not in text(pool())
    assert "resolvers" in text(pool(), dialect="edge-lb")


DOCUMENTED = [
    ("/nginx", "", "/nginx", "/"),
    ("/nginx", "/", "/nginx", "/"),
    ("/nginx", "/", "/nginx/", "/"),
    ("/nginx", "/", "/nginx/index.html", "/index.html"),
    ("/nginx", "/", "/nginx/subpath/index.html", "/subpath/index.html"),
    ("/nginx/", "", "/nginx", "/nginx"),
    ("/nginx/", "", "/nginx/", "/"),
    ("/nginx", "/subpath", "/nginx", "/subpath"),
    ("/nginx", "/subpath", "/nginx/", "/subpath/"),
    ("/nginx", "/subpath", "/nginx/index.html", "/subpath/index.html"),
    ("/nginx", "/subpath/", "/nginx/index.html", "/subpath//index.html"),
    ("/nginx/", "/subpath/", "/nginx/index.html", "/subpath/index.html"),
    ("", "/subpath", "/index.html", "/subpath/index.html"),
    ("/a.b", "/c", "/axb/x", "/axb/x"),
]


def replaced(pattern: str, path: str, given: str) -> str:
    return re.sub(pattern, path.replace("%%", "%"), given, count=1)


@pytest.mark.parametrize(("source", "target", "given", "wanted"), DOCUMENTED)
def test_the_path_of_a_request(source: str, target: str, given: str, wanted: str) -> None:
    found = request_path(source, target, portable=True)
    assert replaced(found.pattern, found.path, given) == wanted


@pytest.mark.parametrize(
    ("source", "target", "given", "wanted"),
    [
        ("/nginx", "/subpath", "/subpath/login", "/nginx/login"),
        ("/nginx", "/subpath", "http://a.org:81/subpath/login?x=/subpath", "/nginx/login?x=/subpath"),
        ("/nginx", "/", "/login", "/nginx/login"),
        ("/nginx", "", "https://a.org/login", "/nginx/login"),
        ("/nginx/", "/", "/login", "/nginx/login"),
        ("/nginx", "/subpath", "/other", "/other"),
        ("", "/subpath", "/subpath/login", "/login"),
        ("", "/subpath", "/subpath", "/"),
    ],
)
def test_a_location_goes_the_way_back(source: str, target: str, given: str, wanted: str) -> None:
    found = location(source, target, portable=True)
    assert replaced(found.pattern, found.path, given) == wanted


def test_paths_in_edge_lbs_own_dialect() -> None:
    more: dict[str, Any] = {"rewriteHttp": {"path": {"fromPath": "/nginx", "toPath": "/sub"}}}
    assert lines(more, dialect="edge-lb")[-3:-1] == [
        r'reqirep "^([^ :]*)\ /nginx(.*)" "\1\ /sub\2"',
        r'rspirep "^Location: (https?://.*(:[0-9]+)?)?/sub(.*)" "Location: /nginx\3" if { res.hdr(Location) -m found }',
    ]
    more = {"rewriteHttp": {"path": {"fromPath": "/nginx", "toPath": ""}, "response": {"rewriteLocation": False}}}
    assert lines(more, dialect="edge-lb")[-2] == r'reqirep "^([^ :]*)\ /nginx/?(.*)" "\1\ /\2"'


def test_an_empty_path_changes_nothing() -> None:
    assert lines({"rewriteHttp": {"path": {}}}) == lines({})
