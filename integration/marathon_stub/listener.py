"""The socket that the stub listens on: it can be closed and opened again, and its port stays its own."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING

from integration.marathon_stub.connection import Connection

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

HOST = "127.0.0.1"


class Listener:
    """Takes connections on a port of its own and hands each to `serve` in a thread."""

    def __init__(self, serve: Callable[[Connection], None], tls: ssl.SSLContext | None, host: str = HOST) -> None:
        self._serve = serve
        self._tls = tls
        # Bound but deaf: as long as it is there, nobody else is given the port.
        self._holder = _bound(host, 0)
        self.host = host
        self.port = int(self._holder.getsockname()[1])
        self._socket: socket.socket | None = None
        self._connections: set[socket.socket] = set()
        self._ending = threading.Event()

    def open(self) -> None:
        """Takes connections from now on."""
        self._ending = threading.Event()
        self._socket = _bound(self.host, self.port)
        self._socket.listen(128)
        threading.Thread(target=self._accept, args=(self._socket, self._ending), daemon=True).start()

    def close(self) -> None:
        """Refuses connections, and ends those that there are."""
        self._ending.set()
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            self._socket = None
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                # The socket's own way, as that of TLS would wait for whoever reads from it.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def release(self) -> None:
        """Closes, and gives the port away."""
        self.close()
        self._holder.close()

    def _accept(self, listening: socket.socket, ending: threading.Event) -> None:
        while True:
            try:
                connected, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._run, args=(connected, ending), daemon=True).start()

    def _run(self, connected: socket.socket, ending: threading.Event) -> None:
        with contextlib.suppress(OSError, ValueError):
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is not None:
                connected = self._tls.wrap_socket(connected, server_side=True, do_handshake_on_connect=False)
            self._connections.add(connected)
            if self._tls is not None:
                connected.do_handshake()  # type: ignore[attr-defined]
            self._serve(Connection(connected, ending))
        self._connections.discard(connected)
        connected.close()


def _bound(host: str, port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    bound.bind((host, port))
    return bound
