"""From one text to the next, in the file and in HAProxy, also where either fails half way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lbgen.errors import ToolError
from lbgen.live.contract import Reloaded
from lbgen.live.files import Files
from lbgen.live.serving import Later, Refused, Serving
from lbgen.live.state import State, States
from tests.live.haproxy.worker import Worker

if TYPE_CHECKING:
    from pathlib import Path


def text(*servers: str, frame: str = "") -> str:
    lines = "".join(f"  server {each}\n" for each in servers)
    return f"backend w\n  balance roundrobin\n{frame}{lines}"


A, B, C = "a 10.0.0.1:80", "b 10.0.0.2:80", "c 10.0.0.3:80"
OTHER = "  option forwardfor\n"


class Pretended:
    """A HAProxy that has read the file; `refuses` is what it says to a reload, and `broken` whether that fails."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.worker = Worker("")
        self.reloads = 0
        self.refuses = ""
        self.silent = self.broken = False

    def start(self) -> None:
        self.worker = Worker(self.path.read_text())

    def reload(self) -> Reloaded:
        if self.broken:
            raise RuntimeError
        if self.silent:
            return Reloaded(False, "HAProxy did not finish its reload", 60.0, known=False)
        if self.refuses:
            return Reloaded(False, self.refuses, 0.0)
        self.reloads += 1
        self.start()
        return Reloaded(True, "", 0.0)

    def alive(self) -> bool:
        return True

    def processes(self) -> list[object]:
        return []

    def runtime(self) -> Worker:
        return self.worker

    def stop(self) -> None:
        pass


@pytest.fixture
def haproxy(tmp_path: Path) -> Pretended:
    return Pretended(tmp_path / "haproxy.cfg")


def started(haproxy: Pretended, *servers: str, spacing: float = 0.0) -> Serving:
    files = Files(haproxy.path, haproxy.path.parent)
    serving = Serving(files, haproxy, States(State(started=0.0)), spacing)  # type: ignore[arg-type]
    serving.serve(text(*servers), {})
    return serving


def test_servers_are_changed_without_a_reload(haproxy: Pretended) -> None:
    serving = started(haproxy, A)
    serving.serve(text(A, B), {})
    assert (haproxy.reloads, sorted(haproxy.worker.state("w"))) == (0, ["a", "b"])
    assert haproxy.path.read_text() == text(A, B)


def test_who_waited_to_be_deleted_is_forgotten_when_haproxy_is_reloaded_for_something_else(haproxy: Pretended) -> None:
    serving = started(haproxy, A, B)
    haproxy.worker.busy = {"w/b"}
    serving.serve(text(A), {})
    assert "b" in haproxy.worker.state("w")
    serving.serve(text(A), {"domain2backend.map": "a.example.org w\n"})
    assert (haproxy.reloads, "b" in haproxy.worker.state("w")) == (1, False)
    # It comes back as somebody else, and drains: neither a reload nor a deletion is right now.
    serving.serve(text(A, f"{B} check disabled"), {})
    assert haproxy.reloads == 1
    serving.settle()
    assert "b" in haproxy.worker.state("w")


def test_a_change_that_stops_half_way_and_is_taken_back_leaves_nothing(haproxy: Pretended) -> None:
    serving = started(haproxy, A, spacing=3600)
    serving.reload()
    haproxy.worker.refuses = ("set server w/b",)
    with pytest.raises(Later):
        serving.serve(text(A, B), {})
    assert "b" in haproxy.worker.state("w")
    assert not serving.is_served(text(A), {})
    serving.serve(text(A), {})
    assert (haproxy.worker.state("w"), haproxy.reloads) == ({"a": "10.0.0.1:80 w1"}, 1)
    assert serving.is_served(text(A), {})


def test_what_haproxy_refused_is_not_taken_for_served_where_the_old_file_cannot_come_back(
    haproxy: Pretended, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving = started(haproxy, A)
    haproxy.refuses = "no"
    write = Files.write

    def full(self: Files, new: str, maps: dict[str, str]) -> None:
        if OTHER not in new:
            raise ToolError("no space left on device")
        write(self, new, maps)

    monkeypatch.setattr(Files, "write", full)
    with pytest.raises(ToolError):
        serving.serve(text(A, frame=OTHER), {})
    assert not serving.is_served(text(A, frame=OTHER), {})
    monkeypatch.undo()
    with pytest.raises(Refused):
        serving.serve(text(A, B, frame=OTHER), {})
    assert haproxy.path.read_text() == text(A)
    haproxy.refuses = ""
    serving.serve(text(A, B, frame=OTHER), {})
    assert (haproxy.reloads, sorted(haproxy.worker.state("w"))) == (1, ["a", "b"])


def test_what_haproxy_refused_is_not_served_and_the_old_file_comes_back(haproxy: Pretended) -> None:
    serving = started(haproxy, A)
    haproxy.refuses = "no"
    with pytest.raises(Refused, match="no"):
        serving.serve(text(A, frame=OTHER), {})
    assert haproxy.path.read_text() == text(A)
    serving.serve(text(A, B), {})
    assert (haproxy.reloads, sorted(haproxy.worker.state("w"))) == (0, ["a", "b"])


def test_where_haproxy_does_not_say_what_came_of_a_reload_it_is_reloaded_again(haproxy: Pretended) -> None:
    serving = started(haproxy, A)
    haproxy.silent = True
    with pytest.raises(Refused, match="did not finish"):
        serving.serve(text(A, frame=OTHER), {})
    assert haproxy.path.read_text() == text(A)
    haproxy.silent = False
    # It may serve either by now: what it is told has to go with neither.
    serving.serve(text(A, B), {})
    assert (haproxy.reloads, serving.is_served(text(A, B), {})) == (1, True)


def test_a_reload_that_breaks_is_done_again(haproxy: Pretended) -> None:
    serving = started(haproxy, A)
    haproxy.broken = True
    with pytest.raises(RuntimeError):
        serving.serve(text(A, frame=OTHER), {})
    haproxy.broken = False
    serving.serve(text(A, frame=OTHER), {})
    assert haproxy.reloads == 1


def test_what_differs_is_mended_by_a_reload_that_counts(haproxy: Pretended) -> None:
    serving = started(haproxy, A, C)
    haproxy.worker.ask(["set server w/c state maint", "del server w/c"])
    haproxy.worker.refuses = ("add server",)
    assert serving.drifted(serving.text)
    serving.mend()
    assert (haproxy.reloads, sorted(haproxy.worker.state("w"))) == (1, ["a", "c"])
    assert not serving.drifted(serving.text)
