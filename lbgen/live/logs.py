"""Logs: text for people, JSON lines for machines; without secrets, and without a line that says the same again."""

from __future__ import annotations

import logging
import logging.handlers
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from lbgen.errors import UsageError
from lbgen.live.secrets import without_secrets
from lbgen.regex import regex
from lbgen.report.visible import visible

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import TextIO

log = logging.getLogger("lbgen.live")

TEXT, JSON = "text", "json"
CHANGES = "lbgen.live.changes"
"""The logger of what is told when it begins and when it ends: it has not been said already."""
REPEAT_AFTER = 300.0
"""Seconds after which a line that goes on being true is said again."""

_MOST_LINES = 1000


class SaidAlready(logging.Filter):
    """Lets a warning pass once, and again after a while; what differs in times and counts only is the same."""

    def __init__(self, seconds: float = REPEAT_AFTER) -> None:
        super().__init__()
        self._seconds = seconds
        self._last: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is said."""
        if record.levelno < logging.WARNING:
            return True
        now = time.monotonic()
        text = f"{record.levelno} {_what(record)}"
        last = self._last.get(text)
        if last is not None and now - last < self._seconds and record.name != CHANGES:
            return False
        if len(self._last) >= _MOST_LINES:
            self._last.clear()
        self._last[text] = now
        return True


# Neither the name of an app nor the status of an answer is one of these.
_PASSING = regex(
    r"(?<![\w/.:-])\d[\d,]*(?:\.\d+)?(?= (?:s|ms|min|h|days|servers|backends|commands)\b)|(?<=\()\d+(?=\))"
)


def _what(record: logging.LogRecord) -> str:
    """What is said, without what changes from one time to the next."""
    said = record.getMessage()
    if isinstance(record.args, tuple) and record.args:
        said = str(record.msg) % tuple(0 if isinstance(each, int | float) else each for each in record.args)
    raised = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
    return _PASSING.sub("0", said) + raised


def set_up(
    form: str = TEXT,
    level: str = "INFO",
    *,
    syslog: str | None = None,
    stream: TextIO | None = None,
    color: bool = False,
) -> None:
    """Has all logs go to the stream, standard error unless given, in this form, and to a socket of syslog if there is.

    The form is `text`, `json`, or one of Python's, as in `%(asctime)s %(message)s`. Raises UsageError where it is none
    of them. A socket that is not there, or goes away, is tried again with each line.
    """
    formatter = _formatter(form, color=color)
    handlers: list[logging.Handler] = [logging.StreamHandler(stream or sys.stderr)]
    if syslog and syslog != "/dev/null":
        handlers.append(logging.handlers.SysLogHandler(syslog))
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    for handler in handlers:
        handler.setFormatter(formatter)
        handler.addFilter(SaidAlready())
        root.addHandler(handler)
    root.setLevel(level.upper())
    # Where a log finds no place, logging would write what it has, secrets included, to standard error.
    logging.raiseExceptions = False
    # What these have to say is said by lbgen.
    for name in ("urllib3", "requests", "docker"):
        logging.getLogger(name).setLevel(logging.WARNING)
    if syslog and not Path(syslog).exists():
        log.warning("there is no %s yet: what is to be written there is lost until there is", syslog)


def _formatter(form: str, *, color: bool) -> logging.Formatter:
    if form not in {TEXT, JSON}:
        try:
            return _Plain(form)
        except ValueError:
            raise UsageError(f"--log-format: {form!r:.60} is none of text, json and forms as %(message)s") from None
    last = structlog.processors.JSONRenderer(sort_keys=False) if form == JSON else _text_of(color)
    return structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _hidden, last],
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=form == JSON),
            structlog.processors.format_exc_info,
        ],
    )


class _Plain(logging.Formatter):
    """A form of Python's own."""

    def __init__(self, form: str) -> None:
        super().__init__(form)
        if "%(" not in form:
            raise ValueError(form)

    def format(self, record: logging.LogRecord) -> str:
        """The line, or the lines of a trace."""
        return without_secrets(super().format(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        """The trace, of which no line looks like one of the log."""
        return _set_in(super().formatException(ei))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The line without its trace, of which nothing moves a cursor."""
        return visible(super().formatMessage(record))


def _set_in(trace: str) -> str:
    # What raised may quote a label, which must neither move a cursor nor begin a line of the log.
    return "\n".join(f"  {visible(line)}" for line in trace.splitlines())


def _hidden(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Every text of the event without secrets."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = without_secrets(value)
    return event


def _text_of(color: bool) -> structlog.typing.Processor:
    """The event in a line: time, level, sentence, and what else is known of it."""
    styles = {"warning": "33", "error": "31", "critical": "31"}

    def render(_: Any, __: str, event: MutableMapping[str, Any]) -> str:
        level = str(event.pop("level", "info"))
        at = str(event.pop("timestamp", ""))[:19].replace("T", " ")
        said = visible(str(event.pop("event", "")))
        trace = str(event.pop("exception", ""))
        event.pop("logger", None)
        style = styles.get(level) if color else None
        head = f"\x1b[{style}m{level:8}\x1b[0m" if style else f"{level:8}"
        rest = "".join(f" {key}={visible(str(value))}" for key, value in event.items())
        return f"{at} {head} {said}{rest}{chr(10) + _set_in(trace) if trace else ''}"

    return render
