"""Both ways of running HAProxy."""

from __future__ import annotations

import pytest

from lbgen.check.binary import find_binary
from lbgen.testing.plugin import give_up


@pytest.fixture(scope="session", params=["binary", "container"])
def how(request: pytest.FixtureRequest) -> list[str]:
    """The options that choose one of them."""
    if request.param == "binary":
        if find_binary() is None:
            give_up("needs a haproxy binary on this machine")
        return ["--how", "binary"]
    images = request.getfixturevalue("haproxy_images")
    return ["--how", "container", "--image", list(images.values())[-1]]
