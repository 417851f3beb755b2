"""A Marathon with one app."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from integration.live_marathon.reaching import WEB
from integration.marathon_stub import Marathon, run_marathon

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def marathon() -> Iterator[Marathon]:
    with run_marathon() as started:
        started.deploy(WEB)
        yield started
