"""The short way of an event: one app's servers change, and nothing else is read, written or asked about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.marathon import network
from lbgen.marathon.deployment import GROUP
from lbgen.pipeline.generate import from_apps
from lbgen.pipeline.inputs import Inputs
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lbgen.marathon.apps import MarathonApp
    from lbgen.pipeline.options import Options

    Resolve = Callable[[str], str | None]

_HEADER = regex(r"^(?:global|defaults|userlist|frontend|backend|listen)\b[^\n]*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Alone:
    """An app's text without the others: its backends by their headers, the rest, and how many servers there are."""

    backends: Mapping[str, str]
    rest: str
    maps: Mapping[str, str]
    servers: int


@dataclass(frozen=True, slots=True)
class Patch:
    """Backends as they are in the text and as they are to be, and the text with the latter."""

    before: str
    after: str
    text: str
    more_servers: int

    @property
    def empty(self) -> bool:
        """Whether nothing changes."""
        return self.before == self.after


class Shortcut:
    """Finds out whether a change of an app is one of servers alone."""

    def __init__(self, options: Options, resolve: Resolve | None = None) -> None:
        self._options = options
        self._resolve = resolve

    def patch(self, old: MarathonApp | None, new: MarathonApp | None, text: str) -> Patch | None:
        """What changes in the text, or None where it has to be made anew.

        The old form's text must stand in it word for word: then the new one's is what it would be among the others too.
        """
        before, after = self._alone(old), self._alone(new)
        if before is None or after is None:
            return None
        if not before.backends and not after.backends:
            return Patch("", "", text, 0)
        same = before.rest == after.rest and before.maps == after.maps
        if not same or before.backends.keys() != after.backends.keys():
            return None
        changed = [header for header in after.backends if after.backends[header] != before.backends[header]]
        for header in changed:
            found = _place(text, before.backends[header])
            if found is None:
                return None
            text = text[: found[0]] + after.backends[header] + text[found[1] :]
        parts = ["\n".join(each.backends[header] for header in changed) for each in (before, after)]
        return Patch(parts[0], parts[1], text, after.servers - before.servers)

    def _alone(self, app: MarathonApp | None) -> Alone | None:
        """The app's own text; None where it cannot be told without the others."""
        if app is None:
            return Alone({}, "", {}, 0)
        ports = network.service_ports(app.fields, network.mode(app.fields))
        if GROUP in app.labels or not ports:
            return None
        made = from_apps(Inputs([app]), self._options, resolve=self._resolve, may_be_empty=True)
        if made.names_left_out or made.rendered is None:
            return None
        if not made.services:
            return Alone({}, "", {}, 0)
        servers = sum(len(service.servers) for service in made.services)
        return _cut(made.rendered.text, made.rendered.maps, servers)


def _cut(text: str, maps: Mapping[str, str], servers: int) -> Alone:
    headers = list(_HEADER.finditer(text))
    ends = [header.start() for header in headers[1:]] + [len(text)]
    backends, rest = {}, []
    for header, end in zip(headers, ends, strict=True):
        part = text[header.start() : end]
        if header[0].startswith("backend "):
            backends[header[0]] = part.rstrip("\n") + "\n"
        else:
            rest.append(part)
    return Alone(backends, "".join(rest), maps, servers)


def _place(text: str, section: str) -> tuple[int, int] | None:
    """Where the whole section stands in the text, None where it does not, or goes on."""
    start = text.find(f"\n{section}")
    if start < 0:
        return None
    start, end = start + 1, start + 1 + len(section)
    following = text[end : end + 200].lstrip("\n")
    return (start, end) if not following or _HEADER.match(following) else None
