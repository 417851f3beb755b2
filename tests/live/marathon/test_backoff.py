"""The waits between two attempts."""

from __future__ import annotations

import random

import pytest

from lbgen.live.marathon.backoff import Backoff


class Full(random.Random):
    """Always the longest wait."""

    def random(self) -> float:
        return 1.0


def test_begins_at_once_and_grows_up_to_the_most() -> None:
    backoff = Backoff(10, Full())
    assert [backoff.wait() for _ in range(7)] == pytest.approx([0.3, 3, 4.5, 6.75, 10, 10, 10])


def test_begins_anew_after_half_a_good_minute() -> None:
    backoff = Backoff(300, Full())
    waits = [backoff.wait(), backoff.wait(30), backoff.wait(31), backoff.wait()]
    assert waits == pytest.approx([0.3, 3, 0.3, 3])


def test_is_never_longer_than_the_most() -> None:
    backoff = Backoff(1, Full())
    assert [backoff.wait() for _ in range(3)] == [0.3, 1, 1]


def test_nobody_is_asked_without_a_pause() -> None:
    backoff = Backoff(0, Full())
    assert [backoff.wait() for _ in range(3)] == [0.3, 0.3, 0.3]


def test_is_by_chance() -> None:
    waits = {Backoff(300).wait() for _ in range(20)}
    assert len(waits) > 1
    assert all(0 <= wait <= 0.3 for wait in waits)
