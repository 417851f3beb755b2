"""`lbgen route`: where a request goes, in words for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.command import Ended

HASH = "$6$rounds=5000$saltsalt$abc"
SITE = {"HAPROXY_0_VHOST": "shop.example.org", "HAPROXY_0_REDIRECT_TO_HTTPS": "true"}
API = {"HAPROXY_0_VHOST": "shop.example.org", "HAPROXY_0_PATH": "/api"}
PRIVATE = {
    "HAPROXY_GROUP": "internal",
    "HAPROXY_0_VHOST": "private.example.org",
    "HAPROXY_0_AUTH": f"Us:anna:{HASH}",
    "HAPROXY_0_BACKEND_NETWORK_ALLOWED_ACL": "10.0.0.0/8",
}


def app(id_: str, port: int, labels: dict[str, str]) -> dict[str, Any]:
    """An app that is not deployed yet."""
    return {"id": id_, "labels": {"HAPROXY_GROUP": "external", **labels}, "portDefinitions": [{"port": port}]}


@pytest.fixture(autouse=True)
def apps(run: Callable[..., Ended]) -> None:
    values = [app("/site", 10001, SITE), app("/api", 10002, API), app("/private", 10003, PRIVATE)]
    Path("apps.json").write_text(json.dumps(values, indent=1))


def test_a_request_that_is_served(run: Callable[..., Ended]) -> None:
    ended = run("route", "https://shop.example.org/api/v1", "apps.json", "--group", "external")
    assert ended.out == (
        "https://shop.example.org/api/v1\n"
        "haproxy.cfg of external:\n"
        "  frontend marathon_https_in (bind *:443 ssl, haproxy.cfg:54)\n"
        "    -> backend api_10002: 192_0_2_1_31000 192.0.2.1:31000\n"
        "       by haproxy.cfg:57: use_backend api_10002 if { ssl_fc_sni shop.example.org } path_api_10002"
        "  [apps.json:19:23 /api HAPROXY_0_VHOST]\n"
        "    too late: haproxy.cfg:58: use_backend site_10001 if { ssl_fc_sni shop.example.org }"
        "  [apps.json:6:23 /site HAPROXY_0_VHOST]\n"
    )
    assert (ended.err, ended.status) == ("", 0)


def test_a_request_that_is_redirected(run: Callable[..., Ended]) -> None:
    ended = run("route", "http://shop.example.org/?a=1", "apps.json", "--group", "external")
    assert "    -> redirect to https://shop.example.org/?a=1 (301)\n" in ended.out
    assert "    too late: haproxy.cfg:43: use_backend site_10001 if host_shop_example_org_site" in ended.out
    assert ended.status == 0


def test_why_others_do_not_match(run: Callable[..., Ended]) -> None:
    ended = run("route", "-v", "https://shop.example.org/", "apps.json", "--group", "external")
    (line,) = [line for line in ended.out.splitlines() if line.startswith("      no ")]
    assert line.endswith('/api HAPROXY_0_VHOST]  (path_beg is "/", not beginning with "/api")')


def test_a_request_that_needs_a_password(run: Callable[..., Ended]) -> None:
    url = ("route", "http://private.example.org/", "apps.json", "--group", "internal")
    ended = run(*url)
    assert '    -> asks for a password of "Us" (401); --user NAME tells what follows\n' in ended.out
    assert ended.status == 1
    assert run(*url, "--user", "anna", "--from", "10.1.2.3").status == 0


def test_what_cannot_be_told_is_told_both_ways(run: Callable[..., Ended]) -> None:
    ended = run("route", "http://private.example.org/", "apps.json", "--group", "internal", "--user", "anna")
    lines = [line.strip() for line in ended.out.splitlines()]
    assert "holds, which cannot be told: the client's address is not given (--from)" in lines
    assert "-> backend private_10003: 192_0_2_1_31000 192.0.2.1:31000" in lines
    assert lines.index("otherwise") + 1 == lines.index("-> denied (403)")
    assert ended.status == 1


def test_every_group_answers_for_itself(run: Callable[..., Ended]) -> None:
    ended = run("route", "http://private.example.org:10002/", "apps.json")
    assert ended.out == (
        "http://private.example.org:10002/\n"
        "haproxy.cfg of external:\n"
        "  frontend api_10002_in (bind *:10002, haproxy.cfg:61)\n"
        "    -> backend api_10002: 192_0_2_1_31000 192.0.2.1:31000\n"
        "       by haproxy.cfg:63: use_backend api_10002  [apps.json:15:2 /api]\n"
        "haproxy.cfg of internal:\n"
        "  nobody listens on port 10002\n"
    )
    assert ended.status == 0


def test_in_json(run: Callable[..., Ended]) -> None:
    ended = run("route", "https://shop.example.org/api", "apps.json", "--group", "external", "--format", "json")
    told = json.loads(ended.out)
    (answer,) = told["answers"]
    (frontend,) = answer["frontends"]
    (way,) = frontend["ways"]
    assert told["version"] == 1
    assert (answer["balancer"], answer["routed"], frontend["frontend"]) == ("external", True, "marathon_https_in")
    assert way["outcome"]["kind"] == "served"
    assert way["outcome"]["servers"] == [{"name": "192_0_2_1_31000", "address": "192.0.2.1:31000"}]
    assert way["decided"][0]["origin"] == {
        "file": "apps.json",
        "line": 19,
        "column": 23,
        "pointer": "/1/labels/HAPROXY_0_VHOST",
        "app": "/api",
        "label": "HAPROXY_0_VHOST",
    }
    assert [step["rule"] for step in frontend["beaten"]] == [
        "use_backend site_10001 if { ssl_fc_sni shop.example.org }"
    ]
    assert "looked_at" not in frontend


_WRITTEN = """\
defaults
  mode http
