"""What the shell offers behind options and arguments."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

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


_MOST_FILES = 50


def complete_apps(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001 - click's signature
    """Ids of apps that begin so: of the files that the line names already, else of those in this directory."""
    from click.shell_completion import CompletionItem

    begun = incomplete if incomplete.startswith("/") else f"/{incomplete}"
    ids = sorted(app for app in _ids(ctx.params.get("paths") or ()) if app.startswith(begun))
    return [CompletionItem(app if incomplete.startswith("/") or not incomplete else app[1:]) for app in ids]


def _ids(paths: Sequence[str]) -> set[str]:
    from lbgen.marathon.planned import absolute_id
    from lbgen.pipeline.inputs import read_inputs

    here = (str(path) for path in sorted(Path().glob("*.json")))
    return {absolute_id(app) for app in read_inputs(list(paths) or list(islice(here, _MOST_FILES))).apps}
