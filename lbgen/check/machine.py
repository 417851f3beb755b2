"""The files of the machine that the check runs on."""

from __future__ import annotations

from pathlib import Path

# What is larger is no certificate, map or script that a check should carry about.
_MOST = 64 * 1024 * 1024


def read(path: str) -> bytes | None:
    """The content of a regular file; None if there is none, or if it cannot be read."""
    file = Path(path)
    try:
        return file.read_bytes() if file.is_file() and file.stat().st_size <= _MOST else None
    except OSError:
        return None


def collect(path: str, siblings: str = "") -> dict[str, bytes]:
    """The file at `path`, or the files in the directory there, and siblings by a pattern: path to content.

    In the pattern, `{name}` stands for the file's own name. What cannot be read is left out.
    """
    here = Path(path)
    paths = sorted(here.iterdir()) if here.is_dir() else [here]
    if siblings and here.parent.is_dir() and not here.is_dir():
        paths += sorted(here.parent.glob(siblings.format(name=_escaped(here.name))))
    found = {str(file): read(str(file)) for file in paths}
    return {name: content for name, content in found.items() if content is not None}


def _escaped(name: str) -> str:
    return "".join(f"[{character}]" if character in "*?[" else character for character in name)
