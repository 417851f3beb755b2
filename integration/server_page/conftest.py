from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from integration.server.process import Process
from integration.server_page.browser import Browser, need_chromium
from integration.server_run.conftest import make, options, worker  # noqa: F401 - fixtures
from tests.server.page.pools import edge, hostile, large

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOKEN = "correct-horse-battery"
ALLOWED = {"Authorization": f"token={TOKEN}"}


@pytest.fixture(scope="module", autouse=True)
def direct() -> Iterator[None]:
    """The driver is on this machine, whatever proxy others are behind."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("NO_PROXY", "no_proxy"):
            patch.setenv(name, "localhost,127.0.0.1")
        yield


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with pools of all kinds."""
    need_chromium()
    process = Process(tmp_path_factory.mktemp("server") / "data")
    try:
        for document in (edge(), hostile(), large(size=1300)):
            requests.post(f"{process.url}/v2/pools", json=document, timeout=60).raise_for_status()
        yield process.url
    finally:
        process.kill()


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that asks everybody for a token."""
    need_chromium()
    directory = tmp_path_factory.mktemp("guarded")
    (directory / "token").write_text(f"{TOKEN}\n")
    process = Process(directory / "data", "--token-file", str(directory / "token"))
    try:
        requests.post(f"{process.url}/v2/pools", json=edge(), headers=ALLOWED, timeout=60).raise_for_status()
        yield process.url
    finally:
        process.kill()


@pytest.fixture(scope="module")
def browsers() -> Iterator[Callable[[bool], Browser]]:
    """Browsers with JavaScript and without, each started once."""
    need_chromium()
    started: dict[bool, Browser] = {}

    def get(javascript: bool) -> Browser:
        if javascript not in started:
            started[javascript] = Browser(javascript=javascript)
        started[javascript].resize(1200, 900)
        return started[javascript]

    yield get
    for each in started.values():
        each.close()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def any_browser(request: pytest.FixtureRequest, browsers: Callable[[bool], Browser]) -> Browser:
    """A browser, with JavaScript and without."""
    return browsers(request.param)


@pytest.fixture
def browser(browsers: Callable[[bool], Browser]) -> Browser:
    """A browser in a wide window."""
    return browsers(True)
