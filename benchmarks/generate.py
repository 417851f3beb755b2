"""How long `lbgen haproxy from-app` takes, as multiples of `json.loads` of the same bytes.

    python benchmarks/generate.py                    10 to 10,000 apps; some minutes
    python benchmarks/generate.py --apps 1000 --runs 3

Every figure is the least of several runs, each a process of its own. `json.loads` is measured the same way: inside a
fresh process, reading the file not included. What counts are the ratios; times depend on the machine.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
MIXES = {"tcp": ("tcp", ()), "vhosts": ("vhosts", ()), "vhosts with maps": ("vhosts", ("--haproxy-map",))}
SIZES = (10, 100, 1_000, 10_000)


class Measured(NamedTuple):
    """Seconds, peak memory in MiB, and the seconds that processors were busy."""

    seconds: float
    memory: float
    busy: float = 0.0


def app(number: int, kind: str) -> dict[str, object]:
    """One app with three tasks, as `GET /v2/apps?embed=apps.tasks` has it."""
    name, port = f"/team-{number % 20}/service-{number}", 11_000 + number % 50_000
    labels = {"HAPROXY_GROUP": "external"}
    if kind == "vhosts":
        labels["HAPROXY_0_VHOST"] = f"service-{number}.example.org"
    check = {
        "protocol": "HTTP" if kind == "vhosts" else "TCP",
        "path": "/health",
        "portIndex": 0,
        "gracePeriodSeconds": 5,
        "intervalSeconds": 10,
        "timeoutSeconds": 2,
        "maxConsecutiveFailures": 3,
    }
    return {
        "id": name,
        "args": None,
        "backoffFactor": 1.15,
        "cmd": None,
        "constraints": [["hostname", "UNIQUE"]],
        "cpus": 0.1,
        "env": {"LOG_LEVEL": "info", "DATABASE": "postgres://database.example.org/service"},
        "instances": 3,
        "mem": 512,
        "version": "2020-06-05T18:21:00.000Z",
        "versionInfo": {"lastScalingAt": "2020-06-05T18:21:00.000Z", "lastConfigChangeAt": "2020-06-05T18:21:00.000Z"},
        "ports": [port],
        "portDefinitions": [{"port": port, "protocol": "tcp", "labels": {}}],
        "labels": labels,
        "healthChecks": [check],
        "tasks": [task(name, number, instance) for instance in range(3)],
    }


def task(app_id: str, number: int, instance: int) -> dict[str, object]:
    """One running, healthy task."""
    result = {"alive": True, "consecutiveFailures": 0, "lastSuccess": "2020-05-04T11:11:12.345Z", "lastFailure": None}
    return {
        "id": f"{app_id.strip('/').replace('/', '_')}.instance-{number:08x}.{instance}",
        "appId": app_id,
        "host": f"10.{instance}.{number // 250 % 250}.{number % 250}",
        "slaveId": f"f8f95cb2-S{number % 100}",
        "stagedAt": "2020-05-04T10:00:00.000Z",
        "startedAt": "2020-05-04T10:00:09.000Z",
        "state": "TASK_RUNNING",
        "ports": [31_000 + number % 900],
        "ipAddresses": [{"ipAddress": "172.17.0.3", "protocol": "IPv4"}],
        "healthCheckResults": [result],
    }


def write_fleet(directory: Path, kind: str, size: int) -> Path:
    """The file that holds a fleet of this kind and size."""
    path = directory / f"{kind}-{size}.json"
    if not path.exists():
        # App by app: the memory of a process counts for those that it starts.
        with path.open("w", encoding="utf-8") as file:
            file.write('{"apps": [')
            for number in range(size):
                file.write(", " * (number > 0) + json.dumps(app(number, kind)))
            file.write("]}")
    return path


_LOADS = """
import json, sys, time
raw = open(sys.argv[1], 'rb').read()
start = time.perf_counter()
json.loads(raw)
print(time.perf_counter() - start)
"""
_STAGES = """
import gc, json, os, sys, time
from lbgen.pipeline.inputs import read_inputs
from lbgen.pipeline.options import Options
from lbgen.pipeline import generate
from lbgen.render import writer
gc.disable()
marks = {}
def timed(name, function):
    def wrapper(*arguments, **keywords):
        start = time.perf_counter()
        try:
            return function(*arguments, **keywords)
        finally:
            marks[name] = marks.get(name, 0.0) + time.perf_counter() - start
    return wrapper
write = generate.write
def both(*arguments, **keywords):
    kept, writer.SourceMap = writer.SourceMap, lambda *_: None
    timed('without map', write)(*arguments, **keywords)
    writer.SourceMap = kept
    return timed('write', write)(*arguments, **keywords)
