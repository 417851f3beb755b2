"""The schema of reservations: what the database itself refuses, whoever writes to it, and how it is migrated."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect

from lbgen.errors import ToolError
from lbgen.ports.store import Reservations, Wanted
from lbgen.ports.store.database import HEAD, REVISIONS, Database
from lbgen.ports.store.migrating import downgrade
from lbgen.ports.store.schema import ASTRAY, METADATA
from tests.ports.dumped import DUMPS, HELD, held, inserting, restore

if TYPE_CHECKING:
    from pathlib import Path

INSERT = inserting("?")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ports.db"


def by_hand(path: Path, statement: str, *values: object) -> list[tuple[object, ...]]:
    """What the statement returns to somebody without lbgen, for whom SQLite minds no foreign keys."""
    with closing(sqlite3.connect(path)) as connection, connection:
        return connection.execute(statement, values).fetchall()


class TestByHand:
    @pytest.fixture(autouse=True)
    def held(self, path: Path) -> None:
        store = Reservations(str(path))
        store.reserve(Wanted(scope="external", holder="/any:0"), [10000])
        store.reserve(Wanted(scope="external", holder="/one:0", address="192.0.2.1", width=3), [10010])

    @pytest.mark.parametrize(
        ("address", "first", "last"),
        [
            ("*", 10000, 10000),
            ("192.0.2.9", 10000, 10000),
            ("::", 9990, 10005),
            ("192.0.2.1", 10012, 10020),
            ("0.0.0.0", 10001, 10010),
            ("*", 1, 65535),
        ],
    )
    def test_nothing_is_held_twice(self, path: Path, address: str, first: int, last: int) -> None:
        with pytest.raises(sqlite3.IntegrityError):
            by_hand(path, INSERT, "/other:0", address, first, last)
        assert by_hand(path, "select holder from reservation") == [("/any:0",), ("/one:0",)]
        assert by_hand(path, ASTRAY) == []

    @pytest.mark.parametrize(
        ("address", "first", "last"), [("192.0.2.2", 10010, 10012), ("::", 10005, 10020), ("*", 10013, 10013)]
    )
    def test_what_is_inserted_takes_its_slots(self, path: Path, address: str, first: int, last: int) -> None:
        by_hand(path, INSERT, "/other:0", address, first, last)
        assert by_hand(path, ASTRAY) == []
        assert [each.holder for each in Reservations(str(path)).held(port=last)][-1] == "/other:0"

    @pytest.mark.parametrize("change", ["first_port = 9999", "last_port = 10013", "address = '*'", "scope = 'x'"])
    def test_a_reservation_stays_where_it_is(self, path: Path, change: str) -> None:
        with pytest.raises(sqlite3.IntegrityError, match="stays where it is"):
            by_hand(path, f"update reservation set {change} where holder = '/one:0'")
        by_hand(path, "update reservation set until = 1, note = 'x' where holder = '/one:0'")

    def test_what_is_deleted_leaves_its_slots(self, path: Path) -> None:
        by_hand(path, "delete from reservation where holder = '/one:0'")
        assert by_hand(path, ASTRAY) == []
        assert Reservations(str(path)).reserve(Wanted(scope="external", holder="/b:0"), [10011]).first_port == 10011

    def test_slots_refuse_what_overlaps(self, path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            slot = "insert into slot select scope, protocol, family, port, ?, ?, reservation from slot where port > 10"
            for address, kind in (("192.0.2.1", "one"), ("", "any"), ("", "one")):
                with pytest.raises(sqlite3.IntegrityError):
                    connection.execute(slot, (address, kind))
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute("update port_kind set kind = 'any'")


@pytest.fixture
def old(path: Path) -> Path:
    """A database that the first lbgen has made."""
    return restore(path)


class TestMigrating:
    def test_keeps_what_is_held(self, old: Path) -> None:
        store = Reservations(str(old))
        assert by_hand(old, "select version_num from alembic_version") == [(HEAD,)]
        assert held(store) == HELD
        assert by_hand(old, ASTRAY) == []
        assert store.reserve(Wanted(scope="external", holder="/new:0"), range(10001, 10100)).first_port == 10004
        assert [each.holder for each in store.release(port=10012)] == ["/shop/wide:0"]

    def test_makes_the_tables_that_are_declared(self, old: Path, tmp_path: Path) -> None:
        for path in (old, tmp_path / "new.db"):
            database = Database(str(path))  # closes its connections when nobody has it any more
            found = inspect(database._engine)
            for table in METADATA.sorted_tables:
                columns = {column["name"] for column in found.get_columns(table.name)}
                assert columns == {column.name for column in table.columns}
                assert {index["name"] for index in found.get_indexes(table.name)} == {
                    each.name for each in table.indexes
                }
                declared = {tuple(key.column_keys) for key in table.foreign_key_constraints}
                assert {tuple(key["constrained_columns"]) for key in found.get_foreign_keys(table.name)} == declared

    def test_gives_back_slots_of_what_was_deleted_by_hand(self, old: Path) -> None:
        by_hand(old, "delete from reservation where holder = '/shop/wide:0'")
        store = Reservations(str(old))
        assert by_hand(old, ASTRAY) == []
        assert store.reserve(Wanted(scope="external", holder="/new:0"), [10012]).first_port == 10012

    def test_happens_once_whoever_comes_first(self, old: Path) -> None:
        failed: list[Exception] = []
        gate = threading.Barrier(8)

        def use(number: int) -> None:
            try:
                gate.wait()
                Reservations(str(old)).reserve(Wanted(scope="external", holder=f"/new:{number}"), range(10020, 10050))
            except Exception as error:  # noqa: BLE001 - whatever it is, it fails the test
                failed.append(error)

        threads = [threading.Thread(target=use, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        assert len(Reservations(str(old)).held()) == len(HELD) + 8
        assert by_hand(old, ASTRAY) == []

    def test_is_left_to_those_who_write(self, old: Path) -> None:
        store = Reservations(str(old), reads=True)
        assert held(store) == HELD
        assert [each.holder for each in store.held(port=10013)] == ["/shop/wide:0"]
        assert by_hand(old, "select version_num from alembic_version") == [("0001",)]

    def test_can_be_taken_back_without_loss(self, old: Path) -> None:
        database = Database(str(old))
        database.run(lambda connection: downgrade(connection, "0001"))
        left = by_hand(old, "select type, name from sqlite_master where type in ('trigger', 'view') or name = 'byte'")
        assert left == []
        assert held(Reservations(str(old), reads=True)) == HELD
        assert held(Reservations(str(old))) == HELD

    def test_leaves_a_later_schema_alone(self, path: Path) -> None:
        Reservations(str(path))
        for later in ("9999", "0000", "a1b2c3"):
            by_hand(path, "update alembic_version set version_num = ?", later)
            for reads in (False, True):
                with pytest.raises(ToolError, match=f"does not know .* \\(schema {later}; this one has {HEAD}\\)"):
                    Reservations(str(path), reads=reads)

    def test_has_a_dump_of_every_earlier_schema(self) -> None:
        earlier = {f"{revision}.{kind}.sql" for revision in REVISIONS[:-1] for kind in ("sqlite", "postgresql")}
        assert {each.name for each in DUMPS.iterdir()} == earlier
