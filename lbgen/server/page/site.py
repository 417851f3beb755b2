"""The pages over HTTP: which requests are theirs, who may look, and what a browser may do with them."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from lbgen import __version__
from lbgen.report.visible import visible
from lbgen.server.page.contents import PAGES, Plain, Wanted
from lbgen.server.page.html import written
from lbgen.server.page.links import DIRECTORY, Links
from lbgen.server.page.seen import Eye
from lbgen.server.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from lbgen.server.http.guard import Guard
    from lbgen.server.server import Server

log = logging.getLogger("lbgen.server")
_AT_ONCE = 4
_HTML = "text/html; charset=utf-8"
_FILES: Mapping[str, str] = {"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
_HERE = Path(__file__).with_name("templates")
_HEADERS: Mapping[str, str] = {
    "Server": f"lbgen/{__version__}",
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept, Authorization",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Site:
    """The pages of a server; `guard` is the one of its API."""

    def __init__(self, server: Server, guard: Guard) -> None:
        self._server = server
        self._guard = guard
        self._eye = Eye(server)
        # Rendering takes its time, and leaves threads to the API.
        self._at_work = asyncio.Semaphore(_AT_ONCE)

    def takes(self, request: Request, path: bytes) -> bool:
        """Whether the request is for a page: where a browser asks for `/`, and below `/page/`."""
        first = path == b"/" and request.method in {"GET", "HEAD"} and _wants_html(request.headers.get("accept", ""))
        return first or path.startswith(DIRECTORY.encode())

    async def response(self, request: Request, path: bytes) -> Response:
        """The page that is asked for, or one that says no."""
        try:
            self._admit(request)
            if path == b"/" and not _raw(request).endswith(b"/"):
                # Links from there would lead beside the prefix.
                where = _raw(request).rpartition(b"/")[2].decode("latin-1")
                return Response(status_code=307, headers={**_HEADERS, "Location": f"{where}/"})
            if (name := _page(path)) in _FILES:
                return _tagged(_file(name), _FILES[name], request)
            async with self._at_work:
                return await run_in_threadpool(self._answer, request, path)
        except Refusal as refusal:
            return _refused(refusal, path)
        except Exception:
            log.exception("%s %s", request.method, visible(request.url.path))
            return _refused(Refusal(500, "a mistake of lbgen's; its log says more"), path)

    def _admit(self, request: Request) -> None:
        self._guard.admit(request, password=True)
        if request.method not in {"GET", "HEAD"}:
            raise Refusal(405, "nothing can be changed here", ("GET", "HEAD"))
        fetched = request.headers.get("sec-fetch-site") == "cross-site"
        if fetched and request.headers.get("sec-fetch-mode", "navigate") != "navigate":
            raise Refusal(403, "pages of other servers may link to this one, and no more")

    def _answer(self, request: Request, path: bytes) -> Response:
        page = _page(path)
        if page not in PAGES:
            raise Refusal(404, f"path {visible(request.url.path):.200} was not found")
        made = PAGES[page](Wanted(self._server, self._eye, request.query_params))
        if isinstance(made, Plain):
            return _tagged(made.text.encode("utf-8", "backslashreplace"), made.kind, request)
        return _tagged(written(made.template, made.values, Links(first=path == b"/")), _HTML, request)


def _page(path: bytes) -> str:
    """The name of a page in the directory; empty for the first one."""
    return path.decode("latin-1").removeprefix(DIRECTORY) if path != b"/" else ""


def _raw(request: Request) -> bytes:
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    return raw.partition(b"?")[0]


def _wants_html(accept: str) -> bool:
    """Whether HTML is asked for by its name, as browsers do, and programs that take anything do not."""
    for each in accept.split(","):
        kind, *parameters = (part.strip().lower() for part in each.split(";"))
        if kind in {"text/html", "application/xhtml+xml"}:
            return not any(part in {"q=0", "q=0.0", "q=0.00", "q=0.000"} for part in parameters)
    return False


@cache
def _file(name: str) -> bytes:
    return (_HERE / name).read_bytes()


def _tagged(content: bytes, kind: str, request: Request) -> Response:
    """The content, unless it is known already."""
    headers = {**_HEADERS, "ETag": f'"{hashlib.sha256(content).hexdigest()[:32]}"'}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if headers["ETag"] in known:
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=kind)


def _refused(refusal: Refusal, path: bytes) -> Response:
    headers = dict(_HEADERS)
    if refusal.allowed:
        headers["Allow"] = ", ".join(refusal.allowed)
    if refusal.status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="lbgen", charset="UTF-8"'
    values = {"status": refusal.status, "message": str(refusal), "tasks_problem": ""}
    if refusal.closes:
        headers["Connection"] = "close"
    content = written("refused.html", values, Links(first=path == b"/"))
    return Response(content, refusal.status, headers, _HTML)
