"""Asking the HAProxy of this machine for its verdict, once, with the files that are there."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import time
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

from lbgen.check.binary import find_binary
from lbgen.check.verdict import LocatedMessage, Verdict
from lbgen.dataclass import dataclass
from lbgen.errors import ToolError
from lbgen.haproxy.locate import Locator
from lbgen.haproxy.messages import Level, Message, parse_messages
from lbgen.haproxy.parse import parse
from lbgen.live.haproxy.process import environment_of_haproxy
from lbgen.live.pieces import NOBODY, in_pieces
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lbgen.haproxy.parse import Config
    from lbgen.live.pieces import Piece
    from lbgen.model.service import Service
    from lbgen.render.writer import Rendered

_SECONDS = 120
_NAME = "haproxy.cfg"
_FATAL = regex(r"too many fatal errors")


# The one follows errors in lines, the other whatever HAProxy found up to its end.
_READ_ERRORS = regex(r"^\[ALERT\].*: Error\(s\) found in configuration file", re.MULTILINE)
_AT_THE_END = regex(r"^\[ALERT\].*: Fatal errors found in configuration", re.MULTILINE)


class Reached(IntEnum):
    """How far HAProxy came: to a part of the text, to its end, or to looking up the names in it, and all else."""

    PART = 0
    TEXT = 1
    NAMES = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """HAProxy's verdict, and how far it came; `config` is the parsed text where it refuses it, None elsewhere."""

    verdict: Verdict
    config: Config | None
    seconds: float
    reached: Reached = Reached.NAMES


class Asker:
    """Runs `haproxy -c`; `runs` counts how often.

    `haproxy_dir` is where the text says that the maps are; the check reads the new ones. `directory` is where files of
    the check may be put: they hold what the configuration holds. None is the system's place for such files.
    """

    def __init__(self, binary: str | None, haproxy_dir: str, directory: Path | None = None) -> None:
        self._binary = binary
        self._haproxy_dir = haproxy_dir
        self._directory = directory
        self.runs = 0

    def ask(self, rendered: Rendered, services: Sequence[Service] = (), last: Mapping[str, int] = NOBODY) -> Answer:
        """The verdict on a configuration of these services; the documents in `last` are read last, by rank.

        Raises ToolError where there is no HAProxy, or it does not end.
        """
        pieces = in_pieces(rendered.text, services, last)
        try:
            return self._asked(rendered, pieces)
        except OSError as error:
            raise ToolError(f"the files for haproxy -c cannot be written: {error.strerror}") from None

    def _asked(self, rendered: Rendered, pieces: Sequence[Piece]) -> Answer:
        with tempfile.TemporaryDirectory(prefix="lbgen-check-", dir=self._directory) as name:
            maps = self._maps_aside(rendered, Path(name))
            root = Path(name) / "cfg"
            root.mkdir()
            for number, piece in enumerate(pieces):
                content = _with_maps(piece.text, maps).encode("utf-8", "surrogateescape")
                (root / f"p{number:06}.cfg").write_bytes(content)
            return self._answer(rendered, pieces, str(root), maps)

    def _maps_aside(self, rendered: Rendered, root: Path) -> dict[str, str]:
        """Writes the maps of the text beside the check; the paths of them by those that the text names."""
        for name, text in rendered.maps.items():
            (root / name).write_text(text, encoding="utf-8", newline="")
        return {f"{self._haproxy_dir}/{name}": str(root / name) for name in rendered.maps}

    def _answer(self, rendered: Rendered, pieces: Sequence[Piece], root: str, maps: dict[str, str]) -> Answer:
        started = time.monotonic()
        status, output = self._run(root)
        for path, aside in maps.items():
            output = output.replace(aside, path)
        seconds = time.monotonic() - started
        if status == 0:
            return Answer(Verdict(True, (), "", (), status), None, seconds)
        config = parse(rendered.text, _NAME)
        messages = parse_messages(_at_lines(output, root, pieces), _NAME)
        if status > 0 and not messages:
            raise ToolError(f"haproxy -c ended with status {status} without a word")
        if status < 0:
            messages.append(_crashed(status, seconds))
        located = tuple(_located(messages, config))
        return Answer(Verdict(False, located, "", (), status), config, seconds, _reached(status, output))

    def _run(self, root: str) -> tuple[int, str]:
        binary = find_binary(self._binary)
        if binary is None:
            raise ToolError(f"there is no HAProxy at {self._binary or 'any of the usual places'} to check with")
        self.runs += 1
        try:
            done = subprocess.run(  # noqa: S603 - the operator's own HAProxy
                [binary, "-c", "-f", root],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=_SECONDS,
                check=False,
                # It quotes what it refuses, with the values of variables in it.
                env=environment_of_haproxy(os.environ),
            )
        except subprocess.TimeoutExpired as error:
            # It may be an app that keeps it busy.
            return -signal.SIGKILL, (error.stdout or b"").decode("utf-8", "surrogateescape")
        except OSError as error:
            raise ToolError(f"{binary} cannot be run: {error.strerror}") from None
        return done.returncode, done.stdout.decode("utf-8", "surrogateescape")


def _crashed(status: int, seconds: float) -> Message:
    what = f"did not end within {_SECONDS} s" if seconds >= _SECONDS else f"was ended by signal {-status}"
    return Message(Level.ALERT, None, None, None, f"HAProxy {what} while it read the configuration", "")


def _reached(status: int, output: str) -> Reached:
    if _READ_ERRORS.search(output) is None and status > 0:
        return Reached.NAMES
    return Reached.TEXT if _AT_THE_END.search(output) else Reached.PART


def _with_maps(text: str, maps: dict[str, str]) -> str:
    for path, aside in maps.items():
        text = text.replace(path, aside)
    return text


def _at_lines(output: str, root: str, pieces: Sequence[Piece]) -> str:
    """The output with the lines of the whole text in place of those of its pieces."""

    def whole(match: re.Match[str]) -> str:
        return f"{_NAME}:{pieces[int(match[1])].line + int(match[2]) - 1}"

    return re.sub(re.escape(root) + r"/p(\d{6})\.cfg:(\d+)", whole, output)


def _located(messages: Sequence[Message], config: Config) -> list[LocatedMessage]:
    """The refusals among the messages, with their lines."""
    locator = Locator.of(config)
    refused = [message for message in messages if message.severity is Level.ALERT and not _FATAL.match(message.text)]
    return [LocatedMessage(message, locator.line(message)) for message in refused]
