"""A group that an app names is a slip of another one, or it names none.

## What it does

Looks at `HAPROXY_GROUP`, and at `HAPROXY_{n}_GROUP`, which takes its place for one service port. A group of few apps is
looked at that differs by a slip from one of many apps, or from one that is looked at (`--group`). Digits tell groups
apart: `external1` is no slip of `external2`. An app that is in other groups only than `--group` names is in them on
purpose, mostly: that is a remark, which `--pedantic` shows.

## Why is this bad?

A load balancer serves the apps that name its group, letter by letter. The others it passes over, and nothing says so.

## Use instead

```json
"HAPROXY_GROUP": "external"
```

An app that no load balancer should serve needs no `HAPROXY_` label at all.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.lint.labels import by_comma, replaced
from lbgen.lint.rule import Problem
from lbgen.lint.rules.routing.slips import Slips

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.lint.subjects import App, Fleet, Label

_MANY, _TIMES_MORE = 5, 5
"""So many apps, and so many times more than the other group, make a group that others are slips of."""


class _Groups:
    """The groups of a fleet, and which of them others may be slips of."""

    def __init__(self, fleet: Fleet) -> None:
        self._counts = Counter(group for app in fleet.apps for group in app.groups)
        self.every = "*" in fleet.context.groups
        self.served = frozenset() if self.every else frozenset(fleet.context.groups)
        large = {group for group, count in self._counts.items() if count >= _MANY}
        self._slips = Slips(large | self.served)

    def meant_by(self, name: str) -> tuple[str, str] | None:
        """The group that the name is a slip of, and what makes it likely; or None."""
        meant = self._slips.meant_by(name)
        if meant is None:
            return None
        often, seldom = self._counts[meant], self._counts[name]
        if often >= _MANY and often >= _TIMES_MORE * seldom:
            return meant, f"the group of {often} apps"
        return (meant, "a group that is looked at") if meant in self.served and seldom < _MANY else None


def check(fleet: Fleet) -> Iterator[Problem]:
    """What is wrong with the groups of each app that has labels for the load balancer."""
    groups = _Groups(fleet)
    for app in fleet.apps:
        if not groups.every:
            yield from _ungrouped(app)
        labels = [label for label in app.labels if _is_group(app, label)]
        found = [problem for label in labels for problem in _misspelt(label, groups)]
        yield from found or _unserved(labels, groups.served)


def _is_group(app: App, label: Label) -> bool:
    return label.key == "HAPROXY_GROUP" or (label.name == "GROUP" and (label.index or 0) < len(app.ports))


def _ungrouped(app: App) -> Iterator[Problem]:
    """The services with labels and without a group, told once."""
    if any(label.key == "HAPROXY_GROUP" for label in app.labels):
        return
    for service in app.services:
        if service.labels and service.groups is None and service.enabled is not False:
            label = next(each for each in app.labels if each.index == service.index)
            message = f"index {service.index} has labels, and no group: no load balancer serves it"
            yield Problem(message, label.origin, "name the load balancer's group in HAPROXY_GROUP")
            return


def _unserved(labels: Sequence[Label], served: frozenset[str]) -> Iterator[Problem]:
    # Blanks are told of by label-whitespace.
    names = {item.text.strip() for label in labels for item in by_comma(label.text)} - {""}
    if names and served and served.isdisjoint(names):
        help_ = f"the groups that are looked at: {', '.join(sorted(served))}"
        message = f'none of the groups that are looked at is "{labels[0].text:.60}"'
        yield Problem(message, labels[0].origin, help_, severity=Severity.INFO)


def _misspelt(label: Label, groups: _Groups) -> Iterator[Problem]:
    if label.index is not None and not label.text:
        return  # takes one port out of the app's groups
    for item in by_comma(label.text):
        if not item.text.strip():
            origin = label.origin.narrowed(item.start, item.end) if item.text else label.origin
            yield Problem("a group without a name: no load balancer has it", origin, severity=Severity.INFO)
        elif found := groups.meant_by(item.text):
            meant, why = found
            message = f'"{item.text:.60}" may be a slip of "{meant:.60}", {why}'
            origin = label.origin.narrowed(item.start, item.end)
            fix = replaced(label, item, meant, f'write "{meant:.60}"', safe=False)
            yield Problem(message, origin, "write the other one, or ignore this if both are meant", fix=fix)
