"""A day of a cluster in a short time, under constant load: nobody healthy suffers, and nothing old is served."""

from __future__ import annotations

import os
import time
from collections import Counter
from typing import TYPE_CHECKING

from integration.live.balancer import free_port, labels
from integration.live.footprint import Footprint
from integration.live.load import Load, ask

if TYPE_CHECKING:
    from collections.abc import Callable

    from integration.live.balancer import Balancer
    from integration.live.workload import Workload
    from integration.marathon_stub import Marathon

LONG = os.environ.get("LBGEN_LONG") == "1"
ROUNDS = 8 if LONG else 2
STALE = 5.0
"""Seconds after an event behind which nothing that has ended may answer."""
MEMORY = 200
"""MiB that lbgen may take, and it takes no more at the end of the day than after its first hour, but for `GROWTH`."""
GROWTH = 30


def app(name: str, port: int, instances: int = 3, **more: str) -> dict[str, object]:
    return {"id": f"/{name}", "instances": instances, "portDefinitions": [{"port": port}], "labels": labels(**more)}


def color(name: str, port: int, instances: int, started: str) -> dict[str, object]:
    extra = {
        "HAPROXY_DEPLOYMENT_GROUP": "site",
        "HAPROXY_DEPLOYMENT_ALT_PORT": "10999",
        "HAPROXY_DEPLOYMENT_COLOUR": name,
        "HAPROXY_DEPLOYMENT_STARTED_AT": started,
        "HAPROXY_DEPLOYMENT_TARGET_INSTANCES": "2",
    }
    return app(f"site-{name}", port, instances, **extra)


def served_by(port: int) -> str:
    return ask(port).task


def deploys_and_scales(marathon: Marathon, step: Callable[[], None]) -> None:
    marathon.scale("/shop", 5)
    step()
    marathon.scale("/shop", 2)
    step()
    marathon.deploy({"id": "/pay", "env": {"RELEASE": str(time.monotonic())}})
    step()
    task = marathon.tasks("/shop")[0]
    marathon.kill_task(task["id"], "TASK_FAILED")
    step()


def bad_apps(marathon: Marathon, number: int, step: Callable[[], None], said: Callable[[str, int], None]) -> None:
    refused = "  http-request nonsense\n"
    marathon.deploy(app("worse", free_port(), 1, HAPROXY_0_BACKEND_HTTP_OPTIONS=refused))
    said("the app /worse is left out: HAPROXY_0_BACKEND_HTTP_OPTIONS: ", number + 1)
    # A good app turns bad: its last good form goes on.
    broken = app("pay", 0, 3, HAPROXY_0_BACKEND_HTTP_OPTIONS=refused)
    marathon.deploy({"id": "/pay", "labels": broken["labels"]})
    said("the app /pay is served in its last good form: HAPROXY_0_BACKEND_HTTP_OPTIONS: ", number + 1)
    marathon.deploy({"id": "/pay", "labels": labels(RELEASE=str(number))})
    marathon.delete("/worse")
    step()


def blue_and_green(marathon: Marathon, port: int, number: int, step: Callable[[], None]) -> None:
    old, new = ("blue", "green") if number % 2 == 0 else ("green", "blue")
    marathon.deploy(color(new, port, 1, f"2026-01-01T00:00:{10 + number:02}"))
    step()
    marathon.scale(f"/site-{new}", 2)
    step()
    marathon.delete(f"/site-{old}")
    step()


def restart(marathon: Marathon, step: Callable[[], None]) -> None:
    marathon.stop()
    step()
    marathon.start()
    step()


def is_bounded(balancer: Balancer, footprint: Footprint, first: Counter[str]) -> None:
    """Nothing was too much at any time, and nothing became more and more."""
    assert footprint.looks > 10 * ROUNDS
    most, now = footprint.most, footprint.now()
    assert most["memory"] < MEMORY
    assert now["memory"] < first["memory"] + GROWTH
    # The master, the worker that serves, one that begins, and ten that finish what they serve.
    assert most["processes"] <= 13
    balancer.wait_for(lambda: len(balancer.workers()) == 2, "the end of the old workers")
    assert most["threads"] <= 20
    assert most["files"] <= 100
    balancer.wait_for(lambda: footprint.now()["threads"] <= first["threads"] + 2, "the end of threads")
    balancer.wait_for(lambda: footprint.now()["files"] <= first["files"] + 5, "the end of open files")


def test_day(marathon: Marathon, workload: Workload, balancer: Balancer) -> None:
    # Tasks serve for a while after their end: whoever asks them then would be seen.
    workload.grace = STALE + 3
    ports = {name: free_port() for name in ("shop", "pay", "site")}
    marathon.deploy(app("shop", ports["shop"]))
    marathon.deploy(app("pay", ports["pay"]))
    marathon.deploy(color("blue", ports["site"], 2, "2026-01-01T00:00:01"))
    balancer.start()
    load = Load(list(ports.values()))
    balancer.wait_for(lambda: all(served_by(port) for port in ports.values()), "the first generation")
    load.start()

    def step() -> None:
        time.sleep(0.7)

    def said(line: str, times: int) -> None:
        balancer.wait_for(lambda: balancer.log.count(line) >= times, line)

    footprint, first = Footprint(balancer), Counter[str]()
    try:
        with footprint:
            for number in range(ROUNDS):
                deploys_and_scales(marathon, step)
                bad_apps(marathon, number, step, said)
                blue_and_green(marathon, ports["site"], number, step)
                restart(marathon, step)
                first = first or footprint.now()
            load.ports = [ports["shop"], ports["site"]]
            step()
            marathon.delete("/pay")
            balancer.wait_for(lambda: not ask(ports["pay"], 2).task, "the end of a route")
            time.sleep(3)
    finally:
        load.stop()
    told = balancer.log

    assert not load.failures(), told[-4000:]
    late = [each for each in load.answers if each.at > workload.ended.get(each.task, float("inf")) + STALE]
    assert not late, told[-4000:]
    assert len(load.answers) > 100 * ROUNDS
    is_bounded(balancer, footprint, first)
    assert balancer.end() == 0
    assert "Traceback" not in told
