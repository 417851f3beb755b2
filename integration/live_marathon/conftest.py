"""A Marathon with one app."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from integration.live_marathon.reaching import WEB
from integration.marathon_stub import Marathon, run_marathon

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def marathon() -> Iterator[Marathon]:
    with run_marathon() as started:
        started.deploy(WEB)
        yield started
