"""How long a live load balancer takes: for everything, for one changed task, and how often it asks HAProxy.

    python benchmarks/live.py                        100, 1,000 and 10,000 apps with three tasks each; some minutes
    python benchmarks/live.py --apps 1000 --events 200

It runs in this process, with a Marathon that is made up and the HAProxy of this machine: every app has a service port
on 127.0.0.1. Full updates are told by stage, and in all as a multiple of `json.loads` of Marathon's answer. Events are
told from hearing of them until HAProxy has confirmed that it serves what they say. It ends with 1 where the median of
these is 100 ms or more, where an event leads to a reload, where an update asks HAProxy more than three times, or where
the first update does not serve all apps but those that HAProxy refuses.
"""

from __future__ import annotations

import argparse
import json
import logging
import queue
import socket
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generate import ROOT, app

sys.path.insert(0, str(ROOT))

from lbgen.live.asking import Asker
from lbgen.live.assembly import Live, Settings, assemble, version_of
from lbgen.live.attempt import MOST_RUNS
from lbgen.live.contract import Change, Reply
from lbgen.live.haproxy.child import Child
from lbgen.live.memory import Memory
from lbgen.live.reading import read_fleet
from lbgen.live.rules.foreseeing import version_in
from lbgen.live.trying import Trying
from lbgen.live.updating import Updating
from lbgen.pipeline.options import Options

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES = (100, 1_000, 10_000)
BAD = (1, 10, 100)
MOST_SECONDS = 0.1
_HEAD = """global
  log stdout format raw local0
  maxconn 1000
  no strict-limits
  stats socket {socket} expose-fd listeners
defaults
  mode http
  timeout connect 3s
  timeout client 30s
  timeout server 30s
"""
_APP_IDS = "\nfrontend marathon_http_appid_in\n  bind 127.0.0.1:{port}\n  mode http\n"
_OPTIONS = "HAPROXY_0_BACKEND_HTTP_OPTIONS"
# No two apps say the same: {n} is the number of the app.
_WRONG = (
    (_OPTIONS, "  nonsense-{n}\n"),
    (_OPTIONS, "  http-request nonsense-{n} x\n"),
    (_OPTIONS, "  http-request set-header X-Name-{n}\n"),
    (_OPTIONS, "  http-request deny if {{ no_fetch_{n} x }}\n"),
    (_OPTIONS, "  http-request deny if missing_{n}\n"),
    (_OPTIONS, "  http-request set-header X-Name %[no_fetch_{n}]\n"),
    (_OPTIONS, '  http-request set-header X-Name "shop {n}\n'),
    ("HAPROXY_0_BACKEND_SERVER_OPTIONS", "  server {{serverName}} {{host_ipv4}}:{{port}} nonsense-{n}\n"),
    ("HAPROXY_0_BIND_OPTIONS", "nonsense-{n}"),
    ("HAPROXY_0_FRONTEND_BACKEND_GLUE", "  use_backend nowhere-{n}\n"),
)
_RIGHT = (
    "  option forwardfor\n",
    "  http-request set-header X-Forwarded-Proto https if {{ ssl_fc }}\n",
    "  acl inside-{n} src 10.0.0.0/8\n  http-request deny if {{ path_beg /admin }} !inside-{n}\n",
    "  http-response set-header Strict-Transport-Security max-age=31536000\n",
    "  http-request set-header X-Url https://%[hdr(host)]%[path,lower]\n",
)


class Marathon:
    """A source in memory."""

    def __init__(self, apps: list[dict[str, Any]]) -> None:
        self.apps = {each["id"]: each for each in apps}
        self._events: queue.Queue[Change] = queue.Queue()

    def set(self, given: dict[str, Any]) -> None:
        """Changes an app, and tells of it."""
        self.apps[given["id"]] = given
        self._events.put(Change(frozenset([given["id"]]), "changed", time.monotonic()))

    def text(self) -> str:
        """The answer that has all apps."""
        return json.dumps({"apps": list(self.apps.values())})

    def fetch(self) -> Reply:
        """All apps."""
        return Reply(self.text(), "http://marathon", time.monotonic())

    def fetch_app(self, app_id: str) -> Reply | None:
        """One app."""
        return Reply(json.dumps({"app": self.apps[app_id]}), "http://marathon", time.monotonic())

    def events(self, stop: threading.Event) -> Iterator[Change]:
        """What was set."""
        while not stop.is_set():
            try:
                yield self._events.get(timeout=0.1)
            except queue.Empty:
                continue


