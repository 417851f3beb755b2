"""An app lacks what Marathon-LB reads of it, or has it in a form that it does not understand.

## What it does

Looks at what Marathon fills in or checks, and files written by hand do not have: health checks in a reply of Marathon
without `protocol` or one of their four numbers, or of a protocol that there is not; an app without `tasks` among others
that have them; networks of a mode that there is not.

## Why is this bad?

A missing member stops Marathon-LB with a KeyError, for all apps. lbgen leaves the app out, or takes it for one that is
not deployed yet. A network mode that is not known is taken for the host's network, so that other ports count.

## Use instead

What Marathon itself replies to `GET /v2/apps?embed=apps.tasks`. In a definition that is not deployed yet, tasks and the
members of health checks may be missing: Marathon will fill them in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.finding import Edit, Fix, Severity
from lbgen.lint.rule import Problem
from lbgen.marathon.network import BRIDGE, CONTAINER, HOST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lbgen.lint.subjects import App, Fleet

_TIMES = ("timeoutSeconds", "intervalSeconds", "gracePeriodSeconds", "maxConsecutiveFailures")
_PROTOCOLS = frozenset({"HTTP", "HTTPS", "TCP", "COMMAND", "MESOS_HTTP", "MESOS_HTTPS", "MESOS_TCP"})
_MODES = (HOST, BRIDGE, CONTAINER)
_STOPS = "Marathon-LB stops for all apps here; lbgen leaves the app out"


def check(fleet: Fleet) -> Iterator[Problem]:
    """What is missing or strange in the shape of each app that has labels for the load balancer."""
    deployed = {app.app.ref.document for app in fleet.apps if app.app.tasks is not None}
    for app in fleet.apps:
        if app.labels:
            if app.app.tasks is None and app.app.ref.document in deployed:
                yield _without_tasks(app)
            for index, fields in enumerate(app.app.fields.get("healthChecks") or ()):
                yield from _health_check(app, f"healthChecks/{index}", fields)
            yield from _networks(app)


def _without_tasks(app: App) -> Problem:
    message = 'the app has no "tasks", and others of the file have: Marathon-LB stops for all apps here'
    help_ = "lbgen takes it for an app that is not deployed yet, and makes up its servers"
    severity = Severity.WARNING if app.context.portable else Severity.ERROR
    return Problem(message, app.origin, help_, severity=severity)


def _health_check(app: App, pointer: str, fields: Mapping[str, Any]) -> Iterator[Problem]:
    deployed = app.app.tasks is not None
    protocol = fields.get("protocol")
    counts = bool(fields.get("port")) or fields.get("portIndex") in range(len(app.ports))
    missing = [name for name in ("protocol", *_TIMES) if fields.get(name) is None]
    if deployed and missing and counts:
        yield Problem(f"the health check has no {', '.join(missing)}", app.at(pointer), _STOPS)
    if protocol is not None and protocol not in _PROTOCOLS:
        message = f'"{protocol:.40}" is no protocol of a health check'
        help_ = f"there are {', '.join(sorted(_PROTOCOLS))}"
        yield Problem(message, app.at(f"{pointer}/protocol"), help_, severity=Severity.WARNING)


def _networks(app: App) -> Iterator[Problem]:
    fields = app.app.fields
    for index, entry in enumerate(fields.get("networks") or ()):
        mode = entry.get("mode")
        if mode is not None and mode not in _MODES:
            message = f'"{mode:.40}" is no networking mode: the service ports of the host count'
            help_ = f"there are {', '.join(_MODES)}"
            yield Problem(message, app.at(f"networks/{index}/mode"), help_, severity=Severity.WARNING)
    network = ((fields.get("container") or {}).get("docker") or {}).get("network")
    if network in {"bridge", "user", "Bridge", "User"} and not fields.get("networks"):
        message = f'"{network:.40}" is not read as {network.upper()}: the service ports of the host count'
        origin = app.at("container/docker/network")
        fix = Fix(f'write "{network.upper()}"', (Edit(origin.document, network.upper(), origin.pointer),), safe=False)
        yield Problem(message, origin, "write it in capitals", fix=fix, severity=Severity.WARNING)
