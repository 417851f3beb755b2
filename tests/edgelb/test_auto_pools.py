"""The pool that a template makes of labels: its frontends, backends, services and secrets, and their order."""

from __future__ import annotations

from typing import Any

import pytest

from tests.edgelb.labelled import app, labelled, pool_of, pools_of


def test_an_exposed_app_without_a_word_more_takes_all_of_port_80() -> None:
    assert pool_of(app()) == {
        "apiVersion": "V2",
        "name": "auto-default",
        "count": 1,
        "haproxy": {
            "stats": {"bindPort": 0},
            "frontends": [
                {
                    "bindPort": 80,
                    "protocol": "HTTP",
                    "linkBackend": {"map": [{"pathBeg": "/", "backend": "__default__"}]},
                }
            ],
            "backends": [
                {
                    "name": "__default__",
                    "protocol": "HTTP",
                    "services": [{"marathon": {"serviceID": "/web"}, "endpoint": {"portName": "http"}}],
                }
            ],
        },
    }


def test_a_certificate_makes_the_frontend_https_and_asks_for_the_secret() -> None:
    pool = pool_of(app(shop_frontend_certificates="shop-cert", shop_frontend_rules="hostEq:shop.example.org"))

    assert pool["secrets"] == [{"secret": "shop-cert", "file": "shop-cert"}]
    assert pool["haproxy"]["frontends"] == [
        {
            "bindPort": 443,
            "protocol": "HTTPS",
            "certificates": ["$SECRETS/shop-cert"],
            "linkBackend": {"map": [{"hostEq": "shop.example.org", "backend": "shop"}]},
        }
    ]
    assert "autoCertificate" not in pool


def test_the_automatic_certificate_is_no_secret() -> None:
    pool = pool_of(app(shop_frontend_certificates="$AUTOCERT"))

    assert pool["autoCertificate"] is True
    assert "secrets" not in pool
    assert pool["haproxy"]["frontends"][0]["certificates"] == ["$AUTOCERT"]


def test_tcp_takes_the_whole_port() -> None:
    pool = pool_of(app(db_frontend_protocol="TCP", db_frontend_port="5432"))

    assert pool["haproxy"]["frontends"] == [
        {"bindPort": 5432, "protocol": "TCP", "linkBackend": {"defaultBackend": "db"}}
    ]
    assert pool["haproxy"]["backends"][0]["protocol"] == "TCP"


def test_tls_is_told_apart_by_the_names_that_clients_ask_for() -> None:
    labels = {"frontend_protocol": "TLS", "frontend_port": "8443", "frontend_certificates": "$AUTOCERT"}
    host = {"a_frontend_rules": "hostEq:a.example.org"}
    one = labelled({f"a_{key}": value for key, value in labels.items()} | host, "/a")
    rest = labelled({f"b_{key}": value for key, value in labels.items()}, "/b")

    (frontend,) = pool_of(one, rest)["haproxy"]["frontends"]
    assert frontend["linkBackend"] == {
        "defaultBackend": "b",
        "map": [{"hostEq": "a.example.org", "backend": "a"}],
    }


def test_a_task_may_be_in_several_groups() -> None:
    pool = pool_of(app(plain_frontend_port="8080", secure_frontend_certificates="$AUTOCERT"))

    assert [frontend["bindPort"] for frontend in pool["haproxy"]["frontends"]] == [443, 8080]
    assert [backend["name"] for backend in pool["haproxy"]["backends"]] == ["plain", "secure"]


def test_groups_of_one_port_share_its_frontend() -> None:
    pool = pool_of(
        app("/a", a_frontend_rules="hostEq:a.example.org", a_frontend_certificates="cert-a"),
        app("/b", b_frontend_rules="hostEq:b.example.org", b_frontend_certificates="cert-b,$AUTOCERT"),
    )

    (frontend,) = pool["haproxy"]["frontends"]
    assert frontend["certificates"] == ["$AUTOCERT", "$SECRETS/cert-a", "$SECRETS/cert-b"]
    assert [rule["backend"] for rule in frontend["linkBackend"]["map"]] == ["a", "b"]
    assert [secret["secret"] for secret in pool["secrets"]] == ["cert-a", "cert-b"]


def test_everything_that_a_backend_can_be_told() -> None:
    pool = pool_of(
        app(
            ports=("http", "admin"),
            g_backend_balance="leastconn",
            g_backend_portName="admin",
            g_backend_protocol="HTTPS",
            g_backend_rewriteHttp_path="/app:/",
            g_backend_rewriteHttp_sticky="",
        )
    )

    assert pool["haproxy"]["backends"] == [
        {
            "name": "g",
            "protocol": "HTTPS",
            "balance": "leastconn",
            "rewriteHttp": {"path": {"fromPath": "/app", "toPath": "/"}, "sticky": {}},
            "services": [{"marathon": {"serviceID": "/web"}, "endpoint": {"portName": "admin"}}],
        }
    ]


def test_a_line_of_its_own_keeps_clients_with_their_server() -> None:
    pool = pool_of(app(g_backend_rewriteHttp_sticky=" cookie SHOP insert indirect "))

    assert pool["haproxy"]["backends"][0]["rewriteHttp"] == {"sticky": {"customStr": "cookie SHOP insert indirect"}}


