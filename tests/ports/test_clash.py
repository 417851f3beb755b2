"""Who clashes with whom."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbgen.ports.address import Ports, read_addresses
from lbgen.ports.claim import Branch, Claim, Kind
from lbgen.ports.clash import Clash, Sharing, clashes
from lbgen.ports.lane import Ranking


def claim(text: str, owner: str, **given: object) -> Claim:
    """Somebody's claim on what a bind line says."""
    (found,) = read_addresses(text, v6only=bool(given.pop("v6only", False)))
    values = {"node": "group external", "how": "", "kind": Kind.SERVICE_PORT, "protocol": found.protocol, **given}
    return Claim(address=found.address, ports=found.ports, owner=owner, **values)  # type: ignore[arg-type]


def pairs(*claims: Claim) -> list[tuple[str, str]]:
    """Who has the better right, and who clashes with it."""
    return [(clash.first.owner, clash.second.owner) for clash in clashes(claims)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("*:80", "*:80"),
        ("*:80", "10.0.0.1:80"),
        ("*:80", ":::80"),
        ("10.0.0.1:80", ":::80"),
        ("[::1]:80", ":::80"),
        ("*:80-90", "*:85"),
        ("*:80-90", "*:90-95"),
        ("quic4@*:443", "quic6@:443"),
        ("unix@/a", "/a"),
        ("lb:80", "LB:80"),
    ],
)
def test_what_clashes(one: str, other: str) -> None:
    assert pairs(claim(one, "a"), claim(other, "b")) == [("a", "b")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("*:80", "*:81"),
        ("10.0.0.1:80", "10.0.0.2:80"),
        ("10.0.0.1:80", "[::1]:80"),
        ("*:80", "[::1]:80"),
        ("*:80-90", "*:91"),
        ("*:443", "quic4@*:443"),
        ("unix@/a", "unix@/b"),
        ("unix@a", "abns@a"),
        ("lb:80", "*:80"),
        ("$HOST:80", "*:80"),
        ("*:$PORT", "*:$PORT"),
    ],
)
def test_what_does_not(one: str, other: str) -> None:
    assert pairs(claim(one, "a"), claim(other, "b")) == []


def test_v6only_goes_with_ipv4() -> None:
    assert pairs(claim("*:80", "a"), claim(":::80", "b", v6only=True)) == []


def test_nodes_interfaces_sections_and_branches_keep_claims_apart() -> None:
    assert pairs(claim("*:80", "a"), claim("*:80", "b", node="pool edge")) == []
    assert pairs(claim("*:80", "a", interface="eth0"), claim("*:80", "b", interface="eth1")) == []
    assert pairs(claim("*:80", "a", interface="eth0"), claim("*:80", "b")) == [("a", "b")]
    assert pairs(claim("*:80", "a", section="x"), claim("*:80", "a", section="x")) == []
    either = [claim("*:80", name, branches=(Branch(1, number),)) for number, name in enumerate("ab")]
    assert pairs(*either) == []
    assert pairs(*either, claim("*:80", "c")) == [("a", "c")]


def test_what_is_only_held_binds_nothing() -> None:
    assert pairs(claim("*:80", "a", binds=False), claim("*:80", "b")) == []


def test_the_load_balancer_comes_first_then_who_has_the_port_by_itself() -> None:
    label = claim("*:80", "a", kind=Kind.LABEL)
    declared = claim("*:80", "b")
    own = claim("*:80", "stats", kind=Kind.OWN)
    assert pairs(label, declared, own) == [("stats", "b"), ("stats", "a")]
    assert pairs(label, declared) == [("b", "a")]


def test_each_is_told_of_the_best_only() -> None:
    names = [f"/{number}" for number in range(9)]
    assert pairs(*(claim("*:80", name) for name in names)) == [("/0", name) for name in names[1:]]


def test_ones_own_section_hides_nobody() -> None:
    first, second = claim("*:80", "a", section="x"), claim("*:80", "b", section="y")
    again = claim("*:80", "c", section="x")
    assert pairs(first, second, again) == [("a", "b"), ("b", "c")]


@pytest.mark.parametrize(
    ("one", "other", "sharing"),
    [
        ("*:80", "*:80", Sharing.SPLIT),
        ("10.0.0.1:80", "10.0.0.1:80", Sharing.SPLIT),
        ("*:80", "10.0.0.1:80", Sharing.SECOND),
        ("10.0.0.1:80", "*:80", Sharing.FIRST),
        ("*:80", ":::80", Sharing.FIRST),
        (":::80", "*:80", Sharing.SECOND),
        (":::80", ":::80", Sharing.SPLIT),
        (":::80", "[::1]:80", Sharing.SECOND),
        ("unix@/a", "unix@/a", Sharing.LAST),
        ("abns@a", "abns@a", Sharing.REFUSED),
    ],
)
def test_what_comes_of_it(one: str, other: str, sharing: Sharing) -> None:
    assert [clash.sharing for clash in clashes([claim(one, "a"), claim(other, "b")])] == [sharing]


