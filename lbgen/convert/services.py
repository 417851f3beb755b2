"""From apps to the services that go over: read as Marathon-LB reads them, but of tasks and ports not made up."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from lbgen.convert.doors import Moving
from lbgen.dataclass import dataclass
from lbgen.finding import Finding, Severity
from lbgen.marathon import network, planned
from lbgen.marathon.apps import RunningTask
from lbgen.marathon.labels import split_name
from lbgen.marathon.port_names import port_names
from lbgen.marathon.services import ServiceOptions, services

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lbgen.marathon.apps import MarathonApp
    from lbgen.model.service import AppRef, Service

_DEPLOYMENT = "HAPROXY_DEPLOYMENT_"
_GROUP = "HAPROXY_GROUP"
_HOST = "192.0.2.1"
# Any ports will do where none is known: what is made up here goes nowhere.
_MADE_UP = range(1024, 65536)


@dataclass(slots=True)
class Found:
    """The services in Marathon-LB's order, what was found on the way, and the apps that cannot be read.

    `asked` tells whether any app is in one of the groups.
    """

    moving: list[Moving] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    left_out: list[AppRef] = field(default_factory=list)
    asked: bool = False


def find_services(apps: Iterable[MarathonApp], groups: Sequence[str]) -> Found:
    """The services of the apps that are in these groups; in any named one where no group is given."""
    chosen = [app for app in apps if _wanted(_all_names(app), groups)]
    made = Found(asked=bool(chosen))
    for app in chosen:
        made.findings += _deployment_labels(app)
    plain = [_without_deployment(app) for app in chosen]
    filled, choices = planned.complete(plain, {}, service_ports=_MADE_UP, taken=())
    result = services([_with_a_task(app) for app in filled], ServiceOptions(groups=("*",), resolve=lambda host: host))
    made.findings += [*choices.findings, *result.findings]
    made.left_out += result.left_out
    # Labels of deployments are read after all, where names are given.
    declared = {_key(app.ref): app for app in chosen}
    for service in result.services:
        names = _names(service, declared[_key(service.app)])
        if _wanted(names, groups):
            made.moving.append(_moving(service, declared[_key(service.app)], names))
    return made


def _key(ref: AppRef) -> tuple[str, str]:
    return ref.document, ref.pointer


def _all_names(app: MarathonApp) -> list[str]:
    values = (
        value for key, value in app.labels.items() if key == _GROUP or (split_name(key) or ("", ""))[1] == "GROUP"
    )
    return [name for value in values for name in value.split(",")]


def _names(service: Service, app: MarathonApp) -> tuple[str, ...]:
    if service.groups is not None:
        return service.groups
    return tuple(app.labels[_GROUP].split(",")) if _GROUP in app.labels else ()


def _wanted(names: Iterable[str], groups: Sequence[str]) -> bool:
    return "*" in groups or any(name in groups if groups else name for name in names)


def _deployment_labels(app: MarathonApp) -> Iterator[Finding]:
    keys = sorted(key for key in app.labels if key.startswith(_DEPLOYMENT))
    if keys:
        message = (
            f"{keys[0]} and its kin have no counterpart: both colours are one backend, and none of them is drained"
        )
        yield Finding("no-counterpart", Severity.WARNING, message, app.ref.label(keys[0]).origin())


def _without_deployment(app: MarathonApp) -> MarathonApp:
    # `HAPROXY_DEPLOYMENT_GROUP` would make one app of two, and labels belong to each of them.
    return replace(app, labels={key: value for key, value in app.labels.items() if not key.startswith(_DEPLOYMENT)})


def _with_a_task(app: MarathonApp) -> MarathonApp:
    count = max(len(network.service_ports(app.fields, network.mode(app.fields))), 1)
    task = RunningTask("task", _HOST, tuple(range(31000, 31000 + count)), _HOST, None, None)
    return replace(app, tasks=[task])


def _moving(service: Service, app: MarathonApp, names: tuple[str, ...]) -> Moving:
    ports = port_names(app.fields)
    return Moving(
        service=service,
        app=replace(app, ref=replace(app.ref, id=service.app.id)),
        identity=app.labels.get(f"{_DEPLOYMENT}GROUP") or service.app.id,
        names=names,
        port=service.port if _is_known(service, app.fields) else None,
        port_name=ports[service.index] if service.index < len(ports) else None,
        port_count=len(ports),
    )


def _is_known(service: Service, fields: Any) -> bool:
    """Whether the service port is one that somebody chose, and not made up here or by the load balancer."""
    if "PORT" in service.labels:
        return True
    declared = network.service_ports(fields, network.mode(fields))
    return service.index < len(declared) and bool(declared[service.index])
