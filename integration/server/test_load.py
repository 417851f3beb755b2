"""Many clients, rude ones among them: every request is answered, and nothing hangs."""

from __future__ import annotations

import random
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests

from tests.server.documents import pool

if TYPE_CHECKING:
    from collections.abc import Callable

    from integration.server.process import Process

CLIENTS = 12
REQUESTS = 25


def test_every_request_of_many_clients_is_answered(start: Callable[[], Process]) -> None:
    server = start()
    pools = f"{server.url}/v2/pools"

    def client(seed: int) -> Counter[tuple[str, int]]:
        chosen, seen = random.Random(seed), Counter[tuple[str, int]]()
        with requests.Session() as session:
            for _ in range(REQUESTS):
                name = f"pool-{chosen.randrange(6)}"
                method = chosen.choice(["GET", "GET", "POST", "PUT", "DELETE", "LIST", "CONFIG"])
                if method == "LIST":
                    reply = session.get(pools, timeout=60)
                elif method == "CONFIG":
                    reply = session.get(f"{pools}/{name}/lbconfig", timeout=60)
                else:
                    path = pools if method == "POST" else f"{pools}/{name}"
                    body = pool(name) if method in {"POST", "PUT"} else None
                    reply = session.request(method, path, json=body, timeout=60)
                seen[method, reply.status_code] += 1
        return seen

    with ThreadPoolExecutor(CLIENTS) as executor:
        seen = sum(executor.map(client, range(CLIENTS)), Counter[tuple[str, int]]())
    assert sum(seen.values()) == CLIENTS * REQUESTS
    allowed = {"GET": {200, 404}, "POST": {200, 409}, "PUT": {200, 404}, "DELETE": {204, 404}}
    allowed |= {"LIST": {200}, "CONFIG": {200, 404}}
    assert all(status in allowed[method] for method, status in seen), seen
    made, gone = seen["POST", 200], seen["DELETE", 204]
    assert made
    assert gone
    assert len(requests.get(pools, timeout=60).json()) == made - gone
    assert "Traceback" not in server.log


def test_of_concurrent_deletes_one_succeeds(start: Callable[[], Process]) -> None:
    pools = f"{start().url}/v2/pools"
    for _ in range(2):
        assert requests.post(pools, json=pool(), timeout=60).status_code == 200
        with ThreadPoolExecutor(8) as executor:
            deletes = [executor.submit(requests.delete, f"{pools}/ping-lb", timeout=60) for _ in range(8)]
        assert Counter(delete.result().status_code for delete in deletes) == {204: 1, 404: 7}


def test_of_concurrent_creations_one_succeeds(start: Callable[[], Process]) -> None:
    urls = [start().url, start().url]
    with ThreadPoolExecutor(8) as executor:
        posts = [
            executor.submit(requests.post, f"{urls[index % 2]}/v2/pools", json=pool(), timeout=60) for index in range(8)
        ]
    assert Counter(post.result().status_code for post in posts) == {200: 1, 409: 7}


def test_who_says_little_keeps_nobody_waiting(start: Callable[[], Process]) -> None:
    server = start()
    where = urlsplit(server.url)
    beginnings = [b"", b"GET /v2/po", b"POST /v2/pools HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"]
    sockets = [socket.create_connection((where.hostname, where.port), timeout=60) for _ in range(90)]
    try:
        for index, each in enumerate(sockets):
            each.sendall(beginnings[index % len(beginnings)])
        for index in range(8):
            assert requests.post(f"{server.url}/v2/pools", json=pool(f"pool-{index}"), timeout=60).status_code == 200
        # Each of them hears, or sees, that its time is over.
        for index, each in enumerate(sockets[:3]):
            each.settimeout(90)
            said = each.recv(65536)
            assert said.startswith(b"HTTP/1.1 408") if index == 2 else said == b""
    finally:
        for each in sockets:
            each.close()
