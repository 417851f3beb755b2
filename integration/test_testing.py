"""lbgen.testing: what users write their own integration tests with."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import docker
import pytest

from lbgen.testing import Authority, HaproxyDidNotStart, Stub, run_haproxy, run_stubs, self_signed
from lbgen.testing.leftovers import LABEL
from lbgen.testing.plugin import need_engine

if TYPE_CHECKING:
    from lbgen.testing import Haproxy
    from lbgen.testing.plugin import StartHaproxy

DEFAULTS = """\
defaults
  mode http
  timeout connect 5s
  timeout client 1m
  timeout server 1m
"""
CONFIG = f"""{DEFAULTS}
frontend web
  bind *:8080
  bind *:8443 ssl crt /etc/ssl/web.pem
  default_backend api
backend api
  server s api.example.org:6443 ssl verify required ca-file /ca.pem sni str(api.example.org)
listen raw
  mode tcp
  bind :7000
  server s echo:7000
"""


@pytest.fixture(params=["container", "binary"])
def engine(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Both ways to run HAProxy, as options of the functions under test."""
    options = {"engine": request.param}
    need_engine(options)
    if request.param == "container":
        options["image"] = list(request.getfixturevalue("haproxy_images").values())[-1]
    return options


@pytest.fixture
def haproxy(start_haproxy: StartHaproxy, engine: dict[str, Any]) -> Haproxy:
    authority = Authority.new()
    api = Stub("api", port=6443, hosts=("api.example.org",), certificate=authority.issue(["api.example.org"]))
    stubs = [api, Stub("echo", port=7000, kind="tcp")]
    return start_haproxy(CONFIG, stubs=stubs, files={"/ca.pem": authority.pem}, **engine)


def test_a_stub_says_who_it_is_and_what_it_was_asked(haproxy: Haproxy) -> None:
    headers = {"Host": "example.org", "X-Quoted": 'a "b" \\ c'}
    answer = haproxy.request(8080, "/a/b?c=%22d%22", method="PUT", headers=headers, body=b"one\ntwo")
    seen = answer.json()
    assert answer.status == 200
    assert (seen["stub"], seen["method"], seen["path"], seen["query"]) == ("api", "PUT", "/a/b", "c=%22d%22")
    assert seen["headers"]["host"] == ["example.org"]
    assert seen["headers"]["x-quoted"] == ['a "b" \\ c']
    assert seen["body"] == "one\ntwo"
    assert seen["tls"]["server_name"] == "api.example.org"


def test_a_certificate_that_is_not_given_is_made_up(haproxy: Haproxy) -> None:
    assert haproxy.request(8443, tls=True).status == 200


def test_a_stub_answers_with_the_status_it_is_asked_for(haproxy: Haproxy) -> None:
    assert haproxy.request(8080, "/deep/_stub/status/404").status == 404


def test_a_stub_takes_an_upgrade_and_echoes(haproxy: Haproxy) -> None:
    with haproxy.connect(8443, tls=True) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
        reader = connection.makefile("rb")
        assert reader.readline() == b"HTTP/1.1 101 Switching Protocols\r\n"
        while reader.readline() != b"\r\n":
            pass
        connection.sendall(b"hello\n")
        assert reader.readline() == b"hello\n"


def test_a_tcp_stub_introduces_itself_and_echoes(haproxy: Haproxy) -> None:
    with haproxy.connect(7000) as connection:
        reader = connection.makefile("rb")
        assert b'"stub": "echo"' in reader.readline()
        connection.sendall(b"hello\n")
        assert reader.readline() == b"hello\n"


def test_the_runtime_api_answers(haproxy: Haproxy) -> None:
    assert "Name: HAProxy\n" in haproxy.ask("show info")


def test_a_reload_serves_the_new_configuration(haproxy: Haproxy) -> None:
    assert haproxy.request(8080, "/").status == 200
    haproxy.reload(
        CONFIG.replace("  default_backend api", "  http-request deny deny_status 410\n  default_backend api")
    )
    assert haproxy.request(8080, "/").status == 410


def test_a_reload_may_bring_files(haproxy: Haproxy) -> None:
    path = "/maps/names.map"
    rule = f"  http-request return status 200 content-type text/plain lf-string %[path,map({path})]"
    text = f"{DEFAULTS}frontend f\n  bind :8080\n{rule}\n"
    for name in ("first", "second"):
        haproxy.reload(text, files={path: f"/x {name}\n".encode()})
        assert haproxy.request(8080, "/x").text == name


def test_a_refused_reload_says_why_and_leaves_the_old_configuration(haproxy: Haproxy) -> None:
    with pytest.raises(HaproxyDidNotStart, match="unknown keyword 'bnd'") as caught:
        haproxy.reload(CONFIG.replace("bind :7000", "bnd :7000"))
    assert "refuses the new configuration" in str(caught.value)
    assert haproxy.request(8080, "/").status == 200
    haproxy.reload(CONFIG)


def test_a_start_that_fails_says_what_haproxy_said(engine: dict[str, Any]) -> None:
    text = f"{DEFAULTS}frontend web\n  bnd :80\n"
    with (
        pytest.raises(HaproxyDidNotStart, match="unknown keyword 'bnd' in 'frontend' section") as caught,
        run_haproxy(text, **engine),
    ):
        pytest.fail("it started")
    assert "haproxy version" not in str(caught.value)


