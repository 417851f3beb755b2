"""The way over, proved by traffic: apps that convert without a remark are answered alike on both sides."""

from __future__ import annotations

import http.client
import json
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from integration.edgelb.fleets import CERTIFICATE, STUBS, Fleet, Request, app, edge_lb, marathon_lb
from lbgen.testing import Stub, run_haproxy, run_stubs, self_signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.testing import Haproxy

IDLE = """\
defaults
  timeout connect 3s
  timeout client 30s
  timeout server 30s
frontend idle
  bind :9090
"""
SERVICE_PORTS = range(10001, 10010)
# What a stub tells of a request that depends on which load balancer asked it, or on the time.
OWN = {"client"}
VHOSTS = Fleet(
    (
        app("/plain", 10001, VHOST="plain.example.org"),
        app("/several", 10002, VHOST="One.example.org,two.example.org", BALANCE="leastconn"),
        app("/deep", 10003, VHOST="plain.example.org", PATH="/deep /deeper/still"),
        app("/paths", 10004, VHOST="paths.example.org,more.example.org", PATH="/p"),
        app("/hidden", 10005, VHOST="hidden.example.org", FRONTEND_HEAD="", FRONTEND_BACKEND_GLUE=""),
        app("/zz", 10006, VHOST="two.example.org", PATH="/zz"),
    )
)
PORTS = Fleet(
    (
        app("/tcp", 10001),
        app("/http", 10002, MODE="http"),
        app("/https", 10003, MODE="http", SSL_CERT=CERTIFICATE),
        app("/renamed", 10009, MODE="http", PORT="10004", BALANCE="source"),
        app("/two", 10005, 10006, MODE="http", HAPROXY_1_MODE="http"),
    ),
    tls=frozenset({10003}),
    tcp=frozenset({10001}),
)
GUARDED = Fleet(
    (
        app("/outside", 10001, VHOST="outside.example.org", BACKEND_NETWORK_ALLOWED_ACL="192.0.2.0/24 198.51.100.1"),
        app("/inside", 10002, VHOST="inside.example.org", BACKEND_NETWORK_ALLOWED_ACL="192.0.2.0/24 0.0.0.0/0"),
        app("/tcp-outside", 10003, BACKEND_NETWORK_ALLOWED_ACL="192.0.2.0/24"),
        app("/tcp-inside", 10004, BACKEND_NETWORK_ALLOWED_ACL="0.0.0.0/0"),
        app("/strict", 10005, VHOST="strict.example.org", USE_HSTS="true"),
        app("/home", 10006, VHOST="home.example.org", HTTP_BACKEND_REDIR="/start?from=%20root"),
        app("/light", 10007, VHOST="weighed.example.org", PATH="/w/deep", BACKEND_WEIGHT="2"),
        app("/heavy", 10008, VHOST="weighed.example.org", PATH="/w", BACKEND_WEIGHT="7"),
        app("/bare", 10009, MODE="http", BACKEND_HTTP_OPTIONS=""),
    ),
    tcp=frozenset({10003, 10004}),
)
CASES = {
    "vhosts, as a pool": (VHOSTS, "pool"),
    "ports, as labels": (PORTS, "labels"),
    "ports, as a pool": (PORTS, "pool"),
    "guarded, as a pool": (GUARDED, "pool"),
    "vhosts, as labels": (
        Fleet(tuple(each for each in VHOSTS.apps if each["id"] not in {"/deep", "/zz"})),
        "labels",
    ),
}
HOSTS = (
    "plain.example.org",
    "PLAIN.example.ORG",
    "plain.example.org.evil.test",
    "explain.example.org",
    "plainxexample.org",
    "one.example.org",
    "two.example.org",
    "paths.example.org",
    "more.example.org",
    "hidden.example.org",
    "outside.example.org",
    "inside.example.org",
    "strict.example.org",
    "home.example.org",
    "weighed.example.org",
    "nobody.example.org",
)
PATHS = ("/", "/deep/er?x=1&y=/p", "/deeper/still/on", "/pq", "/P", "/zz/top", "/w/deep", "/w")
SOME_PATHS = ("/", "/deep", "/p/x", "/zz", "/w/deep")


