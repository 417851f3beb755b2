"""The backends of a configuration with their servers, and how these are where anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.server.page.levels import Level

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lbgen.routing.table import Proxy
    from lbgen.server.page.seen import Seen
    from lbgen.server.running import ServerHealth


class Server(NamedTuple):
    """A server: `line` is 0 where only the running HAProxy knows it; `health` None where nobody tells how it is."""

    name: str
    address: str
    line: int
    state: str
    level: Level
    health: ServerHealth | None = None


class Backend(NamedTuple):
    """A backend: `anchor` is its place on the pool's page, `known` whether anybody tells how its servers are."""

    name: str
    line: int
    anchor: str
    servers: Sequence[Server]
    known: bool

    @property
    def up(self) -> int:
        """How many servers can be used, as far as anybody knows."""
        return sum(server.level <= Level.OK for server in self.servers)

    @property
    def level(self) -> Level:
        """How bad it is for clients."""
        if not self.up:
            return Level.ERROR
        if self.up < len(self.servers):
            return Level.WARNING
        return Level.OK if self.known else Level.IDLE

    @property
    def told(self) -> str:
        """How its servers are, in a few words."""
        total = len(self.servers)
        if not total:
            return "no server: it answers 503"
        if not self.known:
            return f"{total} {'server' if total == 1 else 'servers'} selected"
        return f"{self.up} of {total} {'server' if total == 1 else 'servers'} up"


def backends(seen: Seen) -> list[Backend]:
    """The backends as the configuration has them, in its order."""
    proxies = [proxy for proxy in seen.table.backends.values() if proxy.kind == "backend" or proxy.servers]
    health = seen.now.health
    return [_backend(proxy, f"backend-{number}", health) for number, proxy in enumerate(proxies, 1)]


def _backend(proxy: Proxy, anchor: str, told: Mapping[str, Sequence[ServerHealth]]) -> Backend:
    health = {each.name: each for each in told.get(proxy.name, ())}
    return Backend(proxy.name, proxy.line, anchor, list(_servers(proxy, health, runs=bool(told))), bool(told))


def _servers(proxy: Proxy, health: Mapping[str, ServerHealth], *, runs: bool) -> Iterator[Server]:
    for server in proxy.servers:
        state, level = _state(health.get(server.name), runs=runs, disabled=server.disabled)
        yield Server(server.name, server.address, server.directive.line, state, level, health.get(server.name))
    known = {server.name for server in proxy.servers}
    for each in health.values():
        if each.name not in known:
            state, level = _state(each, runs=True, disabled=False)
            yield Server(each.name, each.address, 0, state, level, each)


def _state(health: ServerHealth | None, *, runs: bool, disabled: bool) -> tuple[str, Level]:
    if health is not None:
        if health.serves:
            return health.state, Level.OK
        return health.state or "unknown", Level.ERROR if health.state.startswith("DOWN") else Level.WARNING
    if runs:
        return "not there yet", Level.WARNING
    return ("disabled", Level.WARNING) if disabled else ("selected", Level.IDLE)
