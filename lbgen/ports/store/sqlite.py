"""SQLite for many processes at once: one writes, the others wait for their turn."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import NullPool, create_engine, event

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import URL

_TURN = 20.0
"""Seconds for which a turn to write is waited for."""


def sqlite_engine(url: URL, *, reads: bool) -> Engine:
    """Connections whose transactions have the file to themselves, or with `reads` only look at it."""
    unchanging = _unchanging(url.database) if reads else None
    if unchanging is not None:
        engine = create_engine(url, poolclass=NullPool, creator=lambda: sqlite3.connect(unchanging, uri=True))
    else:
        engine = create_engine(url, pool_size=1, connect_args={"timeout": 1.0})
    event.listen(engine, "connect", _prepare_to_read if reads else _prepare)
    event.listen(engine, "begin", _begin_to_read if reads else _begin)
    return engine


def _unchanging(file: str | None) -> str | None:
    """How to open a file beside which SQLite cannot write what it needs, where nobody else writes to it either."""
    path = Path(file or "").absolute()
    log = path.with_name(f"{path.name}-wal")
    if os.access(path.parent, os.W_OK) or not path.exists() or (log.exists() and log.stat().st_size):
        return None
    return f"file:{quote(str(path))}?immutable=1"


def _prepare_to_read(connection: Any, _: Any) -> None:
    # SQLAlchemy begins transactions itself; the driver would do it later, and without the lock.
    connection.isolation_level = None


def _prepare(connection: Any, _: Any) -> None:
    _prepare_to_read(connection, _)
    try:
        with closing(connection.cursor()) as cursor:
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = FULL")
            cursor.execute("PRAGMA foreign_keys = ON")
    except sqlite3.Error:
        # Nobody else does: SQLAlchemy does not know of the connection yet.
        connection.close()
        raise


def _begin_to_read(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin(connection: Connection) -> None:
    """Waits for the turn to write.

    SQLite itself looks less and less often the longer it waits, so that those who came last are served first, and of a
    crowd some wait for half a minute. Here everybody looks equally often.
    """
    deadline = time.monotonic() + _TURN
    driver = connection.connection.dbapi_connection
    assert driver is not None  # noqa: S101 - it was just taken out of the pool
    driver.execute("PRAGMA busy_timeout = 0")
    while time.monotonic() < deadline:
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                break
            time.sleep(random.uniform(0.005, 0.03))  # noqa: S311 - so that they do not all look at once
        else:
            driver.execute("PRAGMA busy_timeout = 1000")
            return
    # Says what is wrong, as SQLAlchemy says it.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
