"""Services: what is load-balanced, for whom, and which value asked for it."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.origin import Because, escape_pointer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Server(NamedTuple):
    """One server of a backend; `draining` servers get no new connections.

    `colour` is the app that it is a task of, where several apps are one.
    """

    host: str
    address: str
    port: int
    draining: bool = False
    colour: str | None = None


class Auth(NamedTuple):
    """Basic authentication; `password` is what the user list holds, a crypt hash if all is well."""

    realm: str
    user: str
    password: str


class HealthCheck(NamedTuple):
    """A health check as Marathon describes it; times in seconds, `raw` is the whole object."""

    protocol: str
    raw: Mapping[str, Any]
    pointer: str

    @property
    def over_tls(self) -> bool:
        """Whether it speaks TLS to the task."""
        return self.protocol in {"HTTPS", "MESOS_HTTPS"}

    @property
    def connects_only(self) -> bool:
        """Whether opening a connection is all that it does."""
        return self.protocol in {"TCP", "MESOS_TCP"}


@dataclass(frozen=True, slots=True)
class AppRef:
    """An app, and where it is described; `id` names what is generated, `written` is the id in the document."""

    id: str
    document: str
    pointer: str
    written: str

    def because(self, field: str = "", value: str = "", *, lines: bool = False) -> Because:
        """The app, or one of its values, as a reason."""
        return Because(self.document, self.pointer, self.written, field, value, lines)

    def label(self, key: str, value: str = "", *, lines: bool = False) -> Because:
        """One of the app's labels as a reason."""
        return self.because(f"labels/{escape_pointer(key)}", value, lines=lines)


@dataclass(slots=True, kw_only=True)
class Service:
    """One load-balanced port of an app, with everything that its labels say.

    `index` is the position that labels count by; `declared_port` is the service port before `HAPROXY_n_PORT`, `port`
    the one after it. `labels` holds the texts of its labels by name, without `HAPROXY_n_`; `overrides` those of them
    that replace templates. `siblings` are the services of the app that have servers, this one included.
    """

    app: AppRef
    index: int
    declared_port: int
    port: int
    mode: str
    check: HealthCheck | None = None
    health_check_port_index: int | None = None
    servers: list[Server] = field(default_factory=list)
    groups: tuple[str, ...] | None = None
    enabled: bool | None = None
    auth: Auth | None = None
    vhosts: tuple[str, ...] = ()
    several_vhosts: bool = False
    path: str | None = None
    weight: int = 0
    balance: str = "roundrobin"
    bind_addr: str = "*"
    bind_options: str | None = None
    ssl_cert: str | None = None
    redirect_to_https: bool = False
    sticky: bool = False
    use_hsts: bool = False
    network_allowed: str | None = None
    proxypass_path: str | None = None
    revproxy_path: str | None = None
    redir_path: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, str] = field(default_factory=dict)
    siblings: Sequence[Service] = ()

    def because(self, *names: str) -> Because:
        """The first of these labels that the service has, else the app, as a reason."""
        for name in names:
            if name in self.labels:
                return self.app.label(f"HAPROXY_{self.index}_{name}", self.labels[name], lines=name in self.overrides)
        return self.app.because()

    @property
    def hostname(self) -> str | None:
        """The vhosts as one text, as the label has them."""
        return ",".join(self.vhosts) if self.vhosts else None
