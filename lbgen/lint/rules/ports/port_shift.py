"""Service ports and labels belong to other ports of the container than they seem to.

## What it does

Looks for port mappings without `servicePort` in front of others that have one, in apps with an address per container,
and for mappings without `hostPort` beside others that have one, in apps on a bridge.

## Why is this bad?

Labels and tasks are counted by position. A mapping without `servicePort` is left out of the list of service ports, and
not out of the list of ports that tasks listen on: `HAPROXY_0_VHOST` is then for the second mapping, and its requests go
to the first one's port. A mapping without `hostPort` is missing among the host ports of a task, and everything behind
it moves up.

## Use instead

Give every mapping a `servicePort`, and a `hostPort` on a bridge; 0 lets Marathon choose:

```json
"portMappings": [
  { "containerPort": 8080, "hostPort": 0, "servicePort": 0 },
  { "containerPort": 9000, "hostPort": 0, "servicePort": 10002 }
]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.finding import Severity
from lbgen.lint.rule import Problem
from lbgen.marathon import network

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lbgen.lint.subjects import App


def check(app: App) -> Iterator[Problem]:
    """The first mapping that moves the others."""
    fields = app.app.fields
    networking, mappings = network.mode(fields), network.mappings(fields)
    pointers = network.mapping_pointers(fields)
    if not app.groups or networking == network.HOST:
        return
    if _marathon_fills_in(app, networking):
        yield from _host_ports(app, mappings, pointers)
        return
    first = _first_without("servicePort", mappings)
    behind = [index for index in range(first + 1, len(mappings)) if mappings[index].get("servicePort") is not None]
    if behind:
        index, other = sum(each.get("servicePort") is not None for each in mappings[:first]), behind[0]
        port, right = mappings[other]["servicePort"], mappings[other].get("containerPort")
        wrong = mappings[index].get("containerPort")
        message = f'has no "servicePort", so HAPROXY_{index}_ and service port {port} are for container port {right}'
        sent = f"{message}, and its requests go to {wrong}"
        yield Problem(f"this mapping {sent}", app.at(pointers[first]), _help("servicePort"), (app.at(pointers[other]),))
    if networking == network.BRIDGE:
        yield from _host_ports(app, mappings, pointers)


def _marathon_fills_in(app: App, networking: str) -> bool:
    """Whether service ports that are missing are chosen when the app is deployed."""
    return app.app.tasks is None and networking == network.BRIDGE


def _first_without(key: str, mappings: Sequence[Mapping[str, Any]]) -> int:
    return next((index for index, mapping in enumerate(mappings) if mapping.get(key) is None), len(mappings))


def _host_ports(app: App, mappings: Sequence[Mapping[str, Any]], pointers: Sequence[str]) -> Iterator[Problem]:
    """A mapping without a host port beside others that have one: its tasks have one port less."""
    first = _first_without("hostPort", mappings)
    if all(mapping.get("hostPort") is None for mapping in mappings[first + 1 :]):
        return
    tasks = app.app.tasks
    if tasks and all(task.ports is None or len(task.ports) >= len(mappings) for task in tasks):
        return
    port = mappings[first].get("containerPort")
    message = f'this mapping has no "hostPort": tasks have no port for {port}, and service ports from index {first} on'
    problem = Problem(f"{message} go to the wrong one", app.at(pointers[first]), _help("hostPort"))
    yield problem if tasks else Problem(problem.message, problem.origin, problem.help, severity=Severity.WARNING)


def _help(key: str) -> str:
    return f'give it a "{key}"; 0 lets Marathon choose'
