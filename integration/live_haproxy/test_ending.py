"""lbgen ends when it is told to, whatever it waits for just then, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from integration.live.balancer import Balancer, free_port, labels
from integration.live.conftest import marathon, short_path, workload
from integration.live.load import ask
from integration.live_haproxy.conftest import until
from integration.marathon_stub import faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from integration.marathon_stub import Marathon

__all__ = ["marathon", "short_path", "workload"]

# Far longer than anybody waits here: a test that has to wait for it fails.
SLEEP = "touch {directory}/sleeps; exec sleep 3600"
WRAPPER = """#!/bin/sh
for word in "$@"; do
  [ "$word" = "{word}" ] && {{ {sleep}; }}
done
exec {binary} "$@"
"""


@pytest.fixture
def balancer(marathon: Marathon, short_path: Path) -> Iterator[Balancer]:
    # lbgen does not have to ask HAProxy which options it knows.
    made = Balancer(marathon.url, short_path, environment={"HAPROXY_GLOBAL_DEFAULT_OPTIONS": "redispatch"})
    try:
        yield made
        until(lambda: remaining(short_path) == [])
    finally:
        for pid in remaining(short_path):
            os.kill(pid, signal.SIGKILL)


def remaining(directory: Path) -> list[int]:
    """The processes that were started with a file of the directory."""
    name = os.fsencode(f"{directory}/")
    return [int(each.name) for each in Path("/proc").iterdir() if each.name.isdecimal() and name in words(each)]


def words(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


def app(name: str) -> dict[str, object]:
    return {"id": f"/{name}", "instances": 1, "portDefinitions": [{"port": free_port()}], "labels": labels()}


def serve(marathon: Marathon, balancer: Balancer) -> None:
    """Starts the load balancer; returns when it serves an app."""
    first = app("web")
    marathon.deploy(first)
    balancer.start()
    port = int(first["portDefinitions"][0]["port"])  # type: ignore[index]
    balancer.wait_for(lambda: bool(ask(port).task), "the first generation")


@pytest.mark.parametrize(("word", "what"), [("-c", "a check"), ("-W", "a start")])
def test_while_haproxy_does_not_end(marathon: Marathon, balancer: Balancer, binary: str, word: str, what: str) -> None:
    wrapper = balancer.directory / "haproxy-that-sleeps"
    sleep = SLEEP.format(directory=balancer.directory)
    wrapper.write_text(WRAPPER.format(word=word, sleep=sleep, binary=binary))
    wrapper.chmod(0o755)
    balancer.arguments = ("--haproxy-bin", str(wrapper))
    marathon.deploy(app("web"))
    balancer.start()
    balancer.wait_for((balancer.directory / "sleeps").exists, what)
    assert balancer.end() == 0


def test_while_marathon_hangs(marathon: Marathon, balancer: Balancer) -> None:
    serve(marathon, balancer)
    before = len(marathon.requests)
    marathon.fail(faults.hang(), path="/v2/apps")
    balancer.signal(signal.SIGHUP)
    balancer.wait_for(lambda: len(marathon.requests) > before, "a request that hangs")
    assert balancer.end() == 0


def test_while_haproxy_is_stopped(marathon: Marathon, balancer: Balancer) -> None:
    serve(marathon, balancer)
    os.kill(balancer.workers()[0], signal.SIGSTOP)
    marathon.deploy(app("other"))
    balancer.signal(signal.SIGTERM)
    until(lambda: "SIGTERM: the end" in balancer.log)
    # At a second signal nobody is waited for any more.
    assert balancer.end(signal.SIGINT) == 0
