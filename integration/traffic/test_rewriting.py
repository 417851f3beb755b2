"""HSTS, PROXYPASS, REVPROXY and REDIR in the portable dialect do what HAProxy 2.0 did for Marathon-LB.

Today's HAProxy refuses Marathon-LB's spelling of the first three (`rspadd`, `reqirep`, `rspirep`), so there is nothing
to compare with: the expectations are what HAProxy 2.0 answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from integration.traffic.client import Answer, ask
from integration.traffic.dialects import written
from integration.traffic.fleet import App, Fleet, Port
from integration.traffic.promise import EVERYWHERE, NOWHERE
from integration.traffic.request import Request
from lbgen.testing import run_haproxy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.testing import Haproxy

FINDINGS = {"host-header-kept"}
HSTS = "max-age=15768000"
PASS, PASS_MANY, PASS_ANY, BACK, ALL, ALL_DENIED, DOWN = range(10000, 10007)
_OWN = "own.example.org"
_HSTS, _PASS = {"USE_HSTS": "true"}, {"HTTP_BACKEND_PROXYPASS_PATH": "/pp"}
_BACK = {"HTTP_BACKEND_REVPROXY_PATH": "/50%25/root"}
_DOWN = {"BACKEND_SERVER_OPTIONS": "  server {serverName} {host_ipv4}:{port} disabled\n"}
# A server that answers what it got, with the headers that it is asked for.
_UPSTREAM = """
frontend upstream
  bind 127.0.0.1:8000
  mode http
  http-request set-var(txn.location) req.fhdr(x-location)
  http-request set-var(txn.other) req.fhdr(x-other-location)
  http-request set-var(txn.sts) req.fhdr(x-sts)
  http-request set-var(txn.other_sts) req.fhdr(x-other-sts)
  http-request return status 200 content-type text/plain lf-string "%[url] %[req.hdr(host)]"
  http-after-response add-header Location "%[var(txn.location)]" if { var(txn.location) -m found }
  http-after-response add-header Location "%[var(txn.other)]" if { var(txn.other) -m found }
  http-after-response add-header Content-Location "%[var(txn.location)]" if { var(txn.location) -m found }
  http-after-response add-header Strict-Transport-Security "%[var(txn.sts)]" if { var(txn.sts) -m found }
  http-after-response add-header Strict-Transport-Security "%[var(txn.other_sts)]" if { var(txn.other_sts) -m found }
