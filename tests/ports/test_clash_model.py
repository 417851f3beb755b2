"""Clashes are what a model finds that writes down every single connection that a claim could get."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lbgen.ports import lane
from lbgen.ports.address import read_addresses
from lbgen.ports.claim import Branch, Claim, Kind
from lbgen.ports.clash import clashes

V4, V6 = frozenset({"10.0.0.1", "10.0.0.2", "another"}), frozenset({"::1", "fd00::1", "another of IPv6"})
NOBODY: frozenset[str] = frozenset()
ADDRESSES = {
    ("*:{}", "tcp"): V4,
    (":{}", "tcp"): V4,
    ("0:{}", "tcp"): V4,
    ("0.0.0.0:{}", "tcp"): V4,
    ("ipv4@:{}", "tcp"): V4,
    ("10.0.0.1:{}", "tcp"): {"10.0.0.1"},
    ("10.1:{}", "tcp"): {"10.0.0.1"},
    ("::ffff:10.0.0.2:{}", "tcp"): {"10.0.0.2"},
    ("ipv4@10.0.0.2:{}", "tcp"): {"10.0.0.2"},
    (":::{}", "tcp"): V4 | V6,
    ("[::]:{}", "tcp"): V4 | V6,
    ("ipv6@*:{}", "tcp"): V4 | V6,
    ("::1:{}", "tcp"): {"::1"},
    ("[::1]:{}", "tcp"): {"::1"},
    ("ipv6@FD00:0::1:{}", "tcp"): {"fd00::1"},
    ("lb.example.com:{}", "tcp"): {"a name"},
    ("quic4@*:{}", "udp"): V4,
    ("quic4@10.0.0.1:{}", "udp"): {"10.0.0.1"},
    ("quic6@:{}", "udp"): V4 | V6,
    ("udp6@[::1]:{}", "udp"): {"::1"},
    ("unix@/run/a", "file"): {"/run/a"},
    ("/run/a", "file"): {"/run/a"},
    ("abns@/run/a", "abns"): {"/run/a"},
    ("fd@3", ""): NOBODY,
    ("sockpair@4", ""): NOBODY,
    ("${HOST}:{}", "tcp"): NOBODY,
    ("*:$PORT", "tcp"): NOBODY,
}
INTERFACES = ("eth0", "lo", "another")
OUTCOMES = tuple(product(range(3), range(2)))
"""What comes of two conditions: a number for each branch."""


class Written(NamedTuple):
    """A claim, and everything that it could get."""

    claim: Claim
    gets: frozenset[tuple[object, ...]]


@st.composite
def fleets(draw: st.DrawFn) -> list[Written]:
    """Claims on few addresses and ports, so that many meet."""
    addresses = draw(st.lists(st.sampled_from(sorted(ADDRESSES)), min_size=1, max_size=5))
    return draw(st.lists(written(addresses, draw(st.sampled_from([1, 2, 12]))), max_size=30))


@st.composite
def written(draw: st.DrawFn, addresses: list[tuple[str, str]], last: int) -> Written:
    text, kind = draw(st.sampled_from(addresses))
    hosts = frozenset(ADDRESSES[text, kind])
    first, more = draw(st.integers(1, last)), draw(st.sampled_from([0, 0, 0, 1, 4]))
    v6only, interface = draw(st.booleans()), draw(st.sampled_from(["", "", "", *INTERFACES[:2]]))
    branches = draw(st.sampled_from([(), (), (Branch(0, 0),), (Branch(0, 1),), (Branch(0, 1), Branch(1, 0))]))
    node, binds = draw(st.sampled_from(["one", "one", "two"])), draw(st.sampled_from([True, True, True, False]))
    (found,) = read_addresses(text.replace("{}", f"{first}-{first + more}" if more else str(first)), v6only=v6only)
    claim = Claim(
        node=node,
        address=found.address,
        ports=found.ports,
        owner=draw(st.sampled_from("abc")),
        how="",
        kind=draw(st.sampled_from([Kind.OWN, Kind.SERVICE_PORT, Kind.LABEL])),
        protocol=found.protocol,
        section=draw(st.sampled_from(["", "x", "y", "z"])),
        interface=interface,
        binds=binds,
        branches=branches,
    )
    ports = range(first, first + more + 1) if kind in {"tcp", "udp"} else range(1)
    hosts = V6 if v6only and hosts == V4 | V6 else hosts
    ways = [interface] if interface else INTERFACES
    outcomes = [each for each in OUTCOMES if all(each[condition] == number for condition, number in branches)]
    return Written(claim, frozenset(product([node], [kind], hosts if binds else (), ways, ports, outcomes)))


def by_the_model(all_of_them: list[Written]) -> set[tuple[int, int, int, int]]:
    """Who clashes with whom, and the first and the last port that both would get."""
    ranked = sorted(all_of_them, key=lambda each: each.claim.rank)
    found = set()
    for at, second in enumerate(ranked):
        section = second.claim.section
        others = (each for each in ranked[:at] if not section or each.claim.section != section)
        first = next((each for each in others if each.gets & second.gets), None)
        if first is not None:
            ports = {int(str(each[4])) for each in first.gets & second.gets}
            found.add((id(first.claim), id(second.claim), min(ports), max(ports)))
    return found


@pytest.mark.parametrize(("few", "many"), [(64, 4096), (1, 1)])
def test_clashes_are_those_of_the_model(few: int, many: int) -> None:
    @settings(max_examples=250, deadline=None)
    @given(fleets())
    def compare(all_of_them: list[Written]) -> None:
        found = clashes([each.claim for each in all_of_them])
        ports = [each.ports or (0, 0) for each in found]
        told = {(id(each.first), id(each.second), *both) for each, both in zip(found, ports, strict=True)}
        assert told == by_the_model(all_of_them)

    with pytest.MonkeyPatch.context() as patch:
        # As if there were many claims on many ports.
        patch.setattr(lane, "_FEW", few)
        patch.setattr(lane, "_MANY", many)
        compare()


def test_nobody_of_a_long_chain_of_conditions_hides_another() -> None:
    (found,) = read_addresses("*:80")
    base = Claim(node="n", address=found.address, ports=found.ports, owner="", how="", kind=Kind.WRITTEN)
    chain = [replace(base, owner=str(n), section=str(n), branches=(Branch(1, n),)) for n in range(100, 140)]
    assert clashes(chain) == []
    (always,) = clashes([*chain, replace(base, owner="always", section="always")])
    assert (always.first.owner, always.second.owner) == ("100", "always")
