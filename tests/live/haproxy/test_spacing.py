"""When HAProxy may be reloaded again."""

from __future__ import annotations

from itertools import islice

import pytest

from lbgen.live.haproxy.spacing import Backoff, Spacing, attempts


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_nobody_waits_for_a_reload() -> None:
    spacing = Spacing(10, Clock())
    assert (spacing.wait(), spacing.requested) == (None, False)


def test_the_first_reload_is_due_at_once() -> None:
    spacing = Spacing(10, Clock())
    spacing.request()
    assert spacing.wait() == 0


def test_the_next_one_waits_from_the_end_of_the_last_one() -> None:
    clock = Clock()
    spacing = Spacing(10, clock)
    spacing.request()
    spacing.begin()
    clock.now += 3
    spacing.end()
    clock.now += 4
    assert spacing.wait() is None
    spacing.request()
    assert spacing.wait() == 6
    clock.now += 7
    assert spacing.wait() == 0


def test_many_requests_are_one_and_the_last_one_counts() -> None:
    clock = Clock()
    spacing = Spacing(10, clock)
    reloads = []
    for second in range(100):
        clock.now = 100.0 + second
        if second < 35:
            spacing.request()
        if spacing.wait() == 0:
            spacing.begin()
            reloads.append(second)
            spacing.end()
    assert reloads == [0, 10, 20, 30, 40]


def test_what_is_requested_while_it_reloads_needs_another_one() -> None:
    spacing = Spacing(0, Clock())
    spacing.request()
    spacing.begin()
    spacing.request()
    spacing.end()
    assert spacing.wait() == 0


def test_waits_grow_up_to_the_most_and_begin_anew() -> None:
    backoff = Backoff(1, 5)
    assert [backoff.failed() for _ in range(5)] == [1, 2, 4, 5, 5]
    backoff.succeeded()
    assert backoff.failed() == 1


@pytest.mark.parametrize(("retries", "expected"), [(10, 10), (1, 1), (0, 1), (-1, 50)])
def test_attempts(retries: int, expected: int) -> None:
    assert len(list(islice(attempts(retries), 50))) == expected
