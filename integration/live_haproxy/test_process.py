"""HAProxy as lbgen's own: it starts, it says why it does not, it outlives lbgen, and is adopted."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from integration.live_haproxy.conftest import PATIENT, until
from integration.live_haproxy.load import answer
from lbgen.errors import ToolError
from lbgen.live.haproxy.child import Child
from lbgen.live.haproxy.info import info

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from integration.live_haproxy.conftest import Place


def test_it_starts_serves_and_stops(place: Place, child: Callable[..., Child]) -> None:
    place.write("one")
    haproxy = child()
    assert not haproxy.alive()
    haproxy.start()
    assert haproxy.alive()
    assert answer(place.address) == "one"
    (worker,) = haproxy.processes()
    told = info(haproxy.runtime())
    assert (worker.reloads, worker.pid, told.changes) == (0, told.pid, True)
    assert place.run.stat().st_mode & 0o777 == 0o700
    haproxy.stop()
    assert not haproxy.alive()
    assert haproxy.processes() == []
    assert "Refused" in answer(place.address)


def test_it_says_why_it_does_not_start(place: Place, child: Callable[..., Child]) -> None:
    place.put("backend web\n  balance nonsense\n")
    with pytest.raises(ToolError, match=r"HAProxy did not start: .*balance only supports"):
        child().start()


def test_an_address_of_somebody_else(place: Place, child: Callable[..., Child]) -> None:
    place.write("one", "listen other\n  bind 192.0.2.77:1\n")
    with pytest.raises(ToolError, match=r"(?i)HAProxy did not start: .*cannot (?:bind|assign).*192\.0\.2\.77"):
        child().start()


def test_a_port_of_somebody_else(place: Place, child: Callable[..., Child]) -> None:
    place.write("one")
    haproxy = child()
    with socket.create_server(place.address), pytest.raises(ToolError, match=f"HAProxy did not start: .*{place.port}"):
        haproxy.start()
    haproxy.start()
    assert answer(place.address) == "one"


def test_no_binary(place: Place) -> None:
    place.write("one")
    with pytest.raises(ToolError, match="there is no HAProxy at /nowhere/haproxy"):
        Child(place.file, place.run, binary="/nowhere/haproxy").start()


def test_a_second_lbgen_keeps_away(place: Place, child: Callable[..., Child]) -> None:
    place.write("one")
    child().start()
    with pytest.raises(ToolError, match="another lbgen uses the directory"):
        child().start()


SCRIPT = """
import sys, time
from pathlib import Path
from lbgen.live.haproxy.child import Child
Child(Path(sys.argv[1]), Path(sys.argv[2]), binary=sys.argv[3]).start()
print("started", flush=True)
time.sleep(3600)
"""


def start_and_kill(place: Place, binary: str) -> None:
    """Has another process start HAProxy, and kills that process with all of its group, as nobody can foresee."""
    command = [sys.executable, "-c", SCRIPT, str(place.file), str(place.run), binary]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as lbgen:
        assert lbgen.stdout is not None
        assert lbgen.stdout.readline() == b"started\n"
        os.killpg(lbgen.pid, signal.SIGKILL)


def master_of(run: Path) -> int:
    return int((run / "haproxy.pid").read_text())


def test_it_outlives_lbgen_and_is_adopted(place: Place, binary: str, child: Callable[..., Child]) -> None:
    place.write("one")
    start_and_kill(place, binary)
    assert answer(place.address) == "one"
    master = master_of(place.run)
    place.write("two")
    haproxy = child()
    haproxy.start()
    assert (master_of(place.run), answer(place.address)) == (master, "two")
    assert haproxy.alive()
    place.write("three")
    assert haproxy.reload().served
    assert answer(place.address) == "three"
    haproxy.stop()
    assert "Refused" in answer(place.address)


def test_who_is_adopted_goes_on_where_the_file_is_refused(
    place: Place, binary: str, child: Callable[..., Child]
) -> None:
    place.write("one")
    start_and_kill(place, binary)
    place.put("backend web\n  balance nonsense\n")
    haproxy = child()
    with pytest.raises(ToolError, match=r"HAProxy goes on with what it served before: .*balance only supports"):
        haproxy.start()
    assert (haproxy.alive(), answer(place.address)) == (True, "one")
    place.write("two")
    assert haproxy.reload().served
    assert answer(place.address) == "two"


def test_who_serves_another_file_is_not_adopted(place: Place, binary: str) -> None:
    place.write("one")
    start_and_kill(place, binary)
    with pytest.raises(ToolError, match="serves another file"):
        Child(place.directory / "other.cfg", place.run, binary=binary).start()


def test_a_master_that_dies_is_found_out_and_started_again(place: Place, child: Callable[..., Child]) -> None:
    place.write("one")
    haproxy = child()
    haproxy.start()
    (worker,) = haproxy.processes()
    os.kill(master_of(place.run), signal.SIGKILL)
    until(lambda: not haproxy.alive())
    outcome = haproxy.reload()
    assert (outcome.served, outcome.message) == (False, "HAProxy does not run")
    haproxy.start()
    assert (haproxy.alive(), answer(place.address)) == (True, "one")
    assert haproxy.processes()[0].pid != worker.pid


def test_secrets_of_lbgen_are_none_of_haproxys(place: Place, binary: str) -> None:
    place.write("one")
    haproxy = Child(
        place.file,
        place.run,
        binary=binary,
        environment={"MARATHON_PASSWORD": "secret", "KEPT": "yes"},
        limits=PATIENT,
    )
    haproxy.start()
    try:
        told = haproxy.runtime().ask(["show env"])[0]
    finally:
        haproxy.stop()
    assert "KEPT=yes" in told
    assert "secret" not in told
