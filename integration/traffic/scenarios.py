"""Every deviation of docs/deviations.md on its own: a fleet that brings it out, a request, and both answers."""

from __future__ import annotations

from typing import NamedTuple

from integration.traffic.fleet import AMBER, BLUE, App, Fleet, Port
from integration.traffic.fleets import STUB_PORTS
from integration.traffic.promise import CLOSED, NOBODY
from integration.traffic.request import Outcome, Request

TLS_STUB = 31100
"""The port of a stub that speaks TLS and nothing else."""


class Row(NamedTuple):
    """A request, what becomes of it with Marathon-LB, and with the portable dialect; `finding` says why."""

    finding: str
    request: Request
    old: Outcome
    new: Outcome


class Scenario(NamedTuple):
    """A fleet and what is asked of it."""

    fleet: Fleet
    rows: tuple[Row, ...]

    def __str__(self) -> str:
        return self.fleet.name


def _app(app_id: str, number: int, *, servers: tuple[int, ...] = (), **port: object) -> App:
    return App(app_id, (_port(number, servers=servers, **port),))


def _port(number: int, *, servers: tuple[int, ...] = (), **port: object) -> Port:
    return Port(number=number, servers=servers or (STUB_PORTS[number - 10000],), **port)  # type: ignore[arg-type]


def _served(name: str) -> Outcome:
    return Outcome("served", name)


def _https(host: str, path: str = "/", **more: str) -> Request:
    return Request(443, path, host, tls=True, server_name=host, **more)  # type: ignore[arg-type]


_AB = ("a.example.org", "b.example.org")
RULES = Scenario(
    Fleet(
        "rules",
        (
            _app("/acme", 10000, vhosts=("web.example.org",), path="/.well-known"),
            _app("/web", 10001, vhosts=("web.example.org",), redirect=True),
            App(
                "/two",
                (_port(10002, vhosts=("a.example.org",)), _port(10003, vhosts=("a.example.org", "b.example.org"))),
            ),
            _app("/team/a", 10004, mode="http"),
            _app("/team.a", 10005, mode="http"),
            _app(
                "/aaa",
                10006,
                mode="http",
                more={"FRONTEND_HEAD": ""},
            ),
            _app("/tidy", 10007, more={"VHOST": "tidy.example.org, tidy.example.net,,tidy.example.org"}),
        ),
    ),
    (
        Row(
            "redirect-spares-routes",
            Request(80, "/.well-known/acme", "web.example.org"),
            Outcome("https", "301 https://web.example.org/.well-known/acme"),
            _served("acme_10000"),
        ),
        Row(
            "redirect-spares-routes",
            Request(80, "/else", "web.example.org"),
            Outcome("https", "301 https://web.example.org/else"),
            Outcome("https", "301 https://web.example.org/else"),
        ),
        Row("acl-separated", Request(80, "/", "b.example.org"), _served("two_10002"), _served("two_10003")),
        Row("acl-separated", Request(80, "/", "a.example.org"), _served("two_10002"), _served("two_10002")),
        Row("acl-separated", Request(9091, app_id="/team/a"), _served("team.a_10005"), _served("team_a_10004")),
        Row("hidden-frontend", _https("nobody.example.org"), _served("aaa_10006"), NOBODY),
        Row("hidden-frontend", Request(10006), CLOSED, CLOSED),
        Row("vhost-list-tidied", Request(80, "/", "tidy.example.net"), _served("tidy_10007"), _served("tidy_10007")),
        Row("vhost-list-tidied", _https("tidy.example.net"), _served("tidy_10007"), _served("tidy_10007")),
    ),
)

DOORS = Scenario(
    Fleet(
        "doors",
        (
            _app("/guarded", 10000, vhosts=("guarded.example.org",), login=AMBER),
            _app("/realmless", 10001, vhosts=("realmless.example.org",), login=BLUE._replace(realm="")),
            _app("/tcp", 10002, mode="tcp", login=AMBER, sticky=True),
            _app(
                "/renamed", 10004, mode="http", login=AMBER, more={"USERLIST_HEAD": "\nuserlist mine\n  user {user}\n"}
            ),
            _app("/twin", 10003, mode="http", servers=(STUB_PORTS[3], STUB_PORTS[3]), sticky=True),
        ),
    ),
    (
        *(
            Row("auth-enforced-everywhere", request, _served("guarded_10000"), Outcome("login", AMBER.realm))
            for request in (Request(10000), Request(9091, app_id="/guarded"), Request(9091, app_id="/GUARDED"))
        ),
        *(
            Row(
                "auth-enforced-everywhere",
                request._replace(credentials=AMBER.credentials),
                _served("guarded_10000"),
                _served("guarded_10000"),
            )
            for request in (Request(10000), Request(9091, app_id="/guarded"), _https("guarded.example.org"))
        ),
        *(
            Row("auth-realm-filled", request, _served("realmless_10001"), Outcome("login", "/realmless"))
            for request in (
                Request(80, "/", "realmless.example.org"),
                _https("realmless.example.org"),
                Request(9091, app_id="/realmless"),
                Request(10001),
            )
        ),
        Row(
            "auth-realm-filled",
            Request(80, "/", "realmless.example.org", BLUE.credentials),
            _served("realmless_10001"),
            _served("realmless_10001"),
        ),
        *(
            Row("auth-doors-open", request, _served("renamed_10004"), _served("renamed_10004"))
            for request in (Request(10004), Request(9091, app_id="/renamed"))
        ),
        Row("auth-in-tcp-mode", Request(10002), _served("tcp_10002"), _served("tcp_10002")),
        Row("cookie-in-tcp-mode", Request(10002), _served("tcp_10002"), _served("tcp_10002")),
        Row("servers-merged", Request(10003), _served("twin_10003"), _served("twin_10003")),
    ),
)

