"""A label counts past the app's service ports.

## What it does

Compares the number in `HAPROXY_{n}_...` with the app's service ports, which count from 0, and the value of
`HAPROXY_{n}_BACKEND_HEALTHCHECK_PORT_INDEX` likewise. That value is the rank of a service among those of the app, by
service port; -1 is the last one.

## Why is this bad?

A label of a service port that is not there does nothing. A health check of the port behind the last one stops
Marathon-LB, for all apps; lbgen leaves the app out. A rank further off is ignored.

## Use instead

With one service port, 0 is the only number. Where all labels of an app count from 1, the fix renames them; it is
unsafe, because the labels begin to work with it.

```json
"portDefinitions": [{"port": 10001}],
"labels": {"HAPROXY_0_VHOST": "shop.example.com"}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Edit, Fix, Severity
from lbgen.lint.labels import asked
from lbgen.lint.rule import Problem
from lbgen.marathon.labels import known
from lbgen.marathon.unread import unread_labels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App

_NAME = "BACKEND_HEALTHCHECK_PORT_INDEX"


def check(app: App) -> Iterator[Problem]:
    """Every label of a port that the app does not have, and every rank of a service that it does not have."""
    for finding in unread_labels(app.app):
        if finding.rule == "label-index-range":
            yield Problem(finding.message, finding.origin, finding.help, fix=_from_0(app))
    count = len(app.ports)
    for service in asked(app):
        rank = service.health_check_port_index
        if rank is not None and not -count <= rank < count:
            stops = rank == count and service.check is not None
            effect = "Marathon-LB stops for all apps here" if stops else "it is ignored"
            yield Problem(
                f"the app has no service of rank {rank}: {effect}",
                service.because(_NAME).origin(),
                f"ranks count from 0 to {count - 1}, by service port",
                severity=Severity.ERROR if stops else Severity.WARNING,
            )


def _from_0(app: App) -> Fix | None:
    """All labels counted from 0, where somebody counted all of them from 1 to the number of ports."""
    counted = [label for label in app.labels if label.index is not None and known(label.name or "")]
    indices = [label.index for label in counted if label.index is not None]
    if min(indices, default=0) != 1 or max(indices) != len(app.ports):
        return None
    edits = (
        Edit(label.origin.document, f"HAPROXY_{index - 1}_{label.name}", label.origin.pointer, key=True)
        for label, index in zip(counted, indices, strict=True)
    )
    return Fix("count the labels from 0", tuple(edits), safe=False)
