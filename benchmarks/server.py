"""How many requests `lbgen serve edge-lb` answers, against a server that answers the same bytes and does nothing else.

    python benchmarks/server.py                      100 pools, 8 connections, 400 requests of each kind; a minute
    python benchmarks/server.py --pools 1000 --connections 32 --requests 2000

The other server is a bare application of Starlette in the same uvicorn, with the same settings. Each kind of request
goes to both, over connections that stay open; the figure is the number of requests in a second as a share of the other
server's. The slowest hundredth of the answers is given in medians of the same run: how long somebody may have to wait
who is unlucky. Ratios carry over to other machines; times do not. It ends with 1 where a request fails.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from generate import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ANNOUNCED = " is on http://"
BARE = """
import sys
from starlette.responses import Response
from lbgen.server.http.serving import listening, serve, url
bodies = {}
async def application(scope, receive, send):
    size, method = int(scope["query_string"] or 0), scope["method"]
    while (await receive()).get("more_body"):
        pass
    if size not in bodies:
        bodies[size] = b"x" * size
    await Response(bodies[size], media_type="application/json")(scope, receive, send)
listener = listening("127.0.0.1", 0)
serve(application, listener, lambda: print("it is on " + url(listener) + ",", file=sys.stderr, flush=True))
"""


class Kind(NamedTuple):
    """A kind of request: what it is called, its method, and the path and body of the one with this number."""

    name: str
    method: str
    path: Callable[[int], str]
    body: Callable[[int], bytes] = lambda _: b""
    reads: bool = True


class Measured(NamedTuple):
    """What came of many requests: how many in a second, their median and slowest hundredth, the bytes of an answer."""

    rate: float
    median: float
    slow: float
    size: int


def pool(number: int, count: int = 1) -> bytes:
    """A pool with a frontend and a backend of one address."""
    name = f"pool-{number}"
    endpoint = {"type": "ADDRESS", "address": "192.0.2.1", "port": 80}
    backend = {"name": name, "protocol": "HTTP", "services": [{"endpoint": endpoint}]}
    frontend = {"bindPort": 8080, "protocol": "HTTP", "linkBackend": {"defaultBackend": name}}
    haproxy = {"stats": {"bindPort": 0}, "frontends": [frontend], "backends": [backend]}
    return json.dumps({"apiVersion": "V2", "name": name, "count": count, "haproxy": haproxy}).encode()


def kinds(pools: int) -> list[Kind]:
    """All kinds of requests, on so many pools."""
    return [
        Kind("ping", "GET", lambda _: "/ping"),
        Kind("one pool", "GET", lambda number: f"/v2/pools/pool-{number % pools}"),
        Kind("all pools", "GET", lambda _: "/v2/pools"),
        Kind("lbconfig", "GET", lambda number: f"/v2/pools/pool-{number % pools}/lbconfig"),
        Kind("change a pool", "PUT", lambda _: "/v2/pools/x", lambda number: pool(number % pools, number), reads=False),
        Kind("make a pool", "POST", lambda _: "/v2/pools", lambda number: pool(pools + number), reads=False),
        Kind("remove a pool", "DELETE", lambda number: f"/v2/pools/pool-{pools + number}", reads=False),
    ]


def started(command: Sequence[str]) -> tuple[subprocess.Popen[str], str]:
    """The process, and where it serves."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, *command], stderr=subprocess.PIPE, text=True, env=environ)
    assert process.stderr is not None
    for line in process.stderr:
        if _ANNOUNCED in line:
            return process, line.partition(" is on ")[2].partition(",")[0].strip()
    raise SystemExit("a server does not begin")


async def measured(url: str, kind: Kind, requests: int, connections: int, size: int | None = None) -> Measured:
    """Sends them; with `size`, the server is told how long the answer is to be."""
    numbers = iter(range(requests))
    took: list[float] = []
    sizes: list[int] = []

    async def client() -> None:
        where = urlsplit(url)
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        for number in numbers:
            body = kind.body(number)
            path = kind.path(number) if size is None else f"{kind.path(number)}?{size}"
            head = f"{kind.method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
            start = time.perf_counter()
            writer.write(head.encode() + body)
            sizes.append(await answered(reader))
            took.append(time.perf_counter() - start)
        writer.close()

    start = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(connections)))
    whole = time.perf_counter() - start
    slow = statistics.quantiles(took, n=100, method="inclusive")[98]
    return Measured(requests / whole, statistics.median(took), slow, max(sizes))


async def answered(reader: asyncio.StreamReader) -> int:
    """The bytes of the next answer's body."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status = int(head.split()[1])
    if status >= 300:
        raise SystemExit(f"a request is answered {status}")
    length = [line.partition(":")[2] for line in head.split("\r\n") if line.lower().startswith("content-length:")]
    body = await reader.readexactly(int(length[0]) if length else 0)
    return len(body)


async def run(given: argparse.Namespace, url: str, bare: str) -> None:
    """Measures each kind on both servers, and prints the table."""
    fill = Kind("", "POST", lambda _: "/v2/pools", pool)
    await measured(url, fill, given.pools, 4)
    print(f"{given.pools} pools, {given.connections} connections, {given.requests} requests of each kind\n")
    print(f"{'':16}{'share of bare':>14}{'requests/s':>12}{'slowest 1 %':>13}{'bare, too':>11}")
    for kind in kinds(given.pools):
        await measured(url, kind, 20, 2) if kind.reads else None
        ours = await measured(url, kind, given.requests, given.connections)
        other = await measured(bare, kind, given.requests, given.connections, ours.size)
        share, slow, as_slow = ours.rate / other.rate, ours.slow / ours.median, other.slow / other.median
        print(f"{kind.name:16}{share:14.3f}{ours.rate:12.0f}{slow:12.1f}x{as_slow:10.1f}x", flush=True)


def main() -> None:
    """Starts both servers, and ends them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pools", type=int, default=100)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--requests", type=int, default=400)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lbgen-bench-") as data:
        serving = ["-m", "lbgen", "serve", "edge-lb", "--data", data, "--listen", "127.0.0.1:0"]
        processes = [started(serving), started(["-c", BARE])]
        try:
            asyncio.run(run(given, processes[0][1], processes[1][1]))
        finally:
            for process, _ in processes:
                process.kill()
                process.wait()


if __name__ == "__main__":
    main()
