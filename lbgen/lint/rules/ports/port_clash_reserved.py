"""An app or a configuration binds a port that the load balancer itself needs.

## What it does

Finds who binds a port of the load balancer's own sections: 80 and 443 for vhosts, 9091 for requests with the header
`X-Marathon-App-Id`, 9090 for statistics, health checks and the control endpoints, and whatever a `HEAD` of the
operator's binds. `--lb-ports` names more of them, and with `--dont-bind-http-https` 80 and 443 are free.

## Why is this bad?

`haproxy -c` accepts it, and the kernel deals connections out to both. On 9090 half of the health checks of the load
balancer are answered by the app, on 80 and 443 half of everybody's requests are.

## Use instead

A vhost shares 80 and 443 with everybody:

```json
"HAPROXY_0_VHOST": "shop.example.com"
```

Otherwise, a service port of the usual range.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.rule import Problem
from lbgen.lint.rules.ports.wording import advice, consequence, severity, subject
from lbgen.ports.claim import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import Fleet
    from lbgen.ports.clash import Clash


def check(fleet: Fleet) -> Iterator[Problem]:
    """Every clash with the load balancer itself."""
    for clash, free in fleet.claimed.clashing:
        first, second = clash.first, clash.second
        if first.own:
            yield Problem(
                f"{subject(clash)} is the load balancer's own ({first.owner}); {consequence(clash)}",
                second.origins[0] if second.origins else None,
                _advice(clash, free),
                first.origins[:1],
                second.config,
                severity=severity(clash),
            )


_OF_LABELS = frozenset({Kind.SERVICE_PORT, Kind.LABEL, Kind.BIND, Kind.BIND_ADDRESS})


def _advice(clash: Clash, free: int | None) -> str:
    if clash.ports is not None and clash.ports.first in {80, 443} and clash.second.kind in _OF_LABELS:
        return f"HAPROXY_n_VHOST shares port {clash.ports.first} with everybody; or {advice(free)}"
    return advice(free)