_OWN_RULE = "  acl own hdr_end(host) -i own.example.org\n  use_backend own_10000 if own\n"
MAPS = Scenario(
    Fleet(
        "maps",
        (
            _app("/own", 10000, vhosts=("own.example.org",), more={"HTTP_FRONTEND_ACL": _OWN_RULE}),
            _app("/plain", 10001, vhosts=("plain.example.org",)),
            _app("/Upper", 10002, mode="http"),
            _app("/zz", 10003, vhosts=("behind.example.org",), path="/app", weight=-3),
            _app("/tidy", 10004, more={"VHOST": "tidy.example.org, tidy.example.net"}),
        ),
        maps=True,
    ),
    (
        Row("kept-out-of-map", Request(80, "/", "www.own.example.org"), _served("own_10000"), _served("own_10000")),
        Row("kept-out-of-map", Request(80, "/", "plain.example.org"), NOBODY, _served("plain_10001")),
        Row("kept-out-of-map", _https("plain.example.org"), _served("plain_10001"), _served("plain_10001")),
        Row("app-id-lower-cased", Request(9091, app_id="/Upper"), NOBODY, _served("Upper_10002")),
        Row("app-id-lower-cased", Request(9091, app_id="/plain"), _served("plain_10001"), _served("plain_10001")),
        Row("behind-the-map", _https("behind.example.org", "/app"), NOBODY, _served("zz_10003")),
        Row("behind-the-map", _https("behind.example.org", "/"), NOBODY, NOBODY),
        Row("vhost-list-tidied", _https("tidy.example.net"), _served("tidy_10004"), _served("tidy_10004")),
    ),
)

GROUPED_MAPS = Scenario(
    Fleet(
        "grouped-maps",
        (
            _app("/one", 10000, vhosts=("one.example.org", "two.example.org")),
            _app("/three", 10001, vhosts=("one.example.org", "three.example.org"), weight=5),
        ),
        maps=True,
        grouped=True,
    ),
    (
        Row("map-not-grouped", _https("one.example.org"), _served("one_10000"), _served("one_10000")),
        Row("map-not-grouped", _https("two.example.org"), CLOSED, _served("one_10000")),
        Row("map-not-grouped", _https("three.example.org"), CLOSED, _served("three_10001")),
        Row("map-not-grouped", Request(80, "/", "three.example.org"), _served("three_10001"), _served("three_10001")),
    ),
)

# The first port is checked at the second one, which speaks TLS as its check says.
CHECKED = Scenario(
    Fleet(
        "checked",
        (
            App(
                "/checked",
                (
                    _port(10000, vhosts=("checked.example.org",), more={"BACKEND_HEALTHCHECK_PORT_INDEX": "1"}),
                    _port(10001, servers=(TLS_STUB,), check="HTTPS", failures=0),
                ),
            ),
        ),
    ),
    (Row("check-over-tls", Request(10000), NOBODY, _served("checked_10000")),),
)

SCENARIOS = (RULES, DOORS, MAPS, GROUPED_MAPS)


class Refused(NamedTuple):
    """An app for which Marathon-LB writes what no HAProxy accepts."""

    finding: str
    app: App

    def __str__(self) -> str:
        return self.finding


def _bad(finding: str, label: str, value: str, mode: str = "http") -> Refused:
    return Refused(finding, _app("/bad", 10001, mode=mode, more={label: value}))


GOOD = _app("/good/one", 10000, vhosts=("good.example.org",))
LEFT_OUT = (
    _bad("bad-port", "PORT", "70000"),
    _bad("bad-mode", "MODE", "quick"),
    _bad("bad-balance", "BALANCE", "fair"),
    _bad("bad-balance", "BALANCE", "url_param"),
    _bad("bad-bind-address", "BIND_ADDR", "10.0.0.1:80"),
    _bad("bad-network", "BACKEND_NETWORK_ALLOWED_ACL", "10.0.0.0/33"),
    _bad("bad-auth", "AUTH", "realm:two users:hash"),
    _bad("bad-pattern", "HTTP_BACKEND_PROXYPASS_PATH", "/(app"),
    _bad("head-opens-no-section", "BACKEND_HEAD", "  server other 192.0.2.9:80\n"),
    Refused("bad-health-check", _app("/bad", 10001, mode="http", check="HTTP", health_path="/three words here")),
    Refused("name-taken", _app("/good_one", 10001, more={"PORT": "10000"})),
)
# These are put right instead.
PUT_RIGHT = (
    Refused("vhost-in-tcp-mode", _app("/bad", 10001, vhosts=("bad.example.org",), mode="tcp")),
    _bad("last-line-ended", "BACKEND_HTTP_OPTIONS", "  http-request set-header X-Own yes"),
)
