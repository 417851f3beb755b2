"""What is on each page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from lbgen.finding import Severity
from lbgen.server.http.endpoint import JSON, TEXT
from lbgen.server.page.backends import backends
from lbgen.server.page.frontends import frontends
from lbgen.server.page.origins import origins
from lbgen.server.page.paging import around, some
from lbgen.server.page.places import LEVELS, counted, told
from lbgen.server.page.state import state
from lbgen.server.refusals import Refusal
from lbgen.server.shown import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lbgen.server.page.seen import Eye, Seen
    from lbgen.server.server import Server
    from lbgen.server.store import StoredPool

_MOST_POOLS = 1000
_MOST_ROWS = 1000
_MOST_PARTS = 200
_MOST_FINDINGS = 200


class Wanted(NamedTuple):
    """What a page is asked of whom: the parameters, the server, and who looks at its pools."""

    server: Server
    eye: Eye
    parameters: Mapping[str, str]

    def pool(self) -> Seen:
        """The pool that is meant; raises Refusal where there is none of its name."""
        return self.eye.look(self.server.pools.get(self.parameters.get("name", "")))

    @property
    def line(self) -> int:
        """The line that is meant, else the first."""
        text = self.parameters.get("line", "")
        return int(text[:9]) if text.isascii() and text.isdecimal() else 1


class Page(NamedTuple):
    """A page: a template with its values."""

    template: str
    values: Mapping[str, Any]


class Plain(NamedTuple):
    """A text without a page around it."""

    text: str
    kind: str


def pools(wanted: Wanted) -> Page:
    """All pools, the worst first, and all pool templates."""
    rows = sorted(map(_row, wanted.eye.look_at_all(wanted.server.pools.all())), key=_rank)
    return Page(
        "pools.html",
        {
            "rows": some(rows, _MOST_POOLS),
            "worst": {each: sum(row["state"].level == each for row in rows) for each in LEVELS.values()},
            "runs": any(row["runs"] for row in rows),
            "templates": some(wanted.server.pool_templates.all(), _MOST_ROWS),
            **_common(wanted),
        },
    )


def _row(seen: Seen) -> dict[str, Any]:
    behind = backends(seen)
    servers = [server for backend in behind for server in backend.servers]
    return {
        "name": seen.name,
        "runs": seen.now.runs,
        "state": state(seen, behind),
        "frontends": some([each for each in frontends(seen, behind) if not each.statistics], 5),
        "servers": len(servers),
        "up": sum(backend.up for backend in behind) if any(backend.known for backend in behind) else None,
        "findings": counted(seen.findings),
    }


def _rank(row: Mapping[str, Any]) -> tuple[int, str]:
    return -row["state"].level, row["name"]


def pool(wanted: Wanted) -> Page:
    """One pool: how it is and why, what is to be said of it, its frontends and its backends."""
    seen = wanted.pool()
    behind = backends(seen)
    said = list(told(seen, seen.findings))
    doors = frontends(seen, behind)
    worst = sorted(behind, key=lambda backend: -backend.level)
    values = {
        "state": state(seen, behind),
        "serious": some([each for each in said if each.finding.severity > Severity.INFO], _MOST_FINDINGS),
        "notes": some([each for each in said if each.finding.severity is Severity.INFO], _MOST_FINDINGS),
        "frontends": some([(each, some(each.routes, _each(len(doors)))) for each in doors], _MOST_PARTS),
        "backends": some([(each, some(each.servers, _each(len(behind)))) for each in worst], _MOST_PARTS),
        "now": seen.now,
        "shown": shown(seen.stored),
        "stored": seen.stored,
    }
    return Page("pool.html", values | _common(wanted))


def _each(parts: int) -> int:
    """How many rows each of so many tables may have."""
    return max(20, _MOST_ROWS // max(parts, 1))


def config(wanted: Wanted) -> Page:
    """A page of the configuration, each line with where it comes from."""
    seen = wanted.pool()
    other = seen.differs and wanted.parameters.get("text") == "wanted"
    text = (seen.rendering.text if other else seen.text) or ""
    lines = text.removesuffix("\n").split("\n") if text else []
    came = origins(text, seen.rendering.rendered) if other else seen.came
    stretch = around(wanted.line, len(lines))
    rows = [
        (number, lines[number - 1], came[number - 1], _field(seen, came[number - 1].pointer))
        for number in range(stretch.first, stretch.last + 1)
    ]
    values = {
        "rows": rows,
        "stretch": stretch,
        "text": "wanted" if other else "",
        "differs": seen.differs,
        "said": _by_line(seen) if seen.text == text == seen.rendering.text else {},
        "problem": seen.rendering.problem,
        "now": seen.now,
        "stored": seen.stored,
    }
    return Page("config.html", values | _common(wanted))


def _field(seen: Seen, pointer: str) -> int:
    from lbgen.origin import Origin

    return seen.line_of(Origin(seen.name, pointer)) if pointer else 0


def _by_line(seen: Seen) -> dict[int, list[Any]]:
    """The findings about lines of the configuration."""
    found: dict[int, list[Any]] = {}
    for each in told(seen, (finding for finding in seen.findings if finding.severity > Severity.INFO)):
        if each.line:
            found.setdefault(each.line, []).append(each)
    return found


def document(wanted: Wanted) -> Page:
    """A page of the pool's JSON."""
    seen = wanted.pool()
    lines = seen.document.text.split("\n")
    stretch = around(wanted.line, len(lines))
    rows = [(number, lines[number - 1]) for number in range(stretch.first, stretch.last + 1)]
    return Page("document.html", {"rows": rows, "stretch": stretch, "stored": seen.stored, **_common(wanted)})


def template(wanted: Wanted) -> Page:
    """A pool template: what came of it, and of every app that asks for it."""
    found = wanted.server.pool_templates.get(wanted.parameters.get("name", ""))
    statuses = some(sorted(found.status.get("statuses", {}).items()), _MOST_ROWS)
    text = some((found.text or "").removesuffix("\n").split("\n"), _MOST_ROWS)
    made = _pool_of(wanted.server, found.name)
    values = {"template": found, "statuses": statuses, "text": text, "made": made}
    return Page("template.html", values | _common(wanted))


def _pool_of(server: Server, template: str) -> StoredPool | None:
    return next((each for each in server.pools.all() if each.made_by == template), None)


def config_text(wanted: Wanted) -> Plain:
    """The whole configuration, and nothing else."""
    text = wanted.pool().text
    if text is None:
        raise Refusal(404, "there is no configuration")
    return Plain(text, TEXT)


def document_text(wanted: Wanted) -> Plain:
    """The pool's JSON, and nothing else."""
    pool = wanted.server.pools.get(wanted.parameters.get("name", ""))
    return Plain(json.dumps(shown(pool), indent=2) + "\n", JSON)


def _common(wanted: Wanted) -> dict[str, Any]:
    return {"tasks_problem": wanted.server.tasks.known.problem}


PAGES: Mapping[str, Callable[[Wanted], Page | Plain]] = {
    "": pools,
    "pool": pool,
    "config": config,
    "document": document,
    "template": template,
    "haproxy.cfg": config_text,
    "pool.json": document_text,
}
"""The pages by the last part of their paths."""
