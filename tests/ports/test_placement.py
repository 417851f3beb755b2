"""Where constraints let something run, and when two things never meet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbgen.ports.placement import Placement, placement

if TYPE_CHECKING:
    from collections.abc import Callable

HOSTS = ["10.0.0.1", "10.0.0.2", "10.0.0.3"]


@pytest.mark.parametrize(
    ("constraints", "hosts"),
    [
        ([], None),
        ([["hostname", "UNIQUE"]], None),
        ([["hostname", "LIKE", "10.0.0.1|10.0.0.2"]], {"10.0.0.1", "10.0.0.2"}),
        ([["@hostname", "like", "(10.0.0.1|10.0.0.2)"]], {"10.0.0.1", "10.0.0.2"}),
        ([["hostname", "LIKE", r"10\.0\.0\.1"]], {"10.0.0.1"}),
        ([["hostname", "CLUSTER", "10.0.0.1"]], {"10.0.0.1"}),
        ([["hostname", "IS", "10.0.0.1"]], {"10.0.0.1"}),
        ([["hostname", "LIKE", "10.0.0.[12]"]], None),
        ([["hostname", "LIKE", "10.0.0.*"]], None),
        ([["hostname", "LIKE", "a|b|c"], ["hostname", "LIKE", "b|c|d"], ["hostname", "UNLIKE", "c"]], {"b"}),
        ([["rack", "LIKE", "a|b"]], None),
        ([["hostname"], "hostname", None, ["hostname", 1, "a"], ["hostname", "LIKE"], ["hostname", "SOON", "a"]], None),
    ],
)
def test_the_hosts_that_are_left(constraints: list[Any], hosts: set[str] | None) -> None:
    assert placement(constraints).hosts == hosts


@pytest.mark.parametrize(
    ("constraints", "most"),
    [
        ([], None),
        ([["hostname", "MAX_PER", "2"]], None),
        ([["hostname", "CLUSTER"]], 1),
        ([["rack", "CLUSTER"]], None),
        ([["hostname", "LIKE", "a|b|a"]], 2),
        ([["hostname", "LIKE", "a"], ["hostname", "UNLIKE", "a"]], 0),
    ],
)
def test_on_how_many_hosts_something_can_be(constraints: list[Any], most: int | None) -> None:
    assert placement(constraints).most == most


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ([], [], False),
        ([["hostname", "LIKE", "a|b"]], [["hostname", "LIKE", "c|d"]], True),
        ([["hostname", "LIKE", "a|b"]], [["hostname", "LIKE", "b|c"]], False),
        ([["hostname", "LIKE", "a|b"]], [["hostname", "UNLIKE", "a|b|c"]], True),
        ([["hostname", "LIKE", "a|b"]], [["hostname", "UNLIKE", "a"]], False),
        ([["hostname", "UNLIKE", "a"]], [["hostname", "UNLIKE", "b"]], False),
        ([["rack", "IS", "r1"]], [["rack", "IS", "r2"]], True),
        ([["rack", "IS", "r1"]], [["zone", "IS", "r2"]], False),
        ([["hostname", "UNIQUE"]], [["hostname", "UNIQUE"]], False),
    ],
)
def test_what_never_meets(one: list[Any], other: list[Any], apart: bool) -> None:
    assert placement(one).apart_from(placement(other)) is apart
    assert placement(other).apart_from(placement(one)) is apart


ROWS = st.lists(
    st.tuples(
        st.just("hostname"),
        st.sampled_from(["LIKE", "UNLIKE", "IS", "UNIQUE"]),
        st.lists(st.sampled_from(HOSTS), min_size=1, max_size=3).map("|".join),
    ),
    max_size=3,
)


def allowed(rows: list[tuple[str, str, str]]) -> set[str]:
    """The hosts on which Marathon would start it, asked one by one."""
    says: dict[str, Callable[[str, str], bool]] = {
        "LIKE": lambda host, value: re.fullmatch(value, host) is not None,
        "UNLIKE": lambda host, value: re.fullmatch(value, host) is None,
        "IS": lambda host, value: host == value,
        "UNIQUE": lambda host, value: True,  # noqa: ARG005
    }
    return {host for host in HOSTS if all(says[operator](host, value) for _, operator, value in rows)}


@given(ROWS, ROWS)
def test_it_promises_nothing_that_marathon_does_not_keep(
    one: list[tuple[str, str, str]], other: list[tuple[str, str, str]]
) -> None:
    first, second = placement(one), placement(other)

    if first.apart_from(second):
        assert not allowed(one) & allowed(other)
    if first.most is not None:
        assert len(allowed(one)) <= first.most


@given(st.lists(st.lists(st.one_of(st.text(), st.integers(), st.none()))))
def test_nothing_that_is_written_makes_it_fail(rows: list[Any]) -> None:
    assert isinstance(placement(rows), Placement)
