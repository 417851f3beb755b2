"""Templates of haproxy.cfg are tried with HAProxy before they are taken; here a script stands for it."""

from __future__ import annotations

import shutil
import threading
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from lbgen.check import ask, binary
from lbgen.pipeline.checking import Checking
from lbgen.pipeline.pools import PoolOptions
from lbgen.server.http import app
from lbgen.server.http.app import Api
from lbgen.server.http.guard import Guard
from lbgen.server.refusals import Refusal
from lbgen.server.running import Nobody
from lbgen.server.server import Server
from lbgen.server.tasks import Files
from lbgen.server.trying import Trial, discreet
from tests.server.documents import pool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TEMPLATE = "/v2/pools/ping-lb/lbtemplate"
GOOD = "{% for section in sections %}\n{{ section.text }}\n{% endfor %}\n# mine\n"
BAD = "global\n  foo bar\n"
# Refuses what says foo, in the words of HAProxy.
REFUSING = """\
line=$(grep -n foo "$file" | cut -d: -f1)
[ -z "$line" ] && exit 0
echo "[ALERT]    (7) : config : parsing [$file:$line] : unknown keyword 'foo' in 'global' section"
echo "[ALERT]    (7) : config : Error(s) found in configuration file : $file"
exit 1"""


@pytest.fixture
def haproxy(tmp_path: Path) -> Callable[[str], Checking]:
    """A HAProxy that does what a script of the shell says; `$file` is the configuration."""

    def made(body: str) -> Checking:
        path = tmp_path / "haproxy"
        version = '[ "$1" = -v ] && { echo "HAProxy version 3.2.1 2025/07/01 - https://haproxy.org/"; exit 0; }\n'
        path.write_text(f"#!/bin/sh\n{version}for file; do :; done\n{body}\n")
        path.chmod(0o755)
        return Checking("auto", str(path), None)

    return made


@pytest.fixture
def trying(tmp_path: Path, tasks: Path, new_database: Path) -> Iterator[Callable[[Trial], TestClient]]:
    """A client of a server that tries templates so, and has the pool ping-lb."""
    servers: list[Server] = []

    def made(trial: Trial) -> TestClient:
        (tmp_path / "data").mkdir()
        shutil.copy(new_database, tmp_path / "data")
        servers.append(Server(tmp_path / "data", Files([tasks]), Nobody(), PoolOptions(), trial=trial))
        servers[0].refresh()
        client = TestClient(Api(servers[0], Guard()), base_url="http://localhost")
        assert client.post("/v2/pools", json=pool()).status_code == 200
        return client

    yield made
    for server in servers:
        server.close()


def test_what_haproxy_accepts_is_taken(trying: Callable[..., TestClient], haproxy: Callable[[str], Checking]) -> None:
    reply = trying(Trial(haproxy(REFUSING))).put(TEMPLATE, content=GOOD)
    assert (reply.status_code, reply.text) == (200, GOOD)
    assert reply.headers["x-lbgen-tried-with"].startswith("HAProxy 3.2.1 at ")


