"""The application: finds what answers to a request, has it answer, and writes the answer down."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from lbgen import __version__
from lbgen.report.visible import visible
from lbgen.server.http import openapi
from lbgen.server.http.endpoint import JSON, TEXT, Answer, Asked, Endpoint, Table
from lbgen.server.page.site import Site
from lbgen.server.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive, Scope, Send

    from lbgen.server.http.guard import Guard
    from lbgen.server.server import Server

PREFIX = "/service/edgelb"
_SLOW_AT_ONCE = 4
_SLOWEST = 60.0
"""Seconds for which a request waits for its turn."""
log = logging.getLogger("lbgen.server")
_ABSOLUTE = re.compile(rb"\Ahttps?://[^/]*", re.IGNORECASE)
"""How a request to a proxy begins, which every server has to take, too."""
_HEADERS = {"Server": f"lbgen/{__version__}", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


class Api:
    """An ASGI application that serves the API, and its pages, under `/` and under the prefix."""

    def __init__(self, server: Server, guard: Guard, prefix: str = PREFIX) -> None:
        self._server = server
        self._guard = guard
        self._prefix = prefix.rstrip("/").encode()
        self._table = Table(openapi.ALL)
        self._site = Site(server, guard)
        self._slow = asyncio.Semaphore(_SLOW_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        path = self._path(request)
        ours = self._site.takes(request, path)
        response = await (self._site.response(request, path) if ours else self._response(request))
        await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        endpoint: Endpoint | None = None
        try:
            self._guard.admit(request)
            endpoint, names = self._found(request)
            asked = Asked(names, await self._guard.body(request), _expected(request.headers.get("if-match")))
            answer = await (self._slowly if endpoint.slow else self._answer)(endpoint, asked)
        except Refusal as refusal:
            plain = endpoint is not None and endpoint.says_no_in_text
            return refused(refusal, text=plain and JSON not in request.headers.get("accept", ""))
        except Exception:
            log.exception("%s %s", request.method, visible(request.url.path))
            return refused(Refusal(500, "a mistake of lbgen's; its log says more"), text=False)
        return _written(answer, request.headers.get("if-none-match") if request.method in {"GET", "HEAD"} else None)

    async def _answer(self, endpoint: Endpoint, asked: Asked) -> Answer:
        return await run_in_threadpool(endpoint.answer, self._server, asked)

    async def _slowly(self, endpoint: Endpoint, asked: Asked) -> Answer:
        """The answer of an endpoint that takes its time: a few of them are at work, and leave threads to others."""
        try:
            async with asyncio.timeout(_SLOWEST):
                await self._slow.acquire()
        except TimeoutError:
            raise Refusal(503, "too many templates are being tried: try again later") from None
        try:
            return await self._answer(endpoint, asked)
        finally:
            self._slow.release()

    def _found(self, request: Request) -> tuple[Endpoint, Mapping[str, str]]:
        found = self._table.find(self._path(request))
        if found is None:
            raise Refusal(404, f"path {visible(request.url.path):.200} was not found")
        method = "GET" if request.method == "HEAD" else request.method
        if method not in found.methods:
            allowed = sorted({*found.methods, *(["HEAD"] if "GET" in found.methods else [])})
            raise Refusal(405, f"method {request.method:.20} is not allowed, but [{','.join(allowed)}] are", allowed)
        return found.methods[method], found.names

    def _path(self, request: Request) -> bytes:
        raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
        path = _ABSOLUTE.sub(b"", raw.partition(b"?")[0]) or b"/"
        within = self._prefix and (path == self._prefix or path.startswith(self._prefix + b"/"))
        return (path.removeprefix(self._prefix) or b"/") if within else path


def refused(refusal: Refusal, *, text: bool) -> Response:
    """The reply that says no: a bare text where a text was asked for, else JSON."""
    headers = {"Allow": ", ".join(refusal.allowed)} if refusal.allowed else {}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if refusal.closes:
        headers["Connection"] = "close"
    if text:
        return Response(visible(str(refusal)), refusal.status, {**_HEADERS, **headers}, TEXT)
    value = {"code": refusal.code, "message": str(refusal), **refusal.more}
    return Response(_dumped(value), refusal.status, {**_HEADERS, **headers}, JSON)


def _written(answer: Answer, known: str | None) -> Response:
    headers = {**_HEADERS, **answer.headers}
    if answer.revision is not None:
        headers["ETag"] = f'"{answer.revision}"'
        if known is not None and headers["ETag"] in {tag.strip().removeprefix("W/") for tag in known.split(",")}:
            return Response(status_code=304, headers=headers)
    if answer.status == 204:
        return Response(status_code=204, headers=headers)
    content = _dumped(answer.value) if answer.kind == JSON else answer.value
    return Response(content, answer.status, headers, answer.kind)


def _dumped(value: Any) -> bytes:
    return json.dumps(value, allow_nan=False).encode() + b"\n"


def _expected(header: str | None) -> tuple[int, ...] | None:
    """The revisions of If-Match; None where any will do. A tag that is none of lbgen's fits nothing."""
    if header is None or header.strip() == "*":
        return None
    tags = (tag.strip() for tag in header.split(","))
    numbers = (tag[1:-1] for tag in tags if len(tag) > 2 and tag[0] == tag[-1] == '"')
    return tuple(int(number) for number in numbers if number.isascii() and number.isdecimal() and len(number) < 19)
