"""A database as the first lbgen has left it: what it holds, and how others write to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lbgen.ports.store import Reservations

DUMPS = Path(__file__).parent / "databases"
HELD: list[tuple[object, ...]] = [
    ("/shop/web:0", "external", "10001", "*", "ann", None, 'launch, it\'s "soon"'),
    ("/shop/api:0", "external", "10002", "192.0.2.1", "ünal", 4_795_304_177, ""),
    ("/shop/api:1", "external", "10002", "192.0.2.2", "ann", None, ""),
    ("/shop/api:2", "external", "10002", "2001:db8::1", "ann", None, ""),
    ("/shop/four:0", "external", "10003", "0.0.0.0", "ann", None, ""),
    ("/shop/six:0", "external", "10003", "::", "ann", None, ""),
    ("/shop/wide:0", "external", "10010-10014", "*", "ann", None, "passive FTP"),
    ("/shop/dns:0", "external", "10010", "*", "ann", None, ""),
    ("/shop/web:0", "internal", "10001", "*", "ann", None, ""),
]


def held(store: Reservations) -> list[tuple[object, ...]]:
    """What is held, as far as the dumps have it."""
    return [
        (each.holder, each.scope, each.named_ports, each.address, each.by_whom, each.until, each.note)
        for each in store.held()
    ]


def restore(path: Path) -> Path:
    """The dump as a database of SQLite."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((DUMPS / "0001.sqlite.sql").read_text(encoding="utf-8"))
    return path


def inserting(value: str) -> str:
    """The statement by which somebody without lbgen reserves ports, given how a database spells a value.

    The values are the holder, the address, the first port and the last.
    """
    columns = "scope, holder, protocol, address, first_port, last_port, by_whom, since, note"
    values = f"'external', {value}, 'tcp', {value}, {value}, {value}, '', 0, ''"
    return f"insert into reservation ({columns}) values ({values})"