frontend in
  bind :80
  use_backend %[hdr(host),lower,map(/etc/haproxy/hosts.map,rest)]
backend shop
  http-request set-header Host inner.example.org
  http-request set-path /shop%[path]
  server it 192.0.2.1:80
backend rest
  server it 192.0.2.2:80
"""


def test_a_file_by_hand_with_its_maps_beside_it(run: Callable[..., Ended]) -> None:
    Path("own.cfg").write_text(_WRITTEN)
    Path("hosts.map").write_text("shop.example.org shop\n")
    ended = run("route", "http://SHOP.example.org/x", "own.cfg")
    assert ended.out == (
        "http://SHOP.example.org/x\n"
        "own.cfg:\n"
        "  frontend in (bind :80, own.cfg:4)\n"
        "    -> backend shop: it 192.0.2.1:80, with path /shop/x and Host inner.example.org\n"
        "       by own.cfg:5: use_backend %[hdr(host),lower,map(/etc/haproxy/hosts.map,rest)]\n"
    )
    assert ended.status == 0


def test_a_file_by_hand_without_its_maps(run: Callable[..., Ended]) -> None:
    Path("own.cfg").write_text(_WRITTEN)
    ended = run("route", "http://shop.example.org/", "own.cfg")
    assert "-> cannot be told: the backend depends on the map /etc/haproxy/hosts.map is not given\n" in ended.out
    assert ended.status == 1


def test_a_pool(run: Callable[..., Ended]) -> None:
    link = {"map": [{"backend": "web", "hostEq": "shop.example.org"}]}
    frontends = [{"bindPort": 80, "protocol": "HTTP", "linkBackend": link}]
    services = [{"endpoint": {"type": "ADDRESS", "address": "192.0.2.1", "port": 80}}]
    haproxy = {"frontends": frontends, "backends": [{"name": "web", "protocol": "HTTP", "services": services}]}
    Path("pool.json").write_text(json.dumps({"apiVersion": "V2", "name": "shop", "haproxy": haproxy}))
    ended = run("route", "http://shop.example.org/", "pool.json")
    assert "shop.cfg of shop:\n" in ended.out
    assert "-> backend web: " in ended.out
    assert "[pool.json:1:" in ended.out
    assert ended.status == 0


def test_standard_input(run: Callable[..., Ended]) -> None:
    text = Path("apps.json").read_bytes()
    ended = run("route", "http://shop.example.org/api", "--stdin-filename", "mine.json", stdin=text)
    assert "[mine.json:19:23 /api HAPROXY_0_VHOST]" in ended.out
    assert ended.status == 0


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (
            ("ftp://shop.example.org", "apps.json"),
            'URL: "ftp://shop.example.org" is no URL of http or https with a host',
        ),
        (
            ("http://x", "apps.json", "-H", "nonsense"),
            "--header: 'nonsense' is no header, as in 'Host: www.example.org'",
        ),
        (("http://x", "apps.json", "--from", "nobody"), "--from: 'nobody' is no address"),
        (("http://x", "nothing.json"), "there is no configuration to route anything by"),
    ],
)
def test_what_cannot_be_done(run: Callable[..., Ended], arguments: tuple[str, ...], why: str) -> None:
    ended = run("route", *arguments)
    assert ended.err.endswith(f"lbgen: error: {why}\n")
    assert (ended.out, ended.status) == ("", 2)


def test_what_cannot_be_read_is_told_and_the_rest_is_routed(run: Callable[..., Ended]) -> None:
    Path("broken.json").write_text("{")
    ended = run("route", "http://shop.example.org/api", "apps.json", "broken.json")
    assert "-> backend api_10002" in ended.out
    assert "broken.json:1:2: error" in ended.err
    assert ended.status == 0