def test_a_path_is_cut_at_the_first_colon() -> None:
    pool = pool_of(app(g_backend_rewriteHttp_path="/:/id:1"))

    assert pool["haproxy"]["backends"][0]["rewriteHttp"]["path"] == {"fromPath": "/", "toPath": "/id:1"}


@pytest.mark.parametrize(
    ("text", "endpoint"),
    [
        ("portName:http", {"portName": "http"}),
        ("type:AGENT_IP|allPorts:true", {"type": "AGENT_IP", "allPorts": True}),
        ("portName:http|port:8080|miscStr:weight 20", {"portName": "http", "port": 8080, "miscStr": "weight 20"}),
    ],
)
def test_an_endpoint_replaces_the_name_of_the_port(text: str, endpoint: dict[str, Any]) -> None:
    pool = pool_of(app(g_backend_endpoint=text))

    assert pool["haproxy"]["backends"][0]["services"] == [{"marathon": {"serviceID": "/web"}, "endpoint": endpoint}]


def test_an_address_is_no_task_and_counts_once() -> None:
    labels = {"api_backend_endpoint": "type:ADDRESS|address:api.example.org|port:6443"}
    pool = pool_of(labelled(labels, "/a", ()), labelled(labels, "/b", ()))

    assert pool["haproxy"]["backends"][0]["services"] == [
        {"endpoint": {"type": "ADDRESS", "address": "api.example.org", "port": 6443}}
    ]


def test_other_delimiters_let_values_hold_the_usual_ones() -> None:
    task = app(
        g_frontend_rules="hostEq=a.example.org&pathBeg=/a|b,c;hostEq=b.example.org",
        delimiter=";",
    )
    task["labels"] |= {"edgelb.item_delimiter": "&", "edgelb.key_delimiter": "="}

    assert pool_of(task)["haproxy"]["frontends"][0]["linkBackend"]["map"] == [
        {"hostEq": "a.example.org", "pathBeg": "/a|b,c", "backend": "g"},
        {"hostEq": "b.example.org", "backend": "g"},
    ]


def test_rules_are_sorted_by_host_and_the_most_specific_path_comes_first() -> None:
    rules = "pathBeg:/,hostReg:^x,hostEq:b.org|pathBeg:/,hostEq:a.org,hostEq:b.org|pathBeg:/long,pathEnd:.png"
    (frontend,) = pool_of(app(g_frontend_rules=rules))["haproxy"]["frontends"]

    assert [
        {key: value for key, value in rule.items() if key != "backend"} for rule in frontend["linkBackend"]["map"]
    ] == [
        {"hostEq": "a.org"},
        {"hostEq": "b.org", "pathBeg": "/long"},
        {"hostEq": "b.org", "pathBeg": "/"},
        {"hostReg": "^x"},
        {"pathBeg": "/"},
        {"pathEnd": ".png"},
    ]


def test_a_redirect_leaves_some_requests_on_http() -> None:
    pool = pool_of(app(g_frontend_redirectToHttps="host:b.org|pathBeg:/x,host:a.org"))

    assert pool["haproxy"]["frontends"][0]["redirectToHttps"] == {
        "except": [{"host": "a.org"}, {"host": "b.org", "pathBeg": "/x"}]
    }


def test_a_redirect_without_exceptions_is_empty() -> None:
    assert pool_of(app(g_frontend_redirectToHttps=""))["haproxy"]["frontends"][0]["redirectToHttps"] == {"except": []}


def test_each_template_makes_a_pool() -> None:
    made = pools_of(app("/a"), app("/b", template="dobby"))

    assert [(pool.name, pool.value["name"]) for pool in made.pools] == [
        ("auto-default", "auto-default"),
        ("auto-dobby", "auto-dobby"),
    ]


def test_known_tasks_are_selected_one_by_one_and_only_where_they_run() -> None:
    running = [
        {"id": "web.2", "host": "10.0.0.2", "ports": [31000], "state": "TASK_RUNNING"},
        {"id": "web.1", "host": "10.0.0.1", "ports": [31000], "state": "TASK_RUNNING"},
        {"id": "web.3", "host": "10.0.0.3", "ports": [31000], "state": "TASK_STAGING"},
    ]
    (backend,) = pool_of({**app(), "tasks": running})["haproxy"]["backends"]

    assert backend["services"] == [
        {"mesos": {"taskID": f"web.{number}", "frameworkName": "marathon"}, "endpoint": {"portName": "http"}}
        for number in (1, 2)
    ]


def test_known_tasks_can_be_selected_by_their_app() -> None:
    task = {"id": "web.1", "host": "10.0.0.1", "ports": [31000], "state": "TASK_RUNNING"}
    made = pools_of({**app(), "tasks": [task]}, by_app=True)

    (service,) = made.pools[0].value["haproxy"]["backends"][0]["services"]
    assert service["marathon"] == {"serviceID": "/web"}


def test_the_order_of_the_input_does_not_matter() -> None:
    apps = [
        app("/c", c_frontend_rules="hostEq:c.org", c_frontend_redirectToHttps="host:b.org"),
        app("/a", g_backend_balance="first", g_frontend_port="81"),
        app("/b", g_backend_balance="source", g_frontend_port="81"),
        app("/d", d_frontend_certificates="two,one"),
    ]

    forwards, backwards = pools_of(*apps), pools_of(*reversed(apps))
    assert [pool.value for pool in forwards.pools] == [pool.value for pool in backwards.pools]
    assert {finding.message for finding in forwards.findings} == {finding.message for finding in backwards.findings}
