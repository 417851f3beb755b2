"""The endpoint of a live load balancer: its status and metrics, and what it can be asked to do.

It is a socket in the state directory that nobody else may open, and on request a port to read from. The server is the
standard library's: a handful of answers, asked for by one operator and one Prometheus, are worth neither an event loop
nor a framework, and a thread that waits costs nothing.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import socket
import threading
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn, UnixStreamServer
from typing import TYPE_CHECKING, Any

from lbgen.errors import ToolError
from lbgen.live.metrics import CONTENT_TYPE
from lbgen.live.status import document, serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lbgen.live.metrics import Metrics
    from lbgen.live.state import Controls
    from lbgen.live.status import Telling

SOCKET = "status.sock"
_SECONDS = 10
_LONGEST = 100
log = logging.getLogger("lbgen.live")


class StatusServer:
    """Answers until it is closed; `controls` are what may be asked for through the socket, and through it alone."""

    def __init__(
        self, telling: Telling, metrics: Metrics, controls: Controls, path: Path, listen: tuple[str, int] | None = None
    ) -> None:
        answers = _Answers(telling, metrics)
        self.path = path
        self._servers: list[Any] = [_on_socket(path, _handler(answers, controls))]
        self._threads: list[threading.Thread] = []
        if listen is not None:
            try:
                self._servers.append(_on_port(listen, _handler(answers, None)))
            except ToolError:
                self.close()
                raise
        for server in self._servers:
            self._threads.append(threading.Thread(target=server.serve_forever, name="status", daemon=True))
            self._threads[-1].start()

    @property
    def port(self) -> int | None:
        """The port that it listens on, if it does."""
        return self._servers[1].server_address[1] if len(self._servers) > 1 else None

    def close(self) -> None:
        """Ends it, and removes the socket; harmless the second time."""
        for server in self._servers:
            if self._threads:
                # It would wait for one that never began.
                server.shutdown()
            server.server_close()
        self._servers.clear()
        with contextlib.suppress(OSError):
            self.path.unlink()


class _Answers:
    """What is answered to a path: status, kind of text, text."""

    def __init__(self, telling: Telling, metrics: Metrics) -> None:
        self._telling = telling
        self._metrics = metrics

    def get(self, path: str) -> tuple[int, str, bytes]:
        found = self._paths().get(path.partition("?")[0])
        if found is None:
            return 404, "text/plain", b"there is /status, /metrics and /healthz\n"
        try:
            return found()
        except Exception:
            log.exception("the status cannot be told")
            return 500, "text/plain", b"a mistake of lbgen's; the log has it\n"

    def _paths(self) -> dict[str, Callable[[], tuple[int, str, bytes]]]:
        return {"/status": self._status, "/": self._status, "/metrics": self._text, "/healthz": self._health}

    def _status(self) -> tuple[int, str, bytes]:
        text = json.dumps(document(self._telling), indent=2) + "\n"
        return 200, "application/json", text.encode()

    def _text(self) -> tuple[int, str, bytes]:
        return 200, CONTENT_TYPE, self._metrics.text()

    def _health(self) -> tuple[int, str, bytes]:
        fine = serving(self._telling.state())
        return (200, "text/plain", b"ok\n") if fine else (503, "text/plain", b"HAProxy does not serve yet\n")


def _handler(answers: _Answers, controls: Controls | None) -> type[BaseHTTPRequestHandler]:
    wishes: dict[str, Callable[[str], None]] = {}
    if controls is not None:
        wishes = {"/control/update": controls.update, "/control/reload": controls.reload}

    class Handler(BaseHTTPRequestHandler):
        timeout = _SECONDS
        server_version = "lbgen"
        sys_version = ""

        def do_GET(self) -> None:
            self._answer(*answers.get(self.path))

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_POST(self) -> None:
            wish = wishes.get(self.path)
            if wish is None:
                self._answer(403, "text/plain", b"this is not for everybody\n")
                return
            wish("a request")
            self._answer(200, "text/plain", b"ok\n")

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            with contextlib.suppress(OSError):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing: it is asked every few seconds."""

        def address_string(self) -> str:
            return "local"

    return Handler


class _Unix(ThreadingMixIn, UnixStreamServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing: whoever asked has gone."""


class _Tcp(ThreadingMixIn, TCPServer):
    """Not HTTPServer, which asks for the name of its address, and that may take long."""

    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing: whoever asked has gone."""


class _Tcp6(_Tcp):
    address_family = socket.AF_INET6


def _on_socket(path: Path, handler: type[BaseHTTPRequestHandler]) -> _Unix:
    if len(os.fsencode(path)) > _LONGEST:
        raise ToolError(f"the path of a socket may have {_LONGEST} bytes: {path}", help="choose a shorter --state-dir")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ToolError(f"cannot make {path.parent}: {error.strerror}", help="choose another --state-dir") from None
    _clear(path)
    before = os.umask(0o177)
    try:
        return _Unix(str(path), handler)
    except OSError as error:
        raise ToolError(f"cannot listen on {path}: {error.strerror}") from None
    finally:
        os.umask(before)


def _clear(path: Path) -> None:
    """Removes what a run that was killed left; raises ToolError where one is alive."""
    with socket.socket(socket.AF_UNIX) as asked:
        asked.settimeout(2)
        try:
            asked.connect(str(path))
        except TimeoutError:
            pass
        except OSError:
            with contextlib.suppress(OSError):
                path.unlink()
            return
    raise ToolError(f"another lbgen runs with {path.parent}", help="give each its own --state-dir")


def _on_port(listen: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> _Tcp:
    try:
        return (_Tcp6 if ":" in listen[0] else _Tcp)(listen, handler)
    except OSError as error:
        raise ToolError(f"cannot listen on {listen[0]} port {listen[1]}: {error.strerror}") from None
