"""Which reservation stands in the way, compared with looking at every one."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from lbgen.ports.address import Address, Place, Ports, read_addresses
from lbgen.ports.reservation import Reservation
from lbgen.ports.reserved import Asked, Reserved, advice, as_claim, message, places_of

ADDRESSES = ("*", "0.0.0.0", "::", "10.0.0.1", "10.0.0.2", "2001:db8::1")
BOUND = ("*", "::", "0.0.0.0", "10.0.0.1", "10.0.0.3", "[2001:db8::1]", "lb.example.org", "unix@/run/x")


def reservation(first: int = 10001, last: int = 0, **members: str) -> Reservation:
    """One for /web:0 on all addresses, unless it is said."""
    values = {"scope": "external", "holder": "/web:0", "protocol": "tcp", "address": "*", "by_whom": "", "note": ""}
    return Reservation(**{**values, **members}, first_port=first, last_port=last or first, since=0, until=None)


def asked(first: int, last: int = 0, places: tuple[Place, ...] = places_of("*"), scope: str = "external") -> Asked:
    return Asked(scope, "tcp", places, Ports(first, last or first))


ranges = st.tuples(st.integers(1, 30), st.integers(0, 8)).map(lambda it: (it[0], it[0] + it[1]))
reservations = st.builds(
    lambda ports, address, holder: reservation(*ports, address=address, holder=holder),
    ranges,
    st.sampled_from(ADDRESSES),
    st.sampled_from(["/a:0", "/a:1", "/b:0"]),
)


@settings(deadline=None)
@given(st.lists(reservations, max_size=12), ranges, st.sampled_from(BOUND), st.sampled_from(["/a:0", "/a", "/c:0"]))
def test_one_is_found_where_one_overlaps(held: list[Reservation], ports: tuple[int, int], bound: str, own: str) -> None:
    (listening,) = read_addresses(f"{bound}:{ports[0]}")
    places = listening.address.places
    overlapping = [
        each
        for each in held
        if each.first_port <= ports[1]
        and ports[0] <= each.last_port
        and Address(each.address, places_of(each.address)).overlaps(listening.address)
        and own not in {each.holder, each.holder.partition(":")[0]}
    ]
    found = Reserved(held).in_the_way(asked(*ports, places), {own})
    assert found in overlapping if overlapping else found is None


def test_scopes_and_protocols_are_apart() -> None:
    held = Reserved([reservation(10001), reservation(10002, protocol="udp")])
    assert held.in_the_way(asked(10001), ()) is not None
    assert held.in_the_way(asked(10001, scope="internal"), ()) is None
    assert held.in_the_way(asked(10002), ()) is None


def test_it_is_said_who_has_it_by_whom_until_when_and_why() -> None:
    each = reservation(by_whom="ann", note="launch")
    assert message(each) == "port 10001 is reserved for /web:0 in external by ann until it is released"
    assert message(replace(each, until=1_700_000_000)).endswith("in external by ann until 2023-11-14 22:13:20Z")
    assert advice(each).startswith('its note is "launch"; lbgen ports whois 10001 --scope external tells more')


def test_among_claims_it_holds_and_binds_nothing() -> None:
    claim = as_claim(reservation(10001, 10003))
    assert (claim.owner, str(claim.ports), claim.scope, claim.binds) == ("/web:0", "10001-10003", "external", False)
