"""The waits between two attempts."""

from __future__ import annotations

import random

import pytest

from lbgen.live.marathon.backoff import Backoff


class Full(random.Random):
    """Always the longest wait."""

    def random(self) -> float:
        return 1.0


def test_grows_up_to_the_most() -> None:
    backoff = Backoff(10, Full())
    assert [backoff.wait() for _ in range(6)] == pytest.approx([3, 4.5, 6.75, 10, 10, 10])


def test_begins_anew_after_ten_good_minutes() -> None:
    backoff = Backoff(300, Full())
    assert [backoff.wait(), backoff.wait(600), backoff.wait(601), backoff.wait()] == pytest.approx([3, 4.5, 3, 4.5])


def test_is_never_longer_than_the_most() -> None:
    assert Backoff(1, Full()).wait() == 1


def test_is_by_chance() -> None:
    waits = {Backoff(300).wait() for _ in range(20)}
    assert len(waits) > 1
    assert all(0 <= wait <= 3 for wait in waits)
