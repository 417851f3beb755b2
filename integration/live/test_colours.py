"""Two colours of an app on a live load balancer: who drains is told to HAProxy as tools of a deployment look for it."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import TYPE_CHECKING

from integration.live.balancer import free_port
from integration.live.load import ask
from integration.live.test_day import color

if TYPE_CHECKING:
    from integration.live.balancer import Balancer
    from integration.marathon_stub import Marathon


def states(balancer: Balancer, backend: str) -> dict[str, str]:
    """The state of each server of the backend by its name, as HAProxy's statistics have it."""
    said = b""
    # A HAProxy that is being replaced may have nobody at its socket for a moment: that is no state yet.
    with suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(30)
        connection.connect(str(balancer.directory / "s"))
        connection.sendall(b"show stat\n")
        while part := connection.recv(65536):
            said += part
    rows = [line.split(",") for line in said.decode().splitlines() if line.startswith(f"{backend},")]
    return {row[1]: row[17] for row in rows if row[1] not in {"FRONTEND", "BACKEND"}}


def test_the_old_colour_drains_as_the_new_one_comes(marathon: Marathon, balancer: Balancer) -> None:
    port = free_port()
    backend = f"site_{port}"
    marathon.deploy(color("blue", port, 2, "2026-01-01T00:00:01"))
    balancer.start()
    balancer.wait_for(lambda: bool(ask(port).task), "the first generation")

    def drained(servers: int, count: int) -> None:
        def reached() -> bool:
            found = states(balancer, backend)
            lines = [line for line in balancer.config.read_text().splitlines() if line.endswith(" disabled")]
            told = [name for name, state in found.items() if state == "MAINT"]
            return len(found) == servers and len(told) == count and {line.split()[1] for line in lines} == set(told)

        balancer.wait_for(reached, f"{count} of {servers} servers in maintenance")

    try:
        drained(2, 0)
        marathon.deploy(color("green", port, 1, "2026-01-01T00:00:02"))
        drained(3, 1)
        marathon.scale("/site-green", 2)
        drained(4, 2)
        assert {ask(port).failure for _ in range(20)} == {""}
        marathon.delete("/site-blue")
        drained(2, 0)
        assert {ask(port).failure for _ in range(20)} == {""}
    finally:
        balancer.end()
