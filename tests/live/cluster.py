"""Apps as a Marathon describes them, and a HAProxy that refuses what is called bad, told as the real one tells it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lbgen.check.verdict import LocatedMessage, Verdict
from lbgen.haproxy.locate import Locator
from lbgen.haproxy.messages import Level, Message
from lbgen.haproxy.parse import parse
from lbgen.live.asking import Answer, Reached
from lbgen.live.contract import Reply
from lbgen.live.pieces import NOBODY, in_pieces
from lbgen.live.reading import Fleet, read_fleet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lbgen.model.service import Service
    from lbgen.render.writer import Rendered

KINDS = {
    "plain": {},
    "own": {"HAPROXY_0_BACKEND_HTTP_OPTIONS": "  option forwardfor\n"},
    "refused": {"HAPROXY_0_BACKEND_HTTP_OPTIONS": "  refused-line\n"},
    "gives-up": {"HAPROXY_0_BACKEND_HTTP_OPTIONS": "  http-request gives-up\n"},
    "dangling": {"HAPROXY_0_FRONTEND_BACKEND_GLUE": "  use_backend nowhere\n"},
    "rule": {"HAPROXY_0_BACKEND_HTTP_OPTIONS": "  http-request set-header X-A b if { path_beg /a }\n"},
    "unknown": {"HAPROXY_0_BACKEND_HTTP_OPTIONS": "  http-request is-new\n"},
    "unforeseen": {"HAPROXY_0_BACKEND_HTTP_OPTIONS": "  http-request set-header X-A gives-up\n"},
    "unasked": {"HAPROXY_0_BACKEND_HTTP_OPTIONS": "  http-request deny if { no_fetch x }\n"},
    "unwritable": {"HAPROXY_0_BACKEND_WEIGHT": "much"},
}
GOOD = ("plain", "own", "rule", "unknown")
BAD = ("refused-line", "gives-up", "nowhere", "no_fetch")


def app(name: str, kind: str = "plain", *, port: int = 10000, tasks: int = 1, **labels: str) -> dict[str, Any]:
    """An app of this kind, with tasks on agents of their own."""
    return {
        "id": f"/{name}",
        "labels": {"HAPROXY_GROUP": "external", "HAPROXY_0_MODE": "http", **KINDS[kind], **labels},
        "portDefinitions": [{"port": port}],
        "tasks": [task(number, port) for number in range(1, tasks + 1)],
    }


def task(number: int, port: int) -> dict[str, Any]:
    return {"id": f"t{number}", "host": f"10.0.0.{number}", "ports": [port + 20000], "state": "TASK_RUNNING"}


def reply(apps: Iterable[dict[str, Any]]) -> Reply:
    return Reply(json.dumps({"apps": list(apps)}), "http://marathon:8080", 0.0)


def fleet(*apps: dict[str, Any], known: Fleet | None = None) -> Fleet:
    return read_fleet(reply(apps), known or {})


class Judge:
    """Judges texts as HAProxy does.

    It tells at most 50 errors of a file, none behind a rule that it gives up at, and of names that lead nowhere only
    where all else is right. `mystery` is a text that it refuses wherever it stands, without saying where; and it is
    ended by `crashes`. It refuses the line `environment` for what the machine lacks.
    """

    def __init__(self, mystery: str = "") -> None:
        self.runs = 0
        self.texts: list[str] = []
        self.crashes = ""
        self.environment = ""
        self.mystery = mystery

    def ask(self, rendered: Rendered, services: Sequence[Service] = (), last: Mapping[str, int] = NOBODY) -> Answer:
        self.runs += 1
        self.texts.append(rendered.text)
        config = parse(rendered.text)
        messages = _read(rendered.text, services, last)
        gave_up = any(_gives_up(message.raw) for message in messages)
        if self.crashes and self.crashes in rendered.text:
            messages, gave_up = [Message(Level.ALERT, None, None, None, "HAProxy was ended by signal 11", "")], True
        reached = Reached.PART if gave_up else Reached.TEXT if messages else Reached.NAMES
        messages = messages or _resolved(rendered.text)
        if not messages and self.mystery and self.mystery in rendered.text:
            messages = [Message(Level.ALERT, None, None, None, "something is wrong", "")]
        lines = rendered.text.split("\n")
        if self.environment and self.environment in lines:
            line = lines.index(self.environment) + 1
            messages = [Message(Level.ALERT, line, None, None, "no such file", self.environment)]
        locator = Locator.of(config)
        located = tuple(LocatedMessage(message, locator.line(message)) for message in messages)
        return Answer(
            Verdict(not located, located, "", (), int(bool(located))), config if located else None, 0.0, reached
        )


def _read(text: str, services: Sequence[Service], last: Mapping[str, int]) -> list[Message]:
    found: list[Message] = []
    for piece in in_pieces(text, services, last):
        here = 0
        for number, line in enumerate(piece.text.split("\n"), piece.line):
            if any(word in line for word in ("refused-line", "gives-up", "no_fetch")):
                found.append(Message(Level.ALERT, number, None, None, f"unknown: {line.strip()}", line))
                here += 1
            if _gives_up(line):
                return found
            if here == 50:
                break
    return found


def _gives_up(line: str) -> bool:
    return line.lstrip().startswith("http-request") and ("gives-up" in line or "no_fetch" in line)


def _resolved(text: str) -> list[Message]:
    config = parse(text)
    return [
        Message(Level.ALERT, None, section.name, None, f"Proxy '{section.name}': unable to find 'nowhere'.", "")
        for section in config.sections
        for directive in section.directives
        if directive.values[:1] == ("nowhere",)
    ]
