"""A Marathon whose tasks are real, and a load balancer that watches it."""

from __future__ import annotations

import os
import signal
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from integration.live.balancer import Balancer
from integration.live.workload import Workload
from integration.marathon_stub import Marathon, run_marathon

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def workload() -> Iterator[Workload]:
    started = Workload()
    yield started
    started.close()


@pytest.fixture
def marathon(workload: Workload) -> Iterator[Marathon]:
    with run_marathon(launch=workload.launch, stop=workload.stop) as started:
        yield started


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A directory whose name is short enough for sockets in it, whatever the test is called."""
    # The workers of a test that failed may still write there.
    with tempfile.TemporaryDirectory(prefix="lbgen-live-", ignore_cleanup_errors=True) as directory:
        yield Path(directory)


@pytest.fixture
def balancer(marathon: Marathon, short_path: Path) -> Iterator[Balancer]:
    made = Balancer(marathon.url, short_path)
    yield made
    workers = made.workers()
    if made.process is not None and made.process.poll() is None:
        made.end()
    for pid in workers:
        # One that was told to die at once has left its HAProxy behind.
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
