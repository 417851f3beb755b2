"""What is told of requests, and why they went where they did."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from lbgen.emulate.balancer import Balancer
from lbgen.emulate.doors import Wall
from lbgen.emulate.requests import seen
from lbgen.emulate.showing import Paper
from lbgen.emulate.standins import stand_ins
from lbgen.emulate.telling import _why, told, told_failure
from lbgen.origin import Because, Origin, SourceMap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PAPER = Paper(color=False, verbose=False, documents={})
_WALLS = {8080: Wall(None, 80)}
_TEXT = """\
userlist u
  user anna password x
frontend web
  bind *:80
  mode http
  acl host hdr(host) -i a.b
  acl path path_beg /p
  http-request auth realm staff if { hdr(host) -i locked } !{ http_auth(u) }
  use_backend one if host path
  use_backend one if { hdr(host) -i locked }
  use_backend %[req.hdr(host),lower,map(/m)] if { req.hdr(host),lower,map(/m) -m found }
frontend passed
  bind *:444
  mode tcp
  use_backend two if { req.ssl_sni -i one.a }
  default_backend one
frontend outer
  bind *:443
  mode tcp
  use_backend inside if { req.ssl_sni -i in.a }
backend inside
  mode tcp
  server loop abns@inside send-proxy-v2
frontend inner
  bind abns@inside accept-proxy ssl crt /x
  mode http
  http-request auth realm staff unless { http_auth(u) }
  use_backend one if { ssl_fc_sni in.a }
backend one
  mode http
  server s 192.0.2.1:1
backend two
  mode tcp
  server s 192.0.2.1:1
"""


def balancer(
    labels: Mapping[int, str] | None = None, vhosts: Mapping[tuple[str, str], Origin] | None = None
) -> Balancer:
    def reasons(_part: int, line: int) -> Sequence[Because]:
        name = (labels or {}).get(line + 1)
        return [Because("d", "", "/app", f"labels/{name}" if name else "")] if name is not None else []

    return Balancer("test", _TEXT, SourceMap([_TEXT], reasons), {"/m": "mapped one\n"}, vhosts=vhosts or {})


def encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


def http(host: str, url: str, status: int, *, backend: str = "one", more: str = "") -> str:
    server = "s" if backend == "one" else "<NOSRV>"
    headers = encoded(f"host: {host}\r\n{more}\r\n")
    return f"lbgen-emulate|7|http|8080|web|{backend}|{server}|{status}|1|127.0.0.1|GET|{encoded(url)}|-|{headers}\n"


def lines(line: str, made: Balancer) -> list[str]:
    it = seen(line)
    assert it is not None
    behind = {(each.backend, each.server): each for each in stand_ins(made)}
    return list(told(it, made, behind, _WALLS, _PAPER))


def test_all_labels_are_named_that_a_rule_comes_from() -> None:
    made = balancer({6: "HAPROXY_0_VHOST", 7: "HAPROXY_0_PATH", 9: "HAPROXY_0_VHOST"})
    assert lines(http("a.b", "/p", 200), made)[1].startswith("    by HAPROXY_0_VHOST (d) and HAPROXY_0_PATH (d): use_b")


def test_a_map_is_not_its_first_apps_alone() -> None:
    line = _TEXT.split("\n").index("backend one") + 1
    vhosts = {("mapped", name): Origin("d", f"/{name}/labels/HAPROXY_1_VHOST", name) for name in ("/app", "/other")}
    made = balancer({11: "HAPROXY_9_FIRST", line: ""}, vhosts)
    it = seen(http("Mapped", "/", 200))
    assert it is not None
    (_, second) = lines(http("Mapped", "/", 200), made)
    assert second.startswith("    by HAPROXY_1_VHOST (d): use_backend %[")
    why = _why(it, made, _WALLS)
    assert why is not None
    assert [origin.app for origin in why.origins] == ["/app"]


def test_a_wrong_password_is_told_as_no_password() -> None:
    login = f"authorization: Basic {encoded('anna:wrong')}\r\n"
    first, second = lines(http("locked", "/", 401, backend="web", more=login), balancer())
    assert first == "401 GET http://locked/ on 80 -> HAProxy 1 ms"
    assert second.strip().startswith("http-request auth realm staff")


def test_a_right_password_leads_on() -> None:
    login = f"authorization: Basic {encoded('anna:right')}\r\n"
    assert lines(http("locked", "/", 200, more=login), balancer())[1].strip().startswith("use_backend one if { hdr")


def test_whose_label_has_haproxy_answer_itself_is_told() -> None:
    made = balancer({8: "HAPROXY_0_AUTH"})
    first, second = lines(http("locked", "/", 401, backend="web"), made)
    assert first == "401 GET http://locked/ on 80 -> HAProxy for /app 1 ms"
    assert second.startswith("    by HAPROXY_0_AUTH (d): http-request auth")


def test_that_nothing_takes_a_request_is_told() -> None:
    assert lines(http("nobody", "/", 503, backend="web"), balancer())[1] == "    no rule of web takes it"


def test_the_name_that_tls_asks_for_is_told_and_decides() -> None:
    line = f"lbgen-emulate|7|tcp|444|passed|two|s|--|1|127.0.0.1||||{encoded('one.a')}\n"
    first, second = lines(line, balancer())
    assert first == "connected TCP :444 for one.a -> two task 1 of 1 (two) 1 ms"
    assert second == "    use_backend two if { req.ssl_sni -i one.a }"


def inner(host: str, status: int, *, user: str = "") -> str:
    login = f"authorization: Basic {encoded(f'{user}:x')}\r\n" if user else ""
    what = "one|s" if status == 200 else "inner|<NOSRV>"
    headers = encoded(f"host: {host}\r\n{login}\r\n")
    return f"lbgen-emulate|7|http|443|inner~|{what}|{status}|1|127.0.0.1|GET|{encoded('/')}|{host}|{headers}\n"


def test_what_goes_through_two_frontends_is_told_once_by_the_second() -> None:
    assert lines(f"lbgen-emulate|7|tcp|443|outer|inside|loop|--|1|127.0.0.1||||{encoded('in.a')}\n", balancer()) == []
    assert lines(inner("in.a", 200, user="anna"), balancer()) == [
        "200 GET https://in.a/ on 443 -> one task 1 of 1 (one) 1 ms",
        "    use_backend one if { ssl_fc_sni in.a }",
    ]
    assert lines(inner("in.a", 401), balancer())[1].strip().startswith("http-request auth realm staff")
    assert lines(inner("other.a", 503, user="anna"), balancer())[1] == "    no rule of inner takes it"


def test_what_is_no_http_is_told_as_such() -> None:
    line = "lbgen-emulate|7|http|8080|web|web|<NOSRV>|400|0|127.0.0.1|<BADREQ>||-|\n"
    it = line.replace("<BADREQ>", "-")
    assert lines(it, balancer())[0] == "400 no HTTP on 80 -> HAProxy 0 ms"


def test_a_connection_that_comes_to_no_request_is_told() -> None:
    line = "127.0.0.1:4711 [22/Nov/2026:03:15:00.123] web/1: SSL handshake failure\n"
    assert list(told_failure(line, balancer(), _PAPER)) == ["no request on 80 -> HAProxy: SSL handshake failure"]
    assert not list(told_failure("[NOTICE] (1) : New worker", balancer(), _PAPER))
