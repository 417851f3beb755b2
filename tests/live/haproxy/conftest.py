"""What the tests of HAProxy under lbgen share."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A directory whose name is short enough for sockets in it, whatever the test is called."""
    with tempfile.TemporaryDirectory(prefix="lbgen-") as directory:
        yield Path(directory)
