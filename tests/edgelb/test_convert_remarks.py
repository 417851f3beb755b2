"""What is said of an app on its way to Edge-LB, and what does not go over rather than without its protection."""

from __future__ import annotations

from typing import Any

import pytest

from lbgen.finding import Severity
from tests.edgelb.converting import app, converted, labels_of, remarks

LABELS, POOL = {"to": "labels"}, {"to": "pool"}


@pytest.mark.parametrize(
    ("to", "labels", "remark"),
    [
        (LABELS, {"VHOST": "a.org", "STICKY": "true"}, "info minor-change HAPROXY_0_STICKY sets another cookie"),
        (LABELS, {"MODE": "http", "USE_HSTS": "true"}, "warning no-counterpart HAPROXY_0_USE_HSTS adds Strict"),
        (LABELS, {"VHOST": "a.org", "BACKEND_WEIGHT": "3"}, "warning changes-behaviour HAPROXY_0_BACKEND_WEIGHT"),
        (LABELS, {"VHOST": "a.org", "HTTP_BACKEND_REDIR": "/x"}, "warning no-counterpart HAPROXY_0_HTTP_BACKEND_REDIR"),
        (
            LABELS,
            {"VHOST": "a.org", "HTTP_BACKEND_REVPROXY_PATH": "/x"},
            "warning no-counterpart HAPROXY_0_HTTP_BACKEND_REVPROXY_PATH changes Location headers",
        ),
        (
            POOL,
            {"VHOST": "a.org", "HTTP_BACKEND_REVPROXY_PATH": "/x"},
            "warning changes-behaviour HAPROXY_0_HTTP_BACKEND_REVPROXY_PATH is put in front of paths",
        ),
        (
            POOL,
            {"VHOST": "a.org", "HTTP_BACKEND_PROXYPASS_PATH": "/a(b)"},
            "warning changes-behaviour HAPROXY_0_HTTP_BACKEND_PROXYPASS_PATH is a regular expression",
        ),
        (
            POOL,
            {"VHOST": "a.org,b.org", "HTTP_BACKEND_REDIR": "/x"},
            "warning changes-behaviour HAPROXY_0_HTTP_BACKEND_REDIR redirects all vhosts",
        ),
        (
            POOL,
            {"VHOST": "a.org", "REDIRECT_TO_HTTPS": "true"},
            "warning changes-behaviour HAPROXY_0_REDIRECT_TO_HTTPS redirects with 307 in place of 301",
        ),
        (
            POOL,
            {"MODE": "http", "SSL_CERT": "/certs/shop.pem"},
            "warning changes-behaviour HAPROXY_0_SSL_CERT is the file /certs/shop.pem; the secret shop has to hold",
        ),
        (POOL, {"VHOST": "a.org", "PATH": "-i /x"}, "warning changes-behaviour HAPROXY_0_PATH ignores capitals"),
        (POOL, {"VHOST": "a.org", "MODE": "tcp"}, "warning changes-behaviour HAPROXY_0_VHOST has never worked"),
        (
            POOL,
            {"BACKEND_HEALTHCHECK_PORT_INDEX": "0"},
            "warning no-counterpart HAPROXY_0_BACKEND_HEALTHCHECK_PORT_INDEX",
        ),
        (
            POOL,
            {"BACKEND_HEAD": "backend {backend}\n  balance source\n  option tcpka\n"},
            "warning no-counterpart HAPROXY_0_BACKEND_HEAD replaces a template",
        ),
        (LABELS, {"HAPROXY_GROUP": "one,two"}, "warning changes-behaviour /web, service 0, names 2 groups"),
    ],
)
def test_what_becomes_different(to: dict[str, Any], labels: dict[str, str], remark: str) -> None:
    made = converted(app(**labels), **to)

    assert any(said.startswith(remark) for said in remarks(made)), remarks(made)
    assert made.left_out == []
    assert made.apps or made.pools


