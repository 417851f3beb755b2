"""A pool as lbgen works with it: everything filled in, each part with the pointer to where it is written."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, NamedTuple

from lbgen.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping


class Rule(NamedTuple):
    """Requests that meet all conditions go to a backend; a condition that is not set is empty."""

    at: str
    backend: str
    host_eq: str
    host_reg: str
    path_beg: str
    path_reg: str
    path_end: str

    @property
    def conditions(self) -> tuple[str, ...]:
        """The conditions, set or not."""
        return self[2:]


class Exemption(NamedTuple):
    """Requests that are not redirected."""

    at: str
    host: str
    path_beg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontend:
    """Where clients come in; `port` 0 is chosen at run time, `redirect` None is no redirect."""

    at: str
    name: str
    named: bool
    address: str
    port: int
    modifier: str
    certificates: tuple[str, ...]
    redirect: tuple[Exemption, ...] | None
    misc: tuple[str, ...]
    protocol: str
    default_backend: str
    rules: tuple[Rule, ...]

    @property
    def http(self) -> bool:
        """Whether requests are understood."""
        return self.protocol in {"HTTP", "HTTPS"}


class Endpoint(NamedTuple):
    """Where tasks are reached; `port` -1 is none."""

    type: str
    address: str
    port: int
    port_name: str
    all_ports: bool
    check: bool
    check_extra: str
    misc: str


class Wanted(NamedTuple):
    """What a field of a task must be, exactly or by a pattern, which wins; `key` is the field's name in the pool."""

    key: str
    exact: str
    pattern: str

    @property
    def set(self) -> bool:
        """Whether it asks for anything."""
        return bool(self.exact or self.pattern)

    @property
    def written(self) -> str:
        """The key under which it is written: of the pattern where there is one."""
        return f"{self.key}Pattern" if self.pattern else self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Some servers of a backend; `wanted` selects tasks, `vip` is what V1 calls an address.

    `fields` are pointers from here to where members of the V2 object are written, where they are written elsewhere.
    """

    at: str
    wanted: tuple[Wanted, ...]
    endpoint: Endpoint
    vip: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    def pointer(self, member: str) -> str:
        """The pointer to a member, as in `endpoint/portName`."""
        return f"{self.at}/{self.fields.get(member, member)}"

    def wants(self, key: str) -> Wanted:
        """What is asked of a field, by its key as in `mesos/taskName`."""
        return next(wanted for wanted in self.wanted if wanted.key == key)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomCheck:
    """How a backend checks its servers."""

    httpchk: bool
    httpchk_misc: str
    ssl_hello: bool
    misc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """What is done to HTTP; `path` is from and to, `sticky` the cookie's line of the user's own, empty for the usual.

    `sticky` is None where there is no such object; `sticky_enabled` says whether it is in force.
    """

    host: str
    path: tuple[str, str] | None
    forwardfor: bool
    port: bool
    proto: bool
    set_host: bool
    rewrite_path: bool
    rewrite_location: bool
    sticky: str | None
    sticky_enabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """Servers, and what is done on the way to them; `rewrite` is None where null took it away."""

    at: str
    name: str
    protocol: str
    balance: str
    check: CustomCheck | None
    misc: tuple[str, ...]
    rewrite: Rewrite | None
    services: tuple[Service, ...]

    @property
    def http(self) -> bool:
        """Whether requests are understood."""
        return self.protocol in {"HTTP", "HTTPS"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """Where HAProxy shows its statistics; port 0 is chosen at run time."""

    at: str
    address: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A pool; `version` is V1 or V2, `fields` everything that it says, with defaults, `written` without."""

    document: str
    at: str
    version: str
    name: str
    stats: Stats
    frontends: tuple[Frontend, ...]
    backends: tuple[Backend, ...]
    fields: Mapping[str, Any]
    written: Mapping[str, Any]

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment of the load balancers."""
        return self.fields.get("environmentVariables") or {}
