"""The tasks that pools select among: read from files, or fetched into files that outlive their cluster's absence."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from lbgen.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SECONDS = 20
_MOST = 256 * 1024 * 1024
_MOST_REDIRECTS = 5


class Source(Protocol):
    """Where tasks are known."""

    def files(self) -> Sequence[Path]:
        """Files with replies of Mesos or Marathon as they are now; raises ToolError where they cannot be had."""


class Snapshot(NamedTuple):
    """Files with tasks, and what tells one content of them from another."""

    files: tuple[Path, ...]
    fingerprint: str


def snapshot(source: Source) -> Snapshot:
    """The files as they are now; raises ToolError where they cannot be read."""
    files = tuple(source.files())
    digest = hashlib.sha256()
    for path in files:
        try:
            digest.update(path.read_bytes())
        except OSError as error:
            raise ToolError(f"the tasks in {path} cannot be read: {error.strerror}") from None
        digest.update(b"\0")
    return Snapshot(files, digest.hexdigest())


class Files:
    """Tasks in files of somebody else's; without any, there are no tasks."""

    def __init__(self, paths: Sequence[Path] = ()) -> None:
        self._paths = tuple(paths)

    def files(self) -> Sequence[Path]:
        """The files."""
        return self._paths


class Fetched:
    """Tasks of a Mesos or Marathon; each reply is kept in `directory`, and counts until there is a better one."""

    def __init__(self, urls: Mapping[str, str], directory: Path, headers: Mapping[str, str] | None = None) -> None:
        self._urls = urls
        self._directory = directory
        self._headers = dict(headers or {})

    def files(self) -> Sequence[Path]:
        """The replies of now; raises ToolError where one cannot be had."""
        paths = []
        for name, url in self._urls.items():
            content = self._fetched(url)
            path = self._directory / f"{name}.json"
            _put(path, content)
            paths.append(path)
        return paths

    def kept(self) -> Sequence[Path]:
        """The replies that were had the last time, all of them or none."""
        paths = [self._directory / f"{name}.json" for name in self._urls]
        return paths if all(path.exists() for path in paths) else []

    def _fetched(self, url: str) -> bytes:
        import requests
        from urllib3.exceptions import HTTPError

        try:
            with requests.Session() as session:
                session.max_redirects = _MOST_REDIRECTS
                reply = session.get(url, headers=self._headers, timeout=_SECONDS, stream=True)
                status, content = reply.status_code, reply.raw.read(_MOST + 1, decode_content=True)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise ToolError(f"{_shown(url)} cannot be asked for tasks: {type(error).__name__}") from None
        if status != 200:
            raise ToolError(f"{_shown(url)} answers {status}")
        if len(content) > _MOST:
            raise ToolError(f"{_shown(url)} answers more than {_MOST // 2**20} MiB")
        return bytes(content)


def of_marathon(url: str) -> dict[str, str]:
    """Where a Marathon tells of its apps, their tasks, and its pods."""
    base = url.rstrip("/")
    return {"apps": f"{base}/v2/apps?embed=apps.tasks", "pods": f"{base}/v2/pods/::status"}


def of_mesos(url: str) -> dict[str, str]:
    """Where a Mesos master tells of its tasks."""
    return {"state": f"{url.rstrip('/')}/state"}


def _shown(url: str) -> str:
    """The URL without the user in it."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def _put(path: Path, content: bytes) -> None:
    """Writes the file whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise ToolError(f"cannot write {path}: {error.strerror}") from None
