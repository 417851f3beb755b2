"""Where reservations are kept unless somebody says: in the project, else in the user's state directory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "LBGEN_PORTS_DB"
_IN_PROJECT = Path(".lbgen", "ports.db")


def default_url(directory: Path, environ: Mapping[str, str]) -> str:
    """The database for somebody who works in the directory.

    It is what `LBGEN_PORTS_DB` names, else `.lbgen/ports.db` of the nearest directory upwards that has a `.lbgen`
    or an `lbgen.toml`, else `lbgen/ports.db` in `$XDG_STATE_HOME`.
    """
    if named := environ.get(VARIABLE):
        return named
    for parent in (directory, *directory.parents):
        if (parent / ".lbgen").is_dir() or (parent / "lbgen.toml").is_file():
            return _url(parent / _IN_PROJECT)
    state = environ.get("XDG_STATE_HOME") or os.path.join(environ.get("HOME") or "/", ".local", "state")  # noqa: PTH118
    return _url(Path(state, "lbgen", "ports.db"))


def seen_from(directory: Path, url: str) -> str:
    """The URL, of which the file of SQLite, or a bare file, is one that is seen from the directory."""
    path = _file(url)
    return url if path is None or str(path) in _IN_MEMORY else _url(directory / path)


def is_there(url: str) -> bool:
    """Whether the database may hold something; a file that does not exist holds nothing."""
    path = _file(url)
    return path is None or str(path) in _IN_MEMORY or path.exists()


_SQLITE = "sqlite:///"
_IN_MEMORY = frozenset({".", ":memory:"})


def _file(url: str) -> Path | None:
    """The file of SQLite, or None."""
    if "://" in url and not url.startswith(_SQLITE):
        return None
    return Path(url.removeprefix(_SQLITE).partition("?")[0])


def _url(path: Path) -> str:
    return f"{_SQLITE}{path}"
