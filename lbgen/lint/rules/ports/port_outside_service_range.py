"""A service port lies where others take theirs from.

## What it does

Compares service ports with the range that is kept for them (`--service-ports`, 10000 to 10150 unless it is given), with
31000 to 32000, out of which agents of Mesos give ports to tasks, and with 32768 to 60999, out of which Linux takes the
local port of an outgoing connection. A service port outside of its range is a warning in a definition, and information
in a reply of Marathon, which has agreed to it. `HAPROXY_{n}_PORT` is how a port outside of the range is usually asked
for, and information only: Marathon does not know of it, and would give the same port to another app.

## Why is this bad?

A load balancer often runs beside tasks. Where one of them, or a connection of HAProxy's own, has the port at the wrong
moment, a start or a reload fails, and with it everybody's change. It works on most days.

## Use instead

```json
"portDefinitions": [{ "port": 10001 }]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.lint.rule import Problem
from lbgen.lint.rules.ports.served import served
from lbgen.ports.address import MOST
from lbgen.ports.apps import Declared
from lbgen.ports.claim import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App

_TAKEN_FROM = (
    (range(31000, 32001), "tasks get theirs", "an agent may have given it to a task"),
    (range(32768, 61000), "Linux takes those of outgoing connections", "a connection may have it just then"),
)


def check(app: App) -> Iterator[Problem]:
    """Every service port that is not where service ports are."""
    usual = app.context.service_ports
    declared = Declared.of(app.app)
    for service in served(app):
        kind, _, origin = declared.asked(service)
        fine = service.port in usual or service.port in app.context.lb_ports or not 1 <= service.port <= MOST
        if fine or kind in {Kind.AUTOMATIC, Kind.PLANNED}:
            continue
        help_ = f"service ports are {usual.start} to {usual.stop - 1}, as --service-ports says"
        for ports, who, why in _TAKEN_FROM:
            if service.port in ports:
                between = f"between {ports.start} and {ports.stop - 1}, where {who}"
                yield Problem(f"{service.port} lies {between}: {why}, and a reload fails", origin, help_)
                break
        else:
            yield _outside(app, kind, service.port, Problem("", origin, help_))


def _outside(app: App, kind: Kind, port: int, problem: Problem) -> Problem:
    usual = app.context.service_ports
    said = f"{port} lies outside of {usual.start} to {usual.stop - 1}"
    if kind is Kind.LABEL:
        message = f"{said}, and Marathon does not know of it: it would give {port} to another app"
        return Problem(message, problem.origin, problem.help, severity=Severity.INFO)
    before = app.app.tasks is None
    message = f"{said}, which is kept for service ports"
    return Problem(message, problem.origin, problem.help, severity=Severity.WARNING if before else Severity.INFO)
