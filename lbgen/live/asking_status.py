"""Asking a live load balancer how it is."""

from __future__ import annotations

import http.client
import json
import socket
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lbgen.errors import ToolError, UsageError
from lbgen.live.endpoint import SOCKET
from lbgen.live.haproxy.sockets import sockets_of

_SECONDS = 10
_MOST = 64 * 1024 * 1024


def ask(where: Path | str) -> dict[str, Any]:
    """The document of the load balancer with this state directory, or at this URL.

    Raises ToolError where nobody answers, or somebody else, UsageError where the URL is none.
    """
    connection = _to_socket(sockets_of(where).own / SOCKET) if isinstance(where, Path) else _to_url(where)
    try:
        with closing(connection):
            connection.request("GET", "/status")
            answer = connection.getresponse()
            document = json.loads(answer.read(_MOST)) if answer.status == 200 else None
    except (OSError, http.client.HTTPException) as error:
        said = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise ToolError(f"no load balancer answers at {where}: {said}", help=_help(where)) from None
    except ValueError:
        document = None
    if not isinstance(document, dict) or not isinstance(document.get("version"), int):
        raise ToolError(f"what answers at {where} is no load balancer of lbgen's")
    return document


def _help(where: Path | str) -> str:
    if isinstance(where, str):
        return "lbgen run with --status-listen opens that port"
    return "is `lbgen run` running, with this --state-dir, and may this user look into it?"


class _OnSocket(http.client.HTTPConnection):
    """HTTP over a socket of this machine."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=_SECONDS)
        self._path = path

    def connect(self) -> None:
        """Opens the socket."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(_SECONDS)
        self.sock.connect(str(self._path))


def _to_socket(path: Path) -> http.client.HTTPConnection:
    return _OnSocket(path)


def _to_url(url: str) -> http.client.HTTPConnection:
    scheme, host, port = "", None, None
    with suppress(ValueError):
        split = urlsplit(url)
        host, port, scheme = split.hostname, split.port, split.scheme
    if scheme != "http" or not host:
        raise UsageError(f"--url: {url!r:.80} is no URL, as in http://127.0.0.1:9095")
    return http.client.HTTPConnection(host, port or 80, timeout=_SECONDS)
