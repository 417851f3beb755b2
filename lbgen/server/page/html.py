"""From values to HTML: whatever they hold, it is shown as text."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lbgen import __version__
from lbgen.report.visible import CUT, visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment
    from markupsafe import Markup

    from lbgen.server.page.links import Links

_MOST = 160
_TEMPLATES = Path(__file__).with_name("templates")


def written(template: str, values: Mapping[str, Any], links: Links) -> bytes:
    """The page that the template makes of the values."""
    text = _environment().get_template(template).render(values, links=links, version=__version__)
    return text.encode("utf-8", "backslashreplace")


def _short(value: object) -> str:
    """The value in a few words of a table: what is longer stands whole in the configuration and in the JSON."""
    text = visible(str(value))
    return text if len(text) <= _MOST else f"{text[: _MOST - 40]} {CUT} {text[-30:]}"


def _pointer(value: str) -> Markup:
    """The pointer, which is broken behind its slashes if anywhere."""
    from markupsafe import Markup, escape

    return Markup("/<wbr>").join(escape(part) for part in visible(value).split("/"))


@cache
def _environment() -> Environment:
    # It takes a while to import, and most servers are asked by programs only.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["visible"] = lambda value: visible(str(value))
    made.filters["short"] = _short
    made.filters["pointer"] = _pointer
    made.filters["number"] = lambda value: f"{value:,}"
    return made
