from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from integration.server.process import Process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Starts servers on one directory, and ends them all."""
    started: list[Process] = []

    def begin(*options: str) -> Process:
        started.append(Process(tmp_path / "data", *options))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
