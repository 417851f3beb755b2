"""Bursts of events become one, and the first one is not kept waiting."""

from __future__ import annotations

import threading
import time

from lbgen.live.contract import Change
from lbgen.live.triggers import Triggers


def change(*apps: str) -> Change:
    return Change(frozenset(apps) if apps else None, "changed", time.monotonic())


def test_nothing_happens_within_the_time() -> None:
    assert Triggers(0).next(0.01).idle


def test_the_first_event_is_handled_at_once() -> None:
    triggers = Triggers(60)
    triggers.heard(change("/a"))
    began = time.monotonic()
    assert triggers.next(60).apps == {"/a"}
    assert time.monotonic() - began < 30


def test_events_that_wait_already_are_handled_together() -> None:
    triggers = Triggers(0)
    for name in ("/a", "/b", "/a"):
        triggers.heard(change(name))
    work = triggers.next(1)
    assert (work.apps, work.events, work.everything) == ({"/a", "/b"}, 3, False)


def test_events_soon_after_work_are_collected_for_a_bounded_time() -> None:
    triggers = Triggers(0.3)
    triggers.done()
    triggers.heard(change("/a"))
    later = threading.Timer(0.05, triggers.heard, [change("/b")])
    later.start()
    assert triggers.next(1).apps == {"/a", "/b"}
    later.join()


def test_the_end_does_not_wait() -> None:
    triggers = Triggers(60)
    triggers.done()
    triggers.heard(change("/a"))
    triggers.stop()
    assert triggers.next(60).stop


def test_wishes_and_what_they_are() -> None:
    triggers = Triggers(0)
    triggers.update("SIGHUP")
    triggers.reload("SIGUSR1")
    triggers.heard(change())
    work = triggers.next(1)
    assert (work.everything, work.anew, work.reload, work.stop) == (True, True, True, False)
    assert work.reasons == ["SIGHUP", "SIGUSR1", "changed"]


def test_a_connection_anew_has_everything_fetched_and_no_verdict_forgotten() -> None:
    triggers = Triggers(0)
    triggers.heard(change())
    work = triggers.next(1)
    assert (work.everything, work.anew) == (True, False)


def test_the_oldest_event_counts() -> None:
    triggers = Triggers(0)
    for at in (5.0, 3.0, 4.0):
        triggers.heard(Change(frozenset({"/a"}), "changed", at))
    assert triggers.next(1).at == 3.0
