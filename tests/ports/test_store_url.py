"""Which databases reservations are kept in, and what is said of those in which they cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lbgen.errors import ToolError, UsageError
from lbgen.ports.store import Reservations
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


def test_a_directory_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="unable to open database file"):
        Reservations(str(tmp_path))
