"""Databases that reservations are kept in: SQLite in a file, PostgreSQL for a team; opened, migrated, retried."""

from __future__ import annotations

import random
import sys
import time
import weakref
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from lbgen.errors import ToolError
from lbgen.ports.store.passing import advice, is_busy, passes
from lbgen.ports.store.sqlite import sqlite_engine
from lbgen.ports.store.url import database_url, shown, without_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine

T = TypeVar("T")

REVISIONS = ("0001", "0002")
"""The revisions of the schema, in order: this lbgen works with the last one, and can read all of them."""
HEAD = REVISIONS[-1]
PATIENCE = 60.0
"""Seconds for which a database may be busy, or away, before a user hears of it."""
_QUIET = 2.0
"""Seconds after which it is told what is waited for."""
_LONGEST_PAUSE = 1.0
_CONNECT_SECONDS = 10
_SHOWN = 200


class Database:
    """A database, with the schema of this lbgen in it.

    With `reads` nothing is made and nothing is written; `empty` then tells that nobody has kept anything there yet.
    Raises UsageError where the URL is none, ToolError where the database is not there or belongs to a later lbgen.
    """

    def __init__(self, url: str, *, reads: bool = False) -> None:
        self._url = database_url(url)
        self._reads = reads
        self.empty = False
        self.sqlite = self._url.get_backend_name() == "sqlite"
        self._engine = self._made()
        weakref.finalize(self, self._engine.dispose)
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
        begun = time.monotonic()
        pause, told = 0.005, False
        while True:
            try:
                return once()
            except IntegrityError:
                raise
            except DBAPIError as error:
                waited = time.monotonic() - begun
                if not passes(error) or waited > PATIENCE:
                    raise self._failure(error) from None
                if waited > _QUIET and not told:
                    told = True
                    sys.stderr.write(f"lbgen: waiting up to {PATIENCE:.0f} s for {self}: {_said(error)}\n")
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - so that those who wait do not come back at once
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    def __str__(self) -> str:
        """What it is called, without its password."""
        return shown(self._url)

    def _made(self) -> Engine:
        if not self.sqlite:
            return self._made_for_postgresql()
        if self._url.database and not self._reads:
            self._make_room(Path(self._url.database).parent)
        return sqlite_engine(self._url, reads=self._reads)

    def _made_for_postgresql(self) -> Engine:
        patience = {} if "connect_timeout" in self._url.query else {"connect_timeout": _CONNECT_SECONDS}
        try:
            return create_engine(self._url, pool_size=1, isolation_level="READ COMMITTED", connect_args=patience)
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
        if revision is not None and revision not in REVISIONS:
            what = f"a version of lbgen that this one does not know keeps the reservations in {self}"
            help_ = "use a later version of lbgen: there is no way back to an earlier schema"
            raise ToolError(f"{what} (schema {revision:.20}; this one has {HEAD})", help=help_)
        if self._reads:
            return
        from lbgen.ports.store.migrating import upgrade

        with self._transaction() as connection:
            if not self.sqlite:
                connection.execute(text("select pg_advisory_xact_lock(1818387302)"))
            # Somebody else may have done it meanwhile.
            if _revision(connection) in {None, *REVISIONS[:-1]}:
                upgrade(connection)

    def _failure(self, error: DBAPIError) -> ToolError:
        said = _said(error)
        return ToolError(f"the reservations in {self} cannot be used: {said}", help=advice(said))


def _said(error: DBAPIError) -> str:
    """What the database says, in one line."""
    if is_busy(error):
        return "others keep it busy"
    return without_secrets(" ".join(str(error.orig).split()))[:_SHOWN]


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("select version_num from alembic_version")).scalar()
    return None if found is None else str(found)
