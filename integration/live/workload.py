"""What the apps of a test cluster run: servers that say who they are, and end some time after they are told to."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from integration.marathon_stub import Placement

if TYPE_CHECKING:
    from collections.abc import Coroutine

HOST = "127.0.0.1"


class Workload:
    """A server for each task; `grace` is how many seconds it serves after it was told to end.

    `ended` has when each was told to, in seconds of `time.monotonic`.
    """

    def __init__(self, grace: float = 10.0) -> None:
        self._loop = asyncio.new_event_loop()
        self._servers: dict[str, asyncio.Server] = {}
        self.grace = grace
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.ended: dict[str, float] = {}

    def launch(self, app: dict[str, Any], task_id: str) -> Placement:
        """Starts the task's server."""
        ports = [self._run(self._serve(task_id)) for _ in app["portDefinitions"] or [None]]
        return Placement(HOST, ports, HOST)

    def stop(self, task: dict[str, Any]) -> None:
        """Has the task's server end as a well-behaved task does; one that failed is gone at once."""
        self.ended[task["id"]] = time.monotonic()
        grace = 0.0 if task["state"] == "TASK_FAILED" else self.grace
        self._loop.call_soon_threadsafe(self._loop.call_later, grace, self._close, task["id"])

    def close(self) -> None:
        """Ends all servers."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _end(self) -> None:
        for server in self._servers.values():
            server.close()
        running = asyncio.all_tasks() - {asyncio.current_task()}
        for each in running:
            each.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _run(self, coroutine: Coroutine[Any, Any, int]) -> int:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    def _close(self, task_id: str) -> None:
        if task_id in self._servers:
            self._servers.pop(task_id).close()

    async def _serve(self, task_id: str) -> int:
        answer = f"HTTP/1.1 200 OK\r\nContent-Length: {len(task_id)}\r\nConnection: close\r\n\r\n{task_id}".encode()

        async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                await reader.readuntil(b"\r\n\r\n")
                writer.write(answer)
                await writer.drain()
            writer.close()

        server = await asyncio.start_server(respond, HOST, 0)
        self._servers[task_id] = server
        return int(server.sockets[0].getsockname()[1])
