"""From a stored pool to its haproxy.cfg: lbgen's own text, or what a template of the operator's makes of its parts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from lbgen.edgelb.reading import Loaded, load_pools
from lbgen.finding import Finding, Severity
from lbgen.haproxy.parse import parse
from lbgen.origin import Origin
from lbgen.pipeline.pools import from_pool
from lbgen.regex import regex
from lbgen.server.shown import shown
from lbgen.server.templating import TemplateError, fill

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lbgen.edgelb.pool import Pool
    from lbgen.edgelb.tasks import Tasks
    from lbgen.pipeline.pools import PoolOptions
    from lbgen.render.writer import Rendered
    from lbgen.server.store import StoredPool

DEFAULT_TEMPLATE = """\
{# The haproxy.cfg of a pool, a template of Jinja2.
   sections  what lbgen writes for the pool, in order; each has a kind (global, defaults, resolvers, listen, frontend,
             backend), a name, which may be empty, its text, and the same as lines
   pool      the pool as the API shows it, defaults and all
   Lines can be added around sections, as a userlist, or inside of them, as after section.lines[0]. #}
{% for section in sections %}
{{ section.text }}
{% endfor %}
"""


_CONTROL = regex("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class Rendering(NamedTuple):
    """What came of a pool; `text` is None where there is no configuration, and then `problem` says why.

    `rendered` is lbgen's own text with its origins; where the operator's template made another, that one is `text`.
    `findings` are about `pool`, their origins are pointers into it.
    """

    pool: Pool | None
    text: str | None
    findings: Sequence[Finding]
    rendered: Rendered | None = None
    problem: str = ""


class Renderer:
    """Renders pools, whose certificates are in directories by their names below `certificates`."""

    def __init__(self, options: PoolOptions, certificates: Path) -> None:
        self._options = options
        self._certificates = certificates

    def render(self, stored: StoredPool, tasks: Tasks) -> Rendering:
        """The configuration of the pool with the servers that it selects among the tasks."""
        loaded = load(stored)
        if not loaded.pools:
            return Rendering(None, None, loaded.findings, problem=problem(loaded.findings))
        options = replace(self._options, certificates=str(self._certificates / stored.name))
        result = from_pool(loaded.pools[0], tasks, options)
        said = [*loaded.findings, *result.findings]
        if result.rendered is None:
            return Rendering(result.pool, None, said, problem=problem(said))
        made = Rendering(result.pool, result.rendered.text, said, result.rendered)
        return made if stored.template is None else _with_template(made, stored)


def load(stored: StoredPool) -> Loaded:
    """The pool as lbgen reads it, with everything that it says of it."""
    loaded = Loaded()
    load_pools(stored.name, {**stored.document, "apiVersion": stored.version, "name": stored.name}, loaded)
    return loaded


def problem(findings: Sequence[Finding]) -> str:
    """The first error, with the pointer to where it is."""
    for finding in findings:
        if finding.severity is Severity.ERROR:
            pointer = finding.origin.pointer if finding.origin else ""
            return f"{pointer}: {finding.message}" if pointer else finding.message
    return ""


def _with_template(made: Rendering, stored: StoredPool) -> Rendering:
    try:
        text = fill(stored.template or "", {"sections": sections(made.text or ""), "pool": shown(stored)})
        _check(text)
    except TemplateError as error:
        said = f"the template of the pool cannot be used: {error}"
        finding = Finding("bad-template", Severity.ERROR, said, Origin(stored.name))
        return made._replace(text=None, findings=[*made.findings, finding], problem=said)
    return made._replace(text=text)


def sections(text: str) -> list[dict[str, Any]]:
    """The sections of a haproxy.cfg, as templates see them; what stands before them all is one of no kind."""
    lines = text.rstrip("\n").split("\n")
    found = parse(text).sections
    starts = [section.line - 1 for section in found]
    made = [_section("", "", lines[: starts[0] if starts else None])] if not starts or starts[0] else []
    for section, start, end in zip(found, starts, [*starts[1:], len(lines)], strict=True):
        made.append(_section(section.kind, section.name, lines[start:end]))
    return made


def _section(kind: str, name: str, lines: Sequence[str]) -> dict[str, Any]:
    return {"kind": kind, "name": name, "lines": list(lines), "text": "\n".join(lines)}


def _check(text: str) -> None:
    """Raises TemplateError where the text can be no haproxy.cfg."""
    if not text.isprintable() and (found := _CONTROL.search(text)):
        raise TemplateError(f"what it makes holds the character U+{ord(found[0]):04X}")
    config = parse(text)
    if not any(section.kind for section in config.sections):
        raise TemplateError("what it makes has no section")
    for directive in config.directives():
        if (wrong := directive.problem) is not None:
            raise TemplateError(f"what it makes cannot be read by HAProxy, line {directive.line}: {wrong.reason}")
