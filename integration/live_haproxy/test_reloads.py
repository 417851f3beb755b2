"""Reloads: nobody notices, whoever refuses goes on, old workers end, and who is down stays down."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from integration.live_haproxy.conftest import PATIENT, until
from integration.live_haproxy.endless import Endless
from integration.live_haproxy.fleet import FRONT
from integration.live_haproxy.load import Load, answer
from lbgen.control import master
from lbgen.live.haproxy.dynamic import Dynamic
from lbgen.live.haproxy.foreign import Foreign, Patience
from lbgen.live.haproxy.knowing import knows, patient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from integration.live_haproxy.conftest import Place
    from lbgen.live.haproxy.child import Child
    from lbgen.testing import Haproxy

RELOADS = 20
FEWER_RELOADS = 8


def test_nobody_notices_reloads(place: Place, child: Callable[..., Child]) -> None:
    place.write("0")
    haproxy = child()
    haproxy.start()
    with Load(place.address) as load:
        for number in range(1, RELOADS + 1):
            load.go_on(10)
            place.write(str(number))
            outcome = haproxy.reload()
            assert (outcome.served, outcome.message) == (True, "")
            # When it says so, nobody gets the old answer any more.
            assert answer(place.address) == str(number)
        load.go_on(10)
    assert set(load.answers) <= set(map(str, range(RELOADS + 1))), load.answers
    assert load.total > 10 * RELOADS


def test_clients_that_keep_their_connections_do_not_notice_either(
    place: Place, child: Callable[..., Child], binary: str
) -> None:
    if not knows(binary, "idle-close-on-response"):
        pytest.skip("this HAProxy closes idle connections when it reloads")
    given = patient({}, binary)["HAPROXY_GLOBAL_DEFAULT_OPTIONS"].split(",")
    options = "".join(f"  option {option}\n" for option in given)
    place.write("one", options=options)
    haproxy = child()
    haproxy.start()
    with Load(place.address, keep=True) as load:
        for _ in range(FEWER_RELOADS):
            load.go_on(20)
            assert haproxy.reload().served
    assert set(load.answers) == {"one"}


TEXT = """\
global
  stats socket /tmp/stats.sock level admin expose-fd listeners
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend front
  bind :8080
  http-request return status 200 content-type text/plain string "SAYS"
