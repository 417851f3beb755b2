"""Reservations in SQLite: who gets what, who is refused, and what is held of which address and for how long."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from lbgen.errors import UsageError
from lbgen.ports.allocation import candidates
from lbgen.ports.store import RefusedError, Reservations, Wanted
from lbgen.ports.store.address import canonical
from lbgen.ports.where import default_url

if TYPE_CHECKING:
    from pathlib import Path

PORTS = range(10000, 10010)


@pytest.fixture
def store(tmp_path: Path) -> Reservations:
    return Reservations(f"sqlite:///{tmp_path}/ports.db")


def wanted(
    holder: str, address: str = "*", *, width: int = 1, ttl: int | None = None, scope: str = "external"
) -> Wanted:
    return Wanted(scope=scope, holder=holder, address=address, width=width, ttl=ttl, by_whom="me", note="why")


class TestReserve:
    def test_gives_the_first_candidate_that_is_free(self, store: Reservations) -> None:
        assert store.reserve(wanted("/a:0"), [10003, 10001]).first_port == 10003
        assert store.reserve(wanted("/b:0"), [10003, 10001]).first_port == 10001

    def test_gives_the_same_port_to_the_same_holder(self, store: Reservations) -> None:
        first = store.reserve(wanted("/a:0"), PORTS)
        assert store.reserve(wanted("/a:0"), PORTS) == first
        assert len(store.held()) == 1

    def test_says_who_has_a_port(self, store: Reservations) -> None:
        store.reserve(wanted("/a:0"), [10000])
        with pytest.raises(RefusedError, match="port 10000 is reserved for /a:0"):
            store.reserve(wanted("/b:0"), [10000])

    def test_leaves_claimed_ports_alone(self, store: Reservations) -> None:
        claimed = {10000: "/web binds it"}
        assert store.reserve(wanted("/a:0"), PORTS, claimed).first_port == 10001
        with pytest.raises(RefusedError, match="port 10000 is taken: /web binds it"):
            store.reserve(wanted("/b:0"), [10000], claimed)

    def test_refuses_a_holder_who_has_another_port(self, store: Reservations) -> None:
        store.reserve(wanted("/a:0"), [10000])
        with pytest.raises(RefusedError, match="/a:0 has port 10000 on \\* already"):
            store.reserve(wanted("/a:0"), [10001])

    def test_refuses_when_all_are_taken(self, store: Reservations) -> None:
        for index in range(10):
            store.reserve(wanted(f"/a:{index}"), PORTS)
        with pytest.raises(RefusedError, match="no port is free between 10000 and 10009 in external"):
            store.reserve(wanted("/b:0"), PORTS)

    def test_holds_several_in_a_row(self, store: Reservations) -> None:
        store.reserve(wanted("/a:0"), [10002])
        assert list(store.reserve(wanted("/b:0", width=3), PORTS).ports) == [10003, 10004, 10005]
        assert store.reserve(wanted("/c:0", width=2), PORTS).first_port == 10000

    def test_looks_through_long_ranges(self, store: Reservations) -> None:
        store.reserve(wanted("/wide:0", width=3000), [20000])
        store.reserve(wanted("/wide:1", width=1000), [23001])
        assert store.reserve(wanted("/a:0"), range(20000, 30000)).first_port == 23000
        assert store.reserve(wanted("/b:0"), range(20000, 30000)).first_port == 24001
        assert store.reserve(wanted("/c:0", width=2), range(22990, 30000)).first_port == 24002
        with pytest.raises(RefusedError, match="no 2 ports in a row are free between 20000 and 22999 in external"):
            store.reserve(wanted("/d:0", width=2), range(20000, 23000))

    def test_says_who_has_which_of_several(self, store: Reservations) -> None:
        store.reserve(wanted("/a:0"), [10005])
        with pytest.raises(RefusedError, match="port 10003 is taken: /web binds it"):
            store.reserve(wanted("/b:0", width=10), [10000], {10003: "/web binds it", 10007: "/api binds it"})
        with pytest.raises(RefusedError, match="port 10005 is reserved for /a:0 in external by me until"):
            store.reserve(wanted("/b:0", width=10), [10000], {10007: "/api binds it"})

    def test_keeps_scopes_apart(self, store: Reservations) -> None:
        store.reserve(wanted("/a:0"), [10000])
        assert store.reserve(wanted("/a:0", scope="internal"), [10000]).first_port == 10000


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        ("*", "*", False),
        ("*", "192.0.2.1", False),
        ("192.0.2.1", "*", False),
        ("192.0.2.1", "192.0.2.1", False),
        ("192.0.2.1", "192.0.2.2", True),
        ("0.0.0.0", "::", True),
        ("*", "::", False),
        ("::", "2001:db8::1", False),
        ("192.0.2.1", "2001:db8::1", True),
        ("::", "192.0.2.1", True),
    ],
)
def test_addresses_overlap_as_they_do_when_they_are_bound(
    store: Reservations, first: str, second: str, *, both: bool
) -> None:
    store.reserve(wanted("/a:0", first), [10000])
    if both:
        store.reserve(wanted("/b:0", second), [10000])
    else:
        with pytest.raises(RefusedError):
            store.reserve(wanted("/b:0", second), [10000])
    store.release(holder="/a:0")
    assert store.reserve(wanted("/c:0", first), [10000]).address == first or both


class TestTime:
    def test_ends_a_reservation(self, store: Reservations, tmp_path: Path) -> None:
        store.reserve(wanted("/a:0", ttl=60), [10000])
        _age(tmp_path, 61)
        assert store.held() == []
        assert store.reserve(wanted("/b:0"), [10000]).holder == "/b:0"

    def test_frees_its_holder_as_well(self, store: Reservations, tmp_path: Path) -> None:
        store.reserve(wanted("/a:0", ttl=60), [10000])
        _age(tmp_path, 61)
        assert store.reserve(wanted("/a:0"), [10001]).first_port == 10001

    def test_leaves_nothing_behind_that_piles_up_or_stands_in_the_way(
        self, store: Reservations, tmp_path: Path
    ) -> None:
        for port in range(10000, 10350):
            store.reserve(wanted(f"/a:{port}", ttl=60), [port])
        _age(tmp_path, 61)
        assert store.reserve(wanted("/b:0"), [10340]).first_port == 10340
        assert store.reserve(wanted("/a:10345"), [10345]).first_port == 10345
        assert _count(tmp_path) in range(100, 200)
        store.reserve(wanted("/b:1"), [10001])
        store.reserve(wanted("/b:2"), [10002])
        assert _count(tmp_path) == 4

    def test_is_counted_anew_by_renewing(self, store: Reservations, tmp_path: Path) -> None:
        store.reserve(wanted("/a:0", ttl=60), [10000])
        (renewed,) = store.renew(3600, holder="/a:0")
        _age(tmp_path, 61)
        assert [each.until for each in store.held()] == [(renewed.until or 0) - 61]

    def test_does_not_bring_back_what_has_ended(self, store: Reservations, tmp_path: Path) -> None:
        store.reserve(wanted("/a:0", ttl=60), [10000])
        _age(tmp_path, 61)
        assert store.renew(60, holder="/a:0") == []

    def test_may_be_dropped_by_renewing_for_ever(self, store: Reservations) -> None:
        store.reserve(wanted("/a:0", ttl=60), [10000])
        assert [each.until for each in store.renew(None, port=10000)] == [None]


def _age(tmp_path: Path, seconds: int) -> None:
    """Has time pass: the clock is the database's."""
    with closing(sqlite3.connect(tmp_path / "ports.db")) as connection, connection:
        connection.execute("update reservation set since = since - ?, until = until - ?", (seconds, seconds))


