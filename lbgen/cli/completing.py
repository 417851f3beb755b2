"""What the shell offers behind options and arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem


def complete_rules(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001 - click's signature
    """Names and codes of rules that begin so; of several by commas, the last one is completed."""
    from click.shell_completion import CompletionItem

    from lbgen.codes import CODES

    before, comma, begun = incomplete.rpartition(",")
    items = [(name, code) for name, code in sorted(CODES.items()) if name.startswith(begun.lower())]
    items += [
        (code, name) for name, code in sorted(CODES.items(), key=lambda it: it[1]) if code.startswith(begun.upper())
    ]
    # With nothing to go by, the names are enough.
    shown = items if begun else items[: len(CODES)]
    return [CompletionItem(f"{before}{comma}{value}", help=said) for value, said in shown]
