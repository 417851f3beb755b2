r"""A condition of a pool holds for no request.

## What it does

Looks at the conditions of rules, and of exceptions from redirects, each by itself: hosts with a scheme, a path, letters
that are not ASCII, or a port where the name in the handshake is compared; paths with a query, a blank or a star;
expressions that no host or path can meet.

## Why is this bad?

The rule is written, and never applies: its requests go to the next rule, to the default backend, or get 503. Nothing
says so, since HAProxy compares whatever it is given. A host comes as `shop.example.com`, a path as `/api/v1`, without
what stands behind `?`, and with everything else than ASCII encoded.

## Use instead

```json
{"backend": "api", "hostEq": "shop.example.com", "pathBeg": "/api/"}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Edit, Fix
from lbgen.lint.rule import Problem
from lbgen.lint.rules.pools.conditions import host, host_expression, path, path_expression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.edgelb.pool import Frontend
    from lbgen.lint.rules.pools.conditions import Never
    from lbgen.lint.subjects import Pool


def check(pool: Pool) -> Iterator[Problem]:
    """Every condition of the pool that cannot hold."""
    for frontend in pool.pool.frontends:
        for pointer, text, never in _conditions(frontend):
            if never is not None:
                fix = _fix(pool, pointer, never) if never.meant else None
                yield Problem(f'"{text:.60}" {never.why}', pool.at(pointer), fix=fix)


def _conditions(frontend: Frontend) -> Iterator[tuple[str, str, Never | None]]:
    """Pointers and texts of the conditions, and why they never hold if they do not."""
    in_handshake = frontend.protocol != "HTTP"
    for rule in frontend.rules:
        yield f"{rule.at}/hostEq", rule.host_eq, host(rule.host_eq, in_handshake=in_handshake)
        yield f"{rule.at}/hostReg", rule.host_reg, host_expression(rule.host_reg, in_handshake=in_handshake)
        yield f"{rule.at}/pathBeg", rule.path_beg, path(rule.path_beg)
        yield f"{rule.at}/pathEnd", rule.path_end, path(rule.path_end)
        yield f"{rule.at}/pathReg", rule.path_reg, path_expression(rule.path_reg)
    for exemption in frontend.redirect or ():
        yield f"{exemption.at}/host", exemption.host, host(exemption.host, in_handshake=False)
        yield f"{exemption.at}/pathBeg", exemption.path_beg, path(exemption.path_beg)


def _fix(pool: Pool, pointer: str, never: Never) -> Fix:
    return Fix(f'write "{never.meant:.60}"', (Edit(pool.document, never.meant, pointer),), never.safe)
