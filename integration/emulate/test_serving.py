"""What is emulated serves as the real one would, tells of each request, and follows what is edited."""

from __future__ import annotations

import json
import re
import socket
from base64 import b64encode
from http.client import HTTPException
from typing import TYPE_CHECKING

import pytest

from integration.emulate import fleet
from integration.emulate.emulated import Emulated, emulate, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lbgen.testing.client import Answer


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = fleet.write(tmp_path_factory.mktemp("apps"), fleet.APPS)
    (directory / "pool.json").write_text(json.dumps(fleet.POOL))
    return directory


@pytest.fixture(scope="module")
def ran(how: list[str], apps: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulated]:
    with emulate(tmp_path_factory.mktemp("ran"), *how, str(apps)) as started:
        yield started


def who(answer: Answer) -> str:
    assert answer.status == 200, answer
    return answer.text.partition(" (")[0]


def told(ran: Emulated, first: str, second: str) -> None:
    """Waits until it has been told that a request was served so, and for this reason."""
    until(lambda: re.search(f"^{first}.*\n    {second}", ran.told, re.MULTILINE) is not None)


def test_a_host_reaches_every_task(ran: Emulated) -> None:
    answers = {who(ran.get(80, Host="web.example.org")) for _ in range(12)}
    assert answers == {f"/web, task {number} of 3" for number in (1, 2, 3)}
    told(ran, r"200 GET http://web\.example\.org/ on 80 -> /web task 1 of 3", r"by HAPROXY_0_VHOST \(.*web\.json:\d+")


def test_a_path_reaches_its_own_app(ran: Emulated) -> None:
    answer = ran.get(80, "/api/x?y=1", Host="web.example.org")
    assert who(answer) == "/api, task 1 of 1"
    assert answer.text.splitlines()[1] == "GET /api/x?y=1 for web.example.org"
    told(
        ran,
        r"200 GET http://web\.example\.org/api/x\?y=1 on 80 -> /api task 1",
        r"by HAPROXY_0_VHOST \(.* and HAPROXY_0_PATH ",
    )


def test_an_app_is_reached_by_its_id_and_by_its_port(ran: Emulated) -> None:
    assert who(ran.get(9091, X_Marathon_App_Id="/api")) == "/api, task 1 of 1"
    assert who(ran.get(10102)) == "/api, task 1 of 1"
    told(ran, r"200 GET \S+ for /api on 9091 -> /api", "by /api: use_backend")


def test_a_redirect_leads_to_https(ran: Emulated) -> None:
    answer = ran.get(80, "/x", Host="old.example.org")
    assert (answer.status, answer.headers["location"]) == (301, ["https://old.example.org/x"])
    told(ran, r"301 GET http://old\.example\.org/x on 80 -> HAProxy", r"by HAPROXY_0_REDIRECT_TO_HTTPS \(.*old\.json")


def test_the_certificate_is_for_the_hosts_of_the_apps(ran: Emulated) -> None:
    assert who(ran.get(443, tls="old.example.org", Host="old.example.org")) == "/old, task 1 of 1"
    told(ran, r"200 GET https://old\.example\.org/ on 443 -> /old task 1", r"by HAPROXY_0_VHOST")


def test_a_password_is_wanted(ran: Emulated) -> None:
    assert ran.get(80, Host="locked.example.org").status == 401
    login = b64encode(b"anna:secret").decode()
    answer = ran.get(80, Host="locked.example.org", Authorization=f"Basic {login}")
    assert who(answer) == "/locked, task 1 of 1"
    told(ran, r"401 GET http://locked\.example\.org/ on 80 -> HAProxy", "by HAPROXY_0_AUTH ")
    wrong = b64encode(b"anna:wrong").decode()
    assert ran.get(80, "/wrong", Host="locked.example.org", Authorization=f"Basic {wrong}").status == 401
    told(ran, r"401 GET http://locked\.example\.org/wrong on 80 -> HAProxy", "by HAPROXY_0_AUTH ")
    assert "secret" not in ran.told
    assert login not in ran.told