@pytest.mark.parametrize(
    ("to", "labels", "words"),
    [
        (LABELS, {"VHOST": "a.org", "AUTH": "r:u:$1$x$y"}, "AUTH asks for a password"),
        (POOL, {"VHOST": "a.org", "AUTH": "r:u:$1$x$y"}, "AUTH asks for a password"),
        (LABELS, {"BACKEND_NETWORK_ALLOWED_ACL": "10.0.0.0/8"}, "lets only some networks in"),
        (LABELS, {"BIND_ADDR": "127.0.0.1"}, "binds to 127.0.0.1, and labels bind to every address"),
        (LABELS, {"BIND_OPTIONS": "accept-proxy"}, "has no counterpart among labels"),
        (POOL, {"BIND_ADDR": "[::1]"}, "a pool takes one address"),
        (POOL, {"MODE": "tcp", "SSL_CERT": "/etc/ssl/cert.pem"}, "ends TLS in tcp mode"),
        (POOL, {"MODE": "http", "SSL_CERT": "/a.pem alpn h2"}, "is more than certificate files"),
        (POOL, {"MODE": "health"}, 'is "health", and there are http and tcp'),
        (LABELS, {"HAPROXY_GROUP": "My_Group"}, 'would be in the template "My_Group"'),
        (POOL, {"PORT": "443"}, "is 443, which every vhost has"),
        (POOL, {"PORT": "70000"}, "is 70000, and ports are 1 to 65535"),
        (POOL, {"MODE": "http", "HTTP_BACKEND_PROXYPASS_PATH": "app"}, "rewrites paths that begin with a slash"),
        (
            POOL,
            {"MODE": "http", "BACKEND_HTTP_OPTIONS": "  http-request deny if { src 192.0.2.1 }\n"},
            "by 'http-request': that may decide who gets in",
        ),
        (
            POOL,
            {"BACKEND_SERVER_OPTIONS": "  server {serverName} {host_ipv4}:{port} ssl verify none\n"},
            "by 'server': that may decide who gets in",
        ),
        (
            LABELS,
            {"BACKEND_SERVER_OPTIONS": "  server a a.example.org:1\n  server b b.example.org:2\n"},
            "names 2 servers, and a label takes one address",
        ),
    ],
)
def test_what_cannot_go_over_stays_behind_and_the_others_go(
    to: dict[str, Any], labels: dict[str, str], words: str
) -> None:
    made = converted(app(**labels), app("/other", 10009), **to)

    errors = [finding for finding in made.findings if finding.severity is Severity.ERROR]
    assert [(finding.rule, finding.app) for finding in errors] == [("not-converted", "/web")]
    assert words in errors[0].message
    assert [ref.id for ref in made.left_out] == ["/web"]
    gone = {each.app.id for each in made.apps} | {ref.id for pool in made.pools for ref in pool.apps}
    assert gone == {"/other"}


@pytest.mark.parametrize(
    "labels",
    [
        {"VHOST": "a.org", "AUTH": "r:u:$1$x$y"},
        {"BACKEND_NETWORK_ALLOWED_ACL": "10.0.0.0/8"},
        {"BIND_ADDR": "127.0.0.1"},
        {"BIND_OPTIONS": "accept-proxy"},
        {"FRONTEND_HEAD": "frontend {backend}\n  bind 127.0.0.1:{servicePort}\n  mode {mode}\n"},
    ],
)
def test_whoever_accepts_losses_gets_everything_and_is_told(labels: dict[str, str]) -> None:
    made = converted(app(**labels), lossy=True)

    assert made.left_out == []
    assert any(remark.startswith("warning no-counterpart") for remark in remarks(made))
    assert "edgelb.web_10001.frontend.port" in made.apps[0].labels


def test_a_door_that_cannot_be_protected_costs_that_door_alone() -> None:
    made = converted(app(VHOST="a.org", BIND_ADDR="127.0.0.1"))

    assert [ref.id for ref in made.left_out] == ["/web"]
    assert not any("10001" in label for label in made.apps[0].labels)
    assert "edgelb.web_0_http.frontend.rules" in made.apps[0].labels


@pytest.mark.parametrize(
    ("labels", "severity", "words"),
    [
        ({"VHOST": "a.org"}, "info", "is on a port that Marathon chooses, which stays behind"),
        ({"MODE": "http"}, "error", "has no vhost, and a port that only Marathon knows"),
    ],
)
def test_a_port_that_only_marathon_knows(labels: dict[str, str], severity: str, words: str) -> None:
    made = converted(app("/web", 0, **labels))

    (remark,) = remarks(made)
    assert remark.startswith(severity)
    assert words in remark


