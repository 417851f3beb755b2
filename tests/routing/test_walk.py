"""The order in which HAProxy works through its rules, and how requests end."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from lbgen.haproxy.parse import parse
from lbgen.routing.answer import Kind
from lbgen.routing.request import request_of_url
from lbgen.routing.route import route
from lbgen.routing.table import table_of
from lbgen.routing.walk import MOST_WAYS
from tests.routing.asking import BACKENDS, HTTP, answer, ends, frontend

URL = "http://shop.example.org/app?x=1"


def test_redirects_come_before_routes_and_after_http_requests_wherever_they_stand() -> None:
    rules = ("use_backend one", "redirect location /b", "http-request deny if { path /bad }")
    assert ends(frontend(*rules), URL) == ["redirected 302 /b"]
    assert ends(frontend(*rules), "http://shop.example.org/bad") == ["denied 403"]


def test_the_statistics_come_between_http_requests_and_redirects() -> None:
    rules = ("redirect location /b", "stats uri /app", "http-request deny if { method POST }")
    assert ends(frontend(*rules), URL) == ["answered 200 the statistics page"]
    assert ends(frontend(*rules), URL, method="POST") == ["denied 403"]


def test_connections_are_refused_before_anything_else() -> None:
    rules = ("monitor-uri /app", "http-request return status 200", "tcp-request connection reject if { dst_port 80 }")
    assert ends(frontend(*rules), URL) == ["closed"]


def test_what_is_accepted_or_allowed_passes_the_rules_of_its_kind_only() -> None:
    tcp = ("tcp-request content accept", "tcp-request content reject", "http-request deny")
    assert ends(frontend(*tcp), URL) == ["denied 403"]
    assert ends(frontend("http-request allow", "http-request deny", "redirect prefix /x"), URL) == [
        "redirected 302 /x/app?x=1"
    ]


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("http-request deny", "denied 403"),
        ("http-request deny deny_status 429", "denied 429"),
        ("http-request deny status 404", "denied 404"),
        ("http-request tarpit", "denied 500 after the timeout of a tarpit"),
        ("http-request reject", "closed"),
        ("http-request silent-drop", "closed"),
        ("http-request return status 418", "answered 418 an answer of its own"),
        ("http-request use-service prometheus-exporter", "answered the service prometheus-exporter"),
        ("http-request auth", "login 401 in"),
        ("http-request redirect location /new code 308", "redirected 308 /new"),
        ("redirect scheme https", "redirected 302 https://shop.example.org/app?x=1"),
        ("redirect prefix https://a.b code 301 drop-query", "redirected 301 https://a.b/app"),
        ("redirect prefix / drop-query append-slash", "redirected 302 /app/"),
        ("redirect prefix /x append-slash", "redirected 302 /x/app?x=1/"),
        ("redirect location /%[path]", "redirected 302 /%[path]"),
        (
            "http-request redirect location https://%[hdr(host)]%[path]/100%%",
            "redirected 302 https://shop.example.org/app/100%",
        ),
        ("http-request redirect location %[rand]", "redirected 302"),
        ("monitor-uri /app?x=1", "answered 200 the monitor"),
        ("stats uri /app", "answered 200 the statistics page"),
    ],
)
def test_how_it_ends(rule: str, found: str) -> None:
    assert ends(frontend(rule), URL) == [found]


def test_what_rules_make_of_a_request() -> None:
    text = frontend(
        "http-request set-var(txn.host) hdr(host),field(1,.)",
        "http-request set-header X-Host %[var(txn.host)]",
        "http-request set-path /%[var(txn.host)]%[path] if { var(txn.host) shop }",
        "http-request replace-header Host (.*)\\.org \\1.net",
        "use_backend one if { path /shop/app } { hdr(x-host) shop } { hdr(host) shop.example.net }",
    )
    (door,) = answer(text, URL).doors
    outcome = door.ways[0].outcome
    assert (outcome.target, outcome.host) == ("/shop/app?x=1", "shop.example.net")


def test_what_may_have_been_changed_is_not_known_any_more() -> None:
    text = frontend("http-request set-path /other if { nbsrv(one) 1 }", "use_backend one if { path /app }")
    assert ends(text, URL) == ["one", "rest"]


def test_rules_of_the_backend_have_their_say() -> None:
    text = frontend("use_backend guarded") + (
        "backend guarded\n  acl near src 10.0.0.0/8\n  http-request allow if near\n  http-request deny\n"
        "  server it 192.0.2.9:80\n"
    )
    near, far = ip_address("10.1.1.1"), ip_address("192.0.2.1")
    assert [ends(text, URL, client=client) for client in (near, far)] == [["guarded"], ["denied 403"]]
    assert ends(text, URL) == ["guarded", "denied 403"]


def test_the_first_route_that_matches_wins_and_later_ones_are_beaten() -> None:
    text = frontend("use_backend one if { path_beg /app }", "use_backend two if { path_beg /x }", "use_backend two")
    (door,) = answer(text, URL).doors
    assert [str(step.rule) for step in door.beaten] == ["use_backend two"]
    assert [step.verdict.truth for step in door.looked_at] == [True]


def test_a_redirect_beats_routes() -> None:
    (door,) = answer(frontend("use_backend one", "redirect scheme https"), URL).doors
    assert [str(step.rule) for step in door.beaten] == ["use_backend one"]


def test_a_backend_by_expression_that_is_not_there_ends_the_search() -> None:
    text = frontend("use_backend %[hdr(host),map(hosts.map)]", "use_backend one")
    assert ends(text, URL, {"hosts.map": "shop.example.org two"}) == ["two"]
    assert ends(text, URL, {"hosts.map": "shop.example.org nobody"}) == ["rest"]
    assert ends(text, URL) == ["unknown the backend depends on the map hosts.map is not given"]


def test_nobody_is_503_and_without_a_word_in_tcp_mode() -> None:
    assert ends("frontend in\n  bind :80\n", URL) == ["nobody 503"]
    assert ends("frontend in\n  mode tcp\n  bind :80\n", URL) == ["nobody"]
    assert ends(frontend("use_backend empty") + "backend empty\n  server off 192.0.2.1:80 disabled\n", URL) == [
        "nobody 503"
    ]


def test_servers_that_are_asked() -> None:
    def servers(*lines: str) -> list[str]:
        text = "listen in\n  bind :80\n" + "".join(f"  {line}\n" for line in lines)
        (door,) = answer(text, URL).doors
        return [server.name for server in door.ways[0].outcome.servers]

    a, b, spare, off = (
        "server a 192.0.2.1:80",
        "server b 192.0.2.2:80",
        "server spare 192.0.2.3:80 backup",
        "server off 192.0.2.4:80 disabled",
    )
    assert servers(a, b, spare, off) == ["a", "b"]
    assert servers(off, spare) == ["spare"]
    assert servers("use-server b if { path /app }", a, b) == ["b"]
    assert servers("use-server off if { path /app }", a, off) == ["a"]


def test_a_listen_is_its_own_backend() -> None:
    text = "listen in\n  bind :80\n  http-request deny if { path /no }\n  server it 192.0.2.1:80\n"
    assert ends(text, URL) == ["in"]


def test_frontends_behind_frontends() -> None:
    text = (
        "frontend tls\n  mode tcp\n  bind :443\n  use_backend shop if { req.ssl_sni -i shop.example.org }\n"
        "backend shop\n  mode tcp\n  server loop abns@shop send-proxy-v2\n"
        "frontend shop_in\n  bind abns@shop accept-proxy ssl crt x.pem\n  use_backend one if { ssl_fc }\n"
    )
    assert ends(text, "https://shop.example.org/") == ["one"]
    assert ends(text, "https://else.example.org/") == ["nobody"]


def test_frontends_that_lead_to_themselves_come_to_an_end() -> None:
    text = "listen loop\n  mode tcp\n  bind :80\n  bind abns@loop\n  server again abns@loop\n"
    assert ends(text, URL) == ["loop"]


def test_two_frontends_on_one_port_are_both_told() -> None:
    text = frontend("use_backend one") + frontend("use_backend two", bind="*:80")
    assert ends(text, URL) == ["one", "two"]


def test_the_address_that_is_asked_tells_frontends_apart() -> None:
    text = frontend("use_backend one", bind="192.0.2.7:80") + frontend("use_backend two", bind="192.0.2.8:80")
    assert ends(text, URL) == ["one", "two"]
    assert ends(text, "http://192.0.2.8/") == ["two"]
    assert ends(text, "http://192.0.2.9/") == []


@pytest.mark.parametrize(
    ("url", "found"), [("https://shop.example.org:81/", Kind.DENIED), ("http://shop.example.org:82/", Kind.CLOSED)]
)
def test_who_speaks_another_protocol_is_no_door(url: str, found: Kind) -> None:
    asked = answer(frontend(bind=":81") + frontend(bind=":82 ssl crt x.pem"), url)
    assert asked.doors == ()
    assert [door.ways[0].outcome.kind for door in asked.misfits] == [found]
    assert not asked.routed


def test_ports_and_addresses_in_all_their_spellings() -> None:
    for bind in (":80", "*:80", "0.0.0.0:80", ":::80", "[::]:80", "ipv4@:80", "10.0.0.1:79-81", "10.0.0.1:81,:80"):
        assert ends(frontend(bind=bind), URL) == ["rest"], bind
    for bind in (":8080", "unix@/run/x", "/run/80", "quic4@:80 ssl crt x", "abns@80", '":$PORT"', ""):
        assert ends(frontend(bind=bind), URL) == [], bind


def test_defaults_are_inherited_and_named_ones_only_where_they_are_asked_for() -> None:
    text = (
        "defaults one\n  mode http\n  default_backend one\n"
        "defaults two\n  mode tcp\n"
        "frontend a from one\n  bind :80\n"
        "frontend b\n  bind :81\n  default_backend two\n  http-request deny\n"
    )
    table = table_of(parse(text + BACKENDS))
    found = [route(request_of_url(f"http://x:{port}/"), table).doors[0].ways[0].outcome for port in (80, 81)]
    assert [outcome.backend.name for outcome in found if outcome.backend] == ["one", "two"]


def test_so_many_ways_are_told_and_no_more() -> None:
    rules = [f"http-request deny if {{ src_get_gpc0 gt {number} }}" for number in range(MOST_WAYS * 2)]
    assert len(ends(frontend(*rules), URL)) == MOST_WAYS + 1


def test_nothing_that_a_file_may_hold_stops_it() -> None:
    bare = ("bind", "use_backend", "redirect", "http-request", "acl", "acl a", "server", "tcp-request", "monitor-uri")
    text = "".join(("frontend x\n", *(f"  {word}\n" for word in bare), "  bind :80\n"))
    text += "  use_backend %[ if {\n  http-request set-path %[\n  redirect location if a\n  use_backend b if } or !\n"
    assert table_of(parse(HTTP + text)).frontends
    assert answer(text, URL).doors[0].ways
