"""The claims of a fleet, and what comes of them.

Each load-balancer group, each pool and each configuration that somebody wrote runs on machines of its own, unless it is
told that some share theirs: one port in two groups is how the same app is served inside and outside. Edge-LB's pools
are kept apart by Mesos, which gives a port of an agent away once. Tasks with fixed ports run on agents of a role, as
`slave_public`, and what Kubernetes binds it binds on `kubernetes`: both may be told to share machines as well.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lbgen.ports.address import ANY_IPV4, Ports
from lbgen.ports.apps import Askers, Declared, declared_claims, key_of, replaced_claims
from lbgen.ports.claim import Claim, Kind
from lbgen.ports.clash import clashes
from lbgen.ports.configured import claims_of, written
from lbgen.ports.free import free_ports
from lbgen.ports.hosts import host_claims
from lbgen.ports.kubernetes import kubernetes_claims
from lbgen.ports.pinned import host_of_pool
from lbgen.ports.pools import asked_for, declared_by, of_pool
from lbgen.ports.reserved import as_claim

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lbgen.edgelb.pool import Pool as EdgeLbPool
    from lbgen.lint.context import Context
    from lbgen.lint.subjects import App, Balancer, Configuration, Fleet
    from lbgen.model.service import Service
    from lbgen.ports.apps import Key
    from lbgen.ports.clash import Clash


class Clashing(NamedTuple):
    """A clash, and a service port that nobody claims, and that nobody else is advised to take."""

    clash: Clash
    free: int | None


class Claimed(NamedTuple):
    """Claims, and those of them that clash."""

    claims: Sequence[Claim]
    clashing: Sequence[Clashing]


def claimed(fleet: Fleet) -> Claimed:
    """Everything that is claimed in a fleet; who clash in several groups clash once."""
    claims = fleet_claims(fleet)
    free = free_ports(taken(claims, fleet), fleet.context.service_ports)
    return Claimed(claims, [Clashing(clash, next(free, None)) for clash in _once(clashes(claims))])


def taken(claims: Sequence[Claim], fleet: Fleet) -> list[Claim]:
    """The claims, with what is as good as claimed.

    That are ports held for somebody, those of automatic ports, and those in place of which labels have put others.
    """
    found = [*claims, *map(as_claim, fleet.context.reservations)]
    if any(claim.kind is Kind.AUTOMATIC for claim in claims):
        given = Ports(*fleet.context.auto_ports)
        found.append(Claim(node="", address=ANY_IPV4, ports=given, owner="", how="", kind=Kind.AUTOMATIC))
    for app in fleet.apps:
        found += replaced_claims(app.app, app.services if app.groups else ())
    return found


def _once(found: Iterable[Clash]) -> Iterator[Clash]:
    seen = set()
    for clash in found:
        first, second = clash.first, clash.second
        values = first.owner, first.origins[:1], second.owner, second.origins[:1], clash.ports
        if values not in seen:
            seen.add(values)
            yield clash


def fleet_claims(fleet: Fleet) -> list[Claim]:
    """All claims: of configurations, generated or not, and of apps that no configuration has."""
    nodes = _Nodes(fleet.context.shared_nodes)
    apps = {key_of(app.app.ref): app for app in fleet.apps}
    members = by_group(fleet.apps)
    claims: list[Claim] = []
    for balancer in fleet.balancers:
        node = nodes.node("group", balancer.group)
        made = list(_of_generated(balancer, apps, node))
        claims += [*made, *_own(made, balancer.group, node, fleet.context)]
        claims += _not_generated(balancer, apps, members.get(balancer.group, ()), made, node)
    of_groups = {id(balancer.configuration) for balancer in fleet.balancers}
    pools = {pool.pool.name: pool.pool for pool in fleet.pools}
    for configuration in fleet.configurations:
        if id(configuration) not in of_groups:
            claims += _of_configuration(configuration, pools, nodes)
    return [*claims, *_of_pools(fleet, nodes), *_of_nodes(fleet, nodes)]


def _of_pools(fleet: Fleet, nodes: _Nodes) -> Iterator[Claim]:
    """What pools ask for beside what their configurations bind, and what they would bind if they had any."""
    configured = {each.balancer for each in fleet.configurations if each.source_map is not None}
    for each in (*fleet.pools, *fleet.refused):
        node = nodes.of_pool(each.pool)
        yield from asked_for(each.pool, node)
        if each.pool.name not in configured:
            yield from declared_by(each.pool, node)


def _of_nodes(fleet: Fleet, nodes: _Nodes) -> Iterator[Claim]:
    """What is bound on machines for other reasons than load balancing: by tasks on agents, by Kubernetes."""
    own = set(fleet.context.lb_ports)
    for app in fleet.apps:
        found = list(host_claims(app.app, nodes.of_agents))
        # An app that has all of the load balancer's ports is the load balancer.
        if not own or not own <= {claim.ports.first for claim in found if claim.ports is not None}:
            yield from found
    for document, value in sorted(fleet.manifests.items()):
        yield from kubernetes_claims(value, document, nodes.node("cluster", "kubernetes"))


class _Nodes:
    """What machines are called: `shared` are sets of names whose machines are the same."""

    def __init__(self, shared: Sequence[Sequence[str]]) -> None:
        self._names: dict[str, frozenset[str]] = {}
        for names in shared:
            together = frozenset(names).union(*(self._names.get(name, ()) for name in names))
            self._names |= dict.fromkeys(together, together)

    def node(self, kind: str, name: str) -> str:
        """The machines of something of this name."""
        together = self._names.get(name)
        return f"shared by {', '.join(sorted(together))}" if together else f"{kind} {name}"

    def of_agents(self, role: str, host: str | None) -> str:
        """The agents of a role, or the one of them on which something is kept."""
        return self._kept("agents of the role", role, host)

    def of_pool(self, pool: EdgeLbPool) -> str:
        """The machines of a pool."""
        return self._kept("pool", pool.name, host_of_pool(pool))

    def _kept(self, kind: str, name: str, host: str | None) -> str:
        return self.node(kind, name) if host is None or name in self._names else self.node("host", host)


def _of_configuration(configuration: Configuration, pools: Mapping[str, EdgeLbPool], nodes: _Nodes) -> Iterator[Claim]:
    config, pool = configuration.config, pools.get(configuration.balancer)
    if configuration.source_map is None:
        who = partial(written, document=config.name)
        yield from claims_of(config, nodes.node("file", config.name), who, generated=False)
    elif pool is not None:
        node, asker = nodes.of_pool(pool), partial(of_pool, pool=pool, source_map=configuration.source_map)
        yield from claims_of(config, node, asker, name=f"pool {pool.name}", scope=pool.name)


def by_group(apps: Iterable[App]) -> dict[str, list[App]]:
    """The apps of each group."""
    found: dict[str, list[App]] = {}
    for app in apps:
        for group in app.groups:
            found.setdefault(group, []).append(app)
    return found


def _of_generated(balancer: Balancer, apps: Mapping[Key, App], node: str) -> Iterator[Claim]:
    configuration = balancer.configuration
    if configuration is not None and configuration.source_map is not None:
        services = _by_app(balancer)
        declared = {key: Declared.of(apps[key].app) for key in services if key in apps}
        who = Askers(configuration.source_map, declared, services)
        yield from claims_of(configuration.config, node, who, name=f"group {balancer.group}", scope=balancer.group)


def _by_app(balancer: Balancer) -> dict[Key, list[Service]]:
    services: dict[Key, list[Service]] = {}
    for service in balancer.services:
        services.setdefault(key_of(service.app), []).append(service)
    return services


def _not_generated(
    balancer: Balancer, apps: Mapping[Key, App], members: Iterable[App], made: Iterable[Claim], node: str
) -> Iterator[Claim]:
    """What apps would bind that the configuration leaves out, and what those hold that are not served now."""
    configured = {claim.owner for claim in made if not claim.own}
    services = _by_app(balancer)
    for key, found in services.items():
        app = apps.get(key)
        # An operator's frontend binds what it says, and not what the services ask for.
        if app is None or found[0].app.written in configured or "FRONTEND_HEAD" in app.context.templates:
            continue
        yield from declared_claims(app.app, found, node, scope=balancer.group, binds=True)
    for app in members:
        if key_of(app.app.ref) not in services:
            asked = [service for service in app.services if balancer.group in _groups(app, service)]
            yield from declared_claims(app.app, asked, node, scope=balancer.group, binds=_would_bind(app))


def _groups(app: App, service: Service) -> Sequence[str]:
    return service.groups if service.groups is not None else app.app.labels.get("HAPROXY_GROUP", "").split(",")


def _own(made: Sequence[Claim], scope: str, node: str, context: Context) -> Iterator[Claim]:
    """Ports that are said to be the load balancer's own, where no line of its configuration has them."""
    known = {claim.ports for claim in made if claim.own}
    for port in context.lb_ports:
        if Ports(port, port) not in known and (context.bind_http_https or port not in _HTTP):
            section = f"{node} {port}"
            yield Claim(
                node=node,
                address=ANY_IPV4,
                ports=Ports(port, port),
                owner="as --lb-ports says",
                how="one of its ports",
                kind=Kind.OWN,
                section=section,
                scope=scope,
            )


_HTTP = frozenset({80, 443})


def _would_bind(app: App) -> bool:
    """Whether an app that the configuration lacks is left out for its labels alone, which somebody will mend."""
    grouped = "HAPROXY_DEPLOYMENT_GROUP" in app.app.labels
    tasks = app.app.tasks
    running = bool(tasks) or (tasks is None and app.app.fields.get("instances") != 0)
    return bool(app.faults) and running and not grouped
