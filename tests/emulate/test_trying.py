"""What there is to try, and what is foretold of it."""

from __future__ import annotations

import pytest

from lbgen.emulate import showing
from lbgen.emulate.doors import Wall
from lbgen.emulate.standins import StandIn, stand_ins
from lbgen.emulate.trying import hosts, tries
from tests.emulate.reading import balancer

_TEXT = """\
userlist staff
  user anna password x
frontend web
  bind *:80
  mode http
  acl one hdr(host) -i one.example.org
  acl deep path_beg /deep
  acl known http_auth(staff)
  acl locked hdr(host) -i locked.example.org
  http-request auth realm people if locked !known
  redirect scheme https code 301 if { hdr(host) -i old.example.org }
  use_backend deep if one deep
  use_backend one if one
  use_backend one if locked
frontend ids
  bind *:9091
  mode http
  acl app hdr(x-marathon-app-id) -i /one
  use_backend one if app
frontend secure
  bind *:443 ssl crt /x.pem
  mode http
  use_backend one if { ssl_fc_sni one.example.org }
frontend lines
  bind *:3306
  mode tcp
  default_backend lines
backend one
  mode http
  server a 192.0.2.1:1
backend deep
  mode http
  server a 192.0.2.1:1
backend lines
  mode tcp
  server a 192.0.2.1:1
"""
_BACKEND = "backend b\n mode http\n server s 192.0.2.1:1\n"


def commands(text: str, files: dict[str, str] | None = None) -> dict[str, str]:
    """What to type, and what becomes of it."""
    ports = {Wall(None, port): here for port, here in ((80, 8080), (443, 8443), (3306, 13306))}
    made = tries(balancer(text, files), ports)
    return {showing.command(one, "/ca.pem"): showing.outcome(one, {}) for one in made}


def test_each_way_in_is_a_command() -> None:
    assert commands(_TEXT) == {
        "curl -H 'Host: one.example.org' http://127.0.0.1:8080/deep": "backend deep",
        "curl -H 'Host: one.example.org' http://127.0.0.1:8080/": "backend one",
        "curl -u anna -H 'Host: locked.example.org' http://127.0.0.1:8080/": 'wants a password for "people" (401)',
        "curl -H 'Host: old.example.org' http://127.0.0.1:8080/": "redirect to https://old.example.org/ (301)",
        "curl -H 'X-Marathon-App-Id: /one' http://127.0.0.1:9091/": "backend one",
        "curl --cacert /ca.pem --connect-to ::127.0.0.1:8443 https://one.example.org/": "backend one",
        "nc 127.0.0.1 13306": "backend lines",
    }


def test_hosts_in_a_map_are_tried_too() -> None:
    text = "frontend a\n bind *:80\n mode http\n use_backend %[req.hdr(host),lower,map(/m)]\n" + _BACKEND
    assert commands(text, {"/m": "a.example.org b\n"}) == {
        "curl -H 'Host: a.example.org' http://127.0.0.1:8080/": "backend b"
    }


def test_what_is_typed_is_quoted() -> None:
    text = "frontend a\n bind *:80\n mode http\n use_backend b if { hdr(host) -i x\\';r } { path_beg /;a }\n" + _BACKEND
    assert list(commands(text)) == ["""curl -H 'Host: x'"'"';r' 'http://127.0.0.1:8080/;a'"""]


def test_names_that_no_certificate_can_hold_are_left_out_of_it() -> None:
    text = "frontend a\n bind *:80\n mode http\n use_backend b if { hdr(host) -i a.b b_c.d 'x y' *.e.f }\n"
    assert hosts(balancer(text)) == ["a.b", "b_c.d", "any.e.f"]


def foretold(text: str, ports: dict[int, int] | None = None) -> list[str]:
    """What becomes of everything, where all servers have stand-ins."""
    made = balancer(text)
    tasks: dict[str, list[StandIn]] = {}
    for each in stand_ins(made):
        tasks.setdefault(each.backend, []).append(each)
    walls = {Wall(None, port): here for port, here in (ports or {}).items()}
    return [showing.outcome(one, tasks) for one in tries(made, walls)]


@pytest.mark.parametrize(
    ("condition", "asked"),
    [
        ("{ path_beg -i /V2 /v3 }", ["/V2", "/v3"]),
        ("{ path_end .png }", ["/any.png"]),
        ("{ path_sub img }", ["/img"]),
        ("{ path_reg ^/r/[0-9]+$ }", ["/r/0"]),
        ("{ path_reg ^/a } { path_beg /ab }", ["/ab"]),
    ],
)
def test_a_path_is_asked_for_however_the_rule_compares(condition: str, asked: list[str]) -> None:
    text = f"frontend a\n bind *:8000\n mode http\n use_backend b if {condition}\n{_BACKEND}"
    assert list(commands(text)) == [f"curl http://127.0.0.1:8000{path}" for path in asked]


