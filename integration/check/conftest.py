"""The HAProxy binary of this machine, and the configurations whose answers are recorded in tests/haproxy/said."""

from __future__ import annotations

import pytest

from lbgen.check.binary import find_binary
from lbgen.testing.plugin import give_up


@pytest.fixture(scope="session")
def haproxy_binary() -> str:
    """The path of a binary; skips, or in CI fails, where there is none."""
    binary = find_binary()
    if binary is None:
        give_up("needs a haproxy binary: none is installed")
    return binary
