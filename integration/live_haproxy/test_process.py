"""HAProxy as lbgen's own: it starts, it says why it does not, it outlives lbgen, and is adopted."""

from __future__ import annotations

import errno
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from integration.live_haproxy.conftest import PATIENT, until
from integration.live_haproxy.endless import Endless
from integration.live_haproxy.load import answer
from lbgen.errors import ToolError
from lbgen.live.haproxy.child import Child
from lbgen.live.haproxy.info import info

if TYPE_CHECKING:
    from collections.abc import Callable

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
    second = child()
    with pytest.raises(ToolError, match="another lbgen uses the directory"):
        second.start()
    # What it does not have, it does not end.
    second.stop()
    assert answer(place.address) == "one"


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


def test_who_has_no_pid_file_yet_is_adopted(place: Place, binary: str, child: Callable[..., Child]) -> None:
    place.write("one")
    start_and_kill(place, binary)
    master = master_of(place.run)
    (place.run / "haproxy.pid").unlink()
    haproxy = child()
    haproxy.start()
    (worker,) = haproxy.processes()
    assert (parent(worker.pid), answer(place.address)) == (master, "one")
    haproxy.stop()
    assert "Refused" in answer(place.address)


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


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


def test_a_socket_that_is_gone_is_opened_again(place: Place, child: Callable[..., Child]) -> None:
    place.write("one")
    haproxy = child()
    haproxy.start()
    master = master_of(place.run)
    (place.run / "master.sock").unlink()
    until(lambda: haproxy.alive() and bool(haproxy.processes()))
    place.write("two")
    assert haproxy.reload().served
    assert (master_of(place.run), answer(place.address)) == (master, "two")


def test_a_program_that_is_gone_is_not_started_anew(place: Place, binary: str) -> None:
    place.write("one")
    program = place.directory / "haproxy"
    shutil.copy(binary, program)
    haproxy = Child(place.file, place.run, binary=str(program), limits=PATIENT)
    haproxy.start()
    program.unlink()
    place.write("two")
    outcome = haproxy.reload()
    assert (outcome.served, "cannot start itself anew" in outcome.message) == (False, True)
    assert (haproxy.alive(), answer(place.address)) == (True, "one")
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)
    assert not haproxy.reload().served
    shutil.copy(binary, program)
    assert haproxy.reload().served
    assert answer(place.address) == "two"
    haproxy.stop()


def test_connections_that_nobody_uses_do_not_hold_up_the_end(place: Place, child: Callable[..., Child]) -> None:
    place.write("one")
    haproxy = child(PATIENT._replace(stop=3600))
    haproxy.start()
    with (
        closing(http.client.HTTPConnection(*place.address, timeout=60)) as used,
        socket.create_connection(place.address),
    ):
        used.request("GET", "/")
        assert used.getresponse().read() == b"one"
        haproxy.stop()
    assert "Refused" in answer(place.address)


def test_what_is_served_is_finished_before_the_end(place: Place, child: Callable[..., Child]) -> None:
    with Endless() as server, closing(http.client.HTTPConnection(*place.address, timeout=120)) as client:
        place.put(f"backend web\n  server s 127.0.0.1:{server.port}\n")
        haproxy = child(PATIENT._replace(stop=3600))
        haproxy.start()
        client.request("GET", "/")
        reply = client.getresponse()
        assert reply.read(1) == b"x"
        ending = threading.Thread(target=haproxy.stop, daemon=True)
        ending.start()
        until(lambda: refuses(place.address))
        server.finish()
        assert reply.read() == b"x" * 999
        ending.join()


def refuses(address: tuple[str, int]) -> bool:
    """Whether nobody takes a connection there."""
    with socket.socket() as client:
        return client.connect_ex(address) == errno.ECONNREFUSED


def test_the_end_can_be_hurried(place: Place, child: Callable[..., Child]) -> None:
    with Endless() as server, closing(http.client.HTTPConnection(*place.address, timeout=120)) as client:
        place.put(f"backend web\n  server s 127.0.0.1:{server.port}\n")
        haproxy = child(PATIENT._replace(stop=3600))
        haproxy.start()
        client.request("GET", "/")
        assert client.getresponse().read(1) == b"x"
        haproxy.hurry()
        haproxy.stop()
    assert not haproxy.alive()


def test_nothing_is_started_once_lbgen_ends(place: Place, binary: str) -> None:
    place.write("one")
    stop = threading.Event()
    haproxy = Child(place.file, place.run, binary=binary, limits=PATIENT, stop=stop)
    haproxy.start()
    stop.set()
    haproxy.stop()
    with pytest.raises(ToolError, match="lbgen ends"):
        haproxy.start()
    assert "Refused" in answer(place.address)


def test_who_was_down_long_ago_may_be_up_at_a_start(place: Place, child: Callable[..., Child]) -> None:
    line = f"  server s 127.0.0.1:{place.port} check inter 1h fall 1 rise 9\n"
    place.put(f"backend web\n{line}")
    haproxy = child()
    haproxy.start()
    haproxy.runtime().ask(["set server web/s health down"])
    assert haproxy.reload().served
    assert (place.directory / "state" / "global").exists()
    haproxy.stop()
    haproxy.start()
    row = haproxy.runtime().ask(["show servers state web"])[0].splitlines()[2].split()
    assert (row[3], row[5]) == ("s", "2")


def test_secrets_of_lbgen_are_none_of_haproxys(place: Place, binary: str) -> None:
    place.write("one")
    haproxy = Child(
        place.file,
        place.run,
        binary=binary,
        environment={"MARATHON_PASSWORD": "secret", "HAPROXY_SSL_CERT7": "a secret key", "KEPT": "yes"},
        limits=PATIENT,
    )
    haproxy.start()
    try:
        told = haproxy.runtime().ask(["show env"])[0]
    finally:
        haproxy.stop()
    assert "KEPT=yes" in told
    assert "secret" not in told
