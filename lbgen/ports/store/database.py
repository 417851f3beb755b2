"""Databases that reservations are kept in: SQLite in a file, PostgreSQL for a team; opened, migrated, retried."""

from __future__ import annotations

import random
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import NullPool

from lbgen.errors import ToolError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import URL

T = TypeVar("T")

HEAD = "0001"
"""The revision of the schema that this lbgen works with."""
PATIENCE = 30.0
"""Seconds for which a database may be busy, or away, before a user hears of it."""
_SHOWN = 200
# How states begin that pass: deadlock, serialisation, lock timeout, a server that stops or starts, connections.
_PASSING = ("40P01", "40001", "55P03", "57P0", "08")


class Database:
    """A database, with the schema of this lbgen in it.

    With `reads` nothing is made and nothing is written; `empty` then tells that nobody has kept anything there yet.
    Raises UsageError where the URL is none, ToolError where the database is not there or belongs to a later lbgen.
    """

    def __init__(self, url: str, *, reads: bool = False) -> None:
        self._url = _url(url)
        self._reads = reads
        self.empty = False
        self.sqlite = self._url.get_backend_name() == "sqlite"
        self._engine = self._made()
        self.attempt(self._migrate_where_needed)

    def run(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns of one transaction, which is made again where another one was in its way.

        Raises ToolError where the database stays busy or away.
        """

        def once() -> T:
            with self._transaction() as connection:
                return work(connection)

        return self.attempt(once)

    def attempt(self, once: Callable[[], T]) -> T:
        """What `once` returns, called again while the database is busy or away; raises IntegrityError at once."""
        deadline = time.monotonic() + PATIENCE
        pause = 0.005
        while True:
            try:
                return once()
            except IntegrityError:
                raise
            except DBAPIError as error:
                if not _passes(error) or time.monotonic() > deadline:
                    raise self._failure(error) from None
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - so that those who wait do not come back at once
            pause = min(pause * 1.5, 0.25)

    def _made(self) -> Engine:
        if not self.sqlite:
            return self._made_for_postgresql()
        engine = create_engine(self._url, poolclass=NullPool, connect_args={"timeout": PATIENCE})
        begin = "BEGIN" if self._reads else "BEGIN IMMEDIATE"
        event.listen(engine, "connect", _prepare_to_read if self._reads else _prepare)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
        if self._url.database and not self._reads:
            self._make_room(Path(self._url.database).parent)
        return engine

    def _made_for_postgresql(self) -> Engine:
        try:
            return create_engine(self._url, poolclass=NullPool, isolation_level="READ COMMITTED")
        except ImportError:
            help_ = "pip install 'lbgen[postgresql]'"
            raise ToolError("PostgreSQL is reached through psycopg, which is not installed", help=help_) from None

    def _make_room(self, directory: Path) -> None:
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ToolError(f"cannot keep reservations in {directory}: {error.strerror}") from None

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            yield connection

    def _migrate_where_needed(self) -> None:
        with self._engine.connect() as connection:
            revision = _revision(connection)
        self.empty = revision is None and self._reads
        if revision == HEAD or self.empty:
            return
        if revision is not None and revision > HEAD:
            raise ToolError("the reservations are kept by a later version of lbgen: use that one")
        from lbgen.ports.store.migrating import upgrade

        with self._transaction() as connection:
            if not self.sqlite:
                connection.execute(text("select pg_advisory_xact_lock(1818387302)"))
            if _revision(connection) != HEAD:
                upgrade(connection)

    def _failure(self, error: DBAPIError) -> ToolError:
        said = " ".join(str(error.orig).split())[:_SHOWN]
        return ToolError(f"the reservations in {self._url.render_as_string()} cannot be used: {said}")


def _url(given: str) -> URL:
    try:
        url = make_url(given if "://" in given else f"sqlite:///{given}")
        if url.get_backend_name() == "postgresql" and url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise UsageError(f'"{given}" is no database: give a file, sqlite:///FILE or postgresql://HOST/NAME') from None
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise UsageError(f"reservations are kept in SQLite or PostgreSQL, not in {url.get_backend_name()}")
    return url


def _prepare_to_read(connection: Any, _: Any) -> None:
    # SQLAlchemy begins transactions itself; the driver would do it later, and without the lock.
    connection.isolation_level = None


def _prepare(connection: Any, _: Any) -> None:
    _prepare_to_read(connection, _)
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _passes(error: DBAPIError) -> bool:
    """Whether it may go better the next time."""
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return str(state).startswith(_PASSING)
    if not isinstance(error, OperationalError):
        return False
    said = str(error.orig)
    return "locked" in said or "busy" in said or "connect" in said.lower() or "server closed" in said


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("select version_num from alembic_version")).scalar()
    return None if found is None else str(found)
