"""What changes on disk: files that are edited, come and go."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lbgen.emulate.reading import files_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    Stamp = tuple[int, int, int]


class Watch:
    """Files and directories that are looked at from time to time; notifications of the system do not see all disks."""

    def __init__(self, paths: Sequence[str], others: Sequence[str] = ()) -> None:
        self._paths = [path for path in paths if path != "-"]
        self._others = [path for path in others if path != "-"]
        self._seen = self._now()
        self._settled = True

    def changed(self) -> bool:
        """Whether something changed since the last time, and has stopped changing."""
        now = self._now()
        if now != self._seen:
            # An editor may be in the midst of it: the next look tells.
            self._seen, self._settled = now, False
            return False
        if self._settled:
            return False
        self._settled = True
        return True

    def _now(self) -> dict[str, Stamp | None]:
        names = files_of(self._paths) if self._paths else []
        below = [str(each) for path in self._others for each in _below(Path(path))]
        return {name: _stamp(name) for name in (*names, *below)}


def _below(path: Path) -> list[Path]:
    try:
        return sorted(path.iterdir()) if path.is_dir() else [path]
    except OSError:
        return []


def _stamp(name: str) -> Stamp | None:
    try:
        found = Path(name).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
