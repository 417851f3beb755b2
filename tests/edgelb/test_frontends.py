"""The lines of frontends, in both dialects."""

from __future__ import annotations

from typing import Any

import pytest

from tests.edgelb.pools import backend, frontend, pool, section, text

CERTIFICATES = ["$AUTOCERT", "$SECRETS/shop", "$ENVFILE/ELB_FILE_X"]
FILES = "crt /certs/autocert.pem crt /certs/secrets/shop crt /certs/envfile/ELB_FILE_X"
VARIABLES = " ".join(f'crt "$MESOS_SANDBOX/{certificate}"' for certificate in CERTIFICATES)


def lines(more: dict[str, Any], header: str = "frontend frontend_0.0.0.0_80", **options: Any) -> list[str]:
    protocol = "TCP" if more.get("protocol") in {"TCP", "TLS"} else "HTTP"
    given = pool(frontends=[frontend(**more)], backends=[backend(protocol=protocol)])
    return section(text(given, certificates="/certs", **options), header)


HTTP, TCP = ["mode http", "option httplog"], ["mode tcp", "option tcplog"]
DEFAULT = ["default_backend web"]


@pytest.mark.parametrize(
    ("more", "portable", "edge_lb"),
    [
        ({}, ["bind 0.0.0.0:80", *HTTP, *DEFAULT], None),
        (
            {"protocol": "HTTPS", "certificates": CERTIFICATES, "bindModifier": "accept-proxy"},
            [f"bind 0.0.0.0:80 ssl {FILES} accept-proxy", *HTTP, *DEFAULT],
            [f"bind 0.0.0.0:80 ssl {VARIABLES} accept-proxy", *HTTP, *DEFAULT],
        ),
        ({"protocol": "TCP"}, ["bind 0.0.0.0:80", *TCP, *DEFAULT], None),
        (
            {"protocol": "TLS", "certificates": CERTIFICATES},
            [
                "bind 0.0.0.0:80",
                *TCP,
                "tcp-request inspect-delay 5s",
                "tcp-request content accept if { req.ssl_hello_type 1 }",
                *DEFAULT,
            ],
            [
                "bind 0.0.0.0:80",
                *TCP,
                "tcp-request inspect-delay 5s",
                "tcp-request content accept if { req_ssl_hello_type 1 }",
                *DEFAULT,
            ],
        ),
        (
            {"miscStrs": ["http-request deny if bad", "acl bad src 10.0.0.1"], "redirectToHttps": {}},
            [
                "acl bad src 10.0.0.1",
                "bind 0.0.0.0:80",
                *HTTP,
                "http-request deny if bad",
                "redirect scheme https code 307",
                *DEFAULT,
            ],
            [
                "bind 0.0.0.0:80",
                *HTTP,
                "redirect scheme https code 307",
                "http-request deny if bad",
                "acl bad src 10.0.0.1",
                *DEFAULT,
            ],
        ),
    ],
)
def test_lines_of_a_frontend(more: dict[str, Any], portable: list[str], edge_lb: list[str] | None) -> None:
    assert lines(more) == portable
    assert lines(more, dialect="edge-lb") == (edge_lb or portable)


HOST = r"req.hdr(host) -i -m reg"


@pytest.mark.parametrize(
    ("protocol", "rule", "conditions"),
    [
        ("HTTP", {"hostEq": "Foo.example.com"}, rf"{{ {HOST} ^Foo\.example\.com(:[0-9]+)?$ }}"),
        ("HTTP", {"hostReg": r"^.*\.example\.com(:80)?$"}, rf"{{ {HOST} ^.*\.example\.com(:80)?$ }}"),
        ("HTTP", {"pathBeg": "/x"}, "{ path_beg /x }"),
        ("HTTP", {"pathEnd": ".php"}, "{ path_end .php }"),
        ("HTTP", {"pathReg": "^/a[0-9]+$"}, "{ path_reg ^/a[0-9]+$ }"),
        ("HTTP", {"pathBeg": "-i"}, "{ path_beg -- -i }"),
        ("HTTP", {"pathReg": "(a|b)$"}, "{ path_reg -- (a|b)$ }"),
        ("HTTP", {"pathEnd": "a\\"}, "{ path_end 'a\\' }"),
        ("HTTP", {"pathEnd": "$HOME"}, "{ path_end $HOME }"),
        ("HTTP", {"pathReg": "a b#'"}, r"{ path_reg 'a b#'\''' }"),
        (
            "HTTP",
            {"pathEnd": "e", "pathReg": "d", "pathBeg": "c", "hostReg": "b", "hostEq": "a"},
            f"{{ {HOST} ^a(:[0-9]+)?$ }} {{ {HOST} b }} {{ path_beg c }} {{ path_reg d }} {{ path_end e }}",
        ),
        ("HTTPS", {"hostEq": "a.org", "pathBeg": "/x"}, "{ ssl_fc_sni -i a.org } { path_beg /x }"),
        ("HTTPS", {"hostReg": "a"}, "{ ssl_fc_sni -i -m reg a }"),
        ("TLS", {"hostEq": "a.org"}, "{ req.ssl_sni -i a.org }"),
        ("TLS", {"hostReg": "a"}, "{ req.ssl_sni -i -m reg a }"),
    ],
)
@pytest.mark.parametrize("dialect", ["portable", "edge-lb"])
def test_conditions_of_a_rule_hold_together(dialect: str, protocol: str, rule: dict[str, str], conditions: str) -> None:
    more = {"protocol": protocol, "certificates": CERTIFICATES, "linkBackend": {"map": [{"backend": "web", **rule}]}}
    assert lines(more, dialect=dialect)[-1] == f"use_backend web if {conditions}"