def test_json_is_for_programs(ran: Emulated) -> None:
    answer = ran.get(80, "/api/x?y=1", Host="web.example.org", Accept="application/json", X_Own="1").json()
    assert (answer["app"], answer["task"], answer["of"]) == ("/api", 1, 1)
    assert (answer["path"], answer["query"], answer["headers"]["x-own"]) == ("/api/x", "y=1", ["1"])
    assert answer["address"].startswith("192.0.2.")


def test_lines_are_sent_back(ran: Emulated) -> None:
    with (
        socket.create_connection(("127.0.0.1", ran.port(10105)), 30) as connection,
        connection.makefile("rwb") as lines,
    ):
        assert lines.readline().startswith(b"/lines, task 1 of 1 ")
        lines.write(b"hello\n")
        lines.flush()
        assert lines.readline() == b"hello\n"
    told(ran, r"\w.* TCP :10105 -> /lines task 1 of 1", "by /lines: use_backend")


def test_http_is_answered_where_only_connections_are_passed_on(ran: Emulated) -> None:
    assert who(ran.get(10105)) == "/lines, task 1 of 1"


def test_a_name_of_tls_decides_where_connections_are_passed_on(ran: Emulated) -> None:
    assert who(ran.get(10107, tls="names.example.org")) == "/names, task 1 of 1"
    told(ran, r"\w.* TCP :10107 for names\.example\.org -> /names task 1", "by HAPROXY_0_FRONTEND_HEAD ")


def test_what_does_not_speak_tls_on_443_is_told(ran: Emulated) -> None:
    with pytest.raises((OSError, HTTPException)):
        ran.get(443)
    until(lambda: "no request on 443 -> HAProxy: SSL handshake failure" in ran.told)


def test_that_nobody_takes_a_request_is_told(ran: Emulated) -> None:
    assert ran.get(80, Host="nobody.example.org").status == 503
    told(ran, r"503 GET http://nobody\.example\.org/ on 80 -> HAProxy", "no rule of marathon_http_in takes it")


def test_a_pool_stands_beside_the_apps(ran: Emulated) -> None:
    answer = ran.get(10180, balancer="edge", Host="pool.example.org:10180")
    assert who(answer) == "shop, task 1 of 1"
    assert ran.get(10180, balancer="edge", Host="other.example.org").status == 503
    told(
        ran,
        r"200 GET http://pool\.example\.org:10180/ on 10180 -> shop task 1",
        r"by haproxy/frontends/0/linkBackend/map/0",
    )


def test_what_is_printed_can_be_typed(ran: Emulated) -> None:
    assert f"  curl -H 'Host: web.example.org' http://127.0.0.1:{ran.port(80)}/api\n" in ran.printed
    assert f"  nc 127.0.0.1 {ran.port(10105)}\n" in ran.printed
    tls = f"--connect-to ::127.0.0.1:{ran.port(443)} https://web.example.org/"
    assert f"  curl --cacert {ran.directory}/ca.pem {tls}\n" in ran.printed
    assert f"  curl -u anna -H 'Host: locked.example.org' http://127.0.0.1:{ran.port(80)}/\n" in ran.printed
    assert ran.port(80) >= 1024


def test_maps_send_each_host_to_its_own_app(how: list[str], apps: Path, tmp_path: Path) -> None:
    names = [str(apps / name) for name in ("old.json", "web.json")]
    with emulate(tmp_path, *how, "--haproxy-map", *names) as ran:
        assert who(ran.get(443, tls="web.example.org", Host="web.example.org")).startswith("/web, ")
        told(ran, r"200 GET https://web\.example\.org/ on 443 -> /web", r"by HAPROXY_0_VHOST \(.*web\.json")
        assert who(ran.get(443, tls="old.example.org", Host="old.example.org")).startswith("/old, ")
        told(ran, r"200 GET https://old\.example\.org/ on 443 -> /old", r"by HAPROXY_0_VHOST \(.*old\.json")


