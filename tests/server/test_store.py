"""What is kept: nothing is lost, whoever writes at the same time."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from lbgen.errors import ToolError
from lbgen.server.database import REVISIONS
from lbgen.server.schema import METADATA
from lbgen.server.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from lbgen.server.store import Transaction


def test_what_is_written_is_there_the_next_time(tmp_path: Path) -> None:
    store = Store(tmp_path)
    made = store.write(lambda state: state.add_pool("a", "V2", {"name": "a", "é": "\u2028"}))
    store.close()
    assert Store(tmp_path).read(lambda state: state.pool("a")) == made


def test_a_transaction_that_fails_changes_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)

    def work(state: Transaction) -> None:
        state.add_pool("a", "V2", {})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.write(work)
    assert store.read(lambda state: (state.pools(), state.revision())) == ([], 0)


def test_revisions_only_grow(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = store.write(lambda state: state.add_pool("a", "V2", {})).revision
    store.write(lambda state: state.remove_pool("a"))
    again = store.write(lambda state: state.add_pool("a", "V2", {})).revision
    template = store.write(lambda state: state.add_template("t", None, {})).revision
    assert first < again < template


def test_two_servers_and_many_writers_lose_no_update(tmp_path: Path) -> None:
    stores = [Store(tmp_path), Store(tmp_path)]
    stores[0].write(lambda state: state.add_pool("a", "V2", {"count": 0}))

    def add(state: Transaction) -> None:
        pool = state.pool("a")
        assert pool is not None
        state.change_pool("a", document={"count": pool.document["count"] + 1})

    def many(store: Store) -> None:
        for _ in range(10):
            store.write(add)

    threads = [threading.Thread(target=many, args=(stores[index % 2],)) for index in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pool = stores[1].read(lambda state: state.pool("a"))
    assert pool is not None
    assert pool.document == {"count": 60}


def test_readers_wait_for_no_writer(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write(lambda state: state.add_pool("a", "V2", {}))

    def work(state: Transaction) -> list[str]:
        state.add_pool("b", "V2", {})
        return [pool.name for pool in store.read(lambda other: other.pools())]

    assert store.write(work) == ["a"]


def test_a_database_of_a_later_lbgen_is_left_alone(tmp_path: Path) -> None:
    path = Store(tmp_path).path
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("update alembic_version set version_num = '9999'")
    with pytest.raises(ToolError, match="does not know") as raised:
        Store(tmp_path)
    assert raised.value.help


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "edge-lb.sqlite").write_text("something else, and long enough to be no database" * 100)
    with pytest.raises(ToolError, match="cannot be used"):
        Store(tmp_path)


def test_a_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ToolError, match="cannot keep pools"):
        Store(tmp_path / "file" / "data")


def test_nobody_else_reads_it(tmp_path: Path) -> None:
    assert Store(tmp_path / "data").path.stat().st_mode & 0o077 == 0


def test_migrations_make_what_the_tables_say(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with closing(sqlite3.connect(store.path)) as connection:
        names = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        assert {*names} == {*METADATA.tables, "alembic_version"}
        for name, table in METADATA.tables.items():
            columns = connection.execute(f"select name, \"notnull\" from pragma_table_info('{name}')").fetchall()
            assert {*columns} == {(column.name, int(not column.nullable)) for column in table.columns}
        assert connection.execute("select version_num from alembic_version").fetchall() == [(REVISIONS[-1],)]
