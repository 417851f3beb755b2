"""The database of the server, in one file: who writes has it alone, and what is written is on disk when it is told."""

from __future__ import annotations

import threading
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from lbgen.errors import ToolError
from lbgen.ports.store.sqlite import sqlite_engine
from lbgen.server.refusals import Refusal, busy

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

T = TypeVar("T")

FILE = "edge-lb.sqlite"
REVISIONS = ("0001",)
"""The revisions of the schema, in order; this lbgen works with the last one."""
_TURN = 10.0
"""Seconds for which Edge-LB waits for its lock."""


class Database:
    """The file in the directory, made and brought up to date where need be; raises ToolError where it cannot be."""

    def __init__(self, directory: Path) -> None:
        try:
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise ToolError(f"cannot keep pools in {directory}: {error.strerror}") from None
        self.path = directory / FILE
        url = URL.create("sqlite", database=str(self.path))
        self._writing, self._reading = sqlite_engine(url, reads=False), sqlite_engine(url, reads=True)
        for engine in (self._writing, self._reading):
            weakref.finalize(self, engine.dispose)
        # One connection writes at a time anyway: the others of this process wait here, and not inside SQLite.
        self._turn = threading.Lock()
        try:
            self._migrate()
        except SQLAlchemyError as error:
            raise ToolError(f"the pools in {self.path} cannot be used: {_said(error)}") from None
        self.path.chmod(0o600)

    def write(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns of one transaction that nobody else writes beside; on disk when this returns.

        Raises Refusal where others keep the database, or where it cannot be written.
        """
        if not self._turn.acquire(timeout=_TURN):
            raise busy()
        try:
            with self._writing.begin() as connection:
                return work(connection)
        except DBAPIError as error:
            raise self._failure(error) from error
        finally:
            self._turn.release()

    def read(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns of one view of the database, which does not change meanwhile; waits for nobody."""
        try:
            with self._reading.begin() as connection:
                return work(connection)
        except DBAPIError as error:
            raise self._failure(error) from error

    def close(self) -> None:
        """Leaves the file."""
        self._writing.dispose()
        self._reading.dispose()

    def _failure(self, error: DBAPIError) -> Refusal:
        said = _said(error)
        return busy() if "locked" in said or "busy" in said else Refusal(500, f"the state cannot be used: {said}")

    def _migrate(self) -> None:
        with self._writing.begin() as connection:
            found = _revision(connection)
            if found == REVISIONS[-1]:
                return
            if found is not None and found not in REVISIONS:
                sentence = f"a version of lbgen that this one does not know keeps the pools in {self.path}"
                raise ToolError(sentence, help="use a later version of lbgen: there is no way back")
            config = Config()
            where = str(Path(__file__).parent / "migrations")
            config.set_main_option("script_location", where.replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _said(error: SQLAlchemyError) -> str:
    """What the database says, in one line."""
    return " ".join(str(getattr(error, "orig", None) or error).split())[:200]


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("select version_num from alembic_version")).scalar()
    return None if found is None else str(found)
