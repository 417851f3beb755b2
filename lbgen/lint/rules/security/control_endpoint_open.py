"""Statistics or controls of the load balancer are open to everybody who reaches them.

## What it does

Looks at generated and hand-written configurations for sections with `stats enable`, the endpoints of Marathon-LB or
Edge-LB, or the exporter of metrics, that are bound on an address other than the machine's own and ask for nothing; and
for a `stats socket` on such an address. Pools are looked at by their `stats`. What the product itself writes, and no
label or file asks for, is told as information.

## Why is this bad?

Statistics name every app and every address behind it. Marathon-LB's endpoints show the configuration, hashes of
passwords included, and reload on a mere GET. Who reaches a stats socket controls the load balancer.

## Use instead

```
listen stats
  bind 127.0.0.1:9090
```

or `stats auth`, or `http-request auth`. In a pool, `"stats": {"bindAddress": "127.0.0.1", "bindPort": 9090}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.haproxy.addresses import is_loopback
from lbgen.haproxy.controls import control_of, guards, is_open
from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.haproxy.parse import Directive, Section
    from lbgen.lint.subjects import Configuration, Fleet, Pool

_HELP = "bind it on 127.0.0.1, or ask for a password"
_HELP_POOL = 'bind them on an address that is not public: "bindAddress": "127.0.0.1"'
_HELP_V1 = "bind them on an address that is not public; in V1 Edge-LB refuses those with a 1 in them, as 127.0.0.1"


def check(fleet: Fleet) -> Iterator[Problem]:
    """Every endpoint that is open."""
    for pool in fleet.pools:
        yield from _of_pool(pool)
    made_of_pools = {(f"{pool.pool.name}.cfg", pool.pool.name) for pool in fleet.pools}
    for configuration in fleet.configurations:
        if (configuration.config.name, configuration.balancer) not in made_of_pools or not configuration.generated:
            yield from _of_configuration(configuration)


def _of_pool(pool: Pool) -> Iterator[Problem]:
    stats = pool.pool.stats
    haproxy = pool.value.get("haproxy") if isinstance(pool.value, dict) else None
    written = haproxy.get("stats") if isinstance(haproxy, dict) else None
    address = str(stats.address)
    if is_loopback(f"{address}:{stats.port}"):
        return
    asked = bool(written)
    field = next((name for name in ("bindAddress", "bindPort") if isinstance(written, dict) and name in written), "")
    at = f"{stats.at}/{field}" if field else stats.at
    where = f"{address:.60}:{stats.port}" if stats.port else f"{address:.60}, at a port chosen at run time"
    message = f"the statistics are open to everybody who reaches {where}"
    help_ = _HELP_V1 if pool.pool.version == "V1" else _HELP_POOL
    yield Problem(message, pool.at(at), help_, severity=Severity.WARNING if asked else Severity.INFO)


def _of_configuration(configuration: Configuration) -> Iterator[Problem]:
    sections = configuration.config.sections
    by_default = [each for section in sections if section.kind == "defaults" for each in section.named("stats")]
    guarded = any(guards(directive) for directive in by_default)
    for section in sections:
        if section.kind == "global":
            for directive in section.named("stats"):
                yield from _socket(directive, configuration)
        elif not guarded:
            yield from _of_section(section, configuration)


def _of_section(section: Section, configuration: Configuration) -> Iterator[Problem]:
    shows = next((directive for directive in section.directives if control_of(directive)), None)
    if shows is None or any(guards(directive) for directive in section.directives):
        return
    binds = section.named("bind")
    bind = next((each for each in binds if is_open(each.values[:1])), None)
    if binds and bind is None:
        return
    where = f"on {bind.values[0]:.60}" if bind is not None else f"by way of the {section.kind}"
    message = f"shows the load balancer's {control_of(shows)} {where}, and asks for no password"
    yield _problem(message, bind if bind is not None else shows, configuration)


def _socket(directive: Directive, configuration: Configuration) -> Iterator[Problem]:
    values = directive.values
    if values[:1] == ("socket",) and len(values) > 1 and ":" in values[1] and is_open(values[1:2]):
        message = f"opens the load balancer's control socket to everybody who reaches {values[1]:.60}"
        yield _problem(message, directive, configuration, Severity.ERROR)


def _problem(
    message: str, directive: Directive, configuration: Configuration, severity: Severity = Severity.WARNING
) -> Problem:
    origin = configuration.origin(directive.line)
    severity = severity if origin is not None else Severity.INFO
    return Problem(message, origin, _HELP, config=configuration.line(directive), severity=severity)
