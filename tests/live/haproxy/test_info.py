"""What a worker says of itself, and what happens when drift is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lbgen.live.contract import Process, Reloaded
from lbgen.live.haproxy.dynamic import Dynamic
from lbgen.live.haproxy.info import Info, info
from lbgen.live.haproxy.mending import Mending
from tests.live.haproxy.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lbgen.live.contract import Runtime

OLD_HELP = "Unknown command. Please enter one of:\n  set server     : change a server's state\n"
NEW_HELP = "The following commands are valid at this level:\n  add server <bk>/<srv> : create a new server\n"


class Answering:
    """Gives one answer after the other."""

    def __init__(self, *answers: str) -> None:
        self._answers = list(answers)

    def ask(self, commands: Sequence[str]) -> list[str]:
        assert len(commands) == len(self._answers)
        return self._answers


def test_old_and_new() -> None:
    old = Answering("Name: HAProxy\nVersion: 2.2.9-2+deb11u6\nPid: 8\nStopping: 1", OLD_HELP, "operator")
    assert info(old) == Info((2, 2), 8, stopping=True, adds=False, changes=False)
    new = Answering("Name: HAProxy\nVersion: 3.2.26-1\nPid: 9\nStopping: 0", NEW_HELP, "admin")
    assert info(new) == Info((3, 2), 9, stopping=False, adds=True, changes=True)


def test_somebody_else() -> None:
    with pytest.raises(ValueError, match="no HAProxy: 220 mail"):
        info(Answering("220 mail", "", ""))


class Reloading:
    """A HAProxy that gets the servers of a configuration when it is reloaded."""

    def __init__(self, worker: Worker, text: str) -> None:
        self.worker, self._text, self.reloads = worker, text, 0

    def start(self) -> None: ...

    def reload(self) -> Reloaded:
        self.reloads += 1
        self.worker.servers = Worker(self._text).servers
        return Reloaded(True, "", 0)

    def alive(self) -> bool:
        return True

    def processes(self) -> Sequence[Process]:
        return []

    def runtime(self) -> Runtime:
        return self.worker

    def stop(self) -> None: ...


TEXT = "backend w\n  server a 10.0.0.1:80\n  server b 10.0.0.2:80\n"


def test_what_differs_is_put_right_by_commands() -> None:
    haproxy = Reloading(Worker(TEXT), TEXT)
    mending = Mending(Dynamic(haproxy.runtime), haproxy.reload)
    assert mending(TEXT) == 0
    haproxy.worker.ask(["set server w/a state maint", "set server w/b weight 7"])
    assert (mending(TEXT), mending(TEXT), haproxy.reloads) == (2, 0, 0)


def test_who_does_not_answer_is_not_reloaded_for_that(monkeypatch: pytest.MonkeyPatch) -> None:
    haproxy = Reloading(Worker(TEXT), TEXT)

    def refuse(commands: Sequence[str]) -> list[str]:
        raise ConnectionRefusedError

    monkeypatch.setattr(haproxy.worker, "ask", refuse)
    assert (Mending(Dynamic(haproxy.runtime), haproxy.reload)(TEXT), haproxy.reloads) == (0, 0)


def test_of_many_backends_haproxy_is_asked_at_once() -> None:
    text = "global\n" + "".join(f"backend b{number}\n  server a 10.0.0.1:80\n" for number in range(150))
    haproxy = Reloading(Worker(text), text)
    for number in (0, 149):
        haproxy.worker.ask([f"set server b{number}/a state maint"])
    dynamic = Dynamic(haproxy.runtime)
    assert dynamic.drift(text) == ["set server b0/a state ready", "set server b149/a state ready"]
    mending = Mending(dynamic, haproxy.reload)
    assert (mending(text), mending(text), dynamic.drift(text)) == (2, 0, [])


def test_what_was_found_is_put_right_first_and_the_rest_when_nothing_was() -> None:
    haproxy = Reloading(Worker(TEXT + TEXT.replace("backend w", "backend v")), TEXT)
    dynamic = Dynamic(haproxy.runtime)
    text = TEXT + TEXT.replace("backend w", "backend v")
    haproxy.worker.ask(["set server v/a state maint"])
    assert len(dynamic.drift(text)) == 1
    haproxy.worker.ask(["set server w/a state maint"])
    mending = Mending(dynamic, haproxy.reload)
    assert (mending(text), mending(text), mending(text)) == (1, 1, 0)


def test_or_by_a_reload() -> None:
    haproxy = Reloading(Worker(TEXT), TEXT)
    haproxy.worker.ask(["set server w/a state maint", "del server w/a"])
    haproxy.worker.refuses = ("add server",)
    mending = Mending(Dynamic(haproxy.runtime), haproxy.reload)
    assert (mending(TEXT), mending(TEXT), haproxy.reloads) == (2, 0, 1)