"""


def test_nobody_notices_reloads_of_any_version(haproxy: Haproxy) -> None:
    haproxy.reload(TEXT)
    with Load(haproxy.address(FRONT)) as load:
        for number in range(FEWER_RELOADS):
            load.go_on(5)
            haproxy.reload(TEXT.replace("SAYS", str(number)))
            assert answer(haproxy.address(FRONT)) == str(number)
    assert set(load.answers) <= {"SAYS", *map(str, range(FEWER_RELOADS))}, load.answers


def test_who_refuses_goes_on(place: Place, child: Callable[..., Child]) -> None:
    place.write("one")
    haproxy = child()
    haproxy.start()
    (before,) = haproxy.processes()
    with Load(place.address, clients=2) as load:
        for lines, said in (("balance nonsense", "balance only supports"), ("server a", "server")):
            place.put(f"backend web\n  {lines}\n")
            outcome = haproxy.reload()
            assert not outcome.served
            assert said in outcome.message
            assert (haproxy.alive(), haproxy.processes()) == (True, [before])
            load.go_on(5)
    assert set(load.answers) == {"one"}
    place.write("two")
    assert haproxy.reload().served
    assert answer(place.address) == "two"


def test_a_port_of_somebody_else_is_told(place: Place, child: Callable[..., Child]) -> None:
    place.write("one")
    haproxy = child()
    haproxy.start()
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        place.write("two", f"frontend taken\n  bind 127.0.0.1:{port}\n")
        outcome = haproxy.reload()
    assert not outcome.served
    assert "frontend taken" in outcome.message
    assert answer(place.address) == "one"


def test_old_workers_finish_what_they_serve_up_to_a_bound(place: Place, child: Callable[..., Child]) -> None:
    haproxy = child(PATIENT._replace(old_workers=2))
    with Endless() as server, ExitStack() as stack:
        place.put(f"backend web\n  server s 127.0.0.1:{server.port}\n")
        haproxy.start()
        replies = []
        for _ in range(5):
            connection = http.client.HTTPConnection(*place.address, timeout=120)
            stack.callback(connection.close)
            connection.request("GET", "/")
            replies.append(stack.enter_context(connection.getresponse()))
            assert replies[-1].read(1) == b"x"
            assert haproxy.reload().served
        until(lambda: len(haproxy.processes()) == 3)
        assert [each.reloads for each in haproxy.processes()] == [0, 1, 2]
        # The oldest connections were ended with their workers, the others go on.
        with pytest.raises((http.client.IncompleteRead, OSError)):
            replies[0].read()
    until(lambda: len(haproxy.processes()) == 1)


def test_who_is_down_stays_down_and_nothing_else_is_kept(place: Place, child: Callable[..., Child]) -> None:
    down = "  server down 127.0.0.1:1 check inter 100ms fall 1 rise 9\n"
    lines = f"backend web\n  server up 127.0.0.1:{place.port} weight 5\n{down}"
    text = place.put(lines)
    haproxy = child()
    haproxy.start()

    def row(name: str) -> list[str]:
        rows = haproxy.runtime().ask(["show servers state web"])[0].splitlines()
        return next(line.split() for line in rows if f" {name} " in line)

    until(lambda: row("down")[5] == "0")
    haproxy.runtime().ask(["set server web/up weight 77", "set server web/up state drain"])
    assert Dynamic(haproxy.runtime).drift(text) == ["set server web/up weight 5", "set server web/up state ready"]
    # With checks this rare, only what was kept can tell the new worker.
    place.put(lines.replace("inter 100ms", "inter 1h"))
    outcome = haproxy.reload()
    assert (outcome.served, outcome.message) == (True, "")
    assert row("down")[5] == "0"
    assert (row("up")[6], row("up")[7]) == ("0", "5")


def test_a_port_that_changes_is_not_remembered(place: Place, child: Callable[..., Child]) -> None:
    place.put("backend web\n  server s 127.0.0.1:1 check inter 1h\n")
    haproxy = child()
    haproxy.start()
    text = place.put("backend web\n  server s 127.0.0.1:2 check inter 1h\n")
    assert haproxy.reload().served
    assert Dynamic(haproxy.runtime).drift(text) == []


@pytest.fixture
def stranger(place: Place, binary: str) -> Iterator[subprocess.Popen[bytes]]:
    """A HAProxy in master-worker mode that somebody else has started."""
    place.write("one")
    with subprocess.Popen([binary, "-W", "-db", "-S", f"{place.directory}/m", "-f", str(place.file)]) as process:
        until(lambda: master.serves(f"{place.directory}/m"))
        yield process
        process.kill()  # its workers end with it


def foreign(place: Place, process: subprocess.Popen[bytes], *, interval: float, retries: int) -> Foreign:
    words = ("/bin/sh", "-c", f"kill -USR2 {process.pid}")
    patience = Patience(interval=interval, retries=retries)
    return Foreign(place.file, words, threading.Event(), stats_socket=place.stats, patience=patience)


def test_somebody_elses_haproxy(place: Place, stranger: subprocess.Popen[bytes]) -> None:
    haproxy = foreign(place, stranger, interval=120, retries=1)
    (before,) = haproxy.processes()
    text = place.write("two")
    assert haproxy.reload().served
    assert answer(place.address) == "two"
    assert (haproxy.alive(), haproxy.processes()[0].pid == before.pid) == (True, False)
    assert Dynamic(haproxy.runtime).drift(text) == []
    os.kill(stranger.pid, 0)


def test_somebody_elses_haproxy_that_refuses(place: Place, stranger: subprocess.Popen[bytes]) -> None:
    haproxy = foreign(place, stranger, interval=0.5, retries=2)
    (before,) = haproxy.processes()
    place.put("backend web\n  balance nonsense\n")
    outcome = haproxy.reload()
    assert not outcome.served
    assert outcome.message.endswith(f"HAProxy was not reloaded: its worker {before.pid} still serves")
    assert answer(place.address) == "one"
