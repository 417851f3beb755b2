"""From apps to services: ports paired with tasks, labels applied, tasks chosen, as Marathon-LB does."""

from __future__ import annotations

from dataclasses import field
from functools import reduce
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.errors import AppError, InputError
from lbgen.finding import Finding, Severity, of_error
from lbgen.marathon import deployment, names, network
from lbgen.marathon.auto_ports import AutoPorts
from lbgen.marathon.labelled import labels_by_index, read_service
from lbgen.marathon.limits import MOST_PORTS, MOST_SERVICES
from lbgen.marathon.servers import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from lbgen.marathon.apps import MarathonApp
    from lbgen.model.service import AppRef, Service
    from lbgen.origin import Because


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOptions:
    """What the operator says about which apps, tasks and ports are served.

    `resolve` gives the IPv4 address of a host name, or None. `framework` is an app, without the first character of
    its id, that is passed over: the load balancer itself.
    """

    groups: tuple[str, ...] = ("external",)
    strict: bool = False
    health_check: bool = False
    auto_ports: tuple[int, int] = (10050, 10100)
    framework: str | None = None
    resolve: Callable[[str], str | None]


@dataclass(slots=True)
class Services:
    """The services to generate, in order, with findings.

    `apps` are those without a fault, `left_out` those that should be served and cannot be; `asked` tells whether any
    of the former asked to be, with or without tasks.
    """

    services: list[Service] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    left_out: list[AppRef] = field(default_factory=list)
    asked: bool = False
    apps: list[MarathonApp] = field(default_factory=list)


def services(apps: Sequence[MarathonApp], options: ServiceOptions) -> Services:
    """The services of the apps, sorted by app id and service port; apps with faults are left out and named."""
    remaining = list(apps)
    result = Services()
    while True:
        found = _Pass(options)
        made = found.run(remaining)
        if not found.blamed:
            left_out = result.left_out + found.unreached
            return Services(made, result.findings + found.findings, left_out, found.asked, remaining)
        # Ports are handed out in order and colours are merged in pairs: what the others get must not depend on an app
        # that is not there, so the rest starts over.
        result.findings += found.blames
        result.left_out += [ref for ref, concerned in found.blamed.values() if concerned]
        remaining = [app for app in remaining if _key(app.ref) not in found.blamed]


def _key(ref: AppRef) -> tuple[str, str]:
    return ref.document, ref.pointer


