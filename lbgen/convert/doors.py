"""What of a Marathon-LB service goes over: the doors that lead to it, and everything that is said on the way."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.marathon.apps import MarathonApp
    from lbgen.model.service import AppRef, Service

HTTP, HTTPS, SERVICE = "http", "https", "service"
DOORS = (HTTP, HTTPS, SERVICE)
"""Port 80, port 443, and the service port."""
PORTS: Mapping[str, int] = {HTTP: 80, HTTPS: 443}
AUTO_CERTIFICATE = "$AUTOCERT"
LABELS, POOL = "labels", "pool"
MARATHON_LB_CERTIFICATE = "/etc/ssl/cert.pem"
"""The file that Marathon-LB makes itself, which is what `$AUTOCERT` is to Edge-LB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertOptions:
    """How apps go over.

    `to` is labels or pool. `groups` are the load-balancer groups that are converted, all named ones if it is empty.
    `name` is what the template or pool is called. `doors` are those that are kept. `certificates` are secrets, or
    `$AUTOCERT`, by certificate file; `ssl_certs` are the files of port 443. `lossy` converts even what loses
    protection, or leads elsewhere.
    """

    to: str = LABELS
    groups: tuple[str, ...] = ()
    name: str | None = None
    doors: frozenset[str] = frozenset(DOORS)
    certificates: Mapping[str, str] = field(default_factory=lambda: {MARATHON_LB_CERTIFICATE: AUTO_CERTIFICATE})
    ssl_certs: tuple[str, ...] = (MARATHON_LB_CERTIFICATE,)
    lossy: bool = False


class Route(NamedTuple):
    """Requests for a host, below a path if there is one."""

    host: str
    path: str

    def covers(self, other: Route) -> bool:
        """Whether every request for the other is one for this."""
        return self.host == other.host and other.path.startswith(self.path)


class StaticServers(NamedTuple):
    """Servers that a template names, in place of tasks: host, port, and options of each; `lines` are other ones."""

    servers: tuple[tuple[str, int, str], ...]
    lines: tuple[str, ...]
    tls: bool


@dataclass(slots=True, kw_only=True)
class Moving:
    """A service on its way: `doors` shrinks while it is judged, `port` is None where only Marathon knows it.

    `identity` is the id of the app, or of the deployment group whose colour it is: what has one identity is one
    backend. `names` are the load-balancer groups that it is in. `port_name` selects its port among `port_count`;
    `secrets` are the certificates of its service port.
    """

    service: Service
    app: MarathonApp
    identity: str
    names: tuple[str, ...]
    port: int | None
    port_name: str | None
    port_count: int
    doors: list[str] = field(default_factory=list)
    routes: tuple[Route, ...] = ()
    secrets: tuple[str, ...] = ()
    static: StaticServers | None = None

    @property
    def stem(self) -> str:
        """The identity as a part of names."""
        return self.identity.strip("/").replace("/", "_").replace(".", "__")

    def group(self, door: str) -> str:
        """The name of the group of labels for a door."""
        return f"{self.stem}_{self.port}" if door == SERVICE else f"{self.stem}_{self.service.index}_{door}"

    @property
    def backend(self) -> str:
        """The name of the backend in a pool: that of Marathon-LB, where its port is known."""
        return f"{self.stem}_{self.service.index if self.port is None else self.port}"


@dataclass(slots=True)
class Report:
    """What is said of the services, and which apps are left out with a part of what they had."""

    lossy: bool = False
    findings: list[Finding] = field(default_factory=list)
    left_out: dict[AppRef, None] = field(default_factory=dict)

    def _add(self, kind: tuple[Severity, str], moving: Moving, text: str, labels: tuple[str, ...], help: str) -> None:
        service = moving.service
        origin = service.because(*labels).origin()
        subject = origin.label or f"{service.app.id}, service {service.index},"
        severity, rule = kind
        self.findings.append(Finding(rule, severity, f"{subject} {text}", origin, help=help))

    def note(self, moving: Moving, text: str, *labels: str, help: str = "") -> None:
        """Something becomes different in a small way."""
        self._add((Severity.INFO, "minor-change"), moving, text, labels, help)

    def change(self, moving: Moving, text: str, *labels: str, help: str = "") -> None:
        """Something becomes different."""
        self._add((Severity.WARNING, "changes-behaviour"), moving, text, labels, help)

    def loss(self, moving: Moving, text: str, *labels: str, help: str = "") -> None:
        """Something has no counterpart and is left behind."""
        self._add((Severity.WARNING, "no-counterpart"), moving, text, labels, help)

    def refuse(self, moving: Moving, text: str, *labels: str, doors: tuple[str, ...] = DOORS, help: str = "") -> None:
        """Something cannot go over as it should: these doors stay closed."""
        closed = [door for door in moving.doors if door in doors]
        moving.doors = [door for door in moving.doors if door not in doors]
        if closed:
            self.left_out[moving.app.ref] = None
            self._add((Severity.ERROR, "not-converted"), moving, text, labels, help)

    def lose(self, moving: Moving, text: str, *labels: str, doors: tuple[str, ...] = DOORS, help: str = "") -> None:
        """Something that protects or leads has no counterpart: these doors stay closed, unless losses are accepted."""
        if self.lossy:
            self.loss(moving, text, *labels, help=help)
        else:
            without = "--lossy converts it all the same, without this"
            self.refuse(moving, text, *labels, doors=doors, help=f"{help}; {without}" if help else without)
