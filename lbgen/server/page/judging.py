"""What is to be said of a pool: what reading and rendering found, and the rules of `lbgen lint`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.edgelb.remarks import remarks
from lbgen.edgelb.said import findings as said
from lbgen.haproxy.parse import parse
from lbgen.lint import engine
from lbgen.lint.context import Context
from lbgen.lint.registry import RULES
from lbgen.lint.subjects import Configuration, Fleet, Pool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.finding import Finding
    from lbgen.pipeline.pools import PoolOptions
    from lbgen.server.rendering import Rendering
    from lbgen.server.store import StoredPool


def findings(stored: StoredPool, rendering: Rendering, options: PoolOptions) -> list[Finding]:
    """Everything, the worst first."""
    if rendering.pool is None:
        return _in_order(list(rendering.findings))
    context = Context(portable=options.portable, target=options.target)
    value = {**stored.document, "apiVersion": stored.version, "name": stored.name}
    pool = Pool(rendering.pool, value, stored.name, "", context)
    configurations = list(_configuration(stored, rendering, context))
    found = engine.run(RULES, Fleet((), (pool,), (), configurations, context))
    told = [*rendering.findings, *said(remarks(rendering.pool), stored.name)]
    return _in_order(engine.once([*found, *engine.without_repetitions(told, found)]))


def _configuration(stored: StoredPool, rendering: Rendering, context: Context) -> Iterator[Configuration]:
    """The text that is meant; what a template made leads back to nothing but itself."""
    if rendering.text is None or rendering.rendered is None:
        return
    own = rendering.text == rendering.rendered.text
    config = parse(rendering.text, f"{stored.name}.cfg")
    yield Configuration(config, context, rendering.rendered.source_map if own else None, stored.name)


def _in_order(found: list[Finding]) -> list[Finding]:
    return sorted(found, key=lambda it: (-it.severity, it.code, it.rule, _place(it), it.message))


def _place(finding: Finding) -> tuple[str, int]:
    pointer = finding.origin.pointer if finding.origin is not None else ""
    return pointer, finding.config.line if finding.config is not None else 0
