"""What the integration tests share: an HAProxy image for each version that lbgen promises to work with."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

import tests.conftest  # noqa: F401 - examples are treated here as they are there
from lbgen.testing import missing
from lbgen.testing.plugin import give_up, in_ci

# Leftovers are found by lbgen's own label: no further image has to be pulled for that.
os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")

HERE = Path(__file__).parent
VERSIONS = ("2.2", "2.6", "3.0", "3.2")
SETTING = os.environ.get("LBGEN_HAPROXY_IMAGES", "")


def _candidates() -> dict[str, list[str]]:
    """The images that may serve as each version: those of LBGEN_HAPROXY_IMAGES ("2.2=NAME,2.6=NAME"), if it is set.

    Else the official ones, or those that tools/run_tests.py built.
    """
    pairs = [pair.partition("=") for pair in SETTING.split(",") if pair.strip()]
    return {version.strip(): [image.strip()] for version, _, image in pairs} or {
        version: [f"haproxy:{version}", f"lbgen-test/haproxy:{version}"] for version in VERSIONS
    }


CANDIDATES = _candidates()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In CI, gives these tests a second chance: a machine may be too busy once; what fails twice is broken."""
    if in_ci() and config.pluginmanager.hasplugin("rerunfailures"):
        for item in items:
            if item.path.is_relative_to(HERE):
                item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def haproxy_images() -> dict[str, str]:
    """Version to image, for every version; skips, or in CI fails, where one of them cannot be had."""
    return {version: _image(version) for version in CANDIDATES}


@pytest.fixture(scope="session", params=CANDIDATES)
def haproxy_version(request: pytest.FixtureRequest) -> str:
    """Each version in turn."""
    return str(request.param)


@pytest.fixture(scope="session")
def haproxy_image(haproxy_version: str) -> str:
    """The image of each version in turn; skips, or in CI fails, where it cannot be had."""
    return _image(haproxy_version)


def _image(version: str) -> str:
    image, problem = _chosen(version)
    if problem:
        give_up(f"needs an image of HAProxy {version}: {problem}")
    return image


@cache
def _chosen(version: str) -> tuple[str, str]:
    """The image for the version, and why it cannot be used, "" if it can."""
    from lbgen.testing.container import image_problem, is_here

    names = CANDIDATES[version]
    if problem := missing("container"):
        return names[0], problem
    image = next((name for name in names if is_here(name)), names[0])
    return image, image_problem(image)
