"""Many clients make, change and remove the same pool, on two servers: what was acknowledged is what is there."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import requests

from tests.server.documents import pool

if TYPE_CHECKING:
    from collections.abc import Callable

    from integration.server.process import Process

CLIENTS = 10
REQUESTS = 30
EXPECTED = {"POST": {200, 409}, "PUT": {200, 404}, "DELETE": {204, 404}, "GET": {200, 404}, "lbconfig": {200, 404}}


class Done(NamedTuple):
    """A request, and what came of it; `wanted` is the count that it asked for, `revision` what the answer says."""

    method: str
    status: int
    wanted: int
    revision: int | None


def client(url: str, number: int) -> list[Done]:
    """Asks for one thing after the other; each change asks for a count of its own."""
    chance = random.Random(number)
    done = []
    with requests.Session() as session:
        for turn in range(REQUESTS):
            method = chance.choice(["POST", "POST", "PUT", "PUT", "PUT", "DELETE", "GET", "lbconfig"])
            count = number * REQUESTS + turn
            body = pool("one", count=count) if method in {"POST", "PUT"} else None
            path = {"POST": "", "lbconfig": "/one/lbconfig"}.get(method, "/one")
            verb = "GET" if method == "lbconfig" else method
            reply = session.request(verb, f"{url}/v2/pools{path}", json=body, timeout=120)
            if reply.status_code == 200 and method in {"POST", "PUT"}:
                assert reply.json()["count"] == count
            etag = reply.headers.get("ETag")
            done.append(Done(method, reply.status_code, count, int(etag.strip('"')) if etag else None))
    return done


def test_what_was_acknowledged_is_there(start: Callable[[], Process]) -> None:
    servers = [start(), start()]
    with ThreadPoolExecutor(CLIENTS) as executor:
        futures = [executor.submit(client, servers[number % 2].url, number) for number in range(CLIENTS)]
        by_client = [future.result(timeout=500) for future in futures]
    everything = [each for done in by_client for each in done]
    assert {(each.method, each.status) for each in everything if each.status not in EXPECTED[each.method]} == set()

    changes = [each for each in everything if each.status == 200 and each.method in {"POST", "PUT"}]
    revisions = [each.revision for each in changes if each.revision is not None]
    assert len(revisions) == len(set(revisions)) == len(changes)
    for done in by_client:
        seen = [each.revision for each in done if each.revision is not None]
        # Nobody sees what was there before something that he has seen.
        assert all(before <= after for before, after in pairwise(seen))

    made = sum(each.method == "POST" for each in changes)
    removed = sum(each.method == "DELETE" and each.status == 204 for each in everything)
    assert made
    assert removed
    for server in servers:
        now = requests.get(f"{server.url}/v2/pools/one", timeout=60)
        assert made - removed == (now.status_code == 200)
        if now.status_code == 200:
            last = max(changes, key=lambda each: each.revision or 0)
            assert (now.json()["count"], now.headers["ETag"]) == (last.wanted, f'"{last.revision}"')
        assert "Traceback" not in server.log
