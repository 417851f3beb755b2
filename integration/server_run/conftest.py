from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from integration.conftest import CANDIDATES
from integration.server_run.edge import Edge, Worker
from lbgen.check.binary import find_binary
from lbgen.testing import missing
from lbgen.testing.container import image_problem, is_here
from lbgen.testing.plugin import give_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="session")
def options() -> dict[str, tuple[str, ...]]:
    """What a server is given so that pools run as processes, or as containers."""
    newest = list(CANDIDATES)[-1]
    image = next((name for name in CANDIDATES[newest] if is_here(name)), CANDIDATES[newest][0])
    return {"process": ("--run", "process"), "container": ("--run", "container", "--image", image)}


@pytest.fixture
def make(options: dict[str, tuple[str, ...]]) -> Iterator[Callable[..., Edge]]:
    """Makes a server's directory; everything that is started there is ended."""
    made: list[Edge] = []

    def make_one(kind: str = "process", *more: str) -> Edge:
        if kind == "process" and find_binary() is None:
            give_up("needs HAProxy on this machine")
        if kind == "container" and (problem := missing("container") or image_problem(options[kind][-1])):
            give_up(f"needs containers: {problem}")
        # Sockets have short names.
        made.append(Edge(Path(tempfile.mkdtemp(prefix="lbgen-run-")), *options[kind], *more))
        return made[-1]

    yield make_one
    for each in made:
        each.close()
        shutil.rmtree(each.directory, ignore_errors=True)


@pytest.fixture
def worker() -> Iterator[Callable[[str], Worker]]:
    """Starts tasks by name, and ends them all."""
    started: list[Worker] = []

    def start(name: str) -> Worker:
        started.append(Worker(name))
        return started[-1]

    yield start
    for each in started:
        each.close()