def test_a_request_is_told_once_where_each_vhost_has_a_frontend(how: list[str], apps: Path, tmp_path: Path) -> None:
    names = [str(apps / name) for name in ("locked.json", "web.json")]
    with emulate(tmp_path, *how, "--group-https-by-vhost", *names) as ran:
        assert who(ran.get(443, tls="web.example.org", Host="web.example.org")).startswith("/web, ")
        assert ran.get(443, tls="locked.example.org", Host="locked.example.org").status == 401
        told(ran, r"401 GET https://locked\.example\.org/ on 443 -> HAProxy for /locked", "by HAPROXY_0_AUTH ")
        told(ran, r"200 GET https://web\.example\.org/ on 443 -> /web", "by HAPROXY_0_VHOST ")
        assert "TCP :443" not in ran.told


def test_edits_are_served_and_mistakes_are_not(how: list[str], tmp_path: Path) -> None:
    apps = tmp_path / "apps"
    apps.mkdir()
    fleet.write(apps, fleet.APPS[:2])
    with emulate(tmp_path, *how, str(apps)) as ran:
        an_edit_is_served(ran, apps)
        text_that_is_no_json_is_not_served(ran, apps)
        a_label_that_cannot_be_served_is_named(ran, apps)
        a_new_port_is_let_in_and_a_file_that_goes_takes_its_app_along(ran, apps)


def an_edit_is_served(ran: Emulated, apps: Path) -> None:
    assert who(ran.get(80, "/api", Host="web.example.org")).startswith("/api, ")
    fleet.save(apps, fleet.app("/api", 10102, instances=2, VHOST="api.example.org"))
    until(lambda: ran.get(80, Host="api.example.org").status == 200)
    until(lambda: f"  + curl -H 'Host: api.example.org' http://127.0.0.1:{ran.port(80)}/\n" in ran.told)
    assert {who(ran.get(80, Host="api.example.org")) for _ in range(8)} == {f"/api, task {n} of 2" for n in (1, 2)}
    assert who(ran.get(443, tls="api.example.org", Host="api.example.org")).startswith("/api, ")
    assert who(ran.get(80, "/api", Host="web.example.org")).startswith("/web, ")


def text_that_is_no_json_is_not_served(ran: Emulated, apps: Path) -> None:
    path = apps / "api.json"
    good = path.read_text()
    before = len(ran.told)
    path.write_text(good.replace('"id"', "id", 1))
    until(lambda: "this edit is not served" in ran.told[before:])
    assert re.search(r"api\.json:2:\d+: error", ran.told[before:])
    assert who(ran.get(80, Host="api.example.org")).startswith("/api, ")
    path.write_text(good)
    until(lambda: "this edit changes nothing" in ran.told[before:])


def a_label_that_cannot_be_served_is_named(ran: Emulated, apps: Path) -> None:
    before = len(ran.told)
    bad = fleet.app("/api", 10102, VHOST="new.example.org", BACKEND_HEAD="backend {backend}\n  blance first\n")
    fleet.save(apps, bad)
    until(lambda: "this edit is not served (/api)" in ran.told[before:])
    assert re.search(r"api\.json:\d+:\d+: error", ran.told[before:])
    assert "label HAPROXY_0_BACKEND_HEAD" in ran.told[before:]
    assert who(ran.get(80, Host="api.example.org")).startswith("/api, ")


def a_new_port_is_let_in_and_a_file_that_goes_takes_its_app_along(ran: Emulated, apps: Path) -> None:
    (apps / "api.json").unlink()
    fleet.save(apps, fleet.app("/late", 10106, VHOST="late.example.org"))
    until(lambda: re.search(r"\+ curl http://127\.0\.0\.1:\d+/", ran.told) is not None)
    assert who(ran.get(80, Host="late.example.org")).startswith("/late, ")
    assert ran.get(80, Host="api.example.org").status == 503