class _Pass:
    """One walk over the apps.

    `blamed` are those that cannot be read, with whether this load balancer is asked, `unreached` those that it is asked
    for and that lose all tasks to the resolver.
    """

    def __init__(self, options: ServiceOptions) -> None:
        self._options = options
        self._auto = AutoPorts(*options.auto_ports)
        self.asked = False
        self.findings: list[Finding] = []
        self.blames: list[Finding] = []
        self.blamed: dict[tuple[str, str], tuple[AppRef, bool]] = {}
        self.unreached: list[AppRef] = []

    def run(self, apps: Iterable[MarathonApp]) -> list[Service]:
        """The services to generate; none where ids or groups are at fault already."""
        made: list[Service] = []
        # Ports by hash depend on who is there: nobody gets one, or is blamed for what it does, before all groups are.
        merged = list(self._in_order(apps))
        for app in merged if not self.blamed else ():
            if app.id[1:] == self._options.framework:
                continue
            try:
                made += self._services(app)
            except AppError as error:
                self._blame(app, error)
            if len(made) > MOST_SERVICES:
                raise InputError(f"the apps have more than {MOST_SERVICES:,} services, which is the most that is taken")
        made.sort(key=lambda service: (service.app.id, service.port))
        return made

    def _in_order(self, apps: Iterable[MarathonApp]) -> Iterator[MarathonApp]:
        """Apps of no deployment group first, then the merged ones."""
        groups: dict[str, list[MarathonApp]] = {}
        for app in apps:
            try:
                _check_id(app)
                name = deployment.group_name(app)
            except AppError as error:
                self._blame(app, error)
                continue
            if name is None:
                yield app
            else:
                groups.setdefault(name, []).append(app.renamed(name))
        yield from self._merged(groups.values())

    def _merged(self, groups: Iterable[list[MarathonApp]]) -> Iterator[MarathonApp]:
        for members in groups:
            try:
                yield reduce(deployment.merge, members)
            except deployment.GroupError as error:
                # The others are merged in the next walk: what they do to each other may be another story without it.
                self._blame(error.app, error)

    def _blame(self, app: MarathonApp, error: AppError) -> None:
        concerned = self._concerned(app)
        severity = Severity.ERROR if concerned else Severity.WARNING
        self.blames.append(of_error(error, severity, app.ref.because().origin()))
        self.blamed[_key(app.ref)] = (app.ref, concerned)

    def _concerned(self, app: MarathonApp) -> bool:
        """Whether the app asks to be served by this load balancer."""
        if "*" in self._options.groups:
            return True
        asked = (value for key, value in app.labels.items() if key == "HAPROXY_GROUP" or key.endswith("_GROUP"))
        return any(name in self._options.groups for value in asked for name in value.split(","))

    def _in_group(self, app: MarathonApp, service: Service) -> bool:
        wanted = self._options.groups
        if "*" in wanted:
            return True
        asked = service.groups
        if asked is None:
            label = app.labels.get("HAPROXY_GROUP")
            asked = () if label is None else tuple(label.split(","))
        return any(name in wanted for name in asked)

    def _enabled(self, service: Service) -> bool:
        return service.enabled is True or (service.enabled is None and not self._options.strict)

    def _served(self, service: Service) -> bool:
        """Whether anything is written for the service; says why where it is not."""
        if not self._enabled(service):
            self._note(
                service.because("ENABLED"),
                "not-enabled",
                f"port {service.port} is not enabled; nothing is written for it",
            )
            return False
        if not service.servers:
            self._note(
                service.app.because(), "no-server", f"no task serves port {service.port}; nothing is written for it"
            )
            return False
        return True

    def _note(self, because: Because, rule: str, message: str) -> None:
        self.findings.append(Finding(rule, Severity.INFO, message, because.origin()))

    def _services(self, app: MarathonApp) -> list[Service]:
        """The services of the app that this load balancer is asked for and that have servers."""
        networking = network.mode(app.fields)
        ports = self._service_ports(app, networking)
        by_index = labels_by_index(app.labels)
        by_port: dict[int, Service] = {}
        for index, port in enumerate(ports):
            if port is not None:
                by_port[port] = read_service(app, index, port, by_index.get(index, {}))
        tasks = Tasks(app, networking, self._options.resolve, health_check=self._options.health_check)
        tasks.serve(ports, by_port)
        self.findings += tasks.findings
        served = [service for service in by_port.values() if service.servers]
        for service in served:
            service.siblings = served
        selected = [service for service in by_port.values() if self._in_group(app, service)]
        if not by_port and self._concerned(app):
            self.asked = True
            self._note(app.ref.because(), "no-service-port", "the app has no service port; nothing is written for it")
        if tasks.findings and not served and any(self._enabled(service) for service in selected):
            self._leave_out_unreached(app)
            return []
        self.asked = self.asked or bool(selected)
        return [service for service in selected if self._served(service)]

    def _leave_out_unreached(self, app: MarathonApp) -> None:
        self.unreached.append(app.ref)
        help_ = "where the resolver is out of order, --hosts gives addresses in its place"
        message = "the app has tasks, and none of their hosts has an address; the app is left out"
        origin = app.ref.because().origin()
        self.findings.append(Finding("unresolved-host", Severity.ERROR, message, origin, help=help_))

    def _service_ports(self, app: MarathonApp, networking: str) -> Sequence[int | None]:
        declared = network.service_ports(app.fields, networking)
        if len(declared) > MOST_PORTS:
            message = f"the app has {len(declared):,} service ports; at most {MOST_PORTS:,} are taken"
            raise AppError(message, origin=app.ref.because().origin(), rule="too-many-ports")
        if declared or networking != network.CONTAINER or not app.tasks or not self._auto.enabled:
            return declared
        return [self._auto.port(app.id, port) for port in network.task_ports(app, app.tasks[0], networking)]


def _check_id(app: MarathonApp) -> None:
    if problem := names.id_problem(app.ref.written):
        raise AppError(f"the app's id {problem}", origin=app.ref.because("id").origin(), rule="bad-app-id")
