"""The command line against a server that answers what it is told to, without anybody's environment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.cli.command import Ended, runner
from tests.edgelb_client.scripted import Scripted, scripted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted() as script:
        yield script


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., Ended]:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("LBGEN_EDGELB_") or name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    for name, value in (("COLUMNS", "100"), ("NO_COLOR", "1")):
        monkeypatch.setenv(name, value)
    return runner(monkeypatch, capsys)


@pytest.fixture
def edgelb(run: Callable[..., Ended], server: Scripted) -> Callable[..., Ended]:
    """Runs `lbgen edgelb` on the server."""
    return lambda *arguments, **more: run("edgelb", "--url", server.url, *arguments, **more)
