"""A server that answers what it is told to, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator


class Asked(NamedTuple):
    method: str
    path: str
    authorization: str | None
    body: bytes
    if_match: str | None = None

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Scripted:
    url: str
    answers: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    location: str = ""
    etag: str = ""

    def says(self, what: str, value: object, status: int = 200) -> None:
        """Has `GET /path` answered with this JSON."""
        self.answers[what] = (status, "application/json", json.dumps(value).encode())

    def says_text(self, what: str, text: str, status: int = 200, kind: str = "text/plain; charset=utf-8") -> None:
        self.answers[what] = (status, kind, text.encode())


class Quiet(ThreadingHTTPServer):
    """Its complaints, as of clients that hang up, would stand between what a command says."""

    def handle_error(self, *_: object) -> None:
        pass


@contextmanager
def scripted(tls: ssl.SSLContext | None = None) -> Iterator[Scripted]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            authorization, if_match = self.headers.get("Authorization"), self.headers.get("If-Match")
            script.asked.append(Asked(self.command, self.path, authorization, body, if_match))
            unknown = (404, "application/json", b'{"code": 404, "message": "not scripted"}')
            status, kind, content = script.answers.get(f"{self.command} {self.path}", unknown)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            if script.location:
                self.send_header("Location", script.location)
            if script.etag:
                self.send_header("ETag", script.etag)
            if status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - http.server's

        def log_message(self, *_: object) -> None:
            pass

    with Quiet(("127.0.0.1", 0), Handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        script = Scripted(f"{'http' if tls is None else 'https'}://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield script
        finally:
            server.shutdown()
            thread.join()
