"""How long it takes to find who clashes with whom, and how that grows with the number of claims.

    python benchmarks/ports.py                       1,000, 10,000 and 100,000 claims in all shapes; a minute
    python benchmarks/ports.py --shapes dense one-port --runs 7

The shapes are what might make it slow: ranges that overlap each other, wildcards, addresses that are all different,
many groups, everybody on one port, sections with many binds, and conditions. Every figure is the least of several runs,
in a process for each shape and size, in seconds of the processor. What counts are the exponent of the growth from the
smallest number of claims to the largest, which is 1.15 at most, and the ratio to what it takes to sort the claims and
look at each once, which should hardly grow; times depend on the machine.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import os
import random
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from generate import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lbgen.ports.claim import Claim

SIZES = (1_000, 10_000, 100_000)
MOST_GROWTH = 1.15
_ALL = ("*", "::")


def claim(text: str, number: int, **given: object) -> Claim:
    """The claim of an app of this number on what a bind line says."""
    from lbgen.ports.address import read_addresses
    from lbgen.ports.claim import Claim, Kind

    (found,) = read_addresses(text)
    values = {"node": "group external", "section": str(number), "protocol": found.protocol, **given}
    return Claim(
        address=found.address,
        ports=found.ports,
        owner=f"/team-{number % 20}/service-{number}",
        how="the service port at index 0",
        kind=Kind.SERVICE_PORT,
        **values,  # type: ignore[arg-type]
    )


def host(number: int) -> str:
    """An address of its own for each number."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def ports(chance: random.Random, most: int) -> str:
    """A range of up to so many ports."""
    first = chance.randrange(1, 65536 - most)
    return f"{first}-{first + chance.randrange(most)}"


def apart(size: int, _: random.Random) -> Iterator[Claim]:
    """Nobody clashes: as many addresses as it takes."""
    return (claim(f"{host(number // 60_000)}:{number % 60_000 + 1}", number) for number in range(size))


def mixed(size: int, chance: random.Random) -> Iterator[Claim]:
    """A port, an address of its own, or a short range."""
    texts = (
        lambda _: f"*:{chance.randrange(1, 65536)}",
        lambda number: f"{host(number % 250)}:{chance.randrange(1, 65536)}",
        lambda _: f":::{ports(chance, 40)}",
    )
    return (claim(texts[number % 3](number), number) for number in range(size))


def dense(size: int, chance: random.Random) -> Iterator[Claim]:
    """Long ranges, which overlap each other over and over."""
    addresses = (*_ALL, "10.0.0.1", "[::1]")
    widths = (1, 10, 100, 1_000, 15_000)
    for number in range(size):
        yield claim(f"{chance.choice(addresses)}:{ports(chance, chance.choice(widths))}", number)


def wildcards(size: int, chance: random.Random) -> Iterator[Claim]:
    """All addresses, any port."""
    return (claim(f"{chance.choice(_ALL)}:{chance.randrange(1, 65536)}", number) for number in range(size))


def addresses(size: int, chance: random.Random) -> Iterator[Claim]:
    """Addresses that are all different, and one in ten that asks for all of them."""
    for number in range(size):
        yield claim(f"{host(number) if number % 10 else '*'}:{chance.randrange(1, 65536)}", number)


def groups(size: int, chance: random.Random) -> Iterator[Claim]:
    """A hundred claims in each group, on service ports."""
    for number in range(size):
        yield claim(f"*:{chance.randrange(10_000, 10_151)}", number, node=f"group {number // 100}")


def one_port(size: int, _: random.Random) -> Iterator[Claim]:
    """Everybody clashes with everybody."""
    return (claim("*:80", number) for number in range(size))


def one_port_each_address(size: int, _: random.Random) -> Iterator[Claim]:
    """One port on as many addresses, and one who has it on all of them."""
    return (claim(f"{host(number)}:80" if number else "*:80", number) for number in range(size))


