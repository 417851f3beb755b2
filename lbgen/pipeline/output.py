"""Writing what was generated: whole files or nothing, and what was there stays until then."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from lbgen.errors import ToolError
from lbgen.haproxy.annotation import annotate_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.render.writer import Rendered


def annotated(rendered: Rendered) -> str:
    """The text with a comment on each line that an app made: which app, and which of its labels."""
    lines = rendered.text.split("\n")
    for index, line in enumerate(lines):
        because = next((each for each in rendered.source_map.reasons(index + 1) if each.app is not None), None)
        if because is not None:
            lines[index] = annotate_line(line, str(because.app), because.label)
    return "\n".join(lines)


def write_files(texts: Mapping[Path, str], errors: str = "strict") -> None:
    """Writes all files, or none of them: each is written aside and then moved into place.

    A file that is there keeps its permissions; what is no regular file, such as a pipe, is written to directly.
    `errors` is what becomes of characters that UTF-8 does not have. Raises ToolError where a file cannot be written.
    """
    moves: list[tuple[Path, Path]] = []
    path = Path()
    try:
        for path, text in texts.items():
            _prepare(path, text, moves, errors)
        for temporary, path in moves:
            temporary.replace(path)
    except OSError as error:
        raise ToolError(f"cannot write {path}: {error.strerror}") from None
    finally:
        for temporary, _ in moves:
            with contextlib.suppress(OSError):
                temporary.unlink()


def _prepare(path: Path, text: str, moves: list[tuple[Path, Path]], errors: str) -> None:
    """Writes the text aside, and notes the move that puts it in its place."""
    import tempfile

    mode = _mode_of_new_files()
    with contextlib.suppress(FileNotFoundError):
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            path.write_text(text, encoding="utf-8", errors=errors, newline="")
            return
        mode = stat.S_IMODE(found.st_mode)
    # What `path` links to is replaced, not the link.
    target = Path(os.path.realpath(path))
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    moves.append((Path(name), target))
    with os.fdopen(handle, "w", encoding="utf-8", errors=errors, newline="") as file:
        file.write(text)
        file.flush()
        os.fchmod(handle, mode)
        os.fsync(handle)


def _mode_of_new_files() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
