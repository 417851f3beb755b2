"""Marathon-LB's labels as a pool, which says more than labels can."""

from __future__ import annotations

from typing import Any

import pytest

from tests.edgelb.converting import app, converted, pool_of, remarks

SERVICES = [{"marathon": {"serviceID": "/web"}, "endpoint": {"portName": "port0"}}]


def test_a_vhost_is_a_rule_on_80_and_on_443_and_all_of_its_service_port() -> None:
    rule = {"map": [{"hostEq": "a.org", "backend": "web_10001"}]}

    assert pool_of(app(VHOST="a.org")) == {
        "stats": {"bindPort": 9090},
        "frontends": [
            {"bindPort": 80, "protocol": "HTTP", "linkBackend": rule},
            {"bindPort": 443, "protocol": "HTTPS", "certificates": ["$AUTOCERT"], "linkBackend": rule},
            {"bindPort": 10001, "protocol": "HTTP", "linkBackend": {"defaultBackend": "web_10001"}},
        ],
        "backends": [{"name": "web_10001", "protocol": "HTTP", "services": SERVICES}],
    }
    assert remarks(converted(app(VHOST="a.org"), to="pool")) == []


def test_tcp_is_tcp() -> None:
    made = pool_of(app())

    assert [each["protocol"] for each in (*made["frontends"], *made["backends"])] == ["TCP", "TCP"]


@pytest.mark.parametrize(
    ("labels", "part"),
    [
        ({"BIND_ADDR": "127.0.0.1"}, {"bindAddress": "127.0.0.1"}),
        ({"BIND_OPTIONS": "accept-proxy"}, {"bindModifier": "accept-proxy"}),
        (
            {"MODE": "http", "SSL_CERT": "/etc/ssl/cert.pem"},
            {"protocol": "HTTPS", "certificates": ["$AUTOCERT"]},
        ),
    ],
)
def test_what_a_service_port_says(labels: dict[str, str], part: dict[str, Any]) -> None:
    (frontend,) = pool_of(app(**labels))["frontends"]

    assert frontend.items() >= part.items()


@pytest.mark.parametrize(
    ("labels", "part"),
    [
        ({"BALANCE": "leastconn"}, {"balance": "leastconn"}),
        (
            {"MODE": "http", "USE_HSTS": "true"},
            {"miscStrs": ["http-response add-header Strict-Transport-Security max-age=15768000"]},
        ),
        (
            {"MODE": "http", "BACKEND_NETWORK_ALLOWED_ACL": "10.0.0.0/8 192.0.2.1"},
            {
                "miscStrs": [
                    "acl network_allowed src 10.0.0.0/8",
                    "acl network_allowed src 192.0.2.1",
                    "http-request allow if network_allowed",
                    "http-request deny",
                ]
            },
        ),
        (
            {"BACKEND_NETWORK_ALLOWED_ACL": "10.0.0.0/8"},
            {
                "miscStrs": [
                    "acl network_allowed src 10.0.0.0/8",
                    "tcp-request content accept if network_allowed",
                    "tcp-request content reject",
                ]
            },
        ),
        (
            {"VHOST": "a.org", "HTTP_BACKEND_REDIR": "/home"},
            {
                "miscStrs": [
                    "acl is_root path -i /",
                    "acl is_domain hdr(host) -i a.org",
                    "redirect code 301 location /home if is_domain is_root",
                ]
            },
        ),
        ({"MODE": "http", "STICKY": "true"}, {"rewriteHttp": {"sticky": {}}}),
        (
            {"VHOST": "a.org", "HTTP_BACKEND_PROXYPASS_PATH": "/app"},
            {
                "rewriteHttp": {
                    "path": {"fromPath": "/app", "toPath": "/"},
                    "response": {"rewriteLocation": False},
                    "host": "a.org",
                }
            },
        ),
        (
            {"VHOST": "a.org,b.org", "HTTP_BACKEND_PROXYPASS_PATH": "/app", "HTTP_BACKEND_REVPROXY_PATH": "/app"},
            {"rewriteHttp": {"path": {"fromPath": "/app", "toPath": "/"}}},
        ),
        (
            {"MODE": "http", "HTTP_BACKEND_REVPROXY_PATH": "/app"},
            {"rewriteHttp": {"path": {"fromPath": "/app", "toPath": "/"}, "request": {"rewritePath": False}}},
        ),
        (
            {"MODE": "http", "BACKEND_HTTP_OPTIONS": ""},
            {
                "rewriteHttp": {
                    "request": {"forwardfor": False, "xForwardedPort": False, "xForwardedProtoHttpsIfTls": False}
                }
            },
        ),
    ],
)
def test_what_a_backend_says(labels: dict[str, str], part: dict[str, Any]) -> None:
    (backend,) = pool_of(app(**labels))["backends"]

    assert backend.items() >= part.items()