@pytest.mark.parametrize(
    ("one", "other", "sharing"),
    [
        ("*:80", "*:80", Sharing.EITHER),
        ("[::1]:80", "[::1]:80", Sharing.EITHER),
        ("10.0.0.1:80", "*:80", Sharing.FIRST),
        ("*:80", "10.0.0.1:80", Sharing.SECOND),
        (":::80", "*:80", Sharing.SECOND),
        ("*:80", ":::80", Sharing.FIRST),
    ],
)
def test_one_interface_beside_all_of_them(one: str, other: str, sharing: Sharing) -> None:
    (clash,) = clashes([claim(one, "a"), claim(other, "b", interface="eth0")])
    assert clash.sharing is sharing
    (clash,) = clashes([claim(one, "a", interface="eth0"), claim(other, "b")])
    assert clash.sharing is sharing


def test_one_of_two_on_all_of_ipv6_gets_everything() -> None:
    (clash,) = clashes([claim(":::80", "a"), claim(":::80", "b", v6only=True)])
    assert clash.sharing is Sharing.EITHER


def test_no_port_is_shared_with_another_program() -> None:
    for kind in (Kind.HOST_APP, Kind.NODE_PORT, Kind.HOST_PORT, Kind.LISTENER):
        (clash,) = clashes([claim("*:80", "a"), claim("10.0.0.1:80", "b", kind=kind)])
        assert clash.sharing is Sharing.ONE


def test_ports_that_are_shared_are_named() -> None:
    (clash,) = clashes([claim("*:80-90", "a"), claim("*:85-99", "b")])
    assert clash.ports == Ports(85, 90)


TEXTS = ["*:{}", "10.0.0.1:{}", "10.0.0.2:{}", ":::{}", "[::1]:{}", "quic4@*:{}", "lb:{}"]
PORTS = st.tuples(st.integers(1, 12), st.integers(0, 4)).map(lambda at: f"{at[0]}-{at[0] + at[1]}")
CLAIMS = st.builds(
    claim,
    st.one_of(st.builds(str.format, st.sampled_from(TEXTS), PORTS), st.sampled_from(["unix@/a", "abns@a"])),
    st.text("abc", min_size=1, max_size=3),
    kind=st.sampled_from([Kind.OWN, Kind.SERVICE_PORT, Kind.LABEL, Kind.AUTOMATIC]),
    node=st.sampled_from(["one", "two"]),
    interface=st.sampled_from(["", "", "", "eth0", "lo"]),
    v6only=st.booleans(),
    section=st.sampled_from(["", "x", "y", "z"]),
    binds=st.sampled_from([True, True, True, False]),
    branches=st.sampled_from([(), (Branch(1, 0),), (Branch(1, 1),), (Branch(1, 1), Branch(2, 0))]),
)


@given(st.lists(CLAIMS, max_size=12), st.randoms())
def test_the_order_of_claims_is_no_matter(claims: list[Claim], chance: random.Random) -> None:
    def sides(found: list[Clash]) -> list[str]:
        return [f"{each.first.rank} {each.second.rank} {each.ports}" for each in found]

    shuffled = claims.copy()
    chance.shuffle(shuffled)
    assert sides(clashes(shuffled)) == sides(clashes(claims))


def _many(count: int) -> list[Claim]:
    """Many claims, of which some are ranges, some clash, and all kinds of addresses occur."""
    chance = random.Random(count)
    texts = ["*:{}", "10.0.{}.1:{}", ":::{}-{}"]
    made = []
    for number in range(count):
        port = chance.randrange(1, 60000)
        text = texts[number % 3].format(*(number % 250, port) if number % 3 == 1 else (port, port + number % 40))
        made.append(claim(text, f"/{number}", section=str(number)))
    return made


def test_a_claim_is_compared_with_few_others(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    original = Ranking.clash

    def counted(self: Ranking, one: int, other: int) -> bool:
        nonlocal compared
        compared += 1
        return original(self, one, other)

    monkeypatch.setattr(Ranking, "clash", counted)
    claims = [*_many(8000), *(claim("*:80", f"/{number}", section=f"/{number}") for number in range(2000))]
    claims += [claim("*:1-65535", f"/all/{number}", section=f"/all/{number}") for number in range(200)]
    assert len(clashes(claims)) > 2000
    assert compared < 4 * len(claims)
