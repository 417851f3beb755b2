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

GONE, BARE, WITH_TEMPLATE = "gone", "there", "there, with a template"
TEMPLATE = "{% for section in sections %}\n{{ section.text }}\n{% endfor %}\n# mine\n"
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


class Remover(threading.Thread):
    """Makes a pool with a template of its own, and removes it, until nobody answers; `kept` is what came of it."""

    def __init__(self, url: str, name: str) -> None:
        super().__init__(daemon=True)
        self.name = name
        self.kept = self.tried = GONE
        self.answers = 0
        self.wrong: list[str] = []
        self._pools = f"{url}/v2/pools"

    def run(self) -> None:
        with requests.Session() as session:
            try:
                session.delete(f"{self._pools}/{self.name}", timeout=60)
                while not self.wrong:
                    self._ask(session, "POST", "", BARE, json=pool(self.name))
                    self._ask(session, "PUT", f"/{self.name}/lbtemplate", WITH_TEMPLATE, data=TEMPLATE)
                    self._ask(session, "DELETE", f"/{self.name}", GONE)
            except requests.RequestException:
                return

    def _ask(self, session: requests.Session, method: str, path: str, then: str, **body: Any) -> None:
        self.tried = then
        reply = session.request(method, f"{self._pools}{path}", timeout=120, **body)
        if reply.status_code in {200, 204}:
            self.kept = then
            self.answers += 1
        else:
            self.wrong.append(reply.text)


def state(url: str, name: str) -> str:
    """What there is of a pool."""
    reply = requests.get(f"{url}/v2/pools/{name}/lbtemplate", timeout=60)
    if reply.status_code == 404:
        return GONE
    return WITH_TEMPLATE if reply.text == TEMPLATE else BARE


def counts(url: str) -> dict[str, int]:
    listed: list[dict[str, Any]] = requests.get(f"{url}/v2/pools", timeout=60).json()
    return {each["name"]: each["count"] for each in listed}


def test_what_was_answered_survives_sigkill(start: Callable[..., Process]) -> None:
    known: dict[str, int | None] = {f"pool-{index}": None for index in range(WRITERS)}
    for _ in range(ROUNDS):
        servers = [start("--check-timeout", "300"), start("--check-timeout", "300")]
        writers = [Writer(servers[index % 2].url, name, known[name]) for index, name in enumerate(known)]
        removers = [Remover(server.url, f"sometimes-{index}") for index, server in enumerate(servers)]
        everybody: list[Writer | Remover] = [*writers, *removers]
        for each in everybody:
            each.start()
        deadline = time.monotonic() + 240
        while not all(each.answers >= 3 for each in everybody) and time.monotonic() < deadline:
            time.sleep(0.01)
        for server in servers:
            server.kill()
        for each in everybody:
            each.join(180)
            assert not each.wrong
            assert each.answers >= 3
        again = start()
        found = counts(again.url)
        for writer in writers:
            # What was not answered may have been kept as well.
            assert found[writer.name] in {writer.kept, writer.tried}, writer.name
        for remover in removers:
            assert state(again.url, remover.name) in {remover.kept, remover.tried}, remover.name
        known = {name: found[name] for name in known}
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