"""


def _app(number: int, vhosts: tuple[str, ...], more: dict[str, str], **rest: str) -> App:
    port = Port(
        number=number,
        servers=(8000,),
        vhosts=vhosts,
        mode="http",
        certificate="/etc/ssl/own.pem",
        bind_options="alpn h2,http/1.1",
        more=more,
        **rest,  # type: ignore[arg-type]
    )
    return App(f"/app-{number}", (port,))


FLEET = Fleet(
    "rewriting",
    (
        _app(PASS, (_OWN,), _PASS),
        _app(PASS_MANY, (_OWN, "other.example.org"), _PASS),
        _app(PASS_ANY, (), _PASS),
        _app(BACK, (_OWN,), _BACK),
        _app(ALL, (_OWN,), {**_HSTS, **_PASS, **_BACK}, root="/start?50%", networks=EVERYWHERE),
        _app(ALL_DENIED, (_OWN,), {**_HSTS, **_PASS, **_BACK}, root="/start", networks=NOWHERE),
        _app(DOWN, (_OWN,), {**_HSTS, **_DOWN}),
    ),
)


@pytest.fixture(scope="module")
def haproxy(haproxy_image: str, certificates: dict[str, bytes]) -> Iterator[Haproxy]:
    """Serves the fleet, in front of the server that answers what it got."""
    made = written(FLEET, "portable", "127.0.0.1")
    assert made.findings == FINDINGS
    with run_haproxy(made.text + _UPSTREAM, image=haproxy_image, files=certificates) as running:
        yield running


def get(haproxy: Haproxy, number: int, path: str = "/x", *, http2: bool = False, **headers: str) -> Answer:
    """The answer of a service port, which speaks TLS."""
    more = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    answer = ask(haproxy, Request(number, path, "client.example.org", tls=True, http2=http2, more=more))
    assert answer.protocol == ("h2" if http2 else "HTTP/1.1")
    return answer


@pytest.mark.parametrize("http2", [False, True], ids=["HTTP/1.1", "HTTP/2"])
@pytest.mark.parametrize(
    ("path", "passed"),
    [
        ("/pp", "/"),
        ("/pp/", "/"),
        ("/ppfoo", "/foo"),
        ("/PP/Foo", "/Foo"),
        ("/pp/a/b", "/a/b"),
        ("/pp?q=1", "/?q=1"),
        ("/pp/?q=/pp/", "/?q=/pp/"),
        ("/pp//a", "//a"),
        ("/pp/a%20b", "/a%20b"),
        ("/pp/pp/a", "/pp/a"),
        ("/a/pp/b", "/a/pp/b"),
        ("/else?q=/pp", "/else?q=/pp"),
        ("/", "/"),
    ],
)
def test_proxy_pass_takes_the_prefix_away(haproxy: Haproxy, path: str, passed: str, *, http2: bool) -> None:
    assert get(haproxy, PASS, path, http2=http2).body == f"{passed} {_OWN}"


@pytest.mark.parametrize("number", [PASS_MANY, PASS_ANY])
def test_proxy_pass_keeps_the_host_where_there_is_not_one_vhost(haproxy: Haproxy, number: int) -> None:
    assert get(haproxy, number, "/pp/a").body == "/a client.example.org"


ROOT = "/50%25/root"


@pytest.mark.parametrize(
    ("location", "sent"),
    [
        (f"http://{_OWN}/a", ROOT),
        (f"https://{_OWN}/a/b?c", ROOT),
        (f"HTTP://{_OWN.upper()}:8080/", ROOT),
        ("/a", ROOT),
        ("/", ROOT),
        ("//elsewhere.example.org/", ROOT),
        ("/a, /b", ROOT),
        (f"http://{_OWN}", f"http://{_OWN}"),
        (f"http://www.{_OWN}/a", f"http://www.{_OWN}/a"),
        ("http://elsewhere.example.org/a", "http://elsewhere.example.org/a"),
        ("a/b", "a/b"),
    ],
)
def test_reverse_proxy_replaces_its_own_locations(haproxy: Haproxy, location: str, sent: str) -> None:
    answer = get(haproxy, BACK, x_location=location)
    assert (answer.header("location"), answer.header("content-location")) == (sent, location)


def test_reverse_proxy_replaces_every_location(haproxy: Haproxy) -> None:
    answer = get(haproxy, BACK, x_location="/a", x_other_location="http://elsewhere.example.org/")
    assert answer.header("location") == f"{ROOT}, http://elsewhere.example.org/"


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ({}, [HSTS]),
        ({"x_sts": "max-age=1"}, ["max-age=1", HSTS]),
        ({"x_sts": "max-age=1", "x_other_sts": "max-age=2"}, ["max-age=1", "max-age=2", HSTS]),
    ],
)
def test_hsts_is_added_to_what_the_server_says(haproxy: Haproxy, said: dict[str, str], sent: list[str]) -> None:
    assert _hsts(get(haproxy, ALL, http2=False, **said)) == sent


@pytest.mark.parametrize(("number", "status"), [(ALL, 301), (ALL_DENIED, 403), (DOWN, 503)])
def test_hsts_is_not_said_of_haproxys_own_answers(haproxy: Haproxy, number: int, status: int) -> None:
    answer = get(haproxy, number, "/")
    assert (answer.status, _hsts(answer)) == (status, [])


def _hsts(answer: Answer) -> list[str]:
    return [value for name, value in answer.headers if name == "strict-transport-security"]


@pytest.mark.parametrize("path", ["/", "/pp", "/pp/"])
def test_the_root_is_redirected_whatever_the_host_since_proxy_pass_sets_it_first(haproxy: Haproxy, path: str) -> None:
    answer = get(haproxy, ALL, path)
    assert (answer.status, answer.header("location")) == (301, "/start?50%")


@pytest.mark.parametrize("path", ["/", "/pp", "/a"])
def test_networks_are_denied_before_the_root_is_redirected(haproxy: Haproxy, path: str) -> None:
    assert get(haproxy, ALL_DENIED, path).status == 403


def test_all_of_them_together(haproxy: Haproxy) -> None:
    answer = get(haproxy, ALL, "/pp/a", x_location="/b")
    assert (answer.body, answer.header("location"), _hsts(answer)) == (f"/a {_OWN}", ROOT, [HSTS])
