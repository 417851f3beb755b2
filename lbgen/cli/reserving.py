"""What the commands about reservations share: their options, and how a reservation is told."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lbgen.cli.options import PortRange
from lbgen.cli.ports_db import database, ports_db, reserved
from lbgen.cli.streams import results, say
from lbgen.errors import UsageError
from lbgen.ports.reservation import told, until
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from click.shell_completion import CompletionItem

    from lbgen.ports.store import Reservation, Reservations

F = TypeVar("F", bound="Callable[..., Any]")

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800}
_PART = regex(r"([0-9]{1,10})([smhdw])")
_LONGEST = 100 * 365 * 86400


class Duration(click.ParamType[int]):
    """A time, as in 90s, 30m, 12h, 7d, 2w, 1d12h."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The time in seconds."""
        if isinstance(value, int):
            return value
        parts = _PART.findall(str(value))
        whole = "".join(number + unit for number, unit in parts) == str(value)
        seconds = sum(int(number) * _SECONDS[unit] for number, unit in parts) if whole else 0
        if not 0 < seconds <= _LONGEST:
            self.fail(f"{value!r} is no duration, such as 90s, 30m, 12h, 7d or 2w", param, ctx)
        return seconds


class Holder(click.ParamType[str]):
    """An app and the index of its service port."""

    name = "app[:index]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The app's absolute id, and the index behind a colon: `/shop/web:0`."""
        match = re.fullmatch(r"(?P<app>[^\s:\x00-\x1f]+)(?::(?P<index>\d{1,4}))?", str(value))
        if match is None or not match["app"].strip("/"):
            self.fail(f"{value!r} is no app, such as /shop/web, or /shop/web:1 for its second service port", param, ctx)
        return f"/{match['app'].strip('/')}:{int(match['index'] or 0)}"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Ids of apps."""
        from lbgen.cli.completing import complete_apps

        return complete_apps(ctx, param, incomplete)


class Port(click.IntRange):
    """A port."""

    name = "port"

    def __init__(self) -> None:
        super().__init__(1, 65535)


class PortOrRange(PortRange):
    """A port, or several in a row."""

    name = "port|first-last"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> range:
        """The ports as a range."""
        if isinstance(value, str) and "-" in value:
            return super().convert(value, param, ctx)
        port = Port().convert(value, param, ctx)
        return range(port, port + 1)


def storing(function: F) -> F:
    """The options that every command about reservations takes."""
    for option in (
        click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True),
        ports_db,
    ):
        function = option(function)
    return function


def naming(function: F) -> F:
    """The options that name what a command is about."""
    for option in (
        click.option("--scope", metavar="GROUP", help="The load-balancer group. [default: external]"),
        click.option("--port", type=Port(), help="The port, or one of several that are held together."),
        click.option("--for", "holder", type=Holder(), help="The app, and the index of its service port."),
    ):
        function = option(function)
    return function


def held(url: str | None, **which: Any) -> tuple[Reservation, ...]:
    """What is held now, as `Reservations.held` has it, for those who only look; see `reserved`."""
    from lbgen.config import find

    return reserved(url, find(Path.cwd()), **which)


def kept(url: str | None) -> Reservations | None:
    """The reservations for those who change them, where there are any."""
    from lbgen.config import find
    from lbgen.ports.store import Reservations
    from lbgen.ports.where import is_there

    found = database(url, find(Path.cwd())).url
    return Reservations(found) if is_there(found) else None


def why_not(store: Reservations | None, *, holder: str | None, port: int | None, scope: str) -> str:
    """Why there is no such reservation: what else there is that may have been meant."""
    asked = f"nothing is held for {holder} in {scope}" if holder is not None else f"nobody holds port {port} in {scope}"
    if store is None:
        return asked
    if holder is not None and port is not None:
        others = store.held(port=port, scope=scope)
        return (
            f"port {port} is {told(others[0])}, not for {holder}" if others else f"nobody holds port {port} in {scope}"
        )
    elsewhere = store.held(holder=holder, port=port)
    return f"{asked}; port {elsewhere[0].named_ports} is {told(elsewhere[0])}" if elsewhere else asked


def named(holder: str | None, port: int | None, scope: str | None) -> dict[str, Any]:
    """What a command is about; raises UsageError where nothing is named."""
    if holder is None and port is None:
        raise UsageError("say which reservation is meant: --for APP[:INDEX] or --port N")
    return {"holder": holder, "port": port, "scope": "external" if scope is None else scope}


def as_json(each: Reservation) -> dict[str, Any]:
    """The reservation as an object; times are seconds since 1970."""
    return {
        "port": each.first_port,
        "last_port": each.last_port,
        "address": each.address,
        "protocol": each.protocol,
        "scope": each.scope,
        "holder": each.holder,
        "by": each.by_whom,
        "since": each.since,
        "until": each.until,
        "note": each.note,
    }


def tell(found: Sequence[Reservation], format_: str, *, one: bool = False) -> None:
    """Prints the reservations: a line each, or JSON, which is one object where there can only be one."""
    with results() as stream:
        if format_ == "json":
            objects = [as_json(each) for each in found]
            stream.write(json.dumps(objects[0] if one else objects, indent=2) + "\n")
        else:
            stream.writelines(f"{line}\n" for line in _table(found))


_HEAD = ("PORT", "PROTOCOL", "ADDRESS", "SCOPE", "HOLDER", "BY", "UNTIL", "NOTE")


def _table(found: Iterable[Reservation]) -> Iterator[str]:
    from lbgen.report.visible import visible

    rows = [tuple(map(visible, _cells(each))) for each in found]
    if not rows:
        return
    widths = [max(map(len, column)) for column in zip(_HEAD, *rows, strict=True)]
    for row in (_HEAD, *rows):
        yield "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()


def _cells(each: Reservation) -> tuple[str, ...]:
    end = "released" if each.until is None else until(each)
    return each.named_ports, each.protocol, each.address, each.scope, each.holder, each.by_whom, end, each.note


def nothing(what: str) -> int:
    """Tells that there is no such reservation, and returns the exit status for it."""
    from lbgen.report.visible import visible

    say(visible(f"lbgen: {what}"))
    return 1