def _count(tmp_path: Path) -> int:
    with closing(sqlite3.connect(tmp_path / "ports.db")) as connection:
        return int(connection.execute("select count(*) from reservation").fetchone()[0])


def test_a_port_of_several_names_all_of_them(store: Reservations) -> None:
    store.reserve(wanted("/a:0", width=5), [10000])
    assert [each.holder for each in store.held(port=10004)] == ["/a:0"]
    assert store.held(port=10005) == []
    assert store.held(port=10004, scope="internal") == []
    assert store.held(port=10004, protocol="udp") == []
    assert [each.until is not None for each in store.renew(60, port=10002, scope="external")] == [True]
    assert len(store.release(port=10001)) == 1
    assert store.reserve(wanted("/b:0"), [10004]).first_port == 10004


def test_what_is_released_is_told_and_gone(store: Reservations) -> None:
    store.reserve(wanted("/a:0"), [10000])
    store.reserve(wanted("/b:0"), [10001])
    assert [each.holder for each in store.release(port=10000)] == ["/a:0"]
    assert [each.holder for each in store.held()] == ["/b:0"]
    assert store.release(port=10000) == []


def test_threads_share_the_ports_out(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ports.db"
    got: list[int] = []

    def reserve(index: int) -> None:
        got.append(Reservations(url).reserve(wanted(f"/a:{index}"), PORTS).first_port)

    threads = [threading.Thread(target=reserve, args=(index,)) for index in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == list(PORTS)


class TestAddresses:
    def test_are_written_in_one_way(self) -> None:
        assert [canonical(text) for text in ("", "*", "[2001:DB8::1]", "::ffff:192.0.2.1")] == [
            "*",
            "*",
            "2001:db8::1",
            "192.0.2.1",
        ]

    def test_may_not_be_anything(self) -> None:
        with pytest.raises(UsageError, match=r'"lb\.example\.com" is no address'):
            canonical("lb.example.com")


class TestCandidates:
    def test_are_all_ports_from_one_on_that_depends_on_the_holder(self) -> None:
        found = candidates("/a:0", PORTS)
        assert sorted(found) == list(PORTS)
        assert found == candidates("/a:0", PORTS)
        assert len({candidates(f"/app{index}:0", range(1000))[0] for index in range(100)}) > 80

    def test_are_none_of_none(self) -> None:
        assert candidates("/a:0", ()) == []


class TestWhere:
    def test_the_environment_says(self, tmp_path: Path) -> None:
        assert default_url(tmp_path, {"LBGEN_PORTS_DB": "postgresql://db/lb"}) == "postgresql://db/lb"

    def test_in_the_project(self, tmp_path: Path) -> None:
        (tmp_path / "lbgen.toml").touch()
        (tmp_path / "apps").mkdir()
        assert default_url(tmp_path / "apps", {"HOME": "/h"}) == f"sqlite:///{tmp_path}/.lbgen/ports.db"

    def test_else_with_the_user(self, tmp_path: Path) -> None:
        assert default_url(tmp_path, {"HOME": "/h"}) == "sqlite:////h/.local/state/lbgen/ports.db"
        assert default_url(tmp_path, {"XDG_STATE_HOME": "/s"}) == "sqlite:////s/lbgen/ports.db"
