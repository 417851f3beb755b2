"""What a fleet is: apps with service ports, the labels that describe them, and how Marathon tells of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

AGENT = "agent"
"""The host that all tasks run on, as Marathon calls it."""


class Login(NamedTuple):
    """What AUTH asks for; `hashed` is the crypt hash of the password."""

    realm: str
    user: str
    password: str
    hashed: str

    @property
    def credentials(self) -> str:
        """What a client sends, before it is encoded."""
        return f"{self.user}:{self.password}"


AMBER = Login(
    "amber area", "amber", "amber-secret", "$5$rounds=1000$ambersalt$z.GCEYAmQuD6/cUBfjkxXDe0/ebVEvMyorgX1mNHKH5"
)
BLUE = Login("blue area", "blue", "blue-secret", "$5$rounds=1000$bluesalt$lAaL.Udi7j3BUYsqp8daD7caOlaldl.tOuKICRME845")
CORAL = Login("coral", "coral", "coral-secret", "$5$rounds=1000$coralsalt$AJvdMgzkYE2AUTBY9Vvidl/z9pqC.nwW7oBJXtr9GVD")


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """A service port and what its labels say; `root` is where / is redirected to, `more` are labels by short name.

    `check` is the protocol of the health check, on `health_path`, which a server fails after `failures` and one more;
    `servers` are the ports of its tasks, in their order.
    """

    number: int
    servers: tuple[int, ...]
    vhosts: tuple[str, ...] = ()
    path: str = ""
    login: Login | None = None
    redirect: bool = False
    weight: int | None = None
    mode: str = ""
    sticky: bool = False
    networks: str = ""
    root: str = ""
    certificate: str = ""
    bind_options: str = ""
    check: str = ""
    failures: int = 3
    health_path: str = "/health"
    more: Mapping[str, str] = field(default_factory=dict)

    def labels(self) -> dict[str, str]:
        """The labels of the port, by their names without HAPROXY_n_."""
        login = f"{self.login.realm}:{self.login.user}:{self.login.hashed}" if self.login else ""
        texts = {
            "VHOST": ",".join(self.vhosts),
            "PATH": self.path,
            "AUTH": login,
            "REDIRECT_TO_HTTPS": "true" if self.redirect else "",
            "BACKEND_WEIGHT": "" if self.weight is None else str(self.weight),
            "MODE": self.mode,
            "STICKY": "true" if self.sticky else "",
            "BACKEND_NETWORK_ALLOWED_ACL": self.networks,
            "HTTP_BACKEND_REDIR": self.root,
            "SSL_CERT": self.certificate,
            "BIND_OPTIONS": self.bind_options,
        }
        return {name: text for name, text in texts.items() if text} | dict(self.more)

    @property
    def http(self) -> bool:
        """Whether it is load-balanced as HTTP."""
        return self.mode == "http" or (not self.mode and bool(self.vhosts or self.check == "HTTP"))


@dataclass(frozen=True, slots=True)
class App:
    """An app; all its ports have the same number of servers, one for each task."""

    id: str
    ports: tuple[Port, ...]
    labels: Mapping[str, str] = field(default_factory=dict)

    def described(self) -> dict[str, Any]:
        """The app as Marathon tells of it, with its tasks."""
        own = {f"HAPROXY_{n}_{name}": text for n, port in enumerate(self.ports) for name, text in port.labels().items()}
        tasks = [
            {"id": f"{self.id[1:].replace('/', '_')}.{number}", "host": AGENT, "ports": list(ports)}
            for number, ports in enumerate(zip(*(port.servers for port in self.ports), strict=True))
        ]
        return {
            "id": self.id,
            "instances": len(tasks),
            "labels": {"HAPROXY_GROUP": "external", **self.labels, **own},
            "ports": [port.number for port in self.ports],
            "tasks": tasks,
            "healthChecks": [_check(n, port) for n, port in enumerate(self.ports) if port.check],
        }


def _check(index: int, port: Port) -> dict[str, Any]:
    # Often where a failure is waited for, and hardly ever where it would be an accident.
    interval = 60 if port.failures else 1
    times = {"intervalSeconds": interval, "timeoutSeconds": 5, "gracePeriodSeconds": 1}
    own = {"protocol": port.check, "portIndex": index, "path": port.health_path}
    return {**own, **times, "maxConsecutiveFailures": port.failures}


class Service(NamedTuple):
    """A port of an app."""

    app: str
    port: Port

    @property
    def name(self) -> str:
        """What its backend is called."""
        return f"{self.app[1:].replace('/', '_')}_{self.port.number}"


@dataclass(frozen=True, slots=True)
class Fleet:
    """Apps, and how the operator wants them served: with maps, 443 grouped by vhost, 80 and 443 at all.

    `environment` replaces templates, as HAPROXY_<name>.
    """

    name: str
    apps: tuple[App, ...]
    maps: bool = False
    grouped: bool = False
    bound: bool = True
    environment: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name

    @property
    def config_path(self) -> str:
        """Where its configuration lives: each fleet has a directory of its own, for its maps."""
        return f"/fleets/{self.name}/haproxy.cfg"

    def described(self) -> list[dict[str, Any]]:
        """The apps as Marathon tells of them."""
        return [app.described() for app in self.apps]

    def services(self) -> list[Service]:
        """All its services in the order in which Marathon-LB writes them."""
        return sorted(self._services(), key=lambda service: (service.app, service.port.number))

    def _services(self) -> Iterator[Service]:
        for app in self.apps:
            for port in app.ports:
                yield Service(app.id, port)
