"""What was answered is kept, whatever happens to the server; and two servers are as good as one."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import requests

from tests.server.documents import pool

if TYPE_CHECKING:
    from collections.abc import Callable

    from integration.server.process import Process

WRITERS = 4
ROUNDS = 2


class Writer(threading.Thread):
    """Makes and changes a pool until nobody answers; `kept` is the count that was last answered."""

    def __init__(self, url: str, name: str, count: int | None) -> None:
        super().__init__(daemon=True)
        self.name = name
        self.kept = self.tried = count
        self.answers = 0
        self.wrong: list[str] = []
        self._url = url

    def run(self) -> None:
        with requests.Session() as session:
            try:
                while not self.wrong:
                    self._write(session)
            except requests.RequestException:
                return

    def _write(self, session: requests.Session) -> None:
        self.tried = 1 if self.kept is None else self.kept + 1
        method, path = ("POST", "") if self.kept is None else ("PUT", f"/{self.name}")
        document = pool(self.name, count=self.tried)
        reply = session.request(method, f"{self._url}/v2/pools{path}", json=document, timeout=60)
        if reply.status_code == 200:
            self.kept = self.tried
            self.answers += 1
        else:
            self.wrong.append(reply.text)


def counts(url: str) -> dict[str, int]:
    listed: list[dict[str, Any]] = requests.get(f"{url}/v2/pools", timeout=60).json()
    return {each["name"]: each["count"] for each in listed}


def test_what_was_answered_survives_sigkill(start: Callable[[], Process]) -> None:
    known: dict[str, int | None] = {f"pool-{index}": None for index in range(WRITERS)}
    for _ in range(ROUNDS):
        servers = [start(), start()]
        writers = [Writer(servers[index % 2].url, name, known[name]) for index, name in enumerate(known)]
        for writer in writers:
            writer.start()
        deadline = time.monotonic() + 120
        while not all(writer.answers >= 3 for writer in writers) and time.monotonic() < deadline:
            time.sleep(0.01)
        for server in servers:
            server.kill()
        for writer in writers:
            writer.join(90)
            assert not writer.wrong
            assert writer.answers >= 3
        again = start()
        found = counts(again.url)
        for writer in writers:
            # What was not answered may have been kept as well.
            assert found[writer.name] in {writer.kept, writer.tried}, writer.name
        known = dict(found)
        again.kill()


def test_two_servers_lose_no_update(start: Callable[[], Process]) -> None:
    urls = [f"{start().url}/v2/pools", f"{start().url}/v2/pools"]
    assert requests.post(urls[0], json=pool(count=0), timeout=60).status_code == 200
    failures: list[str] = []

    def add(url: str) -> None:
        done = 0
        while done < 5 and not failures:
            now = requests.get(f"{url}/ping-lb", timeout=60)
            document = {**now.json(), "count": now.json()["count"] + 1}
            headers = {"If-Match": now.headers["ETag"]}
            reply = requests.put(f"{url}/ping-lb", json=document, headers=headers, timeout=60)
            done += reply.status_code == 200
            if reply.status_code not in {200, 412}:
                failures.append(reply.text)

    threads = [threading.Thread(target=add, args=(urls[index % 2],)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not failures
    assert requests.get(f"{urls[1]}/ping-lb", timeout=60).json()["count"] == 20


def test_it_ends_when_it_is_told(start: Callable[[], Process]) -> None:
    server = start()
    requests.post(f"{server.url}/v2/pools", json=pool(), timeout=60)
    assert server.stop() == 0
    assert "Traceback" not in server.log