def test_an_address_that_cannot_be_bound_is_a_start_that_fails(engine: dict[str, Any]) -> None:
    text = f"{DEFAULTS}frontend web\n  bind /nowhere/socket\n  bind :8080\n"
    with pytest.raises(HaproxyDidNotStart, match="/nowhere/socket"), run_haproxy(text, **engine):
        pytest.fail("it started")


def test_variables_and_ranges_of_ports_are_listened_on(start_haproxy: StartHaproxy, engine: dict[str, Any]) -> None:
    text = f'{DEFAULTS}frontend web\n  bind "*:${{PORT}}"\n  bind *:9000-9002\n  monitor-uri /up\n'
    haproxy = start_haproxy(text, environment={"PORT": "8081"}, **engine)
    assert [haproxy.request(port, "/up").status for port in (8081, 9000, 9001, 9002)] == [200] * 4


def test_a_frontend_reaches_another_one_of_the_same_haproxy(
    start_haproxy: StartHaproxy, engine: dict[str, Any]
) -> None:
    text = (
        f"{DEFAULTS}listen out\n  bind :8080\n  server s 127.0.0.1:8081\nfrontend in\n  bind :8081\n  monitor-uri /up\n"
    )
    assert start_haproxy(text, **engine).request(8080, "/up").status == 200


def test_stubs_on_one_port_are_told_apart_by_their_hosts(start_haproxy: StartHaproxy, engine: dict[str, Any]) -> None:
    text = f"{DEFAULTS}listen a\n  bind :8001\n  server s a.test:80\nlisten b\n  bind :8002\n  server s b.test:80\n"
    stubs = [Stub("a", 80, ("a.test",)), Stub("b", 80, ("b.test",))]
    haproxy = start_haproxy(text, stubs=stubs, **engine)
    assert [haproxy.request(port).json()["stub"] for port in (8001, 8002)] == ["a", "b"]


def test_stubs_can_run_first_and_give_their_addresses(engine: dict[str, Any]) -> None:
    with run_stubs(Stub("web", 8080), **engine) as stubs:
        host, port = stubs["web"]
        text = f"{DEFAULTS}listen web\n  bind :80\n  server s {host}:{port}\n"
        with run_haproxy(text, stubs=stubs) as haproxy:
            assert haproxy.request(80).json()["stub"] == "web"


def test_apps_are_served_from_their_definitions(start_haproxy: StartHaproxy, engine: dict[str, Any]) -> None:
    with run_stubs(Stub("web", 8080, certificate=None), **engine) as stubs:
        task = {"id": "t", "host": stubs["web"].host, "ports": [stubs["web"].port]}
        labels = {"HAPROXY_GROUP": "external", "HAPROXY_0_VHOST": "web.test"}
        app = {"id": "/web", "ports": [10001], "tasks": [task], "labels": labels}
        haproxy = start_haproxy.from_apps({"apps": [app]}, stubs=stubs)
        assert haproxy.request(80, headers={"Host": "web.test"}).json()["stub"] == "web"
        assert haproxy.request(443, headers={"Host": "web.test"}, tls=True, server_name="web.test").status == 200
        assert haproxy.request(10001, "/x").json()["path"] == "/x"


def test_every_version_is_the_one_it_is_called(haproxy_version: str, haproxy_image: str) -> None:
    with run_haproxy(f"{DEFAULTS}frontend f\n  bind :80\n", image=haproxy_image) as haproxy:
        info = haproxy.ask("show info")
    assert f"\nVersion: {haproxy_version}." in info


def test_what_a_killed_process_leaves_is_removed_by_the_next_start(haproxy_images: dict[str, str]) -> None:
    image = haproxy_images["2.6"]
    text = f"{DEFAULTS}frontend f\n  bind :80\n"
    script = "import os, signal; from lbgen.testing import run_haproxy\n"
    script += f"with run_haproxy({text!r}, image={image!r}): os.kill(os.getpid(), signal.SIGKILL)\n"
    with subprocess.Popen([sys.executable, "-c", script], env=dict(os.environ)) as killed:
        assert killed.wait() == -9
    client = docker.from_env()
    try:
        assert owned_by(client, killed.pid) == (1, 1)
        with run_haproxy(text, image=image):
            assert owned_by(client, killed.pid) == (0, 0)
    finally:
        client.close()


def owned_by(client: docker.DockerClient, pid: int) -> tuple[int, int]:
    """How many containers and networks belong to this process."""
    listed = client.containers.list(all=True, filters={"label": LABEL}, sparse=True)
    containers = [each.attrs["Labels"][LABEL] for each in listed]
    networks = [each.attrs["Labels"][LABEL] for each in client.networks.list(filters={"label": LABEL})]
    owned = [sum(f"/{pid}/" in owner for owner in owners) for owners in (containers, networks)]
    return owned[0], owned[1]


def test_a_stub_with_a_certificate_speaks_tls_only(start_haproxy: StartHaproxy, engine: dict[str, Any]) -> None:
    text = f"{DEFAULTS}listen plain\n  bind :8001\n  server s api:443\nlisten tls\n  bind :8002\n"
    text += "  server s api:443 ssl verify none\n"
    haproxy = start_haproxy(text, stubs=[Stub("api", 443, certificate=self_signed(["api"]))], **engine)
    assert [haproxy.request(port).status for port in (8001, 8002)] == [502, 200]
