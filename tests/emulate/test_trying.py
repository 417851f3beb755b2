"""What there is to try, and what is foretold of it."""

from __future__ import annotations

from lbgen.emulate import showing
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
    ports = {80: 8080, 443: 8443, 9091: 9091, 3306: 13306}
    made = tries(balancer(text, files))
    return {showing.command(one, ports[one.wall.port], "/ca.pem"): showing.outcome(one, {}) for one in made}


def test_each_way_in_is_a_command() -> None:
    assert commands(_TEXT) == {
        "curl -H 'Host: one.example.org' http://127.0.0.1:8080/deep": "backend deep",
        "curl -H 'Host: one.example.org' http://127.0.0.1:8080/": "backend one",
        "curl -u anna -H 'Host: locked.example.org' http://127.0.0.1:8080/": 'wants a password for "people" (401)',
        "curl -H 'Host: old.example.org' http://127.0.0.1:8080/": "redirect to https://old.example.org/ (301)",
        "curl -H 'X-Marathon-App-Id: /one' http://127.0.0.1:9091/": "backend one",
        "curl --cacert /ca.pem --resolve one.example.org:8443:127.0.0.1 https://one.example.org:8443/": "backend one",
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
    assert hosts(balancer(text)) == ["a.b", "b_c.d", "*.e.f"]
