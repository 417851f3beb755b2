"""What the master's list of processes tells, in the shapes of several versions."""

from __future__ import annotations

import socketserver
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from lbgen.control import master
from lbgen.control.master import OldWorker, Processes, read_processes
from lbgen.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD_22 = "#<PID>          <type>          <relative PID>  <reloads>       <uptime>        <version>\n"
HEAD_26 = "#<PID>          <type>          <reloads>       <uptime>        <version>\n"
SERVING_22 = "1 master 0 1 0d00h00m01s 2.2.9\n# workers\n11 worker 1 0 0d00h00m00s 2.2.9\n# programs\n\n"
REFUSED_22 = (
    "1 master 0 2 0d00h00m02s 2.2.9\n# workers\n# old workers\n12 worker [was: 1] 1 0d00h00m01s 2.2.9\n# programs\n\n"
)
SERVING_26 = "1 master 0 [failed: 0] 0d00h00m00s 2.6.12\n# workers\n7 worker 0 0d00h00m00s 2.6.12\n# programs\n\n"
REFUSED_32 = "1 master 2 [failed: 1] 0d00h00m02s 3.2.26\n# workers\n# old workers\n12 worker 1 0d00h00m02s 3.2.26\n\n"


@contextmanager
def answering(*answers: str) -> Iterator[tuple[str, int]]:
    """The address of a master that gives these answers, the last one for good; "" is a connection that is dropped."""
    left = list(answers)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.rfile.readline()
            self.wfile.write((left.pop(0) if len(left) > 1 else left[0]).encode())

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_address[0], server.server_address[1]  # type: ignore[misc]
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("listing", "expected"),
    [
        (HEAD_22 + SERVING_22, Processes(1, 11, (), 1)),
        (HEAD_22 + REFUSED_22, Processes(2, None, (OldWorker(12, 1),), 1)),
        (HEAD_26 + SERVING_26, Processes(0, 7, (), 1)),
        (HEAD_26 + REFUSED_32, Processes(2, None, (OldWorker(12, 1),), 1)),
        ("", None),
    ],
    ids=["2.2 serves", "2.2 refused", "2.6 serves", "3.2 refused", "nothing"],
)
def test_reloads_and_worker(listing: str, expected: Processes | None) -> None:
    with answering(listing) as address:
        assert master.processes(address) == expected


def test_old_workers_and_who_serves_after_a_refusal() -> None:
    busy = "9 worker [was: 1] 3 0d00h00m09s 2.2.9\n"
    both = read_processes(HEAD_22 + SERVING_22.replace("# programs", f"# old workers\n{busy}# programs"))
    assert both is not None
    assert (both.serving, both.old) == (11, (OldWorker(9, 3),))
    refused = read_processes(HEAD_22 + REFUSED_22)
    assert refused is not None
    assert refused.serving == 12


def test_a_master_that_ends_while_it_reloads() -> None:
    with answering(HEAD_22 + SERVING_22, "") as address, pytest.raises(ToolError, match="ended"):
        master.reload(address, 3600, lambda: False)


def test_nobody_at_the_address() -> None:
    with answering("") as address:
        pass
    assert master.processes(address) is None


def test_ready_is_when_the_worker_itself_answers() -> None:
    other, own = "Name: HAProxy\nPid: 6\n", "Name: HAProxy\nPid: 7\n"
    with answering("", HEAD_26 + SERVING_26, other, HEAD_26 + SERVING_26, own) as address:
        assert master.wait_until_ready(address, lambda: True, 30)


def test_not_ready_at_once_where_the_process_has_ended() -> None:
    with answering("") as address:
        assert not master.wait_until_ready(address, lambda: False, 3600)


@pytest.mark.parametrize(("answer", "expected"), [("Success=1\n--\n", True), ("Success=0\n--\n", False)])
def test_reloads_that_answer(answer: str, expected: bool) -> None:
    with answering(HEAD_26 + SERVING_26, answer, HEAD_26 + SERVING_26) as address:
        assert master.reload(address, 30).served is expected


@pytest.mark.parametrize(("after", "expected"), [(SERVING_22.replace("0 1 0d", "0 2 0d"), True), (REFUSED_22, False)])
def test_reloads_that_only_show_in_the_list(after: str, expected: bool) -> None:
    with answering(HEAD_22 + SERVING_22, "\n", "", HEAD_22 + SERVING_22, HEAD_22 + after) as address:
        assert master.reload(address, 30).served is expected


OLD_26 = SERVING_26.replace("# programs", "# old workers\n6 worker 1 0d00h00m01s 2.6.12\n# programs")


def test_a_reload_lasts_until_the_old_worker_has_heard_of_it() -> None:
    busy, stopping = "Name: HAProxy\nStopping: 0\n", "Name: HAProxy\nStopping: 1\n"
    turns = [HEAD_26 + SERVING_26, "Success=1\n--\n"]
    for said in ("", busy, stopping):  # no answer, not yet, now
        turns += [HEAD_26 + OLD_26, said]
    with answering(*turns, "nobody should ask for this") as address:
        assert master.reload(address, 30).served


def test_a_master_that_becomes_another_version_counts_anew() -> None:
    before = HEAD_22 + REFUSED_22.replace("# old workers", "# old workers\n11 worker 1 0 0d00h00m00s 2.2.9")
    after = HEAD_26 + SERVING_26
    with answering(before, "\n", before, after, after, "Name: HAProxy\nPid: 7\n", after) as address:
        assert master.reload(address, 30).served


@pytest.mark.parametrize("length", range(0, len(HEAD_22 + SERVING_22), 3))
def test_a_list_that_breaks_off_is_none_or_a_part(length: int) -> None:
    found = read_processes((HEAD_22 + SERVING_22)[:length])
    assert found is None or found.worker in {None, 11}


def test_a_reload_waits_for_another_one() -> None:
    busy, done = "Success=0\n--\nAnother reload is still in progress.\n\n", "Success=1\n--\n"
    with answering(HEAD_26 + SERVING_26, busy, busy, done, HEAD_26 + SERVING_26) as address:
        assert master.reload(address, 30) == (True, done)


def test_a_reload_does_not_wait_for_another_one_for_ever() -> None:
    busy = "Success=0\n--\nAnother reload is still in progress.\n\n"
    with answering(HEAD_26 + SERVING_26, busy) as address, pytest.raises(ToolError, match="still in progress"):
        master.reload(address, 0.1)


def test_a_reload_that_never_ends_is_given_up() -> None:
    answers = (HEAD_22 + SERVING_22, "\n", HEAD_22 + SERVING_22)
    with answering(*answers) as address, pytest.raises(ToolError, match=r"within 0\.1 s"):
        master.reload(address, 0.1)
