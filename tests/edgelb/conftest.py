"""The command line, in a directory of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.command import Ended, runner

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., Ended]:
    monkeypatch.chdir(tmp_path)
    return runner(monkeypatch, capsys)
