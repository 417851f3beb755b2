"""A rule asks for two things that no request can be at once.

## What it does

Looks at rules all of whose conditions must hold, in pools and in any haproxy.cfg, for hosts or paths that exclude each
other: `hostEq` with a `hostReg` that begins otherwise, `pathBeg` with a `pathReg` for another directory, two ACLs with
different hosts.

## Why is this bad?

The rule never applies, and nothing says so: its requests go to the next rule, or to the default backend. Words that
follow each other are joined with "and". Where either of two is meant, HAProxy wants `or`, or both in one ACL, and a
pool wants a rule for each.

## Use instead

```haproxy
acl ours hdr(host) -i shop.example.com www.example.com
use_backend shop if ours
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.rule import Problem
from lbgen.lint.rules.routing.ways import Ways
from lbgen.routing.contradictions import contradictions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import Fleet


def check(fleet: Fleet) -> Iterator[Problem]:
    """Every rule that contradicts itself."""
    for configuration in fleet.configurations:
        found = Ways(configuration)
        for each in contradictions(configuration.frontends):
            one, other = (found.written(wish.line, wish.text) for wish in (each.one, each.other))
            yield Problem(
                f"never applies: {each.one} by one condition, and {each.other.asked} by another",
                one if configuration.generated else configuration.origin(each.rule.line),
                'make two rules of it, or one condition of two with "or"',
                (other,) if other is not None and configuration.generated else (),
                configuration.line(each.rule.directive),
            )
