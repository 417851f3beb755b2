"""Containers that somebody else removes meanwhile."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import docker
import pytest

from lbgen.errors import ToolError
from lbgen.server.instances.container import Containers
from lbgen.server.instances.places import Place

if TYPE_CHECKING:
    from pathlib import Path


class Vanished:
    """A container that is listed, and gone by the time that anything is asked of it."""

    status = "running"

    def kill(self, signal: str) -> None:
        raise docker.errors.NotFound(signal)

    def remove(self, **_: Any) -> None:
        raise docker.errors.NotFound("no such container")

    def exec_run(self, *_: Any, **__: Any) -> None:
        raise docker.errors.NotFound("no such container")


class Client:
    """An engine that lists such a container so many times."""

    def __init__(self, times: int) -> None:
        self.containers = SimpleNamespace(get=self._get)
        self.images = SimpleNamespace(get=self._no_image, pull=self._no_manifest)
        self._times = times

    def ping(self) -> None:
        """Answers."""

    def _get(self, name: str) -> Vanished:
        self._times -= 1
        if self._times < 0:
            raise docker.errors.NotFound(name)
        return Vanished()

    def _no_image(self, name: str) -> None:
        raise docker.errors.ImageNotFound(name)

    def _no_manifest(self, name: str) -> None:
        raise docker.errors.NotFound(name, explanation="manifest unknown")


def containers(monkeypatch: pytest.MonkeyPatch, root: Path, times: int = 0, image: str | None = None) -> Containers:
    monkeypatch.setattr(docker, "from_env", lambda: Client(times))
    return Containers(image, root)


def test_one_that_is_gone_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    containers(monkeypatch, tmp_path, times=1).haproxy(Place("web", tmp_path), {}).stop()


def test_one_that_is_gone_cannot_be_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    engine = containers(monkeypatch, tmp_path, times=1)
    with pytest.raises(ToolError, match=r"^haproxy -c cannot be run: no such container$"):
        engine.check(Place("web", tmp_path), {})
    assert not engine.runs(Place("web", tmp_path))


def test_an_image_that_nobody_has(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"^there is no image haproxy:none: manifest unknown$"):
        containers(monkeypatch, tmp_path, image="haproxy:none")
