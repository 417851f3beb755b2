"""From what Marathon says to apps: each is read once, and again only when it has changed."""

from __future__ import annotations

import hashlib
import json
import marshal
from typing import TYPE_CHECKING, Any

from lbgen.dataclass import dataclass
from lbgen.live.contract import SourceError
from lbgen.pipeline.inputs import from_values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.finding import Finding
    from lbgen.live.contract import Reply
    from lbgen.marathon.apps import MarathonApp

# What changes without anybody having changed the app.
_PASSING = frozenset({"tasks", "instances", "versionInfo"})


@dataclass(frozen=True, slots=True)
class Entry:
    """An app as Marathon describes it.

    `content` tells whether anything at all has changed, `digest` whether its definition has, whatever its tasks do.
    `app` is None where it cannot be read; `findings` say why, and what else there is to say.
    """

    app_id: str
    content: bytes
    digest: str
    app: MarathonApp | None
    findings: tuple[Finding, ...]


Fleet = dict[str, Entry]
"""All apps of a Marathon by id, in its order."""


def read_fleet(reply: Reply, known: Mapping[str, Entry]) -> Fleet:
    """The apps of a reply; those that are as they are `known` are not read again.

    Raises SourceError where it is no list of apps.
    """
    value = _value(reply)
    apps = value.get("apps") if isinstance(value, dict) else None
    if not isinstance(apps, list):
        raise SourceError(f"{reply.endpoint} answers, but not with a list of apps")
    entries = (_entry(app, number, reply.endpoint, known) for number, app in enumerate(apps))
    return {entry.app_id: entry for entry in entries}


def read_app(reply: Reply, known: Mapping[str, Entry]) -> Entry:
    """The app of a reply about one; raises SourceError where it is none."""
    value = _value(reply)
    app = value.get("app") if isinstance(value, dict) else None
    if not isinstance(app, dict) or not isinstance(app.get("id"), str):
        raise SourceError(f"{reply.endpoint} answers, but not with an app")
    return _entry(app, 0, reply.endpoint, known)


def _value(reply: Reply) -> Any:
    if reply.value is not None:
        return reply.value
    try:
        return json.loads(reply.text)
    except (ValueError, RecursionError) as error:
        said = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise SourceError(f"{reply.endpoint} answers, but not in JSON: {said:.100}") from None


def _entry(value: Any, number: int, endpoint: str, known: Mapping[str, Entry]) -> Entry:
    app_id = value.get("id") if isinstance(value, dict) else None
    name = app_id if isinstance(app_id, str) and app_id else f"#{number}"
    # Marathon writes members in one order; where it does not, the app is read once more.
    content = hashlib.blake2b(marshal.dumps(value, 2), digest_size=16).digest()
    if (before := known.get(name)) is not None and before.content == content:
        return before
    if isinstance(value, dict) and value.get("tasks") is None:
        # A live Marathon has no tasks for it: placeholders must not stand for them.
        value = {**value, "tasks": []}
    inputs = from_values(f"{endpoint.rstrip('/')}/v2/apps/{name.removeprefix('/')}", {"app": value})
    app = inputs.apps[0] if inputs.apps else None
    return Entry(name, content, _digest(app, content), app, tuple(inputs.findings))


def _digest(app: MarathonApp | None, content: bytes) -> str:
    if app is None:
        return content.hex()
    fields = {key: member for key, member in app.fields.items() if key not in _PASSING}
    text = json.dumps([app.id, app.labels, fields], sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
