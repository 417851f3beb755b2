"""From Marathon's event to HAProxy's server: a thousand times without a reload, and nobody notices."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING, Any

import pytest

from integration.live.balancer import Balancer, free_port, labels
from integration.live.conftest import balancer, marathon, short_path, workload
from integration.live.load import Load, ask
from lbgen.live.asking_status import ask as ask_status
from lbgen.live.haproxy.dynamic import Dynamic
from lbgen.live.haproxy.info import info
from lbgen.live.haproxy.rows import read_rows
from lbgen.live.haproxy.runtime import ThroughMaster

if TYPE_CHECKING:
    from collections.abc import Callable

    from integration.live.workload import Workload
    from integration.marathon_stub import Marathon

__all__ = ["balancer", "marathon", "short_path", "workload"]

EVENTS = 1000
# How many events there are between two looks whether HAProxy has exactly the tasks that run.
LOOKS = 1 if os.environ.get("LBGEN_LONG") == "1" else 20
NAMES = ("shop", "pay", "search")


class Watched:
    """The load balancer's HAProxy, and what lbgen says of itself."""

    def __init__(self, made: Balancer) -> None:
        self._balancer = made
        self.runtime = ThroughMaster(str(made.directory / "state" / "haproxy" / "master.sock"))

    def places(self) -> dict[str, set[int]]:
        """The ports of the servers that are to serve, by backend; nothing while HAProxy does not answer."""
        found: dict[str, set[int]] = {}
        try:
            told = self.runtime.ask(["show servers state"])[0]
        except OSError:
            return found
        for row in read_rows(told):
            # 2.2 has one of its own for its workers.
            if not row.held_back and row.backend != "MASTER":
                found.setdefault(row.backend, set()).add(row.port)
        return found

    def drift(self) -> list[str]:
        """What differs from the file."""
        return Dynamic(lambda: self.runtime).drift(self._balancer.config.read_text())

    def count(self, what: str) -> int:
        """How many reloads, or updates by the runtime API, there were."""
        told: dict[str, Any] = ask_status(self._balancer.directory / "state")
        return int(told[what]["done" if what == "reloads" else "updates"])


def start(marathon: Marathon, made: Balancer) -> tuple[dict[str, int], Watched]:
    """Has three apps served, and returns their ports."""
    ports = {name: free_port() for name in NAMES}
    for name, port in ports.items():
        marathon.deploy(
            {"id": f"/{name}", "instances": 2, "portDefinitions": [{"port": port}], "labels": labels()},
        )
    made.start()
    made.wait_for(lambda: all(ask(port).task for port in ports.values()), "the first generation")
    watched = Watched(made)
    # The apps may have come one by one, and HAProxy is being reloaded for the last one.
    made.wait_for(lambda: len(watched.places()) == len(ports), "all apps being in HAProxy")
    if not info(watched.runtime).adds:
        pytest.skip("this HAProxy takes no new servers while it runs")
    return ports, watched


def serves_all(marathon: Marathon, ports: dict[str, int], watched: Watched) -> Callable[[], bool]:
    """What tells whether HAProxy has the tasks that run, and no others."""
    running = {
        f"{name}_{port}": {each["ports"][0] for each in marathon.tasks(f"/{name}")} for name, port in ports.items()
    }

    def equal() -> bool:
        return watched.places() == running

    return equal


def change(marathon: Marathon, dice: random.Random) -> None:
    """An app gets more or fewer instances, or a task of it ends and another begins."""
    name = dice.choice(NAMES)
    tasks = marathon.tasks(f"/{name}")
    if dice.random() < 0.4:
        marathon.kill_task(dice.choice(tasks)["id"])
    else:
        marathon.scale(f"/{name}", dice.choice([number for number in range(1, 7) if number != len(tasks)]))


def test_a_thousand_events_without_a_reload(marathon: Marathon, workload: Workload, balancer: Balancer) -> None:
    # Whoever reached a task in its last moment is answered; who asks one that went long ago would be seen.
    workload.grace = 5
    balancer.arguments = ("--debounce", "0")
    ports, watched = start(marathon, balancer)
    reloads, dice = watched.count("reloads"), random.Random(7)
    load = Load(list(ports.values()))
    load.start()
    try:
        for number in range(1, EVENTS + 1):
            change(marathon, dice)
            if number % LOOKS == 0:
                balancer.wait_for(serves_all(marathon, ports, watched), "all being served")
    finally:
        load.stop()
    assert (watched.count("reloads"), load.failures()) == (reloads, []), balancer.log[-3000:]
    # Events that come at once are one change.
    assert EVENTS // LOOKS <= watched.count("runtime") <= EVENTS * 4
    balancer.wait_for(lambda: watched.drift() == [], "the file saying the same")
    assert balancer.end() == 0
    assert "a reload is needed" not in balancer.log
