"""What can go wrong around a load balancer, one thing after the other: what was served goes on being served."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import socket
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from integration.live.balancer import HOST, free_port, labels
from integration.live.load import Load, ask
from integration.marathon_stub import faults
from lbgen.check.binary import find_binary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from integration.live.balancer import Balancer
    from integration.live.workload import Workload
    from integration.marathon_stub import Marathon
    from integration.marathon_stub.faults import Fault


CLOCK = """
import os, time
now = time.time
time.time = lambda: now() - 86400 * os.path.exists({flag!r})
"""


def app(name: str, port: int, instances: int = 1, **more: str) -> dict[str, object]:
    return {"id": f"/{name}", "instances": instances, "portDefinitions": [{"port": port}], "labels": labels(**more)}


@pytest.fixture
def port(marathon: Marathon, balancer: Balancer) -> int:
    """A service port that is served."""
    found = free_port()
    marathon.deploy(app("web", found, 2))
    balancer.arguments = ("--read-timeout", "5")
    balancer.start()
    balancer.wait_for(lambda: bool(ask(found).task), "the first generation")
    return found


@pytest.fixture
def load(port: int) -> Iterator[Load]:
    """Load on that port all the while, none of which may fail."""
    started = Load([port])
    started.start(1)
    yield started
    started.stop()
    assert not started.failures()
    assert started.answers


def comes_back(marathon: Marathon, balancer: Balancer) -> None:
    """A new app is served before long."""
    new = free_port()
    marathon.deploy(app("new", new))
    balancer.wait_for(lambda: bool(ask(new).task), "a new app being served")


@pytest.mark.parametrize(
    "fault",
    [faults.html(), faults.half(), faults.hang_in_body(), faults.status(503), faults.body(b"[]"), faults.body(b"")],
    ids=["html", "half", "hangs", "unavailable", "no apps", "empty"],
)
@pytest.mark.usefixtures("load")
def test_a_marathon_that_talks_nonsense_changes_nothing(marathon: Marathon, balancer: Balancer, fault: Fault) -> None:
    before = balancer.config.read_text()
    marathon.fail(fault, path="/v2/apps")
    balancer.signal(signal.SIGHUP)
    balancer.wait_for(lambda: "goes on being served" in balancer.log, "a failure being told")
    assert balancer.config.read_text() == before
    marathon.mend()
    comes_back(marathon, balancer)


def test_while_marathon_hangs_a_haproxy_that_dies_is_started_again(
    marathon: Marathon, balancer: Balancer, port: int
) -> None:
    balancer.end()
    balancer.arguments = ("--read-timeout", "3600", "--total-timeout", "3600")
    # Nothing answers from the beginning: what is on disk is served.
    marathon.fail(faults.hang())
    balancer.start()
    balancer.wait_for(lambda: bool(ask(port).task), "the last configuration being served")
    before = balancer.workers()
    os.kill(before[0], signal.SIGKILL)
    balancer.wait_for(lambda: balancer.workers()[:1] not in ([], before[:1]) and bool(ask(port).task), "a new HAProxy")
    balancer.signal(signal.SIGUSR1)
    serving = balancer.workers()
    balancer.wait_for(lambda: not set(serving[1:]) & set(balancer.workers()), "a reload")
    assert balancer.end() == 0


@pytest.mark.usefixtures("load")
def test_streams_that_end_again_and_again_hide_nothing(marathon: Marathon, balancer: Balancer) -> None:
    for number in range(4):
        marathon.wait_for_listeners(1)
        marathon.bus.close_all()
        new = free_port()
        marathon.deploy(app(f"new{number}", new))
        balancer.wait_for(lambda port=new: bool(ask(port).task), "a new app being served")  # type: ignore[misc]


@pytest.mark.usefixtures("load")
def test_an_address_of_nobody_costs_only_who_asks_for_it(marathon: Marathon, balancer: Balancer) -> None:
    # `haproxy -c` has nothing against it, and a reload fails.
    marathon.deploy(app("nowhere", free_port(), HAPROXY_0_BIND_ADDR="192.0.2.77"))
    balancer.wait_for(lambda: "the app /nowhere is left out" in balancer.log, "a blame")
    comes_back(marathon, balancer)


@pytest.mark.usefixtures("load")
def test_a_reload_that_is_refused_leaves_what_was_served(marathon: Marathon, balancer: Balancer) -> None:
    # `haproxy -c` has nothing against it, and nobody can listen there.
    head = "frontend {backend}_in\n  bind unix@/nowhere/socket\n  mode http\n"
    marathon.deploy(app("nowhere", free_port(), HAPROXY_0_FRONTEND_HEAD=head))
    balancer.wait_for(lambda: "cannot bind UNIX socket" in balancer.log, "a failure being told")
    assert "nowhere" not in balancer.config.read_text()
    comes_back(marathon, balancer)


def test_a_clock_that_goes_backwards_changes_nothing(marathon: Marathon, balancer: Balancer, port: int) -> None:
    balancer.end()
    yesterday = balancer.directory / "yesterday"
    (balancer.directory / "sitecustomize.py").write_text(CLOCK.format(flag=str(yesterday)))
    balancer.environment = {"PYTHONPATH": str(balancer.directory)}
    balancer.start()
    balancer.wait_for(lambda: bool(ask(port).task), "the first generation")
    bad = "  http-request nonsense\n"
    marathon.deploy(app("bad", free_port(), HAPROXY_0_BACKEND_HTTP_OPTIONS=bad))
    balancer.wait_for(lambda: "the app /bad is left out" in balancer.log, "a blame")
    yesterday.touch()
    balancer.signal(signal.SIGHUP)
    comes_back(marathon, balancer)
    marathon.scale("/web", 4)
    balancer.wait_for(lambda: len({ask(port).task for _ in range(30)}) == 4, "the new tasks")
    marathon.deploy(app("worse", free_port(), HAPROXY_0_BACKEND_HTTP_OPTIONS=bad))
    balancer.wait_for(lambda: "the app /worse is left out" in balancer.log, "another blame")
    assert "Traceback" not in balancer.log


@pytest.mark.usefixtures("load")
def test_a_marathon_that_has_suddenly_no_apps_is_asked_twice(marathon: Marathon, balancer: Balancer) -> None:
    before = balancer.config.read_text()
    marathon.fail(faults.apps(), path="/v2/apps", times=1)
    balancer.signal(signal.SIGHUP)
    balancer.wait_for(lambda: "it is not used before it is confirmed" in balancer.log, "a doubt")
    assert balancer.config.read_text() == before
    comes_back(marathon, balancer)


@pytest.mark.usefixtures("load")
def test_a_marathon_that_is_away_is_waited_for(marathon: Marathon, balancer: Balancer) -> None:
    marathon.stop()
    balancer.signal(signal.SIGHUP)
    balancer.wait_for(lambda: "refuses the connection" in balancer.log, "a failure being told")
    marathon.start()
    comes_back(marathon, balancer)


def test_without_a_marathon_it_starts_with_what_it_served_last(
    marathon: Marathon, balancer: Balancer, workload: Workload, port: int
) -> None:
    assert balancer.end() == 0
    marathon.stop()
    balancer.start()
    balancer.wait_for(lambda: bool(ask(port).task), "the last configuration being served")
    marathon.start()
    comes_back(marathon, balancer)
    assert not workload.ended


@pytest.mark.usefixtures("load")
def test_one_that_is_killed_while_it_writes_leaves_a_valid_file_and_a_haproxy_that_serves(
    marathon: Marathon, balancer: Balancer
) -> None:
    binary = find_binary()
    assert binary is not None
    for number in range(4):
        marathon.deploy(app(f"more{number}", free_port()))
        time.sleep(0.05 + 0.1 * number)
        balancer.end(signal.SIGKILL)
        checked = subprocess.run([binary, "-c", "-f", str(balancer.config)], capture_output=True, check=False)
        assert checked.returncode == 0, checked.stderr
        balancer.start()
        time.sleep(0.3)
    comes_back(marathon, balancer)
    assert not list(balancer.config.parent.glob(".haproxy.cfg.*"))


def test_a_full_disk_leaves_the_old_file(marathon: Marathon, balancer: Balancer) -> None:
    # No file may become larger than this: writing fails as it does where the disk is full.
    balancer.prepare()
    head = balancer.directory / "templates" / "HAPROXY_HEAD"
    head.write_text(head.read_text() + f"# {'long ' * 200}\n" * 600)
    port = free_port()
    marathon.deploy(app("web", port))
    balancer.start()
    balancer.wait_for(lambda: bool(ask(port).task), "the first generation")
    before = balancer.config.read_text()
    assert balancer.process is not None
    pid = balancer.process.pid
    limits = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (len(before) // 2, limits[1]))
    marathon.deploy(app("new", free_port()))
    balancer.wait_for(lambda: "goes on being served" in balancer.log, "a failure being told")
    assert balancer.config.read_text() == before
    # What needs no file goes on: HAProxy is told of tasks.
    marathon.scale("/web", 3)
    balancer.wait_for(lambda: len({ask(port).task for _ in range(20)}) == 3, "the new tasks")
    resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
    comes_back(marathon, balancer)


@pytest.mark.usefixtures("load")
def test_a_port_that_somebody_else_has_costs_only_who_asks_for_it(marathon: Marathon, balancer: Balancer) -> None:
    with socket.create_server((HOST, 0)) as taken:
        marathon.deploy(app("clash", taken.getsockname()[1]))
        balancer.wait_for(lambda: "the app /clash is left out" in balancer.log, "a blame")
        comes_back(marathon, balancer)


def test_without_a_haproxy_it_does_not_start(balancer: Balancer) -> None:
    balancer.arguments = ("--haproxy-bin", "/nowhere/haproxy")
    balancer.start()
    assert balancer.process is not None
    assert balancer.process.wait(120) == 2
    assert "there is no HAProxy at /nowhere/haproxy" in balancer.log


def test_a_haproxy_that_vanishes_leaves_what_it_served(marathon: Marathon, balancer: Balancer, tmp_path: Path) -> None:
    found = find_binary()
    assert found is not None
    own = tmp_path / "haproxy"
    shutil.copy(found, own)
    balancer.arguments = ("--haproxy-bin", str(own))
    port = free_port()
    marathon.deploy(app("web", port))
    balancer.start()
    balancer.wait_for(lambda: bool(ask(port).task), "the first generation")
    own.unlink()
    marathon.deploy(app("new", free_port()))
    balancer.wait_for(lambda: "there is no HAProxy at" in balancer.log, "a failure being told")
    assert ask(port).task
    shutil.copy(found, own)
    comes_back(marathon, balancer)
