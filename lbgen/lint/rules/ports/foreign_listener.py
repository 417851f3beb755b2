"""Another process has a port that the load balancer is to bind.

## What it does

Compares what the load balancer binds with what listens on its machines now, which `--listening` gives: a file with the
output of `ss -Hlntup`, or `-` for standard input. Sockets of HAProxy itself are its own. Without `-p`, or without the
right to see whose a socket is, nobody knows that: then it is a warning, and where the load balancer's own ports are
among the sockets, so that HAProxy runs already, it is information only.

## Why is this bad?

HAProxy shares a port with its own old processes, not with others. `haproxy -c` does not open sockets, and passes; the
start or the reload fails, for everybody.

## Use instead

Stop the other process, or choose another port for one of the two.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.lint.rule import Problem
from lbgen.lint.rules.ports.wording import subject
from lbgen.ports.claim import Claim, Kind
from lbgen.ports.clash import clashes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.lint.subjects import Fleet
    from lbgen.ports.clash import Clash
    from lbgen.ports.listening import Listener

_OWN, _NODE = "haproxy", "machines"


def check(fleet: Fleet) -> Iterator[Problem]:
    """Every claim on a port that somebody else has."""
    foreign = [listener for listener in fleet.context.listening if not listener.process.startswith(_OWN)]
    if not foreign:
        return
    mine = list(_of_balancers(fleet.claimed.claims))
    found = [clash for clash in clashes([*mine, *map(_claim, foreign)]) if clash.first.kind is Kind.LISTENER]
    running = _running(fleet.context.listening, found)
    for clash in found:
        if clash.second.kind is not Kind.LISTENER:
            yield _problem(clash, running=running)


def _of_balancers(claims: Sequence[Claim]) -> Iterator[Claim]:
    """What is bound on machines of load balancers, as claims on one machine that do not clash with each other."""
    nodes = {claim.node for claim in claims if not claim.foreign}
    for claim in claims:
        if claim.node in nodes:
            yield replace(claim, node=_NODE, section="claims")


def _claim(listener: Listener) -> Claim:
    return Claim(
        node=_NODE,
        address=listener.address,
        ports=listener.ports,
        owner=listener.process,
        how="listens now",
        kind=Kind.LISTENER,
        protocol=listener.protocol,
        interface=listener.interface,
        origins=(listener.origin,),
    )


def _running(listening: Sequence[Listener], found: Sequence[Clash]) -> bool:
    """Whether HAProxy runs on these machines, and whose sockets are whose may be a matter of rights."""
    unnamed = any(clash.second.own and not clash.first.owner for clash in found)
    return unnamed or any(listener.process.startswith(_OWN) for listener in listening)


def _problem(clash: Clash, *, running: bool) -> Problem:
    process = clash.first.owner
    if process:
        message = f"{subject(clash)} is held by {process:.40}: the start or the reload of HAProxy fails"
        severity, help_ = Severity.ERROR, "stop it, or choose another port"
    else:
        message = f"something listens on {subject(clash)} already: unless it is HAProxy, the reload fails"
        severity = Severity.INFO if running else Severity.WARNING
        help_ = "ss -Hlntup, run as root, says which process it is"
    second, related = clash.second, clash.first.origins
    origin = second.origins[0] if second.origins else None
    return Problem(message, origin, help_, related, second.config, severity=severity)
