"""Questions about a few lines of haproxy.cfg, and answers in few words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.haproxy.parse import parse
from lbgen.routing.answer import Kind
from lbgen.routing.request import request_of_url
from lbgen.routing.route import route
from lbgen.routing.table import table_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.routing.answer import Answer, Outcome

HTTP = "defaults\n  mode http\n"
BACKENDS = "".join(f"backend {name}\n  server {name} 192.0.2.1:80\n" for name in ("one", "two", "rest"))


def answer(text: str, url: str, files: Mapping[str, str] | None = None, **given: Any) -> Answer:
    """What becomes of a request for the URL; the text stands behind `mode http` and before some backends."""
    return route(request_of_url(url, **given), table_of(parse(HTTP + text + BACKENDS)), files)


def ends(text: str, url: str, files: Mapping[str, str] | None = None, **given: Any) -> list[str]:
    """How the request ends, on every way that it may go."""
    return [_told(way.outcome) for door in answer(text, url, files, **given).doors for way in door.ways]


def _told(outcome: Outcome) -> str:
    if outcome.kind is Kind.SERVED and outcome.backend is not None:
        return outcome.backend.name
    return " ".join(filter(None, (str(outcome.kind), str(outcome.status or ""), outcome.detail or "")))


def frontend(*rules: str, bind: str = ":80") -> str:
    """A frontend with these rules, which leads to `rest`."""
    return "\n  ".join(("frontend in", f"bind {bind}", *rules, "default_backend rest")) + "\n"
