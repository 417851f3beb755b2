"""The built-in templates: Jinja2, evaluated once per run, with blanks left for what differs between services."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lbgen.model.blanks import Blank, Text, compose
from lbgen.regex import regex
from lbgen.render.plain import BeyondPlainError, filled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment

_MARK = regex("\ufdd0([^\ufdd1]*)\ufdd1")


@cache
def templates_directory() -> Path:
    """Where the built-in templates are: inside an installed package, or at the root of a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_templates"
    return installed if installed.is_dir() else package.parent / "haproxy_templates"


@cache
def _environment() -> Environment:
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(templates_directory()),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )


def builtin(family: str, name: str, constants: Mapping[str, Any], blanks: frozenset[str]) -> Text:
    """The built-in template `<family>/<name>.j2`, with these constants evaluated and these blanks left open."""
    given = {**constants, **{blank: f"\ufdd0{blank}\ufdd1" for blank in blanks}}
    text = _filled(f"{family}/{name}.j2", given)
    return compose(piece if index % 2 == 0 else Blank(piece) for index, piece in enumerate(_MARK.split(text)))


def _filled(path: str, given: Mapping[str, Any]) -> str:
    """The template with these values in it; Jinja2 is only loaded where it takes more than is known here."""
    try:
        return filled(_read(path), given, _read)
    except BeyondPlainError:
        return _environment().get_template(path).render(given)


def _read(path: str) -> str:
    return (templates_directory() / path).read_text(encoding="utf-8")
