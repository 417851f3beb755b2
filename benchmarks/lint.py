"""How long `lbgen lint` takes: how it grows with the fleet, and what a cold start costs.

    python benchmarks/lint.py                       100, 1,000 and 10,000 apps; a few minutes
    python benchmarks/lint.py --apps 100 1000 --runs 3
    python benchmarks/lint.py --rules               and what each rule takes, in the largest fleet

The fleets are made of what teams write: TCP services, vhosts, several paths on one vhost, templates, passwords, labels
with something to find. Every figure is the least of several runs, each a process of its own. What counts are the
exponent (1.1 at most) and the ratio (3 at most); times depend on the machine.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from generate import ROOT, Measured, app, loads, process

SIZES = (100, 1_000, 10_000)
MOST_GROWTH, MOST_COLD = 1.1, 3.0
_BACKEND = "backend {backend}\n  balance {balance}\n  mode {mode}\n  timeout server 5m\n"
_RULES = """
import gc, json, sys, time
from lbgen.lint import engine
from lbgen.lint.registry import RULES
from lbgen.pipeline.lint_inputs import read_fleet
from lbgen.pipeline.options import Options
gc.disable()
start = time.perf_counter()
inputs = read_fleet([sys.argv[1]], Options(groups=(), service_ports=range(10000, 62001)))
taken = {'reading and generating': time.perf_counter() - start}
for rule in RULES:
    start = time.perf_counter()
    engine.run([rule], inputs.fleet)
    taken[rule.name] = time.perf_counter() - start
print(json.dumps(taken))
"""


def labels(number: int) -> dict[str, str]:
    """The labels of an app: of ten apps each has others."""
    vhost = f"team-{number // 40}.example.org"
    return (
        {},
        {"HAPROXY_0_VHOST": f"service-{number}.example.org", "HAPROXY_0_STICKY": "true"},
        {"HAPROXY_0_VHOST": vhost, "HAPROXY_0_PATH": f"/service-{number}", "HAPROXY_0_REDIRECT_TO_HTTPS": "true"},
        {"HAPROXY_0_VHOST": vhost, "HAPROXY_0_PATH": f"/service-{number}/v1", "HAPROXY_0_BACKEND_WEIGHT": "2"},
        {"HAPROXY_0_BACKEND_HEAD": _BACKEND},
        {"HAPROXY_0_VHOST": f"a-{number}.example.org,b-{number}.example.org", "HAPROXY_0_USE_HSTS": "true"},
        {"HAPROXY_0_VHOST": f"c-{number}.example.org", "HAPROXY_0_AUTH": "realm:joe:$6$salt$hash"},
        {"HAPROXY_0_VHOST": f"*.wild-{number}.example.org", "HAPROXY_0_STICKY": "1"},
        {"HAPROXY_0_BALANCE": "leastconn", "HAPROXY_0_BACKEND_SERVER_OPTIONS": "  server {serverName} {host}:{port}\n"},
        {"HAPROXY_0_VHOST": vhost, "HAPROXY_0_PATH": f"/service-{number}", "LBGEN_IGNORE": "LBG4: measured"},
    )[number % 10]


def fleet(directory: Path, size: int) -> Path:
    """The file that holds a fleet of this size."""
    path = directory / f"fleet-{size}.json"
    with path.open("w", encoding="utf-8") as file:
        file.write('{"apps": [')
        for number in range(size):
            made = app(number, "tcp")
            made["labels"] = {"HAPROXY_GROUP": "external", **labels(number)}
            file.write(", " * (number > 0) + json.dumps(made))
        file.write("]}")
    return path


def linted(path: Path, runs: int) -> Measured:
    """The whole command, from the start of Python to its end."""
    command = [sys.executable, "-m", "lbgen", "lint", "--isolated", "--exit-zero", "--service-ports", "10000-62000"]
    measured = [process([*command, "--format", "concise", str(path)])[0] for _ in range(runs)]
    return Measured(min(each.seconds for each in measured), max(each.memory for each in measured))


class Cold(NamedTuple):
    """One app, from a cold start, as a multiple of another process: by the clock, and by what processors did."""

    clock: float
    busy: float


def cold_start(runs: int) -> tuple[Cold, Cold]:
    """A cold start measured in Pythons that say `import pydantic`, and in such as import what models are made of.

    `import pydantic` alone puts off most of what it is for until somebody asks for it; it is the measure that counts.
    """
    example = ROOT / "examples" / "kubectl-proxy.json"
    commands = (
        ["-m", "lbgen", "lint", "--exit-zero", str(example)],
        ["-c", "import pydantic"],
        ["-c", "from pydantic import BaseModel"],
    )
    # In turn, so that what else the machine does slows down all of them.
    turns = [[process([sys.executable, *command])[0] for command in commands] for _ in range(runs * 10)]
    clock = [min(each.seconds for each in measured) for measured in zip(*turns, strict=True)]
    busy = [min(each.busy for each in measured) for measured in zip(*turns, strict=True)]
    bare, models = (Cold(clock[0] / clock[index], busy[0] / busy[index]) for index in (1, 2))
    return bare, models


def growth(points: dict[int, float]) -> float:
    """The exponent of the growth from one size to the next, where it is the largest."""
    sizes = sorted(points)
    pairs = itertools.pairwise(sizes)
    return max(math.log(points[more] / points[less]) / math.log(more / less) for less, more in pairs)


def by_rule(path: Path) -> None:
    """Prints what each rule takes, the slowest first."""
    output = subprocess.run(
        [sys.executable, "-c", _RULES, str(path)], check=True, capture_output=True, cwd=ROOT, text=True
    ).stdout
    for name, seconds in sorted(json.loads(output).items(), key=lambda it: -it[1]):
        print(f"    {seconds * 1000:>9,.1f} ms  {name}")


def main() -> None:
    """Measures and prints; ends with 1 where a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--apps", type=int, nargs="*", default=list(SIZES), help="sizes of the fleets")
    parser.add_argument("--runs", type=int, default=3, help="processes for each figure")
    parser.add_argument("--rules", action="store_true", help="tell what each rule takes as well")
    chosen = parser.parse_args()
    bare, models = cold_start(chosen.runs)
    print(f"cold start: {bare.clock:.2f} x a Python that says `import pydantic` by the clock (at most {MOST_COLD}),")
    print(f"            {bare.busy:.2f} x by processor time (at most {MOST_COLD});")
    print(f"            {models.clock:.2f} x and {models.busy:.2f} x one that imports pydantic's models")
    seconds = {}
    with tempfile.TemporaryDirectory() as directory:
        for size in chosen.apps:
            path = fleet(Path(directory), size)
            base = loads(path, chosen.runs)
            measured = linted(path, chosen.runs)
            seconds[size] = measured.seconds
            print(f"{size:>6} apps: {measured.seconds / base:6.1f} x json.loads  {measured.memory:5.0f} MiB")
        if chosen.rules:
            by_rule(path)
    exponent = growth(seconds) if len(seconds) > 1 else 0.0
    print(f"grows with the exponent {exponent:.2f} (at most {MOST_GROWTH})")
    sys.exit(int(max(bare) > MOST_COLD or exponent > MOST_GROWTH))


if __name__ == "__main__":
    main()
