"""An older schema, on a real PostgreSQL and under many processes that come at once."""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING

import psycopg
import pytest

from integration.ports.postgresql import programs, running
from lbgen.errors import ToolError
from lbgen.ports.store import RefusedError, Reservations, Wanted
from lbgen.ports.store.database import HEAD
from lbgen.testing.plugin import give_up
from tests.ports.dumped import DUMPS, HELD, held, inserting, restore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from integration.ports.postgresql import PostgreSQL

SIZE = 8
_SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSQL]:
    found = programs()
    if found is None:
        give_up("needs PostgreSQL: initdb and pg_ctl are not there")
    with running(found) as server:
        yield server


@pytest.fixture
def postgresql(server: PostgreSQL, request: pytest.FixtureRequest) -> str:
    """A database of its own, as the first lbgen left it."""
    name = f"ports_{abs(hash(request.node.name))}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    url = server.url.rpartition("/")[0] + f"/{name}"
    with psycopg.connect(url) as connection:
        connection.execute((DUMPS / "0001.postgresql.sql").read_bytes())
    return url


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{restore(tmp_path / 'ports.db')}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(request.param))


def test_keeps_what_is_held(url: str) -> None:
    store = Reservations(url)
    assert held(store) == HELD
    assert store.astray() == []
    for address, port in (("*", 10001), ("192.0.2.1", 10002), ("0.0.0.0", 10003), ("::", 10014)):
        with pytest.raises(RefusedError, match="is reserved for /shop/"):
            store.reserve(Wanted(scope="external", holder="/new:0", address=address), [port])
    assert store.reserve(Wanted(scope="external", holder="/new:0", width=5), range(10005, 10100)).first_port == 10005
    assert [each.holder for each in store.release(port=10012)] == ["/shop/wide:0"]
    assert store.reserve(Wanted(scope="external", holder="/new:1", width=5), range(10010, 10100)).first_port == 10010


def test_is_left_to_those_who_write(url: str) -> None:
    assert held(Reservations(url, reads=True)) == HELD
    with pytest.raises(ToolError, match="reservation_slot"):
        Reservations(url, reads=True).astray()


def _use(url: str, number: int) -> None:
    wanted = Wanted(scope="external", holder=f"/new:{number}", width=1 + number % 3)
    Reservations(url).reserve(wanted, range(10020, 10080))


def test_happens_once_whoever_comes_first(url: str) -> None:
    members = [_SPAWN.Process(target=_use, args=(url, number)) for number in range(SIZE)]
    for member in members:
        member.start()
    for member in members:
        member.join(120)
    assert [member.exitcode for member in members] == [0] * SIZE
    store = Reservations(url)
    assert len(store.held()) == len(HELD) + SIZE
    assert store.astray() == []


def test_what_is_later_is_left_alone(postgresql: str) -> None:
    Reservations(postgresql)
    with psycopg.connect(postgresql) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    for reads in (False, True):
        with pytest.raises(ToolError, match=f"this one has {HEAD}"):
            Reservations(postgresql, reads=reads)


def test_postgresql_holds_nothing_twice_whoever_inserts(postgresql: str) -> None:
    Reservations(postgresql)
    insert = inserting("%s")
    with psycopg.connect(postgresql, autocommit=True) as connection:
        for values in (("*", 10001, 10001), ("192.0.2.2", 10000, 10002), ("::", 1, 65535), ("0.0.0.0", 10012, 10020)):
            with pytest.raises(psycopg.IntegrityError):
                connection.execute(insert, ("by hand", *values))
        with pytest.raises(psycopg.IntegrityError, match="stays where it is"):
            connection.execute("update reservation set first_port = 9999")
        connection.execute(insert, ("by hand", "192.0.2.3", 10002, 10002))
    store = Reservations(postgresql)
    assert store.astray() == []
    assert [each.address for each in store.held(holder="by hand")] == ["192.0.2.3"]
