"""The tasks that pools select among: read from files, or fetched into files that outlive their cluster's absence."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import jiter

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

    def kept(self) -> Sequence[Path]:
        """The files as they were the last time, where that is known."""


class Snapshot(NamedTuple):
    """Files with tasks, and what tells one content of them from another."""

    files: tuple[Path, ...]
    fingerprint: str


def snapshot(source: Source) -> Snapshot:
    """The files as they are now; raises ToolError where they cannot be read."""
    return snapshot_of(source.files())


def snapshot_of(files: Sequence[Path]) -> Snapshot:
    """The files with what is in them; raises ToolError where they cannot be read."""
    digest = hashlib.sha256()
    for path in files:
        try:
            digest.update(path.read_bytes())
        except OSError as error:
            raise ToolError(f"the tasks in {path} cannot be read: {error.strerror}") from None
        digest.update(b"\0")
    return Snapshot(tuple(files), digest.hexdigest())


class Files:
    """Tasks in files of somebody else's; without any, there are no tasks."""

    def __init__(self, paths: Sequence[Path] = ()) -> None:
        self._paths = tuple(paths)

    def files(self) -> Sequence[Path]:
        """The files."""
        return self._paths

    def kept(self) -> Sequence[Path]:
        """Nothing is kept of them."""
        return ()


class Fetched:
    """Tasks of a Mesos or Marathon; each reply is kept in `directory`, and counts until there is a better one.

    `urls` are by the name of the file; those that are `optional` may not be there.
    """

    def __init__(
        self,
        urls: Mapping[str, str],
        directory: Path,
        headers: Mapping[str, str] | None = None,
        *,
        optional: Sequence[str] = ("pods",),
    ) -> None:
        self._urls = urls
        self._directory = directory
        self._headers = dict(headers or {})
        self._optional = optional

    def files(self) -> Sequence[Path]:
        """The replies of now; raises ToolError where one cannot be had, or is none."""
        replies = {self._path(name): self._fetched(name, url) for name, url in self._urls.items()}
        for path, content in replies.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                _put(path, content)
        return self.kept()

    def kept(self) -> Sequence[Path]:
        """The replies that were had the last time."""
        return [path for path in map(self._path, self._urls) if path.exists()]

    def _path(self, name: str) -> Path:
        return self._directory / f"{name}.json"

    def _fetched(self, name: str, url: str) -> bytes | None:
        import requests
        from urllib3.exceptions import HTTPError

        try:
            with requests.Session() as session:
                session.max_redirects = _MOST_REDIRECTS
                reply = session.get(url, headers=self._headers, timeout=_SECONDS, stream=True)
                status, content = reply.status_code, reply.raw.read(_MOST + 1, decode_content=True)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise ToolError(f"{_shown(url)} cannot be asked for tasks: {type(error).__name__}") from None
        if status == 404 and name in self._optional:
            return None
        if status != 200:
            raise ToolError(f"{_shown(url)} answers {status}")
        if len(content) > _MOST:
            raise ToolError(f"{_shown(url)} answers more than {_MOST // 2**20} MiB")
        try:
            jiter.from_json(content)
        except ValueError:
            raise ToolError(f"{_shown(url)} answers what is no JSON") from None
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
