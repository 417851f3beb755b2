"""The command line, in a directory of its own and without anybody's environment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.cli.command import Ended, runner

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., Ended]:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("HAPROXY_", "FRAMEWORK_"))]:
        monkeypatch.delenv(name)
    for name, value in (("COLUMNS", "100"), ("NO_COLOR", "1")):
        monkeypatch.setenv(name, value)
    return runner(monkeypatch, capsys)