class Both(NamedTuple):
    """The HAProxy of the old load balancer and that of the new one, and where the apps' tasks are."""

    old: Haproxy
    new: Haproxy
    address: str

    def serve(self, fleet: Fleet, to: str) -> list[str]:
        """Has both serve the fleet, and returns what was said of single apps on the way over."""
        values = fleet.values(self.address)
        text, remarks = edge_lb(values, to)
        self.old.reload(marathon_lb(values))
        self.new.reload(text)
        return [finding.message for finding in remarks]


@pytest.fixture(scope="module")
def both(haproxy_image: str) -> Iterator[Both]:
    """Both, of each version in turn; they are told later what to serve."""
    stubs = [Stub(str(port), port=port) for port in STUBS]
    certificate = self_signed(["*.example.org"])
    files = dict.fromkeys((CERTIFICATE, "/etc/haproxy/autocert.pem"), certificate)
    ports = (80, 443, 9090, 9091, *SERVICE_PORTS)
    with (
        run_stubs(*stubs, image=haproxy_image) as started,
        run_haproxy(IDLE, stubs=started, files=files, ports=ports) as old,
        run_haproxy(IDLE, stubs=started, files=files, ports=ports) as new,
    ):
        yield Both(old, new, started[stubs[0].name].host)


def answer(haproxy: Haproxy, request: Request) -> Any:
    """Everything about an answer that a client sees, and that a task saw of the request."""
    try:
        got = haproxy.request(
            request.port,
            request.path,
            method=request.method,
            headers={"Host": request.host},
            tls=request.tls,
            server_name=request.host.lower() if request.tls else None,
        )
    except (OSError, http.client.HTTPException):
        return "closed"
    try:
        seen = {key: value for key, value in got.json().items() if key not in OWN}
    except (json.JSONDecodeError, AttributeError):
        seen = {"text": got.text}
    return got.status, {key: value for key, value in got.headers.items() if key != "date"}, seen


def requests_for(fleet: Fleet) -> Iterator[Request]:
    """Requests at every port, for every host that somebody might take for another, and all sorts of paths."""
    if any("HAPROXY_0_VHOST" in value["labels"] for value in fleet.apps):
        for host in HOSTS:
            yield from (Request(80, host, path) for path in PATHS)
            yield from (Request(443, host, path, tls=True) for path in SOME_PATHS)
        yield Request(80, "plain.example.org", "/deep", method="POST")
        yield Request(80, "", "/")
    for port in sorted(fleet.service_ports - fleet.tcp):
        yield from (Request(port, "any.example.org", path, port in fleet.tls) for path in SOME_PATHS)


@pytest.mark.parametrize("case", CASES)
def test_apps_that_convert_without_a_remark_are_answered_alike(both: Both, case: str) -> None:
    fleet, to = CASES[case]
    assert both.serve(fleet, to) == []

    different, reached = [], set()
    for request in requests_for(fleet):
        old, new = answer(both.old, request), answer(both.new, request)
        reached.add(_stub(new))
        if old != new:
            different.append((request, old, new))
    assert different == []
    # Or what is answered alike might be nothing at all.
    assert reached - {None} == {str(port) for port in _open_stubs(fleet, both.address)}


def _stub(answered: Any) -> str | None:
    return answered[2].get("stub") if answered != "closed" else None


def _open_stubs(fleet: Fleet, address: str) -> Iterator[int]:
    """The stubs that can be reached over HTTP."""
    for value in fleet.values(address):
        if value["id"] != "/outside":
            pairs = zip(value["portDefinitions"], value["tasks"][0]["ports"], strict=True)
            yield from (stub for defined, stub in pairs if defined["port"] not in fleet.tcp)


@pytest.mark.parametrize("case", [case for case, (fleet, _) in CASES.items() if fleet.tcp])
def test_tcp_services_are_answered_alike(both: Both, case: str) -> None:
    fleet, to = CASES[case]
    both.serve(fleet, to)

    old, new = ([_line(haproxy, port) for port in sorted(fleet.tcp)] for haproxy in (both.old, both.new))
    assert old == new
    assert any(old)


