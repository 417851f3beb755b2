"""What HAProxy says about a configuration, as records: every shape that 2.2 to 3.2 print with `-c`, `-V` and `-dD`."""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator


class Level(StrEnum):
    """How HAProxy itself rates a message."""

    DIAG = "diag"
    NOTICE = "notice"
    WARNING = "warning"
    ALERT = "alert"


@dataclass(frozen=True, slots=True)
class Message:
    """One thing that HAProxy says.

    `line` (from 1), `proxy` and `server` are what the message names, if it does. `text` is the message in one line
    without the place it starts with; `raw` is what was printed.
    """

    severity: Level
    line: int | None
    proxy: str | None
    server: str | None
    text: str
    raw: str


# Old versions print a day and a time in front of the process id: `[ALERT] 324/173617 (7) : ...`.
_START = regex(r"\[(?P<level>DIAG|NOTICE|WARNING|ALERT)\]\s+(?:\d+/\d+\s+)?\(\d+\) : (?P<text>.*)")
_LEVELS = {level.name: level for level in Level}
_CLOSING = regex(
    r"Fatal errors found in configuration\.|Error\(s\) found in configuration file : .*"
    r"|Failed to initialize server\(s\) addr\.|haproxy version is .*|path to executable is .*"
)
_STATUS_LINES = ("Configuration file is valid", "Configuration file has no error", "Warnings were found.")
_CONFIG = regex(r"(?:config ?: )+")
_PLACE = regex(r"(?:[Pp]arsing )?\[(?P<file>[^\]\n]*):(?P<line>\d+)\] ?: ?")
_PLACE_INSIDE = regex(r"(?:\bat \[|' \[|' \()(?P<file>[^\])\n]*):(?P<line>\d+)[\])]")
_SEVERAL = regex(r"(?:config ?: )*multiple [\w ]+ errors:\s*")
_KEYWORD_LIST = regex(r"\s*Registered keywords :.*", re.DOTALL)
_CARET = regex(r"\s*\^\s*")
_BLANKS = regex(r"\s*\n[\s|]*|\s+\Z")
_SERVER_OF_PROXY = regex(r"'server (?P<proxy>[^'/]+)/(?P<server>[^']+)'")
_PROXY = regex(
    r"\b(?:[Pp]roxy|frontend|backend|listen|userlist|resolvers|peers section|cache|ring|log-forward|fcgi-app)"
    r" '(?P<proxy>[^']+)'"
)
_SERVER = regex(r"\bserver '(?P<server>[^']+)'|'server (?P<other>[^']+)'")


def parse_messages(output: str, name: str | None = None) -> list[Message]:
    """The messages in what HAProxy printed, in its order, without the summaries at the end.

    With `name`, the path under which HAProxy read the configuration, only lines of that file count as lines.
    """
    parts = ((level, part) for level, raw in _blocks(output) for part in _parts(raw))
    messages = (_message(level, raw, name) for level, raw in parts)
    return [message for message in messages if not _CLOSING.fullmatch(message.text)]


def _blocks(output: str) -> Iterator[tuple[Level, str]]:
    """Each message with the lines that continue it."""
    level, lines = None, list[str]()
    for line in output.split("\n"):
        start = _START.match(line)
        if start:
            if level is not None:
                yield level, "\n".join(lines)
            level, lines = _LEVELS[start["level"]], [start["text"]]
        elif not line.startswith(_STATUS_LINES):
            lines.append(line)
    if level is not None:
        yield level, "\n".join(lines)


def _parts(raw: str) -> list[str]:
    """One text for each thing that is said: HAProxy 2.6 and later say several of one section together."""
    first, *rest = raw.rstrip().split("\n")
    if not _SEVERAL.fullmatch(first) or not all(_PLACE.match(line.strip()) for line in rest):
        return [raw]
    return [line.strip() for line in rest]


def _message(level: Level, raw: str, name: str | None) -> Message:
    raw = raw.rstrip()
    text, line = _CONFIG.sub("", raw, count=1) if _CONFIG.match(raw) else raw, None
    while place := _PLACE.match(text):
        line = _line(place, name) or line
        text = text[place.end() :]
    if line is None and (place := _PLACE_INSIDE.search(text)):
        line = _line(place, name)
    message = Message(level, line, None, None, _one_line(text), raw)
    # Which line was the last is no news: the message about it stands in front of this one.
    if message.text.startswith("too many fatal errors"):
        return replace(message, line=None)
    return _with_names(message)


def _line(place: re.Match[str], name: str | None) -> int | None:
    return int(place["line"]) if name is None or place["file"] == name else None


def _one_line(text: str) -> str:
    """The text without lists of keywords and without the line that HAProxy quotes to point into it."""
    lines = _KEYWORD_LIST.sub("", text).split("\n")
    if len(lines) > 2 and _CARET.fullmatch(lines[-1]):
        lines = [*lines[:-3], lines[-3].rstrip(":")]
    return _BLANKS.sub(" ", "\n".join(lines)).strip()


def _with_names(message: Message) -> Message:
    if both := _SERVER_OF_PROXY.search(message.text):
        return replace(message, proxy=both["proxy"], server=both["server"])
    proxy = _PROXY.search(message.text)
    server = _SERVER.search(message.text)
    return replace(
        message,
        proxy=proxy["proxy"] if proxy else None,
        server=(server["server"] or server["other"]) if server else None,
    )
