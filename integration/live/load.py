"""Constant load on the apps that are healthy, and what came of every request."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass, field
from typing import NamedTuple

from integration.live.workload import HOST


class Answered(NamedTuple):
    """A request: when it began, for which port, and which task answered; nothing where none did."""

    at: float
    port: int
    task: str
    failure: str


def ask(port: int, seconds: float = 30) -> Answered:
    """One request to this port."""
    at = time.monotonic()
    try:
        with socket.create_connection((HOST, port), timeout=seconds) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            said = b""
            while part := connection.recv(65536):
                said += part
    except OSError as error:
        return Answered(at, port, "", repr(error))
    head, _, body = said.decode(errors="replace").partition("\r\n\r\n")
    if not head.startswith("HTTP/1.1 200 "):
        return Answered(at, port, "", head.partition("\r\n")[0] or "nothing")
    return Answered(at, port, body, "")


@dataclass
class Load:
    """Asks the `ports` in turn, from several threads, from `start` until `stop`; `answers` are all of them."""

    ports: list[int] = field(default_factory=list)
    answers: list[Answered] = field(default_factory=list)
    pause: float = 0.02
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self, threads: int = 3) -> None:
        """Begins."""
        for number in range(threads):
            self._threads.append(threading.Thread(target=self._ask, args=(number,), daemon=True))
            self._threads[-1].start()

    def stop(self) -> None:
        """Ends, after the requests that are on their way."""
        self._over.set()
        for thread in self._threads:
            thread.join(30)

    def failures(self) -> list[Answered]:
        """The requests that no task answered."""
        return [each for each in self.answers if each.failure]

    def _ask(self, number: int) -> None:
        while not self._over.wait(self.pause):
            ports = list(self.ports)
            if ports:
                number += 1
                self.answers.append(ask(ports[number % len(ports)]))
