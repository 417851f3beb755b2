"""How long reserving, renewing, looking up and releasing a port takes: with few reservations held, and with many.

    python benchmarks/reservations.py                          1,000 and 100,000 held; half a minute and more
    python benchmarks/reservations.py --held 1000 --runs 50
    python benchmarks/reservations.py --url postgresql://lbgen@db/ports    another database, of which nothing is kept

SQLite is always measured, PostgreSQL where a URL is given, or where its programs are there: then a server is started
for as long as it takes. Each figure is the lower quartile of several runs within one process; what counts is how much
longer it takes with many held than with few (3 times at most, on a quiet machine: what is written waits for the disk).
What a whole command costs is told as well, as a multiple of a Python that imports SQLAlchemy.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sqlalchemy import delete, insert, text  # noqa: E402 - lbgen is measured where it stands

from lbgen.ports.allocation import candidates  # noqa: E402
from lbgen.ports.store import RefusedError, Reservations, Wanted  # noqa: E402
from lbgen.ports.store.database import Database  # noqa: E402
from lbgen.ports.store.schema import PORT_KIND, RESERVATION  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SIZES = (1_000, 100_000)
MOST = 3.0
SCOPES = tuple(f"lb-{number}" for number in range(4))
# Of these, which is all that may be asked for, half is held when it is many.
PORTS = range(10_151, 60_000)
# Held in each scope, so that who asks for these is told as much each time.
ALWAYS = range(10_000, 10_140, 2)
_BATCH = 5_000


def fill(url: str, size: int) -> None:
    """Has exactly so many held, for an app each, anywhere among the ports of all scopes."""
    database = Database(url)
    chance = random.Random(size)
    number = size // len(SCOPES) - len(ALWAYS)
    chosen = [(scope, port) for scope in SCOPES for port in (*ALWAYS, *chance.sample(PORTS, number))]
    for table in (RESERVATION, PORT_KIND):
        database.run(lambda connection, table=table: connection.execute(delete(table)))
    for start in range(0, len(chosen), _BATCH):
        rows = [_row(scope, port) for scope, port in chosen[start : start + _BATCH]]
        database.run(lambda connection, rows=rows: connection.execute(insert(RESERVATION), rows))
    if not database.sqlite:
        database.run(lambda connection: connection.execute(text("analyze")))


def _row(scope: str, port: int) -> dict[str, object]:
    until = 4_000_000_000 if port % 2 else None
    place = {"scope": scope, "protocol": "tcp", "address": "*", "first_port": port, "last_port": port}
    return {**place, "holder": f"/team/{port}:0", "by_whom": "ann", "since": 0, "until": until, "note": ""}


def operations(store: Reservations) -> Iterator[tuple[str, Callable[[int], object]]]:
    """What is measured, by name; each is called with numbers from 0 on."""
    scope = SCOPES[0]
    some = [each.first_port for each in store.held(scope=scope)]

    def wanted(number: int, width: int = 1) -> Wanted:
        return Wanted(scope=scope, holder=f"/new/{number}:{width}", width=width, ttl=3600, by_whom="me")

    def refused(number: int) -> None:
        try:
            store.reserve(wanted(-number - 1), [some[number % len(some)]])
        except RefusedError:
            return
        raise AssertionError("a port was held twice")

    orders = [candidates(f"/new/{number}:0", PORTS) for number in range(200)]
    yield "reserve", lambda number: store.reserve(wanted(number), orders[number % len(orders)])
    yield "reserve again", lambda number: store.reserve(wanted(number), PORTS)
    yield "reserve 3 in a row", lambda number: store.reserve(wanted(number, 3), orders[number % len(orders)])
    yield "reserve, refused", refused
    yield "renew", lambda number: store.renew(7200, scope=scope, holder=f"/new/{number}:1")
    yield "whois", lambda number: store.held(port=some[number % len(some)])
    yield "free", lambda _: store.held(scope=scope, ports=range(10_000, 10_151))
    yield "release", lambda number: store.release(scope=scope, holder=f"/new/{number}:1")
    yield "release 3 in a row", lambda number: store.release(scope=scope, holder=f"/new/{number}:3")


def measured(url: str, runs: int) -> dict[str, float]:
    """Seconds by what is done."""
    store = Reservations(url)
    found = {}
    for name, act in operations(store):
        times = []
        for number in range(runs):
            begun = time.perf_counter()
            act(number)
            times.append(time.perf_counter() - begun)
        found[name] = statistics.quantiles(times, n=4)[0]
    return found


def compared(name: str, url: str, sizes: list[int], runs: int) -> float:
    """Prints what each operation takes with each number held; returns the largest growth from the first to the last."""
    print(name)
    by_size = {}
    for size in sizes:
        fill(url, size)
        by_size[size] = measured(url, runs)
    few, many = by_size[sizes[0]], by_size[sizes[-1]]
    for operation in few:
        times = "  ".join(f"{by_size[size][operation] * 1000:7.2f} ms with {size:>7,}" for size in sizes)
        print(f"  {operation:<20} {times}  {many[operation] / few[operation]:5.1f} x")
    everything = time.perf_counter()
    held = Reservations(url, reads=True).held()
    print(f"  {'all that is held':<20} {(time.perf_counter() - everything) * 1000:7.2f} ms for {len(held):,}")
    return max(many[operation] / few[operation] for operation in few)


def cold_start(url: str, runs: int) -> None:
    """Prints what whole commands cost."""
    commands = {
        "a Python that imports SQLAlchemy": ["-c", "import sqlalchemy, click"],
        "lbgen ports whois": ["-m", "lbgen", "ports", "whois", "10000", "--ports-db", url],
        "lbgen ports reserve": ["-m", "lbgen", "ports", "reserve", "--for", "/cold", "--ports-db", url],
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            begun = time.perf_counter()
            subprocess.run([sys.executable, *command], check=False, capture_output=True, cwd=ROOT)
            taken[name].append(time.perf_counter() - begun)
    base = min(taken["a Python that imports SQLAlchemy"])
    for name, times in taken.items():
        print(f"  {name:<34} {min(times) * 1000:6.0f} ms  {min(times) / base:4.1f} x")


def databases(stack: ExitStack, given: str | None) -> Iterator[tuple[str, str]]:
    """The databases that there are, by name."""
    directory = stack.enter_context(tempfile.TemporaryDirectory())
    yield "SQLite", f"sqlite:///{directory}/ports.db"
    if given is not None:
        yield "the database of --url", given
        return
    from integration.ports.postgresql import programs, running

    found = programs()
    if found is None:
        print("PostgreSQL is not there: give --url")
        return
    yield "PostgreSQL", stack.enter_context(running(found)).url


def main() -> None:
    """Measures and prints; ends with 1 where many take much longer than few."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--held", type=int, nargs="+", default=list(SIZES), help="how many are held")
    parser.add_argument("--runs", type=int, default=100, help="runs of each operation")
    parser.add_argument("--url", help="a database; everything in it is lost")
    chosen = parser.parse_args()
    worst = 0.0
    with ExitStack() as stack:
        for name, url in databases(stack, chosen.url):
            worst = max(worst, compared(name, url, chosen.held, chosen.runs))
            cold_start(url, 5)
    print(f"{worst:.1f} times as long at most (of {MOST})")
    sys.exit(int(worst > MOST))


if __name__ == "__main__":
    main()