def sections(size: int, chance: random.Random) -> Iterator[Claim]:
    """Sections with twenty long ranges each, which do not clash with each other."""
    return (claim(f"*:{ports(chance, 9_000)}", number, section=str(number // 20)) for number in range(size))


def one_section(size: int, chance: random.Random) -> Iterator[Claim]:
    """Long ranges of one section: nobody clashes, though all overlap."""
    return (claim(f"*:{ports(chance, 9_000)}", number, section="x") for number in range(size))


def interfaces(size: int, chance: random.Random) -> Iterator[Claim]:
    """Short ranges on some interfaces, and on all of them."""
    for number in range(size):
        yield claim(f"*:{ports(chance, 40)}", number, interface=chance.choice(("", "eth0", "eth1", "lo")))


def conditions(size: int, chance: random.Random) -> Iterator[Claim]:
    """Conditions of three branches each, of which one is in force."""
    from lbgen.ports.claim import Branch

    for number in range(size):
        yield claim(f"*:{ports(chance, 900)}", number, branches=(Branch(number // 3, number % 3),))


SHAPES: dict[str, Callable[[int, random.Random], Iterator[Claim]]] = {
    "apart": apart,
    "mixed": mixed,
    "dense": dense,
    "wildcards": wildcards,
    "addresses": addresses,
    "groups": groups,
    "one-port": one_port,
    "one-port-each-address": one_port_each_address,
    "sections": sections,
    "one-section": one_section,
    "interfaces": interfaces,
    "conditions": conditions,
}


def least(function: Callable[[], object], runs: int) -> float:
    """Seconds of the processor."""
    taken = []
    for _ in range(runs):
        start = time.process_time()
        function()
        taken.append(time.process_time() - start)
    return min(taken)


def measure(shape: str, size: int, runs: int) -> dict[str, float]:
    """What it takes to find clashes, what it takes to look at all claims in order, and how many clash."""
    from lbgen.ports.clash import clashes

    claims = list(SHAPES[shape](size, random.Random(size)))

    def looked_at() -> int:
        ranked = sorted(claims, key=lambda claim: claim.rank)
        return len({(claim.ports, claim.address.places) for claim in ranked})

    # As the commands do, which would look for garbage in vain.
    gc.disable()
    many = max(runs * 10_000 // size, runs)
    return {
        "clashing": least(lambda: clashes(claims), many),
        "looking": least(looked_at, many),
        "found": len(clashes(claims)),
    }


def measured(shape: str, size: int, runs: int) -> dict[str, float]:
    """The same by a process of its own."""
    command = [sys.executable, __file__, "--measure", shape, str(size), "--runs", str(runs)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment, text=True).stdout
    result: dict[str, float] = json.loads(output)
    return result


def exponent(sizes: list[int], seconds: list[float]) -> float:
    """How it grows from the smallest to the largest."""
    return math.log(seconds[-1] / seconds[0]) / math.log(sizes[-1] / sizes[0]) if len(sizes) > 1 else 0.0


def told(shape: str, sizes: list[int], runs: int) -> float:
    """Prints the figures of a shape; returns the exponent."""
    found = [measured(shape, size, runs) for size in sizes]
    grows = exponent(sizes, [each["clashing"] for each in found])
    each = "  ".join(f"{at['clashing'] * 1e6 / size:5.1f}" for size, at in zip(sizes, found, strict=True))
    ratios = "  ".join(f"{at['clashing'] / at['looking']:4.1f}" for at in found)
    print(f"{shape:22} {each}   {ratios}   {grows:5.2f}   {found[-1]['found']:>7,}", flush=True)
    return grows


def main() -> None:
    """Measures and prints; ends with 1 where the limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, nargs="*", default=list(SIZES), help="numbers of claims")
    parser.add_argument("--shapes", nargs="*", choices=SHAPES, default=list(SHAPES), metavar="SHAPE")
    parser.add_argument("--runs", type=int, default=3, help="runs for each figure; more for small ones")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.measure:
        print(json.dumps(measure(chosen.measure[0], int(chosen.measure[1]), chosen.runs)))
        return
    sizes = sorted(chosen.claims)
    print(f"claims: {', '.join(f'{size:,}' for size in sizes)}")
    print("shape                  microseconds a claim  x looking at them  exponent  clashes")
    worst = max(told(shape, sizes, chosen.runs) for shape in chosen.shapes)
    print(f"grows with the exponent {worst:.2f} (at most {MOST_GROWTH})")
    sys.exit(int(worst > MOST_GROWTH))


if __name__ == "__main__":
    main()