@pytest.mark.parametrize(
    ("condition", "host"),
    [
        ("{ hdr_dom(host) -i example.org }", "example.org:8000"),
        ("{ hdr_beg(host) -i www. }", "www.example.org:8000"),
        (r"{ hdr(host) -m reg ^a\.(b|c)(:[0-9]+)?$ }", "a.b:8000"),
        ("{ hdr(host),field(1,:) -i a.b }", "a.b:8000"),
    ],
)
def test_a_host_has_the_port_that_it_has_in_production(condition: str, host: str) -> None:
    text = f"frontend a\n bind *:8000\n mode http\n use_backend b if {condition}\n{_BACKEND}"
    assert commands(text) == {f"curl -H 'Host: {host}' http://127.0.0.1:8000/": "backend b"}


def test_a_host_that_leaves_no_room_for_its_port_is_not_served() -> None:
    text = f"frontend a\n bind *:8000\n mode http\n use_backend b if {{ hdr(host) -i a.b }}\n{_BACKEND}"
    assert commands(text) == {"curl -H 'Host: a.b:8000' http://127.0.0.1:8000/": "nobody (503)"}


def test_a_star_in_a_name_stands_for_nothing() -> None:
    text = f"frontend a\n bind *:80\n mode http\n use_backend b if {{ hdr(host) -i *.a.b }}\n{_BACKEND}"
    assert commands(text) == {"curl -H 'Host: any.a.b' http://127.0.0.1:8080/": "nobody (503)"}


def test_hosts_below_another_have_an_example() -> None:
    text = f"frontend a\n bind *:80\n mode http\n use_backend b if {{ hdr_end(host) -i .a.b }}\n{_BACKEND}"
    assert commands(text) == {"curl -H 'Host: any.a.b' http://127.0.0.1:8080/": "backend b"}


def test_two_frontends_of_a_port_are_both_foretold() -> None:
    text = "".join(f"frontend {n}\n bind *:8000\n mode http\n use_backend {n}b\n" for n in "xy")
    text += "".join(f"backend {n}b\n mode http\n server s 192.0.2.1:1\n" for n in "xy")
    assert foretold(text) == ["task 1, or yb (backend yb): connections to this port are dealt out"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("balance roundrobin", "tasks 1 to 3 in turn"),
        ("balance source", "tasks 1 to 3 by the client's address"),
        ("balance leastconn", "tasks 1 to 3 those with the fewest connections first"),
        ("cookie C insert indirect", "tasks 1 to 3 in turn, kept by a cookie"),
        ("server d 192.0.2.4:1 disabled", "tasks 1 to 3 in turn, not 4"),
        ("server d 192.0.2.4:1 backup", "tasks 1 to 3 in turn, not 4"),
    ],
)
def test_who_serves_is_foretold_with_how_they_take_turns(lines: str, said: str) -> None:
    text = "frontend a\n bind *:8000\n mode http\n default_backend b\nbackend b\n mode http\n"
    servers = "".join(f" server {name} 192.0.2.{number}:1\n" for number, name in enumerate("abc", 1))
    assert foretold(f"{text}{servers} {lines}\n") == [said]


def test_a_redirect_names_the_port_that_is_asked_here() -> None:
    text = "frontend a\n bind *:81\n mode http\n redirect scheme https if { path_beg /x }\n"
    assert foretold(text, {81: 8081}) == ["redirect to https://127.0.0.1:8081/x (302)"]


def test_a_connection_that_nobody_takes_is_closed() -> None:
    text = "frontend a\n bind *:81\n mode tcp\n use_backend b if { src 10.0.0.1 }\n" + _BACKEND
    assert foretold(text) == ["nobody: the connection is closed"]


def test_an_app_that_nothing_leads_to_is_not_forgotten() -> None:
    lost = _BACKEND.replace("backend b", "backend lost")
    text = f"frontend a\n bind *:81\n mode http\n default_backend b\n{_BACKEND}{lost}"
    made = balancer(text)
    paper = showing.Paper(color=False, verbose=False, documents={})
    lines = list(showing.what_to_try(tries(made, {}), stand_ins(made), "/ca.pem", paper))
    assert lines[-2:] == ["lost", "  # no request was found that leads here"]
