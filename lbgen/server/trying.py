"""Whether HAProxy takes the haproxy.cfg that somebody's template makes: told in bounded time, by HAProxy where it is.

Where there is none, lbgen's own rules for haproxy.cfg have the say.
"""

from __future__ import annotations

import logging
import os
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from lbgen.check.place import TooSlowError
from lbgen.errors import ToolError
from lbgen.finding import Severity
from lbgen.haproxy.messages import Level
from lbgen.haproxy.parse import parse
from lbgen.regex import regex
from lbgen.server.instances.environment import own_environment
from lbgen.server.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lbgen.finding import Finding
    from lbgen.pipeline.checking import Checking

T = TypeVar("T")

SECONDS = 20.0
"""For which HAProxy is waited."""
_AT_ONCE = 2
_NAME = "haproxy.cfg"
_QUOTED = regex(r"'[^']*'")
_SHORTEST_SECRET = 4
log = logging.getLogger("lbgen.server")


class Fault(NamedTuple):
    """What is wrong with a text: the line (from 1) and what stands there, where one is known, and HAProxy's words."""

    line: int | None
    text: str
    message: str

    def __str__(self) -> str:
        where = f"line {self.line}, {self.text.strip():.200}: " if self.line is not None else ""
        return f"{where}{self.message:.500}"


class Told(NamedTuple):
    """Who judged a text, and what is wrong with it; `why` is the reason where that was not HAProxy."""

    by: str
    faults: Sequence[Fault]
    why: str = ""


class Trial:
    """Asks HAProxy as `checking` says, and nobody where it is None; no answer takes longer than `seconds`."""

    def __init__(self, checking: Checking | None, target: str = "3.2", seconds: float = SECONDS) -> None:
        self._checking = checking
        self._target = target
        self._seconds = seconds
        self._free = threading.BoundedSemaphore(_AT_ONCE)

    def of(self, text: str, without: str) -> Told:
        """What the template is to blame for; `without` is the text that lbgen writes for the pool without it.

        Raises Refusal where nobody comes to a verdict.
        """
        told = self._judged(text)
        if told.faults:
            # What is wrong with lbgen's own text, as with Edge-LB's in the HAProxy of today, is no template's fault.
            known = {fault.message for fault in self._judged(without).faults}
            told = told._replace(faults=[fault for fault in told.faults if fault.message not in known])
        because = f", because {told.why}" if told.why else ""
        log.info("a template was tried with %s%s: %d faults", told.by, because, len(told.faults))
        return told

    def _judged(self, text: str) -> Told:
        asked = self._checking
        if asked is None:
            return self._read(text, "HAProxy is not asked")
        try:
            return self._within_seconds(lambda: self._asked(asked, text))
        except TooSlowError:
            raise self._no_verdict() from None
        except ToolError as error:
            if asked.how != "auto" or asked.haproxy_bin is not None or asked.image is not None:
                raise Refusal(500, f"the template cannot be tried: {error}") from None
            return self._read(text, str(error))

    def _asked(self, asked: Checking, text: str) -> Told:
        from lbgen import check

        verdict = check.check(
            text,
            name=_NAME,
            how=asked.how,
            haproxy_bin=asked.haproxy_bin,
            image=asked.image,
            target=self._target,
            seconds=self._seconds,
            pull=False,
            environ=own_environment(),
        )
        if verdict.accepted:
            return Told(verdict.tool, ())
        lines = text.split("\n")
        said = [(each.line, each.message.text) for each in verdict.messages if each.message.severity is Level.ALERT]
        faults = [Fault(line, _at(lines, line), discreet(message, text)) for line, message in said]
        # The last alert only says that there were others.
        located = [fault for fault in faults if fault.line is not None]
        return Told(verdict.tool, located or faults or [Fault(None, "", f"HAProxy ends with status {verdict.status}")])

    def _read(self, text: str, why: str) -> Told:
        return self._within_seconds(lambda: Told("lbgen", _faults(text, self._target), why))

    def _within_seconds(self, work: Callable[[], T]) -> T:
        """What `work` returns or raises; raises Refusal where that takes too long, and lets it come to its end."""
        if not self._free.acquire(timeout=self._seconds):
            raise Refusal(503, "too many templates are being tried: try again later")
        made = Future[T]()

        def run() -> None:
            try:
                made.set_result(work())
            except BaseException as error:  # noqa: BLE001 - whoever waits raises it
                made.set_exception(error)
            finally:
                self._free.release()

        threading.Thread(target=run, name="trial", daemon=True).start()
        try:
            return made.result(self._seconds)
        except TooLate:
            raise self._no_verdict() from None

    def _no_verdict(self) -> Refusal:
        return Refusal(400, f"there is no verdict on what the template makes after {self._seconds:g} seconds")


def _at(lines: Sequence[str], line: int | None) -> str:
    return lines[line - 1] if line is not None and line <= len(lines) else ""


def _faults(text: str, target: str) -> list[Fault]:
    """What lbgen's rules call errors."""
    # What knows HAProxy's words takes a while to import.
    from lbgen.lint import engine
    from lbgen.lint.context import Context
    from lbgen.lint.registry import RULES
    from lbgen.lint.rule import Subject
    from lbgen.lint.subjects import Configuration, Fleet

    context = Context(target=target)
    fleet = Fleet((), (), (), [Configuration(parse(text, _NAME), context)], context)
    found = engine.run([rule for rule in RULES if rule.subject is Subject.CONFIG], fleet)
    lines = text.split("\n")
    errors = [(_line(finding), finding.message) for finding in found if finding.severity is Severity.ERROR]
    return [
        Fault(line, _at(lines, line), message) for line, message in sorted(errors, key=lambda it: (it[0] or 0, it[1]))
    ]


def _line(finding: Finding) -> int | None:
    position = finding.origin.position if finding.origin is not None else None
    return position.line if position is not None else None


def discreet(message: str, text: str) -> str:
    """HAProxy's message without what it quotes from files or from the environment of this machine.

    Whoever may bring a template may say what HAProxy reads, and is not to be shown it.
    """
    for value in sorted(os.environ.values(), key=len, reverse=True):
        if len(value) >= _SHORTEST_SECRET and value not in text:
            message = message.replace(value, "..")
    if "file" not in message:
        return message
    return _QUOTED.sub(lambda found: found[0] if found[0][1:-1] in text else "'..'", message)
