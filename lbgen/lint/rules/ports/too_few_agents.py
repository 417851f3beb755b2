r"""There are fewer agents than nodes of Kubernetes, or instances of a load balancer, that need one each.

## What it does

Compares the numbers of nodes in the options of the Kubernetes package, `node_count` and `public_node_count`, with the
hosts that their placement constraints leave, and the public ones with `--public-agents`. With `--public-agents` the
instances of Marathon-LB's own app and of pools of Edge-LB are counted as well. A cluster has at most one of its nodes
on an agent, and so has a load balancer, all of whose instances bind the same ports.

## Why is this bad?

What is too many has no agent to run on, and never starts.

## Use instead

As many hosts as nodes, and some to spare, since a node whose agent is gone needs another one:

```json
"public_node_count": 2,
"public_node_placement": "[[\"hostname\", \"LIKE\", \"10.0.0.1|10.0.0.2|10.0.0.3\"]]"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.lint.public_nodes import tenants
from lbgen.lint.rule import Problem
from lbgen.origin import Origin
from lbgen.ports.package_options import COUNT, PUBLIC_COUNT
from lbgen.ports.placement import placement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.lint.subjects import Fleet
    from lbgen.ports.package_options import Constraint, PackageOptions


class _Nodes(NamedTuple):
    """Nodes of one kind: what they are called, how many, which constraints they have, and how many agents there are."""

    key: str
    called: str
    number: int
    constraints: Sequence[Constraint]
    agents: int | None


def check(fleet: Fleet) -> Iterator[Problem]:
    """Every kind of nodes, and every load balancer, of which there are too many."""
    agents = fleet.context.public_agents
    for document, options in sorted(fleet.packages.items()):
        for nodes in _kinds(options, agents):
            yield from _problems(nodes, document)
    if agents is not None:
        for each in tenants(fleet):
            if each.instances > agents and each.origin is not None:
                message = f"{each.instances} instances need as many public agents, and {_there(agents)}"
                yield Problem(message, each.origin, "those that are too many never start: run fewer of them")


def _there(agents: int) -> str:
    return "there is one" if agents == 1 else f"there are {agents or 'none'}"


def _kinds(options: PackageOptions, agents: int | None) -> Iterator[_Nodes]:
    yield _Nodes(COUNT, "private node", options.node_count, options.node_placement, None)
    yield _Nodes(PUBLIC_COUNT, "public node", options.public_node_count, options.public_node_placement, agents)


def _problems(nodes: _Nodes, document: str) -> Iterator[Problem]:
    origin = Origin(document, f"/kubernetes/{nodes.key}")
    need = f"{nodes.number} {nodes.called}{'s need' if nodes.number != 1 else ' needs'} an agent each"
    hosts = placement(nodes.constraints).most
    key = nodes.key.replace("count", "placement")
    if hosts is not None and nodes.number > hosts:
        where = Origin(document, f"/kubernetes/{key}")
        yield Problem(f"{need}, and {key} leaves {hosts}", origin, f"name more hosts in {key}", (where,))
    if nodes.agents is not None and nodes.number > nodes.agents:
        help_ = f"ask for fewer {nodes.called}s; --public-agents says how many agents there are"
        yield Problem(f"{need}, and {_there(nodes.agents)}", origin, help_)
