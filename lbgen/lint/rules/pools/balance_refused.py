"""A backend of a pool asks for a balance algorithm that HAProxy refuses or leaves out.

## What it does

Reads `balance` of every backend as the targeted version of HAProxy does, with its arguments. `uri`, `url_param` and
`hdr` look at requests, and are for backends of HTTP and HTTPS.

## Why is this bad?

Edge-LB does not look at this value. HAProxy refuses the whole file, and the load balancers of the pool go on with their
old one, or do not start. In a backend of TCP or TLS what looks at requests becomes `roundrobin`, with a warning that
nobody reads.

## Use instead

```json
"balance": "leastconn"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Edit, Fix, Severity
from lbgen.haproxy.balance import algorithms, nearest, needs_http, problem_of
from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import Pool


def check(pool: Pool) -> Iterator[Problem]:
    """Every algorithm that is not what the backend gets."""
    version = pool.context.version
    for backend in pool.pool.backends:
        at = f"{backend.at}/balance"
        if not backend.balance.strip():
            continue
        if problem := problem_of(backend.balance, version):
            help_ = f"there are {', '.join(algorithms(version))}"
            yield Problem(problem, pool.at(at), help_, fix=_fix(pool, at, backend.balance))
        elif needs_http(backend.balance) and backend.protocol in {"TCP", "TLS"}:
            message = f'"{backend.balance:.60}" looks at requests, and a backend of {backend.protocol} has none'
            yield Problem(message, pool.at(at), "HAProxy takes roundrobin in its place", severity=Severity.WARNING)


def _fix(pool: Pool, at: str, balance: str) -> Fix | None:
    meant = nearest(balance, pool.context.version)
    return Fix(f'write "{meant}"', (Edit(pool.document, meant, at),), safe=False) if meant else None
