"""URLs of databases: what is asked for, and how it is told without its secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from lbgen.errors import UsageError
from lbgen.regex import regex

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

_SECRET = regex(r"(?P<before>://[^:@/]*:)\S*(?=@)|(?P<name>\b\w*password=)[^&#]*")
_IN_MEMORY = frozenset({None, "", ":memory:", "file::memory:"})
_WHAT = "give a file, sqlite:///FILE or postgresql://USER@HOST/NAME"


def database_url(given: str) -> URL:
    """The URL of a database that is SQLite or PostgreSQL, with the driver that lbgen has for it.

    Raises UsageError where it is none.
    """
    try:
        url = make_url(_in_full(given))
    except (ArgumentError, ValueError):
        # Whatever it is, it may hold a password.
        raise UsageError(f'"{given.partition("://")[0]}://..." is no database: {_WHAT}') from None
    name = url.get_backend_name()
    if name not in {"sqlite", "postgresql"}:
        raise UsageError(f"reservations are kept in SQLite or PostgreSQL, not in {name}")
    driver = "postgresql+psycopg" if name == "postgresql" else "sqlite"
    if url.drivername not in {name, driver, "sqlite+pysqlite"}:
        raise UsageError(f"lbgen reaches {name} as {name}://, not as {url.drivername}://")
    if name == "sqlite" and url.database in _IN_MEMORY:
        raise UsageError(f"reservations in memory are gone at once: {_WHAT}")
    if url.host is not None and "@" in url.host:
        raise UsageError("an @ in a password of a URL is written %40, or better in PGPASSWORD or ~/.pgpass")
    return url.set(drivername=driver)


def _in_full(given: str) -> str:
    if "://" not in given:
        return f"sqlite:///{given}"
    # As the clients of PostgreSQL have it too.
    return f"postgresql://{given.removeprefix('postgres://')}" if given.startswith("postgres://") else given


def shown(url: URL) -> str:
    """The URL as it may be shown to anybody, and as it was asked for."""
    return without_secrets(url.set(drivername=url.get_backend_name()).render_as_string())


def without_secrets(given: object) -> str:
    """The text without what stands in place of passwords in URLs."""
    return _SECRET.sub(lambda found: f"{found['before'] or found['name']}***", str(given))
