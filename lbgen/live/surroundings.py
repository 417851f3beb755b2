"""What surrounds a live load balancer while it runs: status, metrics, and where they are asked for."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lbgen.check.binary import find_binary
from lbgen.errors import UsageError
from lbgen.live.endpoint import SOCKET, StatusServer
from lbgen.live.haproxy.sockets import sockets_of
from lbgen.live.metrics import Metrics
from lbgen.live.status import Telling
from lbgen.render.builtin import templates_directory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.live.assembly import Live, Settings
    from lbgen.live.contract import Haproxy

_STALE = 3
"""So many times in a row everything could not be fetched, before that is wrong."""


@contextmanager
def told(
    live: Live,
    haproxy: Haproxy,
    settings: Settings,
    listen: tuple[str, int] | None,
    *,
    signals_for_all: bool = False,
) -> Iterator[StatusServer]:
    """Tells how the load balancer is, in its state directory and where else it is to `listen`.

    Raises ToolError where that cannot be. HAProxy's Lua learns from the environment where lbgen is asked for what
    signals do, whatever the dialect of the configuration, and whether everybody may.
    """
    sockets = sockets_of(settings.state_dir)
    sockets.make()
    path = sockets.own / SOCKET
    os.environ["LBGEN_STATUS_SOCKET"] = str(path)
    os.environ["LBGEN_SIGNALS"] = "all" if signals_for_all else "local"
    telling = Telling(
        state=lambda: live.states.now,
        processes=haproxy.processes,
        haproxy_version=settings.haproxy_version,
        stale_after=max(60.0, _STALE * settings.rhythm.full),
    )
    metrics = Metrics(telling)
    live.states.observers.append(metrics.observe_stage)
    server = StatusServer(telling, metrics, live.triggers, path, listen)
    try:
        yield server
    finally:
        live.states.observers.remove(metrics.observe_stage)
        server.close()


def lua_dir(binary: str | None) -> str | None:
    """Where the Lua of port 9090 is, None where this HAProxy was built without Lua."""
    found = find_binary(binary)
    if found is None:
        return None
    try:
        said = subprocess.run([found, "-vv"], capture_output=True, timeout=30, check=False).stdout  # noqa: S603 - as named
    except (OSError, subprocess.TimeoutExpired):
        return None
    return str(templates_directory() / "lua") if b"Built with Lua" in said else None


def address(text: str | None) -> tuple[str, int] | None:
    """The address and port that are meant; raises UsageError where it is none."""
    if text is None:
        return None
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise UsageError(f"--status-listen: {text!r:.80} is no address and port, as in 127.0.0.1:9095")
    return host.strip("[]") or "127.0.0.1", int(port)
