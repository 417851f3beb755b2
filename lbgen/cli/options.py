"""Options that several commands share, and their types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lbgen.errors import UsageError
from lbgen.pipeline.options import DEFAULT_TARGET
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lbgen.pipeline.checking import Checking

F = TypeVar("F", bound="Callable[..., Any]")

_CONTROL = regex(r"[\x00-\x1f\x7f]")
_TARGET = regex(r"2\.[2-9]|3\.[0-4]")


class Target(click.ParamType[str]):
    """A version of HAProxy, from 2.2 to 3.4."""

    name = "version"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The version as `major.minor`."""
        if not _TARGET.fullmatch(str(value)):
            self.fail(f"{value!r} is no version of HAProxy that lbgen knows: 2.2 to 3.4", param, ctx)
        return str(value)


class PortRange(click.ParamType[range]):
    """Ports from a first to a last one, both included."""

    name = "first-last"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> range:
        """The ports as a range."""
        if isinstance(value, range):
            return value
        match = re.fullmatch(r"(\d{1,5})-(\d{1,5})", str(value))
        if match is None or not 1 <= int(match[1]) <= int(match[2]) <= 65535:
            self.fail(f"{value!r} is no range of ports, such as 10000-10150", param, ctx)
        return range(int(match[1]), int(match[2]) + 1)


class Ports(click.ParamType[tuple[int, ...]]):
    """Ports by commas."""

    name = "ports"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        """The ports as numbers."""
        if isinstance(value, tuple):
            return value
        words = [word.strip() for word in str(value).split(",") if word.strip()]
        if not all(word.isdecimal() and 1 <= int(word) <= 65535 for word in words):
            self.fail(f"{value!r} is no list of ports, such as 80,443", param, ctx)
        return tuple(int(word) for word in words)


def together(*options: Callable[[F], F]) -> Callable[[F], F]:
    """The options as one decorator, in this order in the help."""

    def add(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return add


target = click.option(
    "--target", type=Target(), default=DEFAULT_TARGET, show_default=True, help="HAProxy version aimed at."
)
haproxy_bin = click.option("--haproxy-bin", metavar="PATH", help="HAProxy binary  [default: the one found]")
image = click.option("--image", metavar="NAME", help="HAProxy image  [default: haproxy:TARGET]")


def how_to_check(how: str, default: str, text: str) -> Callable[[F], F]:
    """The option that says by what HAProxy is asked; there is no "none" where it is not the default."""
    choices = ["none", "auto", "binary", "container"][default != "none" :]
    return click.option(how, "how", type=click.Choice(choices), default=default, show_default=True, help=text)


def checking(how: str, default: str, text: str) -> Callable[[F], F]:
    """The options that say with what HAProxy a configuration is checked."""
    return together(how_to_check(how, default, text), target, haproxy_bin, image)


def checking_of(given: Mapping[str, Any], option: str = "--check") -> Checking | None:
    """With what is checked, out of the options that `checking` added, `option` among them; None for no check.

    Raises UsageError where they do not go together.
    """
    how = given["how"]
    for key, name, needs in (("haproxy_bin", "--haproxy-bin", "binary"), ("image", "--image", "container")):
        if given[key] is not None and how not in {"auto", needs}:
            raise UsageError(f"{name} goes with {option} {needs} or auto, not with {option} {how}")
    if how == "none":
        return None
    from lbgen.pipeline.checking import Checking

    return Checking(how, given["haproxy_bin"], given["image"])


def refuse_control_characters(given: Mapping[str, Any], *names: str) -> None:
    """Raises UsageError where one of these options would end its line, or worse."""
    for name in names:
        if found := _CONTROL.search(given[name] or ""):
            option = f"--{name.replace('_', '-')}"
            raise UsageError(f"{option}: holds the character U+{ord(found[0]):04X}, which no line of a file can hold")


stdin_filename = click.option("--stdin-filename", metavar="NAME", help="What messages call standard input.")


def endpoints(function: F) -> F:
    """The options that say by which ways the load balancer is watched and steered."""
    lua = "Where lbgen's Lua files are: writes the endpoints that need them."
    return together(
        click.option("--lua-dir", metavar="DIR", help=lua),
        click.option("--stats-socket", metavar="PATH", help="Write a stats socket."),
    )(function)


def telling_as(quiet: str, verbose: str, color: str) -> Callable[[F], F]:
    """The options that say how much is told, and how colourfully; each with what it does here."""
    choices = click.Choice(["auto", "always", "never"])
    return together(
        click.option("-q", "--quiet", is_flag=True, help=quiet),
        click.option("-v", "--verbose", is_flag=True, help=verbose),
        click.option("--color", type=choices, default="auto", show_default=True, help=color),
    )


def telling(function: F) -> F:
    """The options that say how much is told, and how colourfully."""
    finding = "Tell every finding, however many are of one kind."
    return telling_as("Tell errors and warnings only.", finding, "Colours on standard error.")(function)