CHECK = {"portIndex": 0, "intervalSeconds": 5, "timeoutSeconds": 3, "maxConsecutiveFailures": 2, "path": "/health"}


def test_a_health_check_by_requests_stays_one() -> None:
    checks = {"healthChecks": [{**CHECK, "protocol": "HTTP"}]}
    (backend,) = pool_of(app() | checks)["backends"]

    assert backend["customCheck"] == {
        "httpchk": True,
        "httpchkMiscStr": "GET /health",
        "miscStr": "timeout check 3s",
    }
    assert backend["services"][0]["endpoint"]["check"] == {"customStr": "inter 5s fall 3"}


def test_a_health_check_by_connections_stays_one() -> None:
    checks = {"healthChecks": [{**CHECK, "protocol": "TCP"}]}
    (backend,) = pool_of(app() | checks)["backends"]

    assert "customCheck" not in backend
    assert backend["services"][0]["endpoint"]["check"] == {"customStr": "inter 5s fall 3"}


def test_rules_are_in_marathon_lbs_order() -> None:
    heavy = app("/z", 10001, VHOST="a.org", BACKEND_WEIGHT="5")
    with_path = app("/y", 10002, VHOST="a.org", PATH="/deep")
    plain = app("/a", 10003, VHOST="a.org")

    (http, *_) = pool_of(plain, with_path, heavy)["frontends"]
    assert [rule["backend"] for rule in http["linkBackend"]["map"]] == ["z_10001", "y_10002", "a_10003"]


def test_a_redirect_is_the_frontends_and_spares_the_others() -> None:
    apps = [app(VHOST="a.org", REDIRECT_TO_HTTPS="true"), app("/b", 10002, VHOST="b.org")]

    (http, https, *_) = pool_of(*apps)["frontends"]
    assert http["redirectToHttps"] == {"except": [{"host": "b.org"}]}
    assert "redirectToHttps" not in https


def test_each_group_is_a_pool_and_an_app_may_be_in_several() -> None:
    made = converted(app(HAPROXY_GROUP="external,internal"), app("/b", 10002, HAPROXY_GROUP="internal"), to="pool")

    assert {pool.name: [each["name"] for each in pool.value["haproxy"]["backends"]] for pool in made.pools} == {
        "external": ["web_10001"],
        "internal": ["b_10002", "web_10001"],
    }


def test_certificates_become_secrets() -> None:
    made = converted(
        app(VHOST="a.org", SSL_CERT="/certs/a.pem crt /certs/b.pem"),
        to="pool",
        certificates={"/certs/a.pem": "team/a", "/certs/b.pem": "$AUTOCERT", "/certs/all.pem": "all"},
        ssl_certs=("/certs/all.pem",),
    )
    pool = made.pools[0].value

    assert pool["autoCertificate"] is True
    assert pool["secrets"] == [{"secret": "all", "file": "all"}, {"secret": "team/a", "file": "team_a"}]
    assert [each.get("certificates") for each in pool["haproxy"]["frontends"]] == [
        None,
        ["$SECRETS/all"],
        ["$SECRETS/team_a", "$AUTOCERT"],
    ]


def test_servers_and_lines_that_a_template_names() -> None:
    template = "  timeout server 1h\n  timeout client 1h\n  server api api.example.org:6443 ssl verify none\n"
    (backend,) = pool_of(app(MODE="http", BACKEND_SERVER_OPTIONS=template))["backends"]

    assert backend["protocol"] == "HTTPS"
    # HAProxy takes a client's timeout from frontends only.
    assert backend["miscStrs"] == ["timeout server 1h"]
    assert backend["services"] == [{"endpoint": {"type": "ADDRESS", "address": "api.example.org", "port": 6443}}]


def test_colours_of_one_app_are_one_backend() -> None:
    blue, green = (app(f"/web-{colour}", HAPROXY_DEPLOYMENT_GROUP="web", VHOST="a.org") for colour in ("blue", "green"))
    made = pool_of(blue, green)

    (backend,) = made["backends"]
    assert [service["marathon"]["serviceID"] for service in backend["services"]] == ["/web-blue", "/web-green"]
    assert [len(each["linkBackend"].get("map", [])) for each in made["frontends"]] == [1, 1, 0]


def test_the_one_port_of_an_app_needs_no_name() -> None:
    nameless = app() | {"portDefinitions": [{"port": 10001}]}

    (backend,) = pool_of(nameless)["backends"]
    assert backend["services"][0]["endpoint"] == {"allPorts": True}


def test_a_pool_that_edge_lb_would_refuse_is_told_of_at_the_label() -> None:
    made = converted(app(BIND_OPTIONS='"unfinished', VHOST="a.org"), to="pool")

    assert made.pools == []
    assert any(finding.label == "HAPROXY_0_BIND_OPTIONS" for finding in made.findings)
