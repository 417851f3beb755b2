"""Automatic ports meet those of others, or run out.

## What it does

Apps with an address per task and no service port get one out of a range of Marathon-LB's own, 10050 to 10100 unless
`--min-serv-port-ip-per-task` and `--max-serv-port-ip-per-task` say otherwise. The rule finds an automatic port that
somebody else has, others with ports within the range, and apps for which no port is left.

## Why is this bad?

The port is chosen by a hash of the app's id, and nobody looks at who has it. HAProxy accepts both, and the kernel deals
connections out to either. The usual range lies within the one that Marathon chooses service ports from. An app for
which no port is left is not served, without a word.

## Use instead

A service port of the app's own, or a range in which nobody else has a port:

```json
"portMappings": [{ "containerPort": 8080, "servicePort": 10001 }]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.lint.rule import Problem
from lbgen.lint.rules.ports.wording import consequence, severity, subject, who
from lbgen.marathon import network
from lbgen.ports.apps import Declared, key_of
from lbgen.ports.claim import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.lint.subjects import App, Balancer, Fleet
    from lbgen.ports.claim import Claim

_MOST_TOLD = 3


def check(fleet: Fleet) -> Iterator[Problem]:
    """What is wrong with the range, for each group."""
    found = fleet.claimed
    clashing = [clash for clash, _ in found.clashing if clash.second.kind is Kind.AUTOMATIC and not clash.first.own]
    for clash in clashing:
        first, second = clash.first, clash.second
        message = f"{subject(clash)}, an automatic port, is also claimed by {who(clash)}; {consequence(clash)}"
        help_ = "give the app a service port of its own, or another range"
        related = first.origins[:1]
        yield Problem(message, second.origins[0], help_, related, second.config, severity=severity(clash))
    told = {clash.second.node for clash in clashing}
    yield from _others(fleet, [claim for claim in found.claims if claim.node not in told])
    wanted: dict[str, list[tuple[App, int]]] = {}
    for app in fleet.apps:
        for group in app.groups if (count := _wanted(app)) else ():
            wanted.setdefault(group, []).append((app, count))
    for balancer in fleet.balancers:
        yield from _vanished(fleet, balancer, wanted.get(balancer.group, []))


def _others(fleet: Fleet, claims: Sequence[Claim]) -> Iterator[Problem]:
    """Those who have ports within the range, once for each group that has automatic ports at all."""
    first, last = fleet.context.auto_ports
    of_node: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.ports is not None and claim.ports.first <= last and claim.ports.last >= first and claim.binds:
            of_node.setdefault(claim.node, []).append(claim)
    for _, members in sorted(of_node.items()):
        members.sort(key=lambda claim: claim.rank)
        automatic = [claim for claim in members if claim.kind is Kind.AUTOMATIC]
        others = [claim for claim in members if claim.kind is not Kind.AUTOMATIC]
        if automatic and others:
            named = ", ".join(f"{claim.owner} ({claim.ports})" for claim in others[:_MOST_TOLD])
            more = f" and {len(others) - _MOST_TOLD} more" if len(others) > _MOST_TOLD else ""
            message = f"automatic ports come out of {first} to {last}, where others have theirs: {named}{more}"
            related = tuple(claim.origins[0] for claim in others[:_MOST_TOLD] if claim.origins)
            help_ = "another range, or a service port for the app, keeps them apart"
            yield Problem(message, automatic[0].origins[0], help_, related, severity=Severity.WARNING)


def _vanished(fleet: Fleet, balancer: Balancer, wanted: Sequence[tuple[App, int]]) -> Iterator[Problem]:
    """Ports of apps for which none of the range is left; `wanted` tells how many each of the group's apps would get."""
    first, last = fleet.context.auto_ports
    if not 0 < first <= last or sum(count for _, count in wanted) <= last - first + 1:
        return
    served = {(key_of(service.app), service.index) for service in balancer.services}
    for app, count in wanted:
        lost = [index for index in range(count) if (key_of(app.app.ref), index) not in served]
        if lost:
            message = f"the automatic ports {first} to {last} are used up: {len(lost)} of {count} get none"
            help_ = "a wider range, or a service port of the app's own"
            yield Problem(f"{message}, and are not served", Declared.of(app.app).at(lost[0]), help_)


def _wanted(app: App) -> int:
    """How many automatic ports the app would get."""
    declared, tasks = Declared.of(app.app), app.app.tasks
    if declared.networking != network.CONTAINER or declared.ports or tasks == []:
        return 0
    return len(network.task_ports(app.app, tasks[0] if tasks else None, network.CONTAINER))
