from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from lbgen.pipeline.pools import PoolOptions
from lbgen.server.http.app import Api
from lbgen.server.http.guard import Guard
from lbgen.server.running import Nobody
from lbgen.server.server import Server
from lbgen.server.store import Store
from lbgen.server.tasks import Files
from tests.server.documents import app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    path = tmp_path / "apps.json"
    path.write_text(json.dumps({"apps": [app()]}))
    return path


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without pools: making the tables takes longer than most tests."""
    store = Store(tmp_path_factory.mktemp("new"))
    store.close()
    return store.path


@pytest.fixture
def server(tmp_path: Path, tasks: Path, new_database: Path) -> Iterator[Server]:
    (tmp_path / "data").mkdir()
    shutil.copy(new_database, tmp_path / "data")
    made = Server(tmp_path / "data", Files([tasks]), Nobody(), PoolOptions())
    made.refresh()
    yield made
    made.close()


@pytest.fixture
def client(server: Server) -> TestClient:
    return TestClient(Api(server, Guard()), base_url="http://localhost")


@pytest.fixture
def now_running(server: Server, tasks: Path) -> Callable[..., None]:
    """Has these apps run, and nothing else."""

    def change(*apps: dict[str, Any]) -> None:
        tasks.write_text(json.dumps({"apps": apps}))
        server.refresh()

    return change