def test_haproxy_finds_nothing_of_the_servers_own_environment(
    trying: Callable[..., TestClient], haproxy: Callable[[str], Checking], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARATHON_PASSWORD", "s3cret")
    asks = '[ -z "$MARATHON_PASSWORD" ] || exit 1'
    assert trying(Trial(haproxy(asks))).put(TEMPLATE, content=GOOD).status_code == 200


def test_what_haproxy_refuses_is_refused_in_its_words(
    trying: Callable[..., TestClient], haproxy: Callable[[str], Checking]
) -> None:
    client = trying(Trial(haproxy(REFUSING)))
    reply = client.put(TEMPLATE, content=BAD)
    assert reply.status_code == 400
    assert reply.text.startswith("HAProxy 3.2.1 at ")
    assert reply.text.endswith(" makes: line 2, foo bar: unknown keyword 'foo' in 'global' section")
    assert "mine" not in client.get(TEMPLATE).text
    assert client.put("/v2/pools/ping-lb", json=pool(count=2)).status_code == 200


def test_whoever_asks_for_json_is_told_the_line(
    trying: Callable[..., TestClient], haproxy: Callable[[str], Checking]
) -> None:
    client = trying(Trial(haproxy(REFUSING)))

    def said(text: str) -> Any:
        reply = client.put(TEMPLATE, content=text, headers={"Accept": "application/json"})
        assert (reply.status_code, reply.headers["content-type"]) == (400, "application/json")
        return reply.json()

    fault = {"line": 2, "text": "  foo bar", "message": "unknown keyword 'foo' in 'global' section"}
    assert said(BAD)["faults"] == [fault]
    assert said("global\n{{ nothing }}")["template_line"] == 2
    assert said("{{ .Name }}")["template_line"] == 1
    assert said("global\n  log 'x")["line"] == 2


def test_lines_are_those_of_what_the_template_makes(
    trying: Callable[..., TestClient], haproxy: Callable[[str], Checking]
) -> None:
    client = trying(Trial(haproxy(REFUSING)))
    template = "{% for section in sections %}\n{{ section.text }}\n{% endfor %}\n  foo\n"
    reply = client.put(TEMPLATE, content=template, headers={"Accept": "application/json"})
    [fault] = reply.json()["faults"]
    lines = client.get("/v2/pools/ping-lb/lbconfig").text.split("\n")
    assert (fault["line"], fault["text"]) == (len(lines), "  foo")


def test_what_is_wrong_without_the_template_is_not_its_fault(
    trying: Callable[..., TestClient], haproxy: Callable[[str], Checking]
) -> None:
    old = "echo \"[ALERT] 324/173617 (7) : parsing [$file:1] : the 'backlog' is not what it was\"; exit 1"
    client = trying(Trial(haproxy(old)))
    assert client.put(TEMPLATE, content=GOOD).status_code == 200


def test_without_haproxy_lbgen_reads_it_itself_and_says_so(
    trying: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(binary, "_PLACES", ())
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(ask, "engine_answers", lambda: False)
    client = trying(Trial(Checking()))
    with caplog.at_level("INFO", "lbgen.server"):
        reply = client.put(TEMPLATE, content=GOOD)
    assert reply.status_code == 200
    assert reply.headers["x-lbgen-tried-with"].startswith("lbgen alone: there is neither a haproxy binary nor a")
    assert "tried with lbgen, because there is neither" in caplog.text
    reply = client.put(TEMPLATE, content=BAD)
    assert reply.status_code == 400
    assert reply.text.startswith("lbgen refuses what the template of the pool makes: line 2, foo bar: ")


def test_a_haproxy_that_somebody_named_has_to_be_there(trying: Callable[..., TestClient]) -> None:
    client = trying(Trial(Checking("auto", "/nowhere/haproxy", None)))
    reply = client.put(TEMPLATE, content=GOOD)
    assert (reply.status_code, reply.text) == (
        500,
        "the template cannot be tried: there is no HAProxy at /nowhere/haproxy",
    )


def test_a_haproxy_that_does_not_end_is_ended(
    trying: Callable[..., TestClient], haproxy: Callable[[str], Checking]
) -> None:
    client = trying(Trial(haproxy("exec sleep 300"), seconds=0.3))
    reply = client.put(TEMPLATE, content=GOOD)
    assert (reply.status_code, reply.text) == (
        400,
        "there is no verdict on what the template makes after 0.3 seconds",
    )


def test_trials_keep_nobody_waiting(
    trying: Callable[..., TestClient], haproxy: Callable[[str], Checking], tmp_path: Path
) -> None:
    client = trying(Trial(haproxy(f"while [ ! -e {tmp_path}/go ]; do sleep 0.05; done"), seconds=120))
    answers: list[int] = []

    def give() -> None:
        answers.append(client.put(TEMPLATE, content=GOOD).status_code)

    threads = [threading.Thread(target=give, daemon=True) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        assert client.get("/v2/pools").status_code == 200
        assert client.put("/v2/pools/ping-lb", json=pool(count=2)).status_code == 200
        assert answers == []
    finally:
        (tmp_path / "go").touch()
    for thread in threads:
        thread.join(120)
    assert answers == [200] * 3


def test_too_many_trials_at_once_are_put_off(haproxy: Callable[[str], Checking]) -> None:
    trial = Trial(haproxy("exit 0"), seconds=0.2)
    while trial._free.acquire(blocking=False):
        pass
    with pytest.raises(Refusal, match="too many templates are being tried") as raised:
        trial.of("global\n", "global\n")
    assert raised.value.code == 503


CODE = [
    "lua-load /tmp/x.lua",
    "lua-load-per-thread /tmp/x.lua",
    r"lua\x2dload /tmp/x.lua",
    '"lua-load" /tmp/x.lua',
    "external-check",
    "insecure-fork-wanted",
    'setenv A lua-load\n  "${A}" /tmp/x.lua',
    "\nprogram x\n  command /bin/true",
    "ssl-provider-path /tmp",
    "\nring r\n  backing-file /tmp/x",
    "\nacme x\n  account-key /tmp/x",
    "\nfrontend f\n  filter opentracing id x config /tmp/x",
    '\nfrontend f\n  filter "${A}" id x config /tmp/x',
]


@pytest.mark.parametrize("lines", CODE)
def test_a_template_has_haproxy_run_no_code_and_write_no_files(trying: Callable[..., TestClient], lines: str) -> None:
    client = trying(Trial(None))
    reply = client.put(TEMPLATE, content=f"global\n  {lines}\n")
    assert (reply.status_code, "what it makes has HAProxy run code or write files, line " in reply.text) == (400, True)


def test_lines_of_lbgens_own_are_taken() -> None:
    from lbgen.haproxy.parse import parse
    from lbgen.server.rendering import _check_powers

    _check_powers(parse("global\n  lua-load /x\n"), {"lua-load /x"})


def test_haproxys_words_show_neither_files_nor_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "s3cr3t-token")
    text = "frontend f\n  acl a src -f /etc/shadow\n"
    said = "error detected while parsing ACL 'a' : 'root:$6$x:1' is not an address at line 1 of file '/etc/shadow'."
    assert discreet(said, text) == (
        "error detected while parsing ACL 'a' : '..' is not an address at line 1 of file '/etc/shadow'."
    )
    assert discreet("'bind s3cr3t-token' : invalid address", text) == "'bind ..' : invalid address"
    assert discreet("'mode' expects 'http' or 'tcp'", text) == "'mode' expects 'http' or 'tcp'"


def test_templates_wait_for_their_turn_and_not_for_ever(
    trying: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "_SLOW_AT_ONCE", 0)
    monkeypatch.setattr(app, "_SLOWEST", 0.05)
    client = trying(Trial(None))
    reply = client.put(TEMPLATE, content=GOOD)
    assert (reply.status_code, reply.text) == (503, "too many templates are being tried: try again later")
    assert client.get(TEMPLATE).status_code == 200
