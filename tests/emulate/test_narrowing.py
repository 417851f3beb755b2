"""A narrowed table routes every request as the whole one does."""

from __future__ import annotations

from itertools import product

import pytest

from lbgen.emulate.narrowing import Narrowing
from lbgen.haproxy.parse import parse
from lbgen.routing.request import Request
from lbgen.routing.route import route
from lbgen.routing.table import table_of

_BACKENDS = "".join(f"backend b{n}\n mode http\n server s 192.0.2.1:1\n" for n in range(9))
_TEXT = f"""\
frontend web
  bind *:80
  mode http
  acl one hdr(host) -i one.example.org
  acl one hdr(host) -i uno.example.org
  acl two hdr(host) -i two.example.org
  acl wide hdr_end(host) -i .example.org
  acl path path_beg /p
  http-request deny if two path
  redirect scheme https if one path
  use_backend b0 if one two
  use_backend b1 if one or two path
  use_backend b2 unless wide
  use_backend b3 if !one path
  use_backend b4 if {{ req.hdr(host),lower -m str two.example.org }}
  use_backend b5 if {{ hdr(host) -m reg ^x }}
  use_backend b6 if two
  default_backend b7
frontend ids
  bind *:9091
  mode http
  use_backend b0 if {{ hdr(x-marathon-app-id) -i /one }}
  use_backend b1 if {{ hdr(X-Marathon-App-Id) -i /two }}
frontend changed
  bind *:81
  mode http
  http-request set-header host one.example.org
  use_backend b1 if {{ hdr(host) -i one.example.org }}
frontend secure
  bind *:443 ssl crt /x
  mode http
  use_backend b1 if {{ ssl_fc_sni -i one.example.org }}
  use_backend inner if {{ ssl_fc_sni two.example.org }}
backend inner
  mode http
  server s abns@inner send-proxy-v2
frontend inner
  bind abns@inner accept-proxy
  mode http
  use_backend b2 if {{ hdr(host) -i one.example.org }}
frontend passed
  bind *:444
  mode tcp
  use_backend b1 if {{ req.ssl_sni -i one.example.org }}
  use_backend b2 if {{ hdr(host) -i one.example.org }}
{_BACKENDS}"""
_HOSTS = (
    "one.example.org",
    "UNO.example.org",
    "two.example.org",
    "x",
    "a, two.example.org",
    '"a,b",one.example.org',
    "",
)


@pytest.mark.parametrize("port", [80, 81, 443, 444, 9091, 7])
def test_the_end_is_the_same(port: int) -> None:
    table = table_of(parse(_TEXT))
    narrowing = Narrowing(table)
    for host, path, app_id, tls in product(_HOSTS, ("/", "/p"), ("", "/ONE", "/two"), (False, True)):
        headers = (("host", host), ("x-marathon-app-id", app_id))
        sni = host.strip('"') if tls else ""
        request = Request(port=port, target=path, headers=headers, tls=tls, sni=sni)
        whole, narrow = (route(request, each) for each in (table, narrowing.of(request)))
        assert [_ends(door) for door in narrow.doors] == [_ends(door) for door in whole.doors], request


def _ends(door: object) -> list[tuple[object, ...]]:
    ways = door.ways  # type: ignore[attr-defined]
    return [(way.outcome, [(step.rule.line, step.verdict) for step in way.decided]) for way in ways]


def test_rules_for_others_are_left_out() -> None:
    table = table_of(parse(_TEXT))
    found = Narrowing(table).of(Request(port=9091, headers=(("x-marathon-app-id", "/two"),)))
    (ids,) = (proxy for proxy in found.frontends if proxy.name == "ids")
    assert [rule.words for rule in ids.rules["use_backend"]] == [("b1",)]
