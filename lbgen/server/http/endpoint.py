"""One row of the API: a method and a path, what answers, and how the description tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote_to_bytes

from lbgen.server.decoding import json_value
from lbgen.server.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lbgen.server.server import Server

TEXT = "text/plain; charset=utf-8"
JSON = "application/json"


class Asked(NamedTuple):
    """What an endpoint is asked: the names in the path, the body, and the revisions of If-Match, None for any."""

    names: Mapping[str, str]
    body: bytes = b""
    expected: tuple[int, ...] | None = None

    @property
    def name(self) -> str:
        """The name in the path."""
        return self.names["name"]

    def json(self) -> Any:
        """The value of the body; raises Refusal where it is no JSON."""
        return json_value(self.body)

    def text(self) -> str:
        """The body as text; raises Refusal where it is none."""
        try:
            return self.body.decode()
        except UnicodeDecodeError:
            raise Refusal(400, "the body is not UTF-8") from None


class Answer(NamedTuple):
    """What is answered: a JSON value, or a text of some kind; `revision` becomes the ETag, with a tag for its like."""

    value: Any = None
    status: int = 200
    kind: str = JSON
    revision: int | None = None
    headers: Mapping[str, str] = {}


class Endpoint(NamedTuple):
    """A row: `body` and `reply` name schemas of the description, `text`, or nothing.

    The errors of an endpoint whose `reply` is a text, or that has `plain_errors`, are texts, too, save those of what
    stands before it. A `slow` one runs programs, and may not keep others waiting.
    """

    method: str
    path: str
    answer: Callable[[Server, Asked], Answer]
    summary: str
    body: str = ""
    reply: str = ""
    statuses: tuple[int, ...] = (200,)
    plain_errors: bool = False
    slow: bool = False

    @property
    def says_no_in_text(self) -> bool:
        """Whether errors are bare texts for whoever does not ask for JSON."""
        return self.plain_errors or self.reply == "text"


def text(content: str, revision: int | None = None) -> Answer:
    """A text, or that there is none."""
    return Answer(content, 200 if content else 204, TEXT, revision)


class Found(NamedTuple):
    """The endpoints of a path by method, and the names in it."""

    methods: Mapping[str, Endpoint]
    names: Mapping[str, str]


class Table:
    """All endpoints, found by path and method."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self.endpoints = tuple(endpoints)
        self._rows: dict[tuple[str, ...], dict[str, Endpoint]] = {}
        for endpoint in self.endpoints:
            self._rows.setdefault(tuple(endpoint.path.split("/")[1:]), {})[endpoint.method] = endpoint

    def find(self, raw_path: bytes) -> Found | None:
        """What answers to a path as it was sent: an encoded slash is part of a name, and no slash; None for nobody."""
        try:
            parts = [unquote_to_bytes(part).decode() for part in raw_path.split(b"/")[1:]]
        except UnicodeDecodeError:
            return None
        for shape, methods in self._rows.items():
            names = _names(shape, parts)
            if names is not None:
                return Found(methods, names)
        return None


def _names(shape: tuple[str, ...], parts: list[str]) -> dict[str, str] | None:
    if len(shape) != len(parts):
        return None
    names = {}
    for wanted, part in zip(shape, parts, strict=True):
        if wanted.startswith("{") and part:
            names[wanted[1:-1]] = part
        elif wanted != part:
            return None
    return names