def fleet(size: int, wrong: int = 0) -> list[dict[str, Any]]:
    """So many apps with three tasks each, some of which HAProxy refuses."""
    apps = [app(number, "vhosts") for number in range(size)]
    for number, each in enumerate(apps):
        each["labels"] |= {"HAPROXY_0_BIND_ADDR": "127.0.0.1"}
        if number % 5 == 0:
            each["labels"][_OPTIONS] = _RIGHT[number // 5 % len(_RIGHT)].format(n=number)
    for number in range(wrong):
        label, text = _WRONG[number % len(_WRONG)]
        apps[number * size // wrong]["labels"][label] = text.format(n=number)
    return apps


def options(directory: Path) -> Options:
    """Options that bind no fixed port but those of the apps."""
    templates = directory / "templates"
    templates.mkdir(exist_ok=True)
    (templates / "HAPROXY_HEAD").write_text(_HEAD.replace("{socket}", str(directory / "socket")))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (templates / "HAPROXY_HTTP_FRONTEND_APPID_HEAD").write_text(_APP_IDS.replace("{port}", str(port)))
    return Options(haproxy_config=str(directory / "haproxy.cfg"), bind_http_https=False, templates=templates)


def wait(live: Live, updates: int) -> None:
    """Returns when so many updates have been made."""
    while live.states.now.updates < updates:
        assert not live.states.now.error, live.states.now.error
        time.sleep(0.01)


def measure(size: int, events: int) -> bool:
    """Prints what a fleet of this size takes; whether that is as it should be."""
    with tempfile.TemporaryDirectory(prefix="lbl") as name:
        directory = Path(name)
        marathon = Marathon(fleet(size))
        haproxy = Child(directory / "haproxy.cfg", directory / "h")
        settings = Settings(state_dir=directory / "state", debounce=0.0)
        live = assemble(marathon, haproxy, directory / "haproxy.cfg", options(directory), settings)
        thread = threading.Thread(target=live.loop.run)
        thread.start()
        try:
            wait(live, 1)
            _tell_full(size, marathon, live)
            return _events(size, events, marathon, live)
        finally:
            live.triggers.stop()
            thread.join()
            haproxy.stop()


def _tell_full(size: int, marathon: Marathon, live: Live) -> None:
    text = marathon.text()
    began = time.perf_counter()
    json.loads(text)
    loads = time.perf_counter() - began
    stages = {name: stage.last for name, stage in (live.states.now.stages or {}).items() if name != "reload"}
    parts = ", ".join(f"{name} {seconds:.2f}" for name, seconds in stages.items())
    seconds = sum(stages.values())
    print(f"{size:6,} apps: all in {seconds:6.2f} s, {seconds / loads:5.1f} json.loads ({parts})")


def _events(size: int, events: int, marathon: Marathon, live: Live) -> bool:
    reloads, taken = live.states.now.reloads, []
    ids = list(marathon.apps)
    for number in range(events):
        old = marathon.apps[ids[number * 7919 % size]]
        moved = {**old["tasks"][-1], "ports": [20_000 + number % 10_000]}
        done = live.states.now.runtime_updates
        marathon.set({**old, "tasks": [*old["tasks"][:-1], moved]})
        while live.states.now.runtime_updates == done and live.states.now.reloads == reloads:
            time.sleep(0.001)
        time.sleep(0.002)
        taken.append((live.states.now.stages or {})["event"].last)
    median, most = statistics.median(taken), max(taken)
    reloads = live.states.now.reloads - reloads
    times = f"median {median * 1000:.0f} ms, most {most * 1000:.0f} ms"
    print(f"{size:6,} apps: {events:,} events, {times}, {reloads} reloads")
    return median < MOST_SECONDS and not reloads


def runs(size: int, wrong: int) -> bool:
    """Prints how often HAProxy is asked where so many apps are refused; whether that is as it should be."""
    with tempfile.TemporaryDirectory(prefix="lbl") as name:
        chosen = options(Path(name))
        asker = Asker(None, chosen.haproxy_dir)
        updating = Updating(
            chosen, asker, Memory(), "keep-last", lambda host: host, version=version_in(version_of(None))
        )
        trying = Trying(updating)
        apps = read_fleet(Marathon(fleet(size, wrong)).fetch(), {})
        most, asked, served = 0, [], 0
        began = time.perf_counter()
        while True:
            update = updating.update(apps)
            asked.append(update.runs)
            served = served or len(update.asked)
            if not updating.memory.waiting and not update.error:
                break
            while updating.memory.waiting:
                most = max(most, trying.step(apps))
        seconds = time.perf_counter() - began
    good = len(update.asked) == served == size - wrong
    after = f"{served:6,} served after the first update, {len(update.asked):6,} in the end"
    counted = f"runs of each update {asked}, {asker.runs} in all, {seconds:.1f} s"
    print(f"{size:6,} apps, {wrong:3} refused: {after}; {counted}{'' if good else '  WRONG'}")
    return max(*asked, most) <= MOST_RUNS and good


def main() -> int:
    """Measures, and returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--apps", type=int, nargs="+", default=SIZES)
    parser.add_argument("--events", type=int, default=100, help="changed tasks, one at a time")
    parser.add_argument("--only", choices=["events", "runs"])
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    good = [measure(size, given.events) for size in given.apps if given.only != "runs"]
    pairs = [(size, wrong) for size in given.apps for wrong in BAD if wrong <= size // 2]
    good += [runs(size, wrong) for size, wrong in pairs if given.only != "events"]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
