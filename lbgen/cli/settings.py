"""Settings and the command line, of which the command line wins."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from click.core import ParameterSource

from lbgen.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import click

    from lbgen.config import Settings

_PATHS = ("templates",)


def settings_of(given: Mapping[str, Any]) -> Settings:
    """The settings that `--config` names, those of the nearest file, or with `--isolated` none.

    Raises InputError where the file is not what it should be.
    """
    from lbgen.config import Settings, find, read

    if given["isolated"] and given["config"] is not None:
        raise UsageError("--isolated reads no settings, and --config names some: give one of them")
    if given["isolated"]:
        return Settings()
    found = read(given["config"]) if given["config"] is not None else find(Path.cwd())
    return replace(found, path=_short(found.path)) if found.path else found


def _short(path: str) -> str:
    """The path as seen from here, where it is not farther away than the root."""
    here = Path.cwd()
    return str(Path(path).relative_to(here)) if Path(path).is_relative_to(here) else path


def merged(ctx: click.Context, given: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """The options, with those of the settings where the command line says nothing."""
    from lbgen.config import as_table

    table = {**as_table(settings), **as_table(settings.lint)}
    said = {name.replace("-", "_"): value for name, value in table.items()}
    for name in _PATHS:
        if name in said:
            said[name] = Path(settings.directory, said[name])
    return {**given, **{name: value for name, value in said.items() if name in given and not _on_line(ctx, name)}}


def _on_line(ctx: click.Context, name: str) -> bool:
    return ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE


def shown(ctx: click.Context, given: Mapping[str, Any], settings: Settings) -> Iterator[str]:
    """What holds, as lines of a file of settings, each with where it is said."""
    from lbgen.config.keys import KEYS, LINT_KEYS

    yield f"# {settings.path or 'no file of settings'}"
    for table, keys, values in (("", KEYS, settings), ("lint", LINT_KEYS, settings.lint)):
        yield from ("", f"[{table}]") if table else ()
        for key in keys:
            name = key.name.replace("-", "_")
            value = given[name] if name in given else getattr(values, name)
            origin = settings.places.get(f"{table}.{key.name}" if table else key.name)
            place = f"line {origin.position.line}" if origin is not None and origin.position is not None else "default"
            where = "command line" if name in given and _on_line(ctx, name) else place
            said = value is not None and (value or where != "default" or not isinstance(value, tuple | dict))
            yield f"{key.name} = {_written(value)}  # {where}" if said else f"# {key.name} is not set"


def _written(value: Any) -> str:
    if isinstance(value, range):
        return f'"{value.start}-{value.stop - 1}"'
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)} = {_written(each)}" for name, each in value.items()) + "}"
    if isinstance(value, tuple):
        return json.dumps(list(value))
    return json.dumps(value if isinstance(value, (bool, int)) else str(value))
