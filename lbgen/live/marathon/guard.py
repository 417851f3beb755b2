"""Ending what waits for the network, from outside: a socket that blocks is shut down, so that its reader wakes up.

Timeouts of sockets bound each wait alone: who sends a byte now and then would be listened to for ever.
"""

from __future__ import annotations

import contextlib
import math
import os
import socket
import threading
import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Any, Self

    from urllib3 import PoolManager

_LOOK_SECONDS = 0.2
_CURRENT: ContextVar[Guard | None] = ContextVar("guard", default=None)


class Guard:
    """Watches over connections until its block ends; cuts them after `seconds`, and soon after `stop` is set."""

    def __init__(self, seconds: float = math.inf, stop: threading.Event | None = None) -> None:
        self.cut_because = ""
        self._seconds = seconds
        self._stop = stop
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._look, name="lbgen-guard", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        with self._lock:
            for each in self._sockets:
                each.close()
            self._sockets.clear()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Within it, connections that this thread makes or uses are watched over."""
        token = _CURRENT.set(self)
        try:
            yield
        finally:
            _CURRENT.reset(token)

    def watch(self, used: socket.socket) -> None:
        """Watches over this socket, too. It is known by a duplicate: TLS takes the original away from its object."""
        with self._lock:
            duplicate = socket.socket(fileno=os.dup(used.fileno()))
            self._sockets.append(duplicate)
            if self.cut_because:
                _shut(duplicate)

    def cut(self, why: str) -> None:
        """Ends all connections, and those that are still to come."""
        with self._lock:
            self.cut_because = why
            for each in self._sockets:
                _shut(each)

    def _look(self) -> None:
        end = time.monotonic() + self._seconds
        while self._stop is None or not self._stop.is_set():
            left = end - time.monotonic()
            if left <= 0:
                self.cut(f"takes longer than {self._seconds:g} s")
                return
            if self._over.wait(min(left, threading.TIMEOUT_MAX if self._stop is None else _LOOK_SECONDS)):
                return
        self.cut("is not asked any more")


def _shut(connected: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


class _Watched(HTTPConnection):
    """Shows its socket to the guard: a new connection before TLS begins, a kept one when it is used again."""

    def _new_conn(self) -> socket.socket:
        made = super()._new_conn()
        _watch(made)
        return made

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is not None:
            _watch(self.sock)
        super().request(*args, **kwargs)


class _WatchedTls(_Watched, HTTPSConnection):
    pass


def _watch(used: socket.socket) -> None:
    guard = _CURRENT.get()
    if guard is not None:
        guard.watch(used)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Watched


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedTls


# A host that is gone says nothing, not even that: what it does not acknowledge within 15 s is lost, as is a connection
# on which it does not answer the kernel's own questions.
_OPTIONS = [
    (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    *(
        (socket.IPPROTO_TCP, getattr(socket, name), value)
        for name, value in (("TCP_KEEPIDLE", 10), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 3), ("TCP_USER_TIMEOUT", 15000))
        if hasattr(socket, name)
    ),
]
_POOLS = {"http": _Pool, "https": _TlsPool}


class GuardedAdapter(HTTPAdapter):
    """What requests sends over connections that a guard can end."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """As the name says."""
        super().init_poolmanager(*args, **kwargs, socket_options=_OPTIONS)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> PoolManager:
        """As the name says."""
        manager: PoolManager = super().proxy_manager_for(*args, **kwargs, socket_options=_OPTIONS)
        manager.pool_classes_by_scheme = _POOLS
        return manager
