"""`lbgen rule`: the manual of the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lbgen.cli.completing import complete_rules
from lbgen.cli.streams import put

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lbgen.lint.rule import Rule

_EPILOG = """A family is named by a prefix of its codes, as LBG5. Exit status: 0, or 2 where there is no such rule."""


@click.command(epilog=_EPILOG)
@click.argument("names", metavar="[CODE|NAME]...", nargs=-1, shell_complete=complete_rules)
@click.option("--all", "all_", is_flag=True, help="All rules.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="Form of the pages.",
)
def command(names: tuple[str, ...], all_: bool, format_: str) -> int:
    """Explain rules: what each looks for, why that is bad, and what to use instead."""
    from lbgen.lint.manual import FORMATS

    if bool(names) == all_:
        raise click.UsageError("name rules by code or name, or give --all")
    put(FORMATS[format_](_chosen(names, all_)))
    return 0


def _chosen(names: Sequence[str], all_: bool) -> Sequence[Rule]:
    """The rules in the order of their codes; raises UsageError where one does not exist."""
    from lbgen.errors import UsageError
    from lbgen.lint.registry import RULES
    from lbgen.lint.selection import matching, suggestion

    if all_:
        return RULES
    wanted: set[str] = set()
    for name in names:
        if not (found := matching(name)):
            raise UsageError(f"there is no rule {name!r:.80}", help=suggestion(name))
        wanted |= found
    return [rule for rule in RULES if rule.name in wanted]
