"""From apps with Marathon-LB's labels to Edge-LB: labels for each app, or a pool for each group."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from lbgen.convert.doors import AUTO_CERTIFICATE, HTTPS, LABELS, SERVICE, Report
from lbgen.convert.judging import judge, template_names
from lbgen.convert.services import find_services
from lbgen.convert.to_labels import PREFIX, labels_of, port_443
from lbgen.convert.to_pool import pool_of
from lbgen.convert.together import exceptions, note_order
from lbgen.dataclass import dataclass
from lbgen.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lbgen.convert.doors import ConvertOptions, Moving, Route
    from lbgen.marathon.apps import MarathonApp
    from lbgen.model.service import AppRef
    from lbgen.origin import Origin


@dataclass(frozen=True, slots=True)
class ConvertedApp:
    """An app, and the labels that it gets."""

    app: MarathonApp
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ConvertedPool:
    """A pool: its JSON value, by pointer into it where its values come from, and the apps in it."""

    name: str
    value: Mapping[str, Any]
    origins: Mapping[str, Origin]
    apps: tuple[AppRef, ...]


@dataclass(slots=True)
class Converted:
    """What goes over, as labels or as pools, and everything that is to be said.

    `left_out` are the apps of which something does not go over; `asked` tells whether any app was there to convert.
    """

    apps: list[ConvertedApp] = field(default_factory=list)
    pools: list[ConvertedPool] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    left_out: list[AppRef] = field(default_factory=list)
    asked: bool = False


def convert(apps: Iterable[MarathonApp], options: ConvertOptions) -> Converted:
    """The labels or pools that serve the apps as Marathon-LB does, as far as that can be."""
    found = find_services(apps, options.groups)
    report = Report(options.lossy)
    for moving in found.moving:
        judge(moving, options, report)
    _refuse_taken(found.moving, options, report)
    made = Converted(findings=found.findings, left_out=list(found.left_out), asked=found.asked)
    if options.to == LABELS:
        _add_labels(found.moving, options, report, made)
    else:
        _add_pools(found.moving, options, report, made)
    made.findings += report.findings
    made.findings += _for_everybody(found.moving, options)
    made.findings = list(dict.fromkeys(made.findings))
    made.left_out = list(dict.fromkeys([*made.left_out, *report.left_out]))
    return made


def _refuse_taken(services: Sequence[Moving], options: ConvertOptions, report: Report) -> None:
    """Closes doors that another service has already: a port, or a name."""
    ports: dict[tuple[str, int | None], Moving] = {}
    names: dict[tuple[str, str], Moving] = {}
    for moving in services:
        for template in template_names(moving, options):
            owner = ports.setdefault((template, moving.port), moving) if moving.port is not None else moving
            if owner.identity != moving.identity and SERVICE in owner.doors:
                text = f"is on port {moving.port}, which {owner.service.app.id} has already"
                report.refuse(moving, text, "PORT", doors=(SERVICE,))
            named = names.setdefault((template, moving.stem), moving)
            if named.identity != moving.identity:
                report.refuse(moving, f"would be called {moving.stem}, as {named.identity} is already")


def _add_labels(services: Sequence[Moving], options: ConvertOptions, report: Report, made: Converted) -> None:
    for members in _by_template(services, options).values():
        spared = exceptions(members, report)
        note_order(members, report)
        by_app: dict[AppRef, list[Moving]] = {}
        for moving in members:
            by_app.setdefault(moving.app.ref, []).append(moving)
        for own in by_app.values():
            if labels := labels_of(own, spared, options):
                made.apps.append(ConvertedApp(own[0].app, labels))
                made.findings += _labels_there(own[0].app, labels)
    made.apps.sort(key=lambda each: each.app.id)


def _labels_there(app: MarathonApp, labels: Mapping[str, str]) -> Iterator[Finding]:
    """What is to be said of labels of Edge-LB that the app has already."""
    for key in sorted(key for key in app.labels if key.startswith(PREFIX)):
        origin = app.ref.label(key).origin()
        if key not in labels:
            yield Finding("label-stays", Severity.WARNING, f"{key} was there before, and stays", origin)
        elif labels[key] != app.labels[key]:
            message = f'{key} was "{app.labels[key]:.60}", and becomes "{labels[key]:.60}"'
            yield Finding("label-replaced", Severity.WARNING, message, origin)


def _by_template(services: Sequence[Moving], options: ConvertOptions) -> dict[str, list[Moving]]:
    """The services of each template; a task is in one, and its first service says in which."""
    homes: dict[AppRef, str] = {}
    made: dict[str, list[Moving]] = {}
    for moving in services:
        home = homes.setdefault(moving.app.ref, template_names(moving, options)[0])
        made.setdefault(home, []).append(moving)
    return made


def _add_pools(services: Sequence[Moving], options: ConvertOptions, report: Report, made: Converted) -> None:
    by_pool: dict[str, list[Moving]] = {}
    for moving in services:
        for name in template_names(moving, options):
            by_pool.setdefault(name, []).append(moving)
    for name in sorted(by_pool):
        spared: list[Route] = exceptions(by_pool[name], report)
        members = [moving for moving in by_pool[name] if moving.doors]
        if members:
            value, origins = pool_of(name, members, spared, options)
            refs = dict.fromkeys(moving.app.ref for moving in members)
            made.pools.append(ConvertedPool(name, value, origins, tuple(refs)))


_DIFFERENCES = (
    "port 9091 and its header X-Marathon-App-Id have no counterpart; 80 and 443 are open where there is a vhost;"
    " every server is checked by connecting to it; a vhost is matched whatever port the Host header has behind it,"
    " and whatever capitals a TLS client writes it with"
)


def _for_everybody(services: Sequence[Moving], options: ConvertOptions) -> Iterable[Finding]:
    """What is different for all services alike."""
    if not any(moving.doors for moving in services):
        return
    yield Finding("edge-lb-differs", Severity.INFO, f"with Edge-LB, for all apps: {_DIFFERENCES}")
    if not any(HTTPS in moving.doors for moving in services):
        return
    names = ", ".join(dict.fromkeys(port_443(options)))
    automatic = " (a certificate that Edge-LB makes itself)" if names == AUTO_CERTIFICATE else ""
    help_ = "--ssl-certs names Marathon-LB's files, and --certificate FILE=SECRET what they become"
    yield Finding("port-443", Severity.INFO, f"the certificate of port 443 is {names}{automatic}", help=help_)
