"""From what the user names on the command line to documents: files, directories, standard input."""

from __future__ import annotations

import codecs
import os
import stat
import sys
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lbgen.errors import InputError
from lbgen.origin import Origin, Position
from lbgen.source.document import Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

STDIN = "-"
_LIMIT = 64 * 1024 * 1024
_YAML_SUFFIXES = (".yaml", ".yml")


_IN_PLACE: ContextVar[Mapping[str, bytes]] = ContextVar("in_place")


@contextmanager
def in_place_of_files(contents: Mapping[str, bytes]) -> Iterator[None]:
    """Within it, documents of these names hold this, whatever their files hold: what edits would make of them."""
    token = _IN_PLACE.set(contents)
    try:
        yield
    finally:
        _IN_PLACE.reset(token)


def read_text(path: Path) -> str:
    """The text of the file, or what is said to be in its place; raises as `Path.read_text` does."""
    raw = _IN_PLACE.get({}).get(str(path))
    return path.read_text(encoding="utf-8") if raw is None else raw.decode()


def read(path: str | os.PathLike[str], *, stdin_name: str | None = None, limit_bytes: int = _LIMIT) -> Document:
    """The document at the path; `-` is standard input, which is called `stdin_name` where that is given.

    Raises InputError where there is no text to be read: nothing there, a directory, no permission, empty, not UTF-8,
    or more than `limit_bytes`.
    """
    path = os.fspath(path)
    name = (stdin_name or "<stdin>") if path == STDIN else path
    raw = _IN_PLACE.get({}).get(name)
    raw = _bytes(path, name, limit_bytes) if raw is None else raw
    if len(raw) > limit_bytes:
        raise _error(name, f"the file holds more than {_size(limit_bytes)}, which is the most that is read")
    text = _text(name, raw)
    if not text.strip():
        raise _error(name, "the file is empty; expected JSON or YAML", Position(1, 1))
    return Document(name, text, raw, "yaml" if name.lower().endswith(_YAML_SUFFIXES) else "json")


def _bytes(path: str, name: str, limit: int) -> bytes:
    try:
        if path == STDIN:
            # Python has none where it was started with standard input closed.
            return sys.stdin.buffer.read(limit + 1) if sys.stdin else b""
        with Path(path).open("rb") as file:
            return file.read(limit + 1)
    except FileNotFoundError:
        raise _error(name, "there is no such file") from None
    except IsADirectoryError:
        raise _error(name, "this is a directory without a document in it; expected a file") from None
    except PermissionError:
        raise _error(name, "the file may not be read: permission denied") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise _error(name, f"the file cannot be read: {reason}") from None


class _Mark(NamedTuple):
    mark: bytes
    encoding: str


# UTF-32's mark begins with that of UTF-16.
_MARKS = (
    _Mark(codecs.BOM_UTF32_LE, "UTF-32"),
    _Mark(codecs.BOM_UTF32_BE, "UTF-32"),
    _Mark(codecs.BOM_UTF16_LE, "UTF-16"),
    _Mark(codecs.BOM_UTF16_BE, "UTF-16"),
)


def _text(name: str, raw: bytes) -> str:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            raise _error(name, f"the file is {encoding}; expected UTF-8", Position(1, 1), "save it as UTF-8")
    zero = raw.find(b"\0")
    if zero >= 0:
        raise _error(name, f"byte {zero + 1:,} is NUL: this is a binary file; expected text", _place(raw, zero))
    try:
        return raw.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        at = error.start
        sentence = f"byte {at + 1:,} (0x{raw[at]:02x}) is not UTF-8; expected text in UTF-8"
        raise _error(name, sentence, _place(raw, at)) from None


def _place(raw: bytes, offset: int) -> Position:
    """Line and column of a byte, where everything before it on its line is text."""
    before = raw[:offset].removeprefix(codecs.BOM_UTF8)
    line = before.rpartition(b"\n")[2].decode(errors="replace")
    return Position(before.count(b"\n") + 1, len(line) + 1)


def _error(name: str, sentence: str, position: Position | None = None, help: str = "") -> InputError:
    return InputError(sentence, origin=Origin(name, position=position), help=help)


def _size(count: int) -> str:
    return f"{count // (1024 * 1024)} MiB" if count >= 1024 * 1024 else f"{count:,} bytes"


def find_documents(paths: Iterable[str], suffixes: Sequence[str] = (".json",)) -> list[str]:
    """The files that the paths stand for, each once, in the order of the paths.

    A directory stands for the files with one of the suffixes in it and below, sorted by name; what is hidden (its
    name begins with a dot) is left out, and symbolic links are followed, each directory once. A directory without any
    such file stands for itself, and `read` will say what is wrong with it. `-` and files stand for themselves; pipes,
    sockets and devices are passed over unless they are named.
    """
    found: dict[str, str] = {}
    for path in paths:
        inside = sorted(_inside(path, tuple(suffixes))) if path != STDIN and Path(path).is_dir() else []
        for each in inside or [path]:
            found.setdefault(each if each == STDIN else os.path.realpath(each), each)
    return list(found.values())


def _inside(directory: str, suffixes: tuple[str, ...]) -> Iterator[str]:
    entered = set()
    for folder, folders, files in os.walk(directory, followlinks=True):
        entered.add(os.path.realpath(folder))
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and os.path.realpath(Path(folder, name)) not in entered
        )
        for name in files:
            if name.endswith(suffixes) and not name.startswith(".") and not _is_special(path := Path(folder, name)):
                yield str(path)


def _is_special(path: Path) -> bool:
    """Whether the path is a pipe, a socket or a device, which may have nothing to read for ever."""
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False
