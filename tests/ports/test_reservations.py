"""Reservations in SQLite: who gets what, who is refused, and what is held of which address and for how long."""

from __future__ import annotations

import sqlite3
import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect

from lbgen.errors import ToolError, UsageError
from lbgen.ports.allocation import candidates
from lbgen.ports.store import RefusedError, Reservations, Wanted
from lbgen.ports.store.address import canonical
from lbgen.ports.store.database import Database
from lbgen.ports.store.schema import METADATA
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
    with sqlite3.connect(tmp_path / "ports.db") as connection:
        connection.execute("update reservation set since = since - ?, until = until - ?", (seconds, seconds))


def test_what_is_released_is_told_and_gone(store: Reservations) -> None:
    store.reserve(wanted("/a:0"), [10000])
    store.reserve(wanted("/b:0"), [10001])
    assert [each.holder for each in store.release(port=10000)] == ["/a:0"]
    assert [each.holder for each in store.held()] == ["/b:0"]
    assert store.release(port=10000) == []


def test_the_database_itself_refuses_what_overlaps(store: Reservations, tmp_path: Path) -> None:
    store.reserve(wanted("/a:0", "192.0.2.1"), [10000])
    with sqlite3.connect(tmp_path / "ports.db") as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        slot = "insert into slot select scope, protocol, family, port, ?, ?, reservation from slot"
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(slot, ("192.0.2.1", "one"))
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(slot, ("", "any"))
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("update port_kind set kind = 'any'")


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


def test_migrations_make_the_tables_that_are_declared(tmp_path: Path) -> None:
    Reservations(f"sqlite:///{tmp_path}/ports.db")
    engine = Database(f"sqlite:///{tmp_path}/ports.db")._engine
    found = inspect(engine)
    for table in METADATA.sorted_tables:
        assert {column["name"] for column in found.get_columns(table.name)} == {column.name for column in table.columns}
        assert {index["name"] for index in found.get_indexes(table.name)} == {index.name for index in table.indexes}
        declared = {tuple(key.column_keys) for key in table.foreign_key_constraints}
        assert {tuple(key["constrained_columns"]) for key in found.get_foreign_keys(table.name)} == declared


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("mysql://x/y", UsageError),
        ("no such:thing://", UsageError),
        ("sqlite:////proc/nowhere/ports.db", ToolError),
    ],
)
def test_a_database_that_is_none_is_an_error(url: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        Reservations(url)


def test_a_file_that_is_no_database_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "ports.db").write_text("this is a letter, not a database, " * 100)
    with pytest.raises(ToolError, match="file is not a database"):
        Reservations(str(tmp_path / "ports.db"))


def test_a_later_schema_is_left_alone(tmp_path: Path) -> None:
    Reservations(f"sqlite:///{tmp_path}/ports.db")
    with sqlite3.connect(tmp_path / "ports.db") as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    with pytest.raises(ToolError, match="later version of lbgen"):
        Reservations(f"sqlite:///{tmp_path}/ports.db")


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
