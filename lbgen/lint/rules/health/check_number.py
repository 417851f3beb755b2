"""A number of a health check is none that HAProxy takes.

## What it does

Looks at `intervalSeconds`, `timeoutSeconds`, `maxConsecutiveFailures` and `port` of the health checks that count for a
service.

## Why is this bad?

HAProxy checks every second at the most, counts at least one failure, and no more milliseconds than 31 bits hold. It
refuses the whole file otherwise, so that nobody is served; lbgen leaves the app out.

## Use instead

```json
"healthChecks": [{"protocol": "HTTP", "intervalSeconds": 5, "timeoutSeconds": 2, "maxConsecutiveFailures": 3}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.labels import asked
from lbgen.lint.rule import Problem
from lbgen.marathon.acceptable import refused_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App


def check(app: App) -> Iterator[Problem]:
    """Every such number of a check that counts for a service, once."""
    seen: set[str] = set()
    for service in asked(app):
        if service.check is not None and service.check.pointer not in seen:
            seen.add(service.check.pointer)
            for number in refused_numbers(service.check):
                message = f"HAProxy refuses {number.value:.12g} for {number.name}"
                origin = app.at(f"{service.check.pointer}/{number.name}")
                yield Problem(message, origin, f"it takes {number.least} to {number.most:,}")
