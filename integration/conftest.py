"""What the integration tests share: an HAProxy image for each version that lbgen promises to work with."""

from __future__ import annotations

import os
from functools import cache

import pytest

from lbgen.testing import missing
from lbgen.testing.plugin import give_up

# Leftovers are found by lbgen's own label: no further image has to be pulled for that.
os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")

VERSIONS = ("2.2", "2.6", "3.0", "3.2")


def _images() -> dict[str, str]:
    """The image of each version: those of LBGEN_HAPROXY_IMAGES ("2.2=NAME,2.6=NAME"), else the official ones."""
    setting = os.environ.get("LBGEN_HAPROXY_IMAGES", "")
    pairs = [pair.partition("=") for pair in setting.split(",") if pair.strip()]
    return {version.strip(): image.strip() for version, _, image in pairs} or {
        version: f"haproxy:{version}" for version in VERSIONS
    }


IMAGES = _images()


@cache
def _problem(image: str) -> str:
    from lbgen.testing.container import image_problem

    return missing("container") or image_problem(image)


@pytest.fixture(scope="session")
def haproxy_images() -> dict[str, str]:
    """Version to image, for every version; skips, or in CI fails, where one of them cannot be had."""
    for image in IMAGES.values():
        _need(image)
    return IMAGES


@pytest.fixture(scope="session", params=IMAGES)
def haproxy_version(request: pytest.FixtureRequest) -> str:
    """Each version in turn."""
    return str(request.param)


@pytest.fixture(scope="session")
def haproxy_image(haproxy_version: str) -> str:
    """The image of each version in turn; skips, or in CI fails, where it cannot be had."""
    _need(IMAGES[haproxy_version])
    return IMAGES[haproxy_version]


def _need(image: str) -> None:
    if problem := _problem(image):
        give_up(f"needs the container image {image}: {problem}")
