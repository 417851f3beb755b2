"""What the server keeps, as records: every change is one transaction, and gets a revision that none had before."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import delete, insert, select, update

from lbgen.server.database import Database
from lbgen.server.schema import COUNTER, POOL, POOL_TEMPLATE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import TypeVar

    from sqlalchemy import Connection, RowMapping

    T = TypeVar("T")


class StoredPool(NamedTuple):
    """A pool as it is kept: `document` is as it was given, `template` None where it is the built-in one.

    `made_by` names the pool template that makes it, or is empty.
    """

    name: str
    version: str
    document: Mapping[str, Any]
    revision: int
    template: str | None = None
    made_by: str = ""


class StoredTemplate(NamedTuple):
    """A pool template as it is kept: `text` is None where it is the built-in one; `status` is what came of it."""

    name: str
    text: str | None
    status: Mapping[str, Any]
    revision: int


class Transaction:
    """What can be read and changed in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def pools(self) -> list[StoredPool]:
        """All pools, by name."""
        rows = self._connection.execute(select(POOL).order_by(POOL.c.name)).mappings()
        return [_pool(row) for row in rows]

    def pool(self, name: str) -> StoredPool | None:
        """The pool of this name."""
        row = self._connection.execute(select(POOL).where(POOL.c.name == name)).mappings().first()
        return _pool(row) if row else None

    def add_pool(self, name: str, version: str, document: Mapping[str, Any], made_by: str = "") -> StoredPool:
        """Adds a pool of whose name there is none yet."""
        now, revision = _now(), self._next()
        values = {"document": json.dumps(document), "made_by": made_by or None, "created": now, "changed": now}
        self._connection.execute(insert(POOL).values(name=name, version=version, revision=revision, **values))
        return StoredPool(name, version, document, revision, made_by=made_by)

    def change_pool(self, name: str, **values: Any) -> StoredPool | None:
        """The pool with another document, template or version; None where it is not there."""
        if "document" in values:
            values["document"] = json.dumps(values["document"])
        values |= {"revision": self._next(), "changed": _now()}
        self._connection.execute(update(POOL).where(POOL.c.name == name).values(**values))
        return self.pool(name)

    def remove_pool(self, name: str) -> bool:
        """Whether there was such a pool; there is none any more."""
        return self._connection.execute(delete(POOL).where(POOL.c.name == name)).rowcount > 0

    def templates(self) -> list[StoredTemplate]:
        """All pool templates, by name."""
        rows = self._connection.execute(select(POOL_TEMPLATE).order_by(POOL_TEMPLATE.c.name)).mappings()
        return [_template(row) for row in rows]

    def template(self, name: str) -> StoredTemplate | None:
        """The pool template of this name."""
        query = select(POOL_TEMPLATE).where(POOL_TEMPLATE.c.name == name)
        row = self._connection.execute(query).mappings().first()
        return _template(row) if row else None

    def add_template(self, name: str, text: str | None, status: Mapping[str, Any]) -> StoredTemplate:
        """Adds a pool template of whose name there is none yet."""
        now, revision = _now(), self._next()
        values = {"text": text, "status": json.dumps(status), "created": now, "changed": now}
        self._connection.execute(insert(POOL_TEMPLATE).values(name=name, revision=revision, **values))
        return StoredTemplate(name, text, status, revision)

    def change_template(self, name: str, text: str | None) -> StoredTemplate | None:
        """The pool template with another text; None where it is not there."""
        values = {"text": text, "revision": self._next(), "changed": _now()}
        self._connection.execute(update(POOL_TEMPLATE).where(POOL_TEMPLATE.c.name == name).values(**values))
        return self.template(name)

    def say(self, name: str, status: Mapping[str, Any]) -> None:
        """Keeps what came of a pool template, which is no change of it."""
        query = update(POOL_TEMPLATE).where(POOL_TEMPLATE.c.name == name)
        self._connection.execute(query.values(status=json.dumps(status)))

    def remove_template(self, name: str) -> bool:
        """Whether there was such a pool template; there is none any more."""
        return self._connection.execute(delete(POOL_TEMPLATE).where(POOL_TEMPLATE.c.name == name)).rowcount > 0

    def revision(self) -> int:
        """The revision of the last change of anything."""
        return int(self._connection.execute(select(COUNTER.c.revision)).scalar_one())

    def _next(self) -> int:
        self._connection.execute(update(COUNTER).values(revision=COUNTER.c.revision + 1))
        return self.revision()


class Store:
    """Pools and pool templates in a directory; raises ToolError where that cannot be used."""

    def __init__(self, directory: Path) -> None:
        self._database = Database(directory)
        self.path = self._database.path

    def write(self, work: Callable[[Transaction], T]) -> T:
        """What `work` returns of a transaction that nobody else writes beside; kept for good when this returns.

        Where `work` raises, nothing is changed. Raises Refusal where the state cannot be written now.
        """
        return self._database.write(lambda connection: work(Transaction(connection)))

    def read(self, work: Callable[[Transaction], T]) -> T:
        """What `work` returns of one view of the state; it waits for nobody."""
        return self._database.read(lambda connection: work(Transaction(connection)))

    def close(self) -> None:
        """Leaves the file."""
        self._database.close()


def _pool(row: RowMapping) -> StoredPool:
    document = json.loads(row["document"])
    return StoredPool(row["name"], row["version"], document, row["revision"], row["template"], row["made_by"] or "")


def _template(row: RowMapping) -> StoredTemplate:
    return StoredTemplate(row["name"], row["text"], json.loads(row["status"]), row["revision"])


def _now() -> int:
    return int(time.time())
