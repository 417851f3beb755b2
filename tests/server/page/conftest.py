from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from lbgen.pipeline.pools import PoolOptions
from lbgen.server.http.app import Api
from lbgen.server.http.guard import Guard
from lbgen.server.running import Instance, Nobody, State, Status
from lbgen.server.server import Server
from lbgen.server.tasks import Files
from tests.server.page.elements import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from lbgen.server.running import ServerHealth
    from tests.server.page.elements import Element

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}


class Somebody(Nobody):
    """Says of every pool what a test wants to hear."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.statuses: dict[str, Status] = {}
        self.servers: dict[str, Mapping[str, Sequence[ServerHealth]]] = {}

    def text(self, name: str) -> str | None:
        return self.texts.get(name)

    def problem(self, name: str) -> str:
        status = self.status(name)
        return status.message if status.state is State.ERROR else ""

    def status(self, name: str) -> Status:
        return self.statuses.get(name, Status(State.OK, "", 1, 1))

    def instances(self, name: str) -> Sequence[Instance]:
        return (Instance(("192.0.2.99",), ("198.51.100.9",)),) if name in self.texts else ()

    def health(self, name: str) -> Mapping[str, Sequence[ServerHealth]]:
        return self.servers.get(name, {})


@pytest.fixture
def somebody() -> Somebody:
    return Somebody()


@pytest.fixture
def running_server(tmp_path: Path, tasks: Path, new_database: Path, somebody: Somebody) -> Iterator[Server]:
    """A server that has its pools run."""
    (tmp_path / "running").mkdir()
    shutil.copy(new_database, tmp_path / "running")
    made = Server(tmp_path / "running", Files([tasks]), somebody, PoolOptions())
    made.refresh()
    yield made
    made.close()


@pytest.fixture
def look(client: TestClient) -> Callable[..., Element]:
    """The page at a path, of a server that runs nothing."""
    return _looking(client)


@pytest.fixture
def look_at_running(running_server: Server) -> Callable[..., Element]:
    """The page at a path, of a server that has its pools run."""
    return _looking(TestClient(Api(running_server, Guard()), base_url="http://localhost"))


def _looking(client: TestClient) -> Callable[..., Element]:
    def page(path: str = "/", status: int = 200) -> Element:
        reply = client.get(path, headers=BROWSER)
        assert reply.status_code == status, reply.text
        assert reply.headers["content-type"] == "text/html; charset=utf-8"
        return read(reply.text)

    return page
