r"""Public nodes of Kubernetes and a load balancer may share machines, and workloads there lack its ports.

## What it does

Reads the options of the Kubernetes package (`options.json`, with `kubernetes` in it) and tells whether public nodes of
the cluster may run beside Marathon-LB or a pool of Edge-LB, and which ports a workload on such a node cannot use then.
All of them run on public agents. They are kept apart where constraints leave no agent for both: `public_node_placement`
of the one, `constraints` of the other. `--public-agents` says how many agents there are: where these are too few for
both, some are shared for certain.

Marathon-LB's ports are those of `--lb-ports` and `--service-ports`, be there an app on them or not, and what the apps
of its groups ask for. An app that runs the image `marathon-lb` describes it: how many instances there are, on which
agents, for which groups. A group without such an app is taken to be exposed by one on any public agent; `--group` names
the groups that are looked at. A pool has the ports of its frontends and its statistics.

NodePorts and hostPorts out of manifests that are among these ports are told of one by one. `lbgen ports check` tells
of clusters that fit, too.

## Why is this bad?

Marathon-LB asks its agent for 80, 443, 9090, 9091 and 10000 to 10150, and binds them on the host. An ingress controller
with the hostPorts 80 and 443 does not start on such a node, or takes them when Marathon-LB is restarted. A NodePort is
opened on every node of the cluster, and leads nowhere on this one.

## Use instead

Agents of their own for both, in the options of the package and in Marathon-LB's app:

```json
"public_node_placement": "[[\"hostname\", \"UNLIKE\", \"10.0.0.1|10.0.0.2\"]]"
```

```json
"constraints": [["hostname", "UNIQUE"], ["hostname", "LIKE", "10.0.0.1|10.0.0.2"]]
```
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.lint.public_nodes import Meeting, meetings, tenants
from lbgen.lint.rule import Problem
from lbgen.origin import Origin
from lbgen.ports.address import Ports, Protocol
from lbgen.ports.claim import Kind
from lbgen.ports.package_options import PUBLIC_COUNT
from lbgen.ports.taken import PortSet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.lint.public_nodes import Tenant
    from lbgen.lint.subjects import Fleet

_NODE_PORTS = Ports(30000, 32767)


def check(fleet: Fleet) -> Iterator[Problem]:
    """What is to be said of each cluster, and of each workload that asks for a port of a load balancer."""
    if not fleet.packages:
        return
    there = tenants(fleet)
    found = list(meetings(fleet, there))
    yield from (_verdict(each, there) for each in found)
    yield from _workloads(fleet, [each for each in found if each.near])


def _verdict(meeting: Meeting, there: Sequence[Tenant]) -> Problem:
    options = meeting.options
    count = options.public_node_count
    origin = Origin(meeting.document, f"/kubernetes/{PUBLIC_COUNT}")
    nodes = f"{count} public node{'s' if count != 1 else ''} of {options.service_name:.80}"
    if not meeting.near:
        return Problem(_fits(nodes, meeting, there), origin, severity=Severity.INFO)
    names = _joined([each.name for each in meeting.near])
    how = f"share at least {_agents(meeting.least)}" if meeting.least else "may share public agents"
    message = f"the {nodes} {how} with {names}: a workload there cannot use the ports {meeting.ports}"
    return Problem(message, origin, _advice(meeting))


def _agents(count: int) -> str:
    return "one public agent" if count == 1 else f"{count} public agents"


def _fits(nodes: str, meeting: Meeting, there: Sequence[Tenant]) -> str:
    names = _joined([each.name for each in there if each.instances])
    if not meeting.options.public_node_count:
        return f"{meeting.options.service_name:.80} has no public nodes, so that none runs beside a load balancer"
    if not names:
        return f"the {nodes} run beside no load balancer: none of these is on public agents"
    return f"the {nodes} fit together with {names}: their constraints leave them no agent in common"


def _advice(meeting: Meeting) -> str:
    web = [str(port) for port in (80, 443) if meeting.ports.within(Ports(port, port))]
    ingress = f"; an ingress controller there needs other ports than {_joined(web)}" if web else ""
    node_ports = meeting.ports.within(_NODE_PORTS)
    services = (
        f"; of the NodePorts {_NODE_PORTS}, {node_ports or 'none'} {'is' if len(node_ports) < 2 else 'are'} taken"
    )
    return f"keep them apart with public_node_placement and the load balancer's constraints{ingress}{services}"


def _joined(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _workloads(fleet: Fleet, found: Sequence[Meeting]) -> Iterator[Problem]:
    """NodePorts and hostPorts that a load balancer has on some public node."""
    near = {each.name: each for meeting in found for each in meeting.near}
    certain = any(meeting.least for meeting in found)
    # Most ports are nobody's, and asking each load balancer takes long where there are many.
    taken = PortSet(chain.from_iterable(each.ports.ranges for each in near.values()))
    for claim in fleet.claimed.claims if near else ():
        if claim.kind not in {Kind.NODE_PORT, Kind.HOST_PORT} or claim.protocol is not Protocol.TCP:
            continue
        if claim.ports is None or not taken.within(claim.ports):
            continue
        whose = [each.name for each in near.values() if _clashes(claim.ports, claim.node, each)]
        if whose:
            beside = f"on public nodes that run beside {_joined(whose)}"
            message = f"port {claim.ports} ({claim.how}) is taken {beside}"
            severity = Severity.ERROR if certain else Severity.WARNING
            yield Problem(message, claim.origins[0], "choose another port", severity=severity)


def _clashes(ports: Ports, node: str, tenant: Tenant) -> bool:
    # What is said to share machines clashes by itself.
    return node not in tenant.nodes and bool(tenant.ports.within(ports))
