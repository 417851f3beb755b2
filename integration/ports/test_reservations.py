"""Reservations under load: 64 processes at once, some of them killed, and PostgreSQL stopped as by a crash."""

from __future__ import annotations

import os
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from sqlalchemy import NullPool, create_engine, inspect

from integration.ports.crowd import PORTS, SCOPE, Crowd, what
from integration.ports.postgresql import programs, running
from lbgen.ports.store import RefusedError, Reservations, Wanted
from lbgen.ports.store.address import places
from lbgen.testing.plugin import give_up
from tests.ports.test_store_model import compare, steps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from integration.ports.postgresql import PostgreSQL

LONG = bool(os.environ.get("LBGEN_LONG"))
SECONDS = 60 if LONG else 8
SIZE = 64


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgreSQL]:
    found = programs()
    if found is None:
        give_up("needs PostgreSQL: initdb and pg_ctl are not there")
    with running(found) as server:
        yield server


def overlaps(reservations: Reservations) -> list[object]:
    """Ports and families of addresses that are held more than once."""
    held: dict[tuple[int, int], list[str]] = defaultdict(list)
    for each in reservations.held(scope=SCOPE):
        for port in each.ports:
            for place in places(each.address):
                held[port, place.family].append(place.address)
    return [
        (slot, found)
        for slot, found in held.items()
        if len(found) > len(set(found)) or ("" in found and len(found) > 1)
    ]


def judge(crowd: Crowd, reservations: Reservations) -> None:
    """What was acknowledged is there, what was given back is not, and nothing is held twice."""
    lines = list(crowd.diary())
    assert [line for line in lines if line.what == "error"] == []
    assert sum(line.what == "refused" for line in lines) > 0
    assert crowd.killed > 5
    print(crowd.told())
    assert overlaps(reservations) == []
    assert reservations.astray() == []
    held = {each.holder: what(each) for each in reservations.held(scope=SCOPE)}
    last = crowd.last()
    assert len(last) > 20
    for holder, line in last.items():
        assert held.get(holder, "") == line.detail, (holder, line)


def test_a_crowd_on_sqlite(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ports.db"
    reservations = Reservations(url)
    crowd = Crowd(url, SIZE, tmp_path)
    crowd.work(SECONDS)
    judge(crowd, reservations)


def test_a_crowd_on_postgresql_that_crashes_meanwhile(postgresql: PostgreSQL, tmp_path: Path) -> None:
    reservations = Reservations(postgresql.url)
    crowd = Crowd(postgresql.url, SIZE, tmp_path)

    def crash() -> None:
        postgresql.stop("immediate")
        postgresql.start()

    crowd.work(SECONDS, disturb=crash)
    judge(crowd, reservations)


def test_postgresql_itself_refuses_what_overlaps(postgresql: PostgreSQL) -> None:
    reservations = Reservations(postgresql.url)
    reservations.release(scope=SCOPE)
    wanted = {"scope": SCOPE, "width": 2}
    reservations.reserve(Wanted(holder="/a:0", address="192.0.2.1", **wanted), [PORTS[0]])  # type: ignore[arg-type]
    for address, port in (("*", PORTS[1]), ("192.0.2.1", PORTS[0]), ("0.0.0.0", PORTS[0])):
        with pytest.raises(RefusedError, match="is reserved for /a:0"):
            reservations.reserve(Wanted(holder="/b:0", address=address, **wanted), [port])  # type: ignore[arg-type]
    assert reservations.reserve(Wanted(holder="/b:0", address="::", **wanted), [PORTS[0]]).holder == "/b:0"  # type: ignore[arg-type]


@settings(max_examples=40, deadline=None)
@given(steps=steps)
def test_postgresql_holds_what_the_model_holds(
    postgresql: PostgreSQL, steps: list[tuple[int, str, int, list[int]] | int]
) -> None:
    compare(Reservations(postgresql.url), steps)


def test_looking_makes_nothing_and_writes_nothing(postgresql: PostgreSQL) -> None:
    empty = postgresql.url.replace("/postgres", "/template1")
    assert Reservations(empty, reads=True).held() == []
    with create_engine(empty.replace("://", "+psycopg://"), poolclass=NullPool).connect() as connection:
        assert inspect(connection).get_table_names() == []
    kept = Reservations(postgresql.url).reserve(Wanted(holder="/read:0", scope="reading"), [PORTS[0]])
    unable = f"{postgresql.url}?options=-c%20default_transaction_read_only%3Don"
    assert Reservations(unable, reads=True).held(scope="reading") == [kept]