for name in ('services', 'plan'):
    setattr(generate, name, timed(name, getattr(generate, name)))
generate.write = both
start = time.perf_counter()
inputs = read_inputs([sys.argv[1]])
marks['read'] = time.perf_counter() - start
generated = generate.from_apps(inputs, Options(haproxy_map='--haproxy-map' in sys.argv))
start = time.perf_counter()
last = generated.rendered.text.count(chr(10))
generated.rendered.source_map.origin(last)
marks['origin'] = time.perf_counter() - start
print(json.dumps(marks))
"""


def process(command: list[str]) -> tuple[Measured, str]:
    """What a process took, and what it printed."""
    # Without what changes how Python starts: it would compile lbgen anew each time, or write without buffers. And
    # without reservations of this machine's.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "HAPROXY_", "LBGEN_"))}
    environment = {**kept, "PYTHONPATH": str(ROOT), "XDG_STATE_HOME": os.devnull}
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as running:
        assert running.stdout is not None
        output = running.stdout.read().decode()
        _, status, usage = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if running.returncode:
        sys.exit(f"{command} ended with status {running.returncode}")
    return Measured(seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime), output


def loads(path: Path, runs: int) -> float:
    """Seconds that `json.loads` takes for the file."""
    return min(float(process([sys.executable, "-c", _LOADS, str(path)])[1]) for _ in range(runs))


def whole(path: Path, flags: tuple[str, ...], runs: int) -> Measured:
    """The whole command, from the start of Python to its end."""
    with tempfile.TemporaryDirectory() as out:
        command = [
            sys.executable,
            "-m",
            "lbgen",
            "haproxy",
            "from-app",
            str(path),
            "-q",
            "-o",
            f"{out}/haproxy.cfg",
            *flags,
        ]
        measured = [process(command)[0] for _ in range(runs)]
    return Measured(min(each.seconds for each in measured), max(each.memory for each in measured))


def stages(path: Path, flags: tuple[str, ...], runs: int) -> dict[str, float]:
    """Seconds of each stage."""
    found = [json.loads(process([sys.executable, "-c", _STAGES, str(path), *flags])[1]) for _ in range(runs)]
    return {name: min(each[name] for each in found) for name in found[0]}


def map_cost(taken: dict[str, float]) -> float:
    """Seconds that it takes to make the source map and to ask it for the origin of one line."""
    return max(taken["write"] - taken["without map"], 0.0) + taken["origin"]


def cold_start(runs: int) -> float:
    """The smallest run of all, as a multiple of a Python process that imports jinja2 and pydantic."""
    example = ROOT / "examples" / "kubectl-proxy.json"
    commands = (["-m", "lbgen", "haproxy", "from-app", str(example)], ["-c", "import jinja2, pydantic"])
    # In turn, so that what else the machine does slows down both.
    turns = [[process([sys.executable, *command])[0].seconds for command in commands] for _ in range(runs * 5)]
    lbgen, empty = (min(each) for each in zip(*turns, strict=True))
    return float(lbgen / empty)


def growth(points: dict[int, float]) -> float:
    """The exponent of the growth from a tenth of the largest fleet to the largest one."""
    sizes = sorted(points)[-2:]
    return math.log(points[sizes[1]] / points[sizes[0]]) / math.log(sizes[1] / sizes[0])


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--apps", type=int, nargs="*", default=list(SIZES), help="sizes of the fleets")
    parser.add_argument("--mixes", nargs="*", default=list(MIXES), choices=list(MIXES), help="kinds of fleets")
    parser.add_argument("--runs", type=int, default=5, help="processes for each figure")
    chosen = parser.parse_args()
    print(f"cold start: {cold_start(chosen.runs):.1f} x a Python that imports jinja2 and pydantic\n")
    with tempfile.TemporaryDirectory() as directory:
        for name in chosen.mixes:
            kind, flags = MIXES[name]
            seconds = {}
            for size in chosen.apps:
                path = write_fleet(Path(directory), kind, size)
                base = loads(path, chosen.runs)
                measured = whole(path, flags, chosen.runs)
                seconds[size] = measured.seconds
                taken = stages(path, flags, chosen.runs)
                share = 100 * map_cost(taken) / measured.seconds
                print(
                    f"{name}, {size:>6} apps: {measured.seconds / base:6.1f} x json.loads  {measured.memory:5.0f} MiB"
                )
                parts = "  ".join(f"{part} {taken[part] / base:.2f}" for part in ("read", "services", "plan", "write"))
                print(f"    stages, in the same measure: {parts}; of the whole, the source map {share:.1f} %")
            if len(seconds) > 1:
                print(f"{name}: grows with the exponent {growth(seconds):.2f} at the end\n")


if __name__ == "__main__":
    main()
