"""`lbgen ports list`: who has which port, and why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from lbgen.cli.listing import read, reading
from lbgen.cli.streams import put

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lbgen.pipeline.claims import Row

_EPILOG = """Exit status: 0 everything is listed, 1 a file could not be read, 2 could not run.

What is listed: what the load balancer binds itself, what apps, pools and other files ask for, what listens on its
machines (--listening), and what is reserved. SCOPE is a load-balancer group, a pool, or machines."""


@click.command(epilog=_EPILOG)
@reading
@click.pass_context
def command(ctx: click.Context, /, paths: tuple[str, ...], format_: str, **given: Any) -> int:
    """List who claims and who holds which port, and why."""
    found = read(ctx, paths, given)
    if found.status == 2:
        return 2
    rows = found.claims.rows()
    put(_json(rows) if format_ == "json" else _table(rows))
    return found.status


def _json(rows: Iterable[Row]) -> str:
    return json.dumps([_object(row) for row in rows], indent=2) + "\n"


def _object(row: Row) -> dict[str, Any]:
    claim, place = row.claim, row.place
    start = place.span.start if place is not None and place.span is not None else None
    origin = place.origin if place is not None else None
    return {
        "port": claim.ports.first if claim.ports is not None else None,
        "last_port": claim.ports.last if claim.ports is not None else None,
        "address": claim.address.text,
        "interface": claim.interface or None,
        "namespace": claim.namespace or None,
        "protocol": str(claim.protocol),
        "scope": claim.scope,
        "node": claim.node,
        "holder": claim.owner,
        "index": claim.index,
        "why": row.why,
        "binds": claim.binds,
        "file": place.document if place is not None else None,
        "line": start.line if start is not None else None,
        "column": start.column if start is not None else None,
        "label": origin.label if origin is not None else None,
    }


_HEAD = ("PORT", "PROTOCOL", "ADDRESS", "SCOPE", "HOLDER", "WHY", "WHERE")


def _table(rows: Iterable[Row]) -> str:
    from lbgen.report.visible import visible

    cells = [_HEAD, *(tuple(map(visible, _cells(row))) for row in rows)]
    if len(cells) == 1:
        return ""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in cells)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _cells(row: Row) -> tuple[str, ...]:
    claim = row.claim
    why = row.why if claim.binds or claim.kind.name in {"PLANNED", "RESERVED"} else f"{row.why}, not bound now"
    ports = str(claim.ports) if claim.ports is not None else "-"
    address = claim.address.text + (f"%{claim.interface}" if claim.interface else "")
    return ports, str(claim.protocol), address, row.scope, claim.owner, why, row.where
