"""What HAProxy writes about itself, in a file: it goes on writing when lbgen is gone, and who adopts it reads on."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO

from lbgen.control.complaints import alerts

if TYPE_CHECKING:
    from pathlib import Path

_MOST = 1 << 20


class Messages:
    """The file; it is emptied when it is larger than a mebibyte, while nobody waits for what is in it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def open(self) -> BinaryIO:
        """The file for HAProxy to write to, behind what is there."""
        self._path.touch(mode=0o600)
        return self._path.open("ab")

    def mark(self) -> int:
        """Where the file ends by now, to read on from later."""
        self.trim()
        try:
            return self._path.stat().st_size
        except OSError:
            return 0

    def trim(self) -> None:
        """Empties the file where it has become too large: HAProxy tells there of every server that goes down."""
        with suppress(OSError):
            if self._path.stat().st_size > _MOST:
                # HAProxy writes at the end, wherever that is.
                os.truncate(self._path, 0)

    def since(self, mark: int) -> str:
        """What was written since then; nothing where the file is gone."""
        try:
            with self._path.open("rb") as file:
                file.seek(mark)
                return file.read(_MOST).decode(errors="replace")
        except OSError:
            return ""


def in_one_line(said: str) -> str:
    """What HAProxy complains about, in one line."""
    found = alerts(said) or said.strip().splitlines()[-1:] or ["it said nothing"]
    return "; ".join(" ".join(each.split()) for each in found)
