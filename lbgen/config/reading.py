"""From files to settings; an unknown key or a wrong value is an error that says where."""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lbgen.config.keys import KEYS, LINT_KEYS
from lbgen.config.settings import LintSettings, Settings
from lbgen.errors import InputError
from lbgen.origin import Origin, Position

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lbgen.config.keys import Key


def read_own(path: str) -> Settings:
    """The settings of a file of lbgen's own; raises InputError where it is not what it should be."""
    text, value = _loaded(path)
    return _settings(path, text, value, ())


def read_shared(path: str) -> Settings | None:
    """The settings in a pyproject.toml, None where it has none; raises InputError as `read_own` does."""
    text, value = _loaded(path)
    tool = value.get("tool", {})
    if not isinstance(tool, dict) or "lbgen" not in tool:
        return None
    return _settings(path, text, tool["lbgen"], ("tool", "lbgen"))


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise InputError(f"the settings cannot be read: {reason}", origin=Origin(path)) from None


def _loaded(path: str) -> tuple[str, dict[str, Any]]:
    text = _text(path)
    try:
        return text, tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        sentence, _, at = str(error).partition(" (at ")
        numbers = re.match(r"line (\d+), column (\d+)", at)
        position = Position(int(numbers[1]), int(numbers[2])) if numbers else None
        raise InputError(f"this is not TOML: {sentence}", origin=Origin(path, position=position)) from None


def _settings(path: str, text: str, value: Any, prefix: tuple[str, ...]) -> Settings:
    reader = _Reader(path, text, prefix)
    if not isinstance(value, dict):
        raise InputError("[tool.lbgen] should be a table", origin=reader.origin())
    lint = value.get("lint", {})
    if not isinstance(lint, dict):
        raise InputError("lint should be a table", origin=reader.origin("lint"))
    top = reader.table({key: member for key, member in value.items() if key != "lint"}, KEYS)
    of_lint = reader.table(lint, LINT_KEYS, "lint")
    return Settings(path=path, lint=LintSettings(**of_lint), places=reader.places, **top)


class _Reader:
    """Reads the keys of a file, and notes where they stand."""

    def __init__(self, path: str, text: str, prefix: tuple[str, ...]) -> None:
        self._path = path
        self._lines = text.split("\n")
        self._prefix = prefix
        self.places: dict[str, Origin] = {}

    def table(self, value: Mapping[str, Any], keys: Sequence[Key], *inside: str) -> dict[str, Any]:
        """Fields by name; raises InputError for a key that does not exist, or is of another type."""
        by_name = {key.name: key for key in keys}
        made = {}
        for name, member in value.items():
            origin = self.places[".".join((*inside, name))] = self.origin(*inside, name)
            if name not in by_name:
                raise _unknown(name, origin, [*by_name, *(["lint"] if not inside else [])])
            try:
                made[name.replace("-", "_")] = by_name[name].kind.read(member)
            except ValueError as error:
                raise InputError(f"{name} {error}", origin=origin) from None
        return made

    def origin(self, *names: str) -> Origin:
        """Where the key stands, as far as the text tells; tomllib does not."""
        wanted = (*self._prefix, *names)
        table: tuple[str, ...] = ()
        best = Position(1, 1)
        for number, line in enumerate(self._lines, 1):
            if header := re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line):
                table = _dotted(header[1])
                best = Position(number, line.index("[") + 1) if table == wanted[: len(table)] else best
            elif key := re.match(r"(\s*)([^=#]+?)\s*=", line):
                full = (*table, *_dotted(key[2]))
                if full == wanted[: len(full)]:
                    best = Position(number, len(key[1]) + 1)
                    if full == wanted:
                        break
        return Origin(self._path, position=best)


def _dotted(text: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in text.split("."))


def _unknown(name: str, origin: Origin, known: Sequence[str]) -> InputError:
    close = get_close_matches(name, known, 1) or get_close_matches(name.replace("_", "-"), known, 1)
    help_ = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
    for keys, where in ((KEYS, "belongs in front of [lint]"), (LINT_KEYS, "belongs into [lint]")):
        if (meant := name.replace("_", "-")) in {key.name for key in keys} - {*known}:
            help_ = f"{meant} {where}"
    return InputError(f"there is no setting {name!r:.80}", origin=origin, help=help_)
