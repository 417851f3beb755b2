"""Sets of ports, and how they are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbgen.ports.address import Ports
from lbgen.ports.taken import PortSet

RANGES = st.lists(st.tuples(st.integers(1, 60), st.integers(0, 9)).map(lambda it: Ports(it[0], it[0] + it[1])))


def numbers(ports: PortSet) -> set[int]:
    return {number for each in ports.ranges for number in range(each.first, each.last + 1)}


@pytest.mark.parametrize(
    ("ranges", "told"),
    [
        ([], ""),
        ([(443, 443), (80, 80)], "80, 443"),
        ([(9090, 9090), (9091, 9091)], "9090, 9091"),
        ([(10000, 10150), (10100, 10200), (10201, 10201)], "10000-10201"),
        ([(port, port) for port in range(2, 60, 2)], f"{', '.join(map(str, range(2, 42, 2)))} and 9 more"),
    ],
)
def test_few_words_say_which(ranges: list[tuple[int, int]], told: str) -> None:
    assert str(PortSet(Ports(*each) for each in ranges)) == told


@given(RANGES, st.integers(1, 60), st.integers(0, 9))
def test_a_set_has_what_its_ranges_have(ranges: list[Ports], first: int, more: int) -> None:
    found = PortSet(ranges)
    expected = {number for each in ranges for number in range(each.first, each.last + 1)}

    assert numbers(found) == expected
    assert len(found) == len(expected)
    assert numbers(found.within(Ports(first, first + more))) == expected & set(range(first, first + more + 1))