def test_https_can_choose_by_the_host_header() -> None:
    link = {"map": [{"backend": "web", "hostEq": "a.org"}]}
    more = {"protocol": "HTTPS", "certificates": CERTIFICATES, "linkBackend": link}
    assert lines(more, https_host="host")[-1] == rf"use_backend web if {{ {HOST} ^a\.org(:[0-9]+)?$ }}"


@pytest.mark.parametrize(("choice", "by"), [("sni", "in the TLS handshake (SNI)."), ("host", "the Host header.")])
def test_the_file_says_what_https_chooses_by(choice: str, by: str) -> None:
    rules = {"map": [{"backend": "web", "hostEq": "a.org"}]}
    given = pool(frontends=[frontend(protocol="HTTPS", certificates=["$AUTOCERT"], linkBackend=rules)])
    head = text(given, https_host=choice).partition("global")[0]
    assert by in head


def test_rules_keep_their_order_and_come_before_the_default() -> None:
    rules = [{"backend": "web", "pathBeg": "/b"}, {"backend": "web", "pathBeg": "/a"}]
    assert lines({"linkBackend": {"defaultBackend": "web", "map": rules}})[-3:] == [
        "use_backend web if { path_beg /b }",
        "use_backend web if { path_beg /a }",
        "default_backend web",
    ]


@pytest.mark.parametrize(
    ("exceptions", "unless"),
    [
        ([], ""),
        ([{"host": "a.org"}], rf" unless {{ {HOST} ^a\.org(:[0-9]+)?$ }}"),
        (
            [{"host": "a.org", "pathBeg": "/x"}, {"pathBeg": "/y"}],
            rf" unless {{ {HOST} ^a\.org(:[0-9]+)?$ }} {{ path_beg /x }} or {{ path_beg /y }}",
        ),
        ([{}], " unless { always_true }"),
    ],
)
def test_a_redirect_leaves_exceptions_on_http(exceptions: list[Any], unless: str) -> None:
    more = {"redirectToHttps": {"except": exceptions}}
    assert f"redirect scheme https code 307{unless}" in lines(more)


def test_frontends_are_sorted_by_name_as_text() -> None:
    given = pool(frontends=[frontend(), frontend(bindPort=443), frontend(name="a", bindPort=1)])
    found = [line.strip() for line in text(given).splitlines() if line.startswith("  frontend ")]
    assert found == ["frontend a", "frontend frontend_0.0.0.0_443", "frontend frontend_0.0.0.0_80"]


def test_in_the_portable_dialect_no_two_sections_share_a_name() -> None:
    given = pool(frontends=[frontend(name="web"), frontend(name="stats", bindPort=1)])
    portable = text(given)
    assert section(portable, "frontend web_in")[-1] == "default_backend web"
    assert section(portable, "listen stats_page")[0] == "bind 0.0.0.0:9090"
    assert "  frontend web\n" in text(given, dialect="edge-lb")


@pytest.mark.parametrize(("address", "bind"), [("", ":80"), ("::", ":::80"), ("127.0.0.1", "127.0.0.1:80")])
def test_the_address_stands_in_front_of_the_port(address: str, bind: str) -> None:
    assert lines({"bindAddress": address}, f"frontend frontend_{address}_80")[0] == f"bind {bind}"
