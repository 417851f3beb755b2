"""Which databases reservations are kept in, and what is said of those in which they cannot be."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

import pytest

from lbgen.errors import ToolError, UsageError
from lbgen.ports.store import Reservations, Wanted
from lbgen.ports.store.url import database_url, without_secrets

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("ports.db", "sqlite:///ports.db"),
        ("/var/lib/ports.db", "sqlite:////var/lib/ports.db"),
        ("sqlite+pysqlite:///ports.db", "sqlite:///ports.db"),
        ("postgresql://lbgen@db/ports", "postgresql+psycopg://lbgen@db/ports"),
        ("postgres://db/ports?sslmode=require", "postgresql+psycopg://db/ports?sslmode=require"),
    ],
)
def test_what_is_meant(given: str, meant: str) -> None:
    assert database_url(given).render_as_string() == meant


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("mysql://x/y", "in SQLite or PostgreSQL, not in mysql"),
        ("no such:thing://", '"no such:thing://..." is no database: give a file'),
        ("postgresql://joe:hunter2", '"postgresql://..." is no database'),
        ("postgresql://joe:p@hunter2@db/ports", "an @ in a password of a URL is written %40"),
        ("postgresql+asyncpg://db/ports", "lbgen reaches postgresql as postgresql://, not as postgresql+asyncpg://"),
        ("sqlite://", "in memory are gone at once"),
        (":memory:", "in memory are gone at once"),
    ],
)
def test_what_is_none(given: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        Reservations(given)
    assert said in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "given",
    [
        "postgresql://joe:hunter2@db/ports",
        "postgresql://joe:hun/ter2@db:5432/ports",
        "postgresql://joe:h@hunter2@db/ports",
        "postgresql://db/ports?user=joe&password=hunter2&sslmode=require",
        "postgresql://db/ports?sslpassword=hunter2",
    ],
)
def test_secrets_are_not_shown(given: str) -> None:
    shown = without_secrets(given)
    assert "ter2" not in shown
    assert "***" in shown
    assert "ports" in shown


def test_what_holds_no_secret_is_shown_as_it_is() -> None:
    for given in ("sqlite:////home/a@b/ports.db", "postgresql://joe@db:5432/ports?sslmode=require", "a:b.db"):
        assert without_secrets(given) == given


def test_a_directory_that_cannot_be_made_is_an_error() -> None:
    with pytest.raises(ToolError, match="cannot keep reservations in /proc/nowhere"):
        Reservations("sqlite:////proc/nowhere/ports.db")


def test_a_file_that_is_no_database_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "ports.db").write_text("this is a letter, not a database, " * 100)
    for reads in (False, True):
        with pytest.raises(ToolError, match="file is not a database"):
            Reservations(str(tmp_path / "ports.db"), reads=reads)


def test_what_sqlite_says_comes_with_advice(tmp_path: Path) -> None:
    with pytest.raises(ToolError) as caught:
        Reservations(str(tmp_path))
    assert caught.value.help.startswith("SQLite writes files beside it")
    Reservations(str(tmp_path / "ports.db"))
    content = bytearray((tmp_path / "ports.db").read_bytes())
    content[4096:40960] = b"\xff" * 36864
    (tmp_path / "ports.db").write_bytes(content)
    with pytest.raises(ToolError, match="malformed") as caught:
        Reservations(str(tmp_path / "ports.db")).held()
    assert caught.value.help.startswith("keep a copy")


def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    store = Reservations(str(tmp_path / "ports.db"))
    kept = store.reserve(Wanted(scope="external", holder="/a:0"), [10000])
    with store._database._engine.connect() as connection:
        # The limit is the connection's, which is the only one.
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
    with pytest.raises(ToolError, match="database or disk is full"):
        store.reserve(Wanted(scope="external", holder="/b:0", width=5000), [20000])
    assert store.held() == [kept]
    assert store.astray() == []


def test_a_directory_that_cannot_be_written_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ports.db"
    kept = Reservations(str(path)).reserve(Wanted(scope="external", holder="/a:0"), [10000])
    gc.collect()
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert Reservations(str(path), reads=True).held() == [kept]
    assert [each.name for each in tmp_path.iterdir()] == ["ports.db"]


def test_a_directory_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="unable to open database file"):
        Reservations(str(tmp_path))
