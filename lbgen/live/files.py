"""The files that HAProxy reads: replaced whole, with older versions kept where only their owner reads them."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from lbgen.errors import ToolError
from lbgen.marathon.maps import APPS, DOMAINS
from lbgen.pipeline.output import write_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MAPS = (DOMAINS, APPS)


class Files:
    """The configuration at `path` and the maps beside it, or where `maps` says; `versions` older ones in `archive`.

    Maps come first: a backend that a map names and the configuration does not have yet is nothing that HAProxy minds,
    so whatever there is after a sudden end is valid.
    """

    def __init__(self, path: Path, maps: Path, archive: Path | None = None, versions: int = 0) -> None:
        self.path = path
        self._maps = maps
        self._archive = archive
        self._versions = versions

    def text(self) -> str:
        """What is on disk; nothing where that cannot be read."""
        try:
            return self.path.read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return ""

    def maps(self) -> dict[str, str]:
        """The maps on disk, by name."""
        found = {}
        for name in _MAPS:
            try:
                found[name] = (self._maps / name).read_text(encoding="utf-8", errors="surrogateescape")
            except OSError:
                continue
        return found

    def write(self, text: str, maps: Mapping[str, str]) -> None:
        """Replaces the files; raises ToolError where they cannot be written, and then leaves them as they were."""
        changed = {self._maps / name: content for name, content in maps.items() if self.maps().get(name) != content}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # What was there in another encoding comes back as it was.
            write_files({**changed, self.path: text}, errors="surrogateescape")
        except UnicodeEncodeError as error:
            raise ToolError(f"cannot write {self.path}: {error.reason}") from None
        except OSError as error:
            raise ToolError(f"cannot write {self.path}: {error.strerror}") from None

    def keep_version(self, text: str) -> None:
        """Keeps this text as the newest of the older versions; raises ToolError where there is no room."""
        if self._archive is None or self._versions < 1:
            return
        new = self._archive / f".{self.path.name}.new"
        try:
            self._archive.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write_private(new, text)
            for number in range(self._versions, 0, -1):
                self._move_on(number)
            new.replace(self._version(1))
        except OSError as error:
            with suppress(OSError):
                new.unlink(missing_ok=True)
            raise ToolError(f"cannot keep a version in {self._archive}: {error.strerror}") from None

    @staticmethod
    def _write_private(path: Path, text: str) -> None:
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            file.write(text)

    def _version(self, number: int) -> Path:
        assert self._archive is not None  # noqa: S101 - there are versions
        return self._archive / f"{self.path.name}.{number}"

    def _move_on(self, number: int) -> None:
        if number == self._versions:
            self._version(number).unlink(missing_ok=True)
        elif self._version(number).exists():
            self._version(number).replace(self._version(number + 1))

    def clear(self) -> None:
        """Removes what a sudden end left beside the files."""
        for directory, name in [(self.path.parent, self.path.name), *((self._maps, name) for name in _MAPS)]:
            for left in directory.glob(f".{name}.????????"):
                with suppress(OSError):
                    left.unlink(missing_ok=True)
