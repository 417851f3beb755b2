"""Two of a load balancer bind one port of one address.

## What it does

Looks at every `bind` line of what is generated for a group or a pool, or that somebody wrote: service ports,
`HAPROXY_{n}_PORT`, lists in `HAPROXY_{n}_BIND_ADDR`, lines in templates of labels, automatic ports. Two of them clash
where their addresses and ports have something in common: `*` is every IPv4 address, `::` every address, and TCP and
UDP (QUIC) have ports of their own. One port on two distinct addresses is fine, so are the two colours of a deployment
group, and suspended apps.

Each group, pool and file has machines of its own, unless `--shared-nodes` says otherwise. So have the agents of a role,
such as `slave_public`, on which tasks have fixed ports, and the nodes of a cluster of Kubernetes, called `kubernetes`,
whose NodePorts and hostPorts are read from manifests.

## Why is this bad?

HAProxy accepts both, and so does `haproxy -c`. The kernel deals connections out to either: half of one app's clients
are answered by the other app. Where one address is plainer than the other, as 10.0.0.1 is than `*`, it takes all
connections that are for both. A socket in the file system goes to the last one who asks, and an abstract one
(`abns@`) cannot be opened twice: HAProxy does not start.

## Use instead

Another port for one of the two, or an address of its own for each:

```json
"HAPROXY_0_PORT": "10007"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.rule import Problem
from lbgen.lint.rules.ports.wording import advice, consequence, severity, subject, who
from lbgen.ports.claim import Kind
from lbgen.ports.clash import Sharing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import Fleet
    from lbgen.ports.clash import Clash


def check(fleet: Fleet) -> Iterator[Problem]:
    """Every clash with somebody who is not the load balancer itself; one app's own ports are `port-twice-in-app`'s."""
    for clash, free in fleet.claimed.clashing:
        first, second = clash.first, clash.second
        if first.own or _is_one_app(clash) or _is_meant(clash) or second.kind is Kind.AUTOMATIC:
            continue
        origins = second.origins
        yield Problem(
            f"{subject(clash)} is also claimed by {who(clash)}; {consequence(clash)}",
            origins[0] if origins else None,
            advice(free),
            first.origins[:1],
            second.config,
            severity=severity(clash),
        )


def _is_one_app(clash: Clash) -> bool:
    """Whether two ports of one app are the same; one port of it in two load balancers is another matter."""
    first, second = clash.first, clash.second
    if not {first.kind, second.kind} <= {Kind.SERVICE_PORT, Kind.LABEL} or first.scope != second.scope:
        return False
    return first.origins[0].app == second.origins[0].app


def _is_meant(clash: Clash) -> bool:
    """Whether somebody wrote one address beside all of them: who asks for it gets it, and is meant to."""
    written = clash.first.kind is clash.second.kind is Kind.WRITTEN
    plain = clash.sharing in {Sharing.FIRST, Sharing.SECOND}
    same = set(clash.first.address.places) & set(clash.second.address.places)
    return written and plain and not same
