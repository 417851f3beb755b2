"""No load balancer serves the groups that an app names, or it names none.

## What it does

Looks at `HAPROXY_GROUP`, and at `HAPROXY_{n}_GROUP`, which takes its place for one service port. Where groups are known
(`--group`), one of the app's should be among them. Otherwise a group of few apps is looked at that differs by a slip
from one of many apps. Digits tell groups apart: `external1` is no slip of `external2`.

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


def check(fleet: Fleet) -> Iterator[Problem]:
    """What is wrong with the groups of each app that has labels for the load balancer."""
    counts = Counter(group for app in fleet.apps for group in app.groups)
    slips = Slips([group for group, count in counts.items() if count >= _MANY])
    known = frozenset(fleet.context.groups)
    for app in fleet.apps:
        yield from _ungrouped(app, known)
        labels = [label for label in app.labels if _is_group(app, label)]
        if known and "*" not in known:
            yield from _unserved(labels, known)
        else:
            for label in labels:
                yield from _misspelt(label, counts, slips)


def _is_group(app: App, label: Label) -> bool:
    return label.key == "HAPROXY_GROUP" or (label.name == "GROUP" and (label.index or 0) < len(app.ports))


def _ungrouped(app: App, known: frozenset[str]) -> Iterator[Problem]:
    """The services with labels and without a group, told once."""
    if "*" in known or any(label.key == "HAPROXY_GROUP" for label in app.labels):
        return
    for service in app.services:
        if service.labels and service.groups is None and service.enabled is not False:
            label = next(each for each in app.labels if each.index == service.index)
            message = f"index {service.index} has labels, and no group: no load balancer serves it"
            yield Problem(message, label.origin, "name the load balancer's group in HAPROXY_GROUP")
            return


def _unserved(labels: Sequence[Label], known: frozenset[str]) -> Iterator[Problem]:
    names = {item.text for label in labels for item in by_comma(label.text)}
    if names - {""} and known.isdisjoint(names):
        help_ = f"the groups that are served: {', '.join(sorted(known))}"
        yield Problem(f'no load balancer serves "{labels[0].text:.60}"', labels[0].origin, help_)


def _misspelt(label: Label, counts: Counter[str], slips: Slips) -> Iterator[Problem]:
    for item in by_comma(label.text):
        if not item.text.strip():
            origin = label.origin.narrowed(item.start, item.end) if item.text else label.origin
            yield Problem("a group without a name: no load balancer has it", origin, severity=Severity.INFO)
        elif (meant := slips.meant_by(item.text)) and counts[meant] >= _TIMES_MORE * counts[item.text]:
            message = f'"{item.text:.60}" may be a slip of "{meant:.60}", the group of {counts[meant]} apps'
            origin = label.origin.narrowed(item.start, item.end)
            fix = replaced(label, item, meant, f'write "{meant:.60}"', safe=False)
            yield Problem(message, origin, "a group that is another one is best called something else", fix=fix)