@pytest.mark.parametrize("ports", [[{"port": 1}, {"port": 2}], [{"port": 1, "name": "a"}, {"port": 2}]])
def test_edge_lb_finds_ports_by_their_names(ports: list[dict[str, Any]]) -> None:
    made = converted(app() | {"portDefinitions": ports}, to="pool")

    assert any("needs a name for the app's port 1" in remark for remark in remarks(made))


def test_two_apps_cannot_have_one_port() -> None:
    made = converted(app("/a"), app("/b"), to="pool")

    (remark,) = remarks(made)
    assert remark == "error not-converted /b, service 0, is on port 10001, which /a has already"


def test_two_apps_cannot_have_one_name() -> None:
    made = converted(app("/a/b"), app("/a_b", 10002), to="pool")

    (remark,) = remarks(made)
    assert "would be called a_b, as /a/b is already" in remark


def test_a_longer_path_overtakes_where_labels_leave_the_order_to_edge_lb() -> None:
    short, long = app("/a", 10001, VHOST="x.org", PATH="/p"), app("/b", 10002, VHOST="x.org", PATH="/p/q")

    (remark,) = remarks(converted(short, long))
    assert "HAPROXY_0_PATH takes x.org/p/q over from /a: Edge-LB puts longer paths first" in remark
    assert remarks(converted(short, long, to="pool")) == []


def test_rules_that_stay_in_their_order_are_no_news() -> None:
    long, short = app("/a", 10001, VHOST="x.org", PATH="/p/q"), app("/b", 10002, VHOST="x.org", PATH="/p")

    assert remarks(converted(long, short)) == []


@pytest.mark.parametrize(
    ("redirecting", "other", "words"),
    [
        ({"PATH": "/p"}, {}, "does not redirect x.org/p: /b stays on HTTP for x.org"),
        ({"BACKEND_WEIGHT": "-1"}, {"PATH": "/p"}, "leaves x.org/p on HTTP for /b, where Marathon-LB redirects it"),
        ({"BACKEND_WEIGHT": "9"}, {"PATH": "/p"}, "is redirected on port 80, as x.org/p is another service's there"),
    ],
)
def test_a_redirect_and_another_app_on_one_vhost(
    redirecting: dict[str, str], other: dict[str, str], words: str
) -> None:
    made = converted(
        app("/a", 10001, VHOST="x.org", REDIRECT_TO_HTTPS="true", **redirecting),
        app("/b", 10002, VHOST="x.org", **other),
        to="pool",
    )

    assert any(words in remark for remark in remarks(made)), remarks(made)


@pytest.mark.parametrize("to", ["labels", "pool"])
def test_frontends_that_are_not_wanted_are_left_behind(to: str) -> None:
    made = converted(app(VHOST="a.org"), to=to, doors=frozenset({"https"}))

    assert remarks(made) == [
        "info minor-change /web, service 0, is no longer on port 80 and port 10001, as --frontends asks for"
    ]


def test_labels_that_are_there_already_are_named() -> None:
    before = app(VHOST="a.org")
    before["labels"] |= {"edgelb.mine.frontend.port": "81", "edgelb.expose": "false"}

    assert remarks(converted(before)) == [
        'warning label-replaced edgelb.expose was "false", and becomes "true"',
        "warning label-stays edgelb.mine.frontend.port was there before, and stays",
    ]


def test_a_bad_label_leaves_its_app_out() -> None:
    made = converted(app(PORT="https"), app("/b", 10002))

    assert [ref.id for ref in made.left_out] == ["/web"]
    assert [each.app.id for each in made.apps] == ["/b"]


def test_what_is_different_for_everybody_is_said_once() -> None:
    made = converted(app("/a", 10001, VHOST="a.org"), app("/b", 10002, VHOST="b.org"))

    assert [finding.rule for finding in made.findings] == ["edge-lb-differs", "port-443"]


def test_more_than_plain_prefixes_is_no_path() -> None:
    made = converted(app(VHOST="a.org", PATH="-m end /x"), app("/b", 10002))

    assert any("HAPROXY_0_PATH is more than path prefixes" in remark for remark in remarks(made))
    assert "web_0_http.frontend.rules" not in labels_of(app("/b", 10002), app(VHOST="a.org", PATH="-m end /x"))
