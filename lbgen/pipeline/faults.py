"""Who is at fault where HAProxy refuses lines: apps, which are left out, or a template that the operator gave."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lbgen.haproxy.messages import Level
from lbgen.model.service import AppRef

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.check import Verdict
    from lbgen.origin import Because, Origin
    from lbgen.render.writer import Rendered

    Key = tuple[str, str]

_MOST_ROUNDS = 3
"""A line of a template that is refused again and again, whoever is left out, is at fault itself."""


class Faults:
    """Judges verdict after verdict on one fleet.

    A line of an operator's template may be refused for what an app puts into it, and then it is refused for some apps
    only; a template that is wrong is refused for everybody.
    """

    def __init__(self) -> None:
        self._rounds: Counter[Origin] = Counter()

    def of(self, verdict: Verdict, rendered: Rendered) -> list[AppRef]:
        """The apps that made the lines that HAProxy refuses, each once; none where it is not up to the apps."""
        found: dict[Key, AppRef] = {}
        templates: dict[Origin, set[Key]] = {}
        for line, message in _refused(verdict):
            ref = _app(rendered.source_map.reasons(line))
            because = rendered.source_map.because(line, message)
            if because is None:
                continue
            if because.is_template:
                origin = rendered.source_map.origin(line, message)
                assert origin is not None  # there is a reason  # noqa: S101
                templates.setdefault(origin, set()).update([_key(ref)] if ref is not None else [])
            if ref is not None:
                found.setdefault(_key(ref), ref)
        self._rounds.update(templates.keys())
        return [] if self._is_at_fault(templates, rendered) else list(found.values())

    def _is_at_fault(self, templates: dict[Origin, set[Key]], rendered: Rendered) -> bool:
        if any(self._rounds[origin] >= _MOST_ROUNDS for origin in templates):
            return True
        users = _users(templates, rendered)
        return any(users[origin] <= apps for origin, apps in templates.items())


def _refused(verdict: Verdict) -> Iterator[tuple[int, str]]:
    for located in verdict.messages:
        if located.message.severity is Level.ALERT and located.line is not None:
            yield located.line, located.message.text


def _users(templates: dict[Origin, set[Key]], rendered: Rendered) -> dict[Origin, set[Key]]:
    """The apps that have these lines of templates."""
    users: dict[Origin, set[Key]] = {origin: set() for origin in templates}
    for line in range(1, rendered.text.count("\n") + 2) if templates else ():
        origin = rendered.source_map.origin(line)
        ref = _app(rendered.source_map.reasons(line)) if origin in users else None
        if origin is not None and ref is not None:
            users[origin].add(_key(ref))
    return users


def _app(reasons: Sequence[Because]) -> AppRef | None:
    for because in reasons:
        if because.app is not None:
            return AppRef(because.app, because.document, because.pointer, because.app)
    return None


def _key(ref: AppRef) -> Key:
    return ref.document, ref.pointer
