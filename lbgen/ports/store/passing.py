"""Errors of databases: which ones pass, since the server is about to come back, and what to do about others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    from sqlalchemy.exc import DBAPIError

# How states begin: deadlock, serialisation, lock timeout, too many connections, a server that stops, connections.
_STATES = ("40P01", "40001", "55P03", "53300", "57P0", "08")
# What SQLite says, and PostgreSQL's client where there is no state, since there was no connection.
_BUSY = ("locked", "busy")
_WORDS = (
    *_BUSY,
    "connection refused",
    "connection reset",
    "closed the connection",
    "connection is lost",
    "the connection is closed",
    "timeout",
    "timed out",
    "the database system is",
    "too many clients",
    "connection slots",
    "temporary failure",
    "no such file or directory",
)
_ADVICE = {
    "unable to open": "SQLite writes files beside it: the directory has to be there, and be writable",
    "readonly": "it has to be writable for whoever reserves, renews or releases",
    "malformed": "keep a copy; sqlite3 FILE .recover saves what can be saved",
    "password": "PostgreSQL's clients take passwords from PGPASSWORD and ~/.pgpass",
    "permission denied": "checks need to read the tables, reserving to write them, and at first to create them",
    "read-only transaction": "reserving needs a server, and a role, that can write",
}


def passes(error: DBAPIError) -> bool:
    """Whether it may go better the next time: a wrong password never does."""
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return str(state).startswith(_STATES)
    said = str(error.orig).lower()
    return isinstance(error, OperationalError) and any(word in said for word in _WORDS)


def is_busy(error: DBAPIError) -> bool:
    """Whether it is only that others write to a file of SQLite."""
    said = str(error.orig).lower()
    return getattr(error.orig, "sqlstate", None) is None and any(word in said for word in _BUSY)


def advice(said: str) -> str:
    """What to do about an error that says this; empty where there is nothing to add."""
    return next((text for word, text in _ADVICE.items() if word in said), "")
