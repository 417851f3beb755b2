"""What the tests of the Lua services share."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", params=["bullseye", "bookworm", "trixie", "sid"])
def haproxy_image(request: pytest.FixtureRequest) -> str:
    return f"lbgen-test/haproxy:{request.param}"
