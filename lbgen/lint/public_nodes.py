"""Load balancers and public nodes of Kubernetes, which run on the same public agents unless something keeps them apart.

A cluster of Kubernetes has at most one of its nodes on an agent. So has Marathon-LB, since all of its instances bind
the same ports, and a pool.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from lbgen.ports.address import Ports, Protocol
from lbgen.ports.claim import Kind
from lbgen.ports.hosts import PUBLIC, role
from lbgen.ports.marathon_lb import groups_of, is_marathon_lb
from lbgen.ports.pinned import rows
from lbgen.ports.placement import NOWHERE_SAID, Placement, placement
from lbgen.ports.taken import PortSet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lbgen.lint.subjects import App, Fleet, Pool
    from lbgen.origin import Origin
    from lbgen.ports.claim import Claim
    from lbgen.ports.package_options import PackageOptions


class Tenant(NamedTuple):
    """A load balancer on public agents: what it is called, of how many instances, where, and with which ports.

    `origin` is where the number of its instances stands, None where nobody has described it. `nodes` are its machines,
    as claims have them.
    """

    name: str
    instances: int
    placement: Placement
    ports: PortSet
    nodes: frozenset[str]
    origin: Origin | None


class Meeting(NamedTuple):
    """The public nodes of a cluster, and the load balancers that some of them may run beside.

    `least` is on how many agents they cannot but meet.
    """

    document: str
    options: PackageOptions
    near: Sequence[Tenant]
    least: int

    @property
    def ports(self) -> PortSet:
        """Those that a workload on a public node cannot rely on."""
        return PortSet(chain.from_iterable(each.ports.ranges for each in self.near))


def meetings(fleet: Fleet, tenants: Sequence[Tenant]) -> Iterator[Meeting]:
    """One for each cluster."""
    for document, options in sorted(fleet.packages.items()):
        where = placement(options.public_node_placement)
        count = options.public_node_count
        near = [each for each in tenants if count and each.instances and not where.apart_from(each.placement)]
        least = max((_least(count, where, each, fleet.context.public_agents) for each in near), default=0)
        yield Meeting(document, options, near, least)


def _least(count: int, where: Placement, tenant: Tenant, agents: int | None) -> int:
    """On how many agents nodes cannot but be beside the load balancer."""
    known = [agents] if agents is not None else []
    if where.hosts is not None and tenant.placement.hosts is not None:
        known.append(len(where.hosts | tenant.placement.hosts))
    most = min(known, default=None)
    return max(0, min(count, most) + min(tenant.instances, most) - most) if most is not None else 0


def tenants(fleet: Fleet) -> list[Tenant]:
    """The load balancers on public agents.

    A group whose Marathon-LB nobody has described is taken to be exposed by one on public agents, and so is a fleet
    without any app and pool.
    """
    by_scope: dict[str, list[Claim]] = {}
    written: list[Claim] = []
    for claim in fleet.claimed.claims:
        if claim.protocol is Protocol.TCP and claim.ports is not None:
            by_scope.setdefault(claim.scope, []).append(claim)
            if claim.kind is Kind.WRITTEN:
                written.append(claim)
    found = [*_marathon_lbs(fleet, by_scope, written)]
    return [*found, *(_of_pool(pool, by_scope.get(pool.pool.name, ())) for pool in fleet.pools if _is_public(pool))]


def _marathon_lbs(fleet: Fleet, by_scope: Mapping[str, list[Claim]], written: list[Claim]) -> Iterator[Tenant]:
    left = {balancer.group for balancer in fleet.balancers}
    apps = [app for app in fleet.apps if is_marathon_lb(app.app)]
    own = list(_own_ports(fleet))
    for app in apps:
        groups = groups_of(app.app) or frozenset(balancer.group for balancer in fleet.balancers)
        left -= groups
        if role(app.app) == PUBLIC:
            claims = [*written, *(claim for group in sorted(groups) for claim in by_scope.get(group, ()))]
            on_host = [claim for claim in by_scope.get("", ()) if claim.owner == app.id and claim.foreign]
            yield _tenant(app, own, [*claims, *on_host])
    if left or not (apps or fleet.pools):
        claims = [*written, *(claim for group in sorted(left) for claim in by_scope.get(group, ()))]
        nodes = frozenset(claim.node for claim in claims)
        yield Tenant("Marathon-LB", 1, NOWHERE_SAID, _ports(own, claims), nodes, None)


def _own_ports(fleet: Fleet) -> Iterator[Ports]:
    """What a Marathon-LB asks its agent for, whatever it exposes."""
    context = fleet.context
    yield from (Ports(port, port) for port in context.lb_ports if context.bind_http_https or port not in {80, 443})
    if context.service_ports:
        yield Ports(context.service_ports[0], context.service_ports[-1])


def _ports(own: Sequence[Ports], claims: Sequence[Claim]) -> PortSet:
    return PortSet([*own, *(claim.ports for claim in claims if claim.ports is not None)])


def _tenant(app: App, own: Sequence[Ports], claims: Sequence[Claim]) -> Tenant:
    fields = app.app.fields
    count = fields.get("instances", 1)
    rows = fields.get("constraints")
    return Tenant(
        f"Marathon-LB ({app.id:.80})",
        count if isinstance(count, int) and app.app.tasks != [] else 0,
        placement(rows if isinstance(rows, list) else ()),
        _ports(own, claims),
        frozenset(claim.node for claim in claims),
        app.at("instances") if "instances" in fields else app.origin,
    )


def _is_public(pool: Pool) -> bool:
    return pool.pool.fields.get("role") == PUBLIC


def _of_pool(pool: Pool, claims: Sequence[Claim]) -> Tenant:
    fields = pool.pool.fields
    count, constraints = fields.get("count"), fields.get("constraints")
    return Tenant(
        f"the pool {pool.pool.name:.80}",
        count if isinstance(count, int) else 1,
        placement(rows(constraints) if isinstance(constraints, str) else ()),
        _ports((), claims),
        frozenset(claim.node for claim in claims),
        pool.at(f"{pool.pool.at}/count" if "count" in pool.value else pool.pool.at),
    )
