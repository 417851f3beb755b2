"""The labels of a deployment group do not fit together.

## What it does

Looks at `HAPROXY_DEPLOYMENT_GROUP` and what belongs to it, in each app and between the apps of one group: empty names,
`STARTED_AT` that is no date, dates with and without a time zone in one group, equal dates, `NEW_INSTANCES` without
`TARGET_INSTANCES`, more than one service port.

## Why is this bad?

Marathon-LB stops at most of these, for all apps; lbgen leaves one colour out. Of equal dates the order of Marathon's
list decides which app is the new one. Tools for blue-green deployments know one service port for each app.

## Use instead

```json
"HAPROXY_DEPLOYMENT_GROUP": "shop",
"HAPROXY_DEPLOYMENT_STARTED_AT": "2026-01-31T12:00:00Z",
"HAPROXY_DEPLOYMENT_NEW_INSTANCES": "0",
"HAPROXY_DEPLOYMENT_TARGET_INSTANCES": "4"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.lint.rule import Problem
from lbgen.lint.rules.health.colours import between, read_date
from lbgen.marathon import deployment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App, Fleet
    from lbgen.origin import Origin


def check(fleet: Fleet) -> Iterator[Problem]:
    """What is wrong with the labels of each member of a group, and between its members."""
    groups: dict[str, list[App]] = {}
    for app in fleet.apps:
        if deployment.GROUP not in app.app.labels:
            continue
        try:
            name = deployment.group_name(app.app) or ""
        except deployment.GroupError as error:
            yield Problem(str(error), error.origin, "name the app that both colours are, as in shop")
        else:
            groups.setdefault(name, []).append(app)
            yield from _alone(app)
    for members in groups.values():
        yield from between(sorted(members, key=lambda app: app.id))


def _alone(app: App) -> Iterator[Problem]:
    labels = app.app.labels
    if deployment.NEW_INSTANCES in labels and deployment.TARGET not in labels:
        message = f"needs {deployment.TARGET} beside it: Marathon-LB stops for all apps"
        yield Problem(message, _at(app, deployment.NEW_INSTANCES), "say how many instances the deployment aims at")
    if deployment.STARTED in labels and (problem := read_date(app).problem):
        yield problem
    if len(app.ports) > 1:
        message = f"the app has {len(app.ports)} service ports; deployment tools know one"
        yield Problem(message, _at(app, deployment.GROUP), severity=Severity.WARNING)


def _at(app: App, key: str) -> Origin:
    return app.app.ref.label(key).origin()
