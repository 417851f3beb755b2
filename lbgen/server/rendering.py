"""From a stored pool to its haproxy.cfg: lbgen's own text, or what a template of the operator's makes of its parts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from lbgen.edgelb.reading import Loaded, load_pools
from lbgen.errors import ToolError
from lbgen.finding import Finding, Severity
from lbgen.haproxy.parse import parse
from lbgen.origin import Origin
from lbgen.pipeline.pools import from_pool
from lbgen.regex import regex
from lbgen.server.shown import shown
from lbgen.server.templating import TemplateError, fill

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Sequence
    from pathlib import Path

    from lbgen.edgelb.pool import Pool
    from lbgen.edgelb.tasks import Tasks
    from lbgen.haproxy.parse import Config
    from lbgen.pipeline.pools import PoolOptions
    from lbgen.render.writer import Rendered
    from lbgen.server.store import StoredPool

    Placed = Callable[[Pool, PoolOptions], PoolOptions]

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


_POWERFUL = frozenset(
    (
        *("external-check", "insecure-fork-wanted", "program"),
        *("lua-load", "lua-load-per-thread", "lua-prepend-path"),
        *("ssl-engine", "ssl-provider", "ssl-provider-path", "module-load", "module-path", "opentracing"),
        *("acme", "backing-file", "pidfile"),
    )
)
"""With these HAProxy runs code that stands elsewhere, or writes files, often when it is only asked about a text."""
_CONTROL = regex("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class Rendering(NamedTuple):
    """What came of a pool; `text` is None where there is no configuration, and then `problem` says why.

    `rendered` is lbgen's own text with its origins; where the operator's template made another, that one is `text`.
    `findings` are about `pool`, their origins are pointers into it. `error` is there where that template is at fault.
    """

    pool: Pool | None
    text: str | None
    findings: Sequence[Finding]
    rendered: Rendered | None = None
    problem: str = ""
    error: TemplateError | None = None


class Renderer:
    """Renders pools, whose certificates are in directories by their names below `certificates`.

    `placed` gives the options for where the pool runs.
    """

    def __init__(self, options: PoolOptions, certificates: Path, placed: Placed = lambda _, options: options) -> None:
        self._options = options
        self._certificates = certificates
        self._placed = placed

    def render(self, stored: StoredPool, tasks: Tasks) -> Rendering:
        """The configuration of the pool with the servers that it selects among the tasks."""
        loaded = load(stored)
        if not loaded.pools:
            return Rendering(None, None, loaded.findings, problem=problem(loaded.findings))
        options = replace(self._options, certificates=str(self._certificates / stored.name))
        try:
            options = self._placed(loaded.pools[0], options)
        except ToolError as error:
            return Rendering(loaded.pools[0], None, loaded.findings, problem=str(error))
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
        text += "" if text.endswith("\n") else "\n"
        _check(text, made.text or "")
    except TemplateError as error:
        said = f"the template of the pool cannot be used: {error}"
        finding = Finding("bad-template", Severity.ERROR, said, Origin(stored.name))
        return made._replace(text=None, findings=[*made.findings, finding], problem=said, error=error)
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


def _check(text: str, without: str) -> None:
    """Raises TemplateError where the text can be no haproxy.cfg, or gives HAProxy powers that it has not without."""
    if not text.isprintable() and (found := _CONTROL.search(text)):
        raise TemplateError(f"what it makes holds the character U+{ord(found[0]):04X}")
    config = parse(text)
    if not any(section.kind for section in config.sections):
        raise TemplateError("what it makes has no section")
    for directive in config.directives():
        if (wrong := directive.problem) is not None:
            said = f"what it makes cannot be read by HAProxy, line {directive.line}: {wrong.reason}"
            raise TemplateError(said, line=directive.line)
    _check_powers(config, {line.strip() for line in without.split("\n")})


def _check_powers(config: Config, known: Container[str]) -> None:
    """Raises TemplateError where HAProxy would run code or write files because of lines that are not known."""
    for line, word in _deciding(config):
        # HAProxy puts variables in the place of any word.
        if (word in _POWERFUL or "$" in word) and config.text_at(line).strip() not in known:
            said = f"what it makes has HAProxy run code or write files, line {line}: {word:.100} is for lbgen alone"
            raise TemplateError(said, line=line)


def _deciding(config: Config) -> Iterator[tuple[int, str]]:
    """The words that say what a line is, with their lines: its first one, and the kind of a filter."""
    for section in config.sections:
        yield section.line, section.kind
    for directive in config.directives():
        yield directive.line, directive.keyword
        if directive.keyword == "filter":
            yield from ((directive.line, word) for word in directive.values[:1])