def _line(haproxy: Haproxy, port: int) -> str | None:
    """Which stub answers through a port in tcp mode; None where the connection is closed."""
    try:
        got = haproxy.request(port, "/", headers={"Host": "x"})
    except (OSError, http.client.HTTPException):
        return None
    return str(got.json()["stub"])


def test_what_is_said_for_everybody_is_what_differs(both: Both) -> None:
    both.serve(VHOSTS, "pool")

    for haproxy, status in ((both.old, 503), (both.new, 200)):
        assert haproxy.request(80, headers={"Host": "plain.example.org:80"}).status == status
        capitals = {"Host": "plain.example.org"}
        assert haproxy.request(443, headers=capitals, tls=True, server_name="Plain.example.org").status == status
    assert both.old.request(9091, headers={"X-Marathon-App-Id": "/plain"}).status == 200
    with pytest.raises(OSError, match=r".+"):
        both.new.request(9091, headers={"X-Marathon-App-Id": "/plain"})


def test_a_redirect_differs_as_the_remark_says(both: Both) -> None:
    fleet = Fleet(
        (
            app("/moved", 10001, VHOST="moved.example.org", REDIRECT_TO_HTTPS="true"),
            app("/stays", 10002, VHOST="stays.example.org"),
        )
    )
    (remark,) = both.serve(fleet, "pool")
    assert "redirects with 307 in place of 301, and on port 80 it redirects every host" in remark

    old, new = (_redirected(haproxy, "moved.example.org") for haproxy in (both.old, both.new))
    assert (old, new) == ((301, "https://moved.example.org/x?y=1"), (307, "https://moved.example.org/x?y=1"))
    old, new = (_redirected(haproxy, "nobody.example.org") for haproxy in (both.old, both.new))
    assert (old, new) == ((503, ""), (307, "https://nobody.example.org/x?y=1"))
    for request in (Request(80, "stays.example.org"), Request(443, "moved.example.org", "/x", tls=True)):
        assert answer(both.old, request) == answer(both.new, request)


def _redirected(haproxy: Haproxy, host: str) -> tuple[int, str]:
    got = haproxy.request(80, "/x?y=1", headers={"Host": host})
    return got.status, "".join(got.headers.get("location", []))


@pytest.mark.parametrize("to", ["labels", "pool"])
def test_a_path_is_cut_off_alike_but_for_capitals(both: Both, to: str) -> None:
    fleet = Fleet((app("/cut", 10001, VHOST="cut.example.org", HTTP_BACKEND_PROXYPASS_PATH="/cut"),))
    remarks = both.serve(fleet, to)
    assert any("is cut off whatever its capitals; Edge-LB cuts it off as it is written" in each for each in remarks)

    for path in ("/", "/cut", "/cut/", "/cut/in/two?x=/cut", "/cuttlefish", "/a/cut", "/%63ut"):
        request = Request(80, "cut.example.org", path)
        assert answer(both.old, request) == answer(both.new, request), path
    capitals = Request(80, "cut.example.org", "/CUT/x")
    assert answer(both.old, capitals)[2]["path"] == "/x"
    assert answer(both.new, capitals)[2]["path"] == "/CUT/x"


@pytest.mark.parametrize("to", ["labels", "pool"])
def test_clients_stay_with_their_server_by_another_cookie(both: Both, to: str) -> None:
    fleet = Fleet((app("/sticky", 10001, MODE="http", STICKY="true"),))
    (remark,) = both.serve(fleet, to)
    assert "sets another cookie, DCOS_SERVER_ID_FOR_THE_STICKY" in remark

    names = [_cookie(haproxy) for haproxy in (both.old, both.new)]
    assert names == ["mesosphere_server_id", "DCOS_SERVER_ID_FOR_THE_STICKY"]


def _cookie(haproxy: Haproxy) -> str:
    (cookie,) = haproxy.request(10001, "/").headers["set-cookie"]
    with closing(http.client.HTTPConnection(*haproxy.address(10001))) as connection:
        connection.request("GET", "/", headers={"Cookie": cookie.partition(";")[0]})
        again = connection.getresponse()
        assert again.status == 200
        # Whoever comes back with the cookie is known, and gets no other.
        assert again.getheader("set-cookie") is None
    return cookie.partition("=")[0]
