"""What the store holds after any reservations and releases, compared with looking at every port and address."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lbgen.ports.store import RefusedError, Reservations, Wanted

if TYPE_CHECKING:
    from collections.abc import Sequence

ADDRESSES = ("*", "0.0.0.0", "::", "192.0.2.1", "192.0.2.2", "2001:db8::1")
# Every single address that somebody could ask for, and some that nobody does.
SINGLE = {4: ("192.0.2.1", "192.0.2.2", "192.0.2.9"), 6: ("2001:db8::1", "2001:db8::9")}
SCOPES = count()


def points(address: str, ports: range) -> set[tuple[str, int]]:
    """Everything that is held: each address with each port."""
    families = {"*": SINGLE[4] + SINGLE[6], "0.0.0.0": SINGLE[4], "::": SINGLE[6]}
    return {(each, port) for each in families.get(address, (address,)) for port in ports}


reserving = st.tuples(
    st.integers(0, 5),
    st.sampled_from(ADDRESSES),
    st.integers(1, 4),
    st.lists(st.integers(1, 12), min_size=1, max_size=4),
)
steps = st.lists(st.one_of(reserving, st.integers(0, 5)), max_size=14)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Reservations:
    return Reservations(str(tmp_path_factory.mktemp("store") / "ports.db"))


class Model:
    """Who holds what, in plain sets."""

    def __init__(self) -> None:
        self.held: dict[int, tuple[str, range]] = {}

    def taken(self) -> set[tuple[str, int]]:
        """All that is held."""
        return {point for address, ports in self.held.values() for point in points(address, ports)}

    def reserve(self, holder: int, address: str, width: int, candidates: Sequence[int]) -> int | None:
        """The first port, or None where it is refused."""
        if holder in self.held:
            had = self.held[holder]
            same = had[0] == address and len(had[1]) == width and had[1].start in candidates
            return had[1].start if same else None
        taken = self.taken()
        for first in candidates:
            ports = range(first, first + width)
            if not points(address, ports) & taken:
                self.held[holder] = address, ports
                return first
        return None


def compare(store: Reservations, steps: list[tuple[int, str, int, list[int]] | int]) -> None:
    """Takes the steps in a scope of their own, in the store and in the model."""
    scope, model = f"scope {next(SCOPES)}", Model()
    for step in steps:
        if isinstance(step, int):
            gone = store.release(scope=scope, holder=f"/app:{step}")
            assert len(gone) == (model.held.pop(step, None) is not None)
            continue
        holder, address, width, candidates = step
        wanted = Wanted(scope=scope, holder=f"/app:{holder}", address=address, width=width)
        expected = model.reserve(holder, address, width, candidates)
        try:
            got = store.reserve(wanted, candidates).first_port
        except RefusedError:
            got = None
        assert got == expected
    found = {each.holder: (each.address, each.ports) for each in store.held(scope=scope)}
    assert found == {f"/app:{holder}": held for holder, held in model.held.items()}
    for port in range(1, 16):
        here = {each.holder for each in store.held(scope=scope, port=port)}
        assert here == {f"/app:{holder}" for holder, (_, ports) in model.held.items() if port in ports}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_nothing_is_held_twice_and_nothing_is_refused_that_is_free(
    store: Reservations, steps: list[tuple[int, str, int, list[int]] | int]
) -> None:
    compare(store, steps)
