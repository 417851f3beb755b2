"""The tables of what the server keeps: pools, pool templates, and one number that counts all changes."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, MetaData, String, Table, Text

METADATA = MetaData(
    naming_convention={"pk": "pk_%(table_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s"},
)

POOL = Table(
    "pool",
    METADATA,
    Column("name", String, primary_key=True),
    Column("version", String, nullable=False),
    # As it was given, without what Edge-LB does not know; JSON.
    Column("document", Text, nullable=False),
    # A template for haproxy.cfg of the operator's own.
    Column("template", Text),
    # The pool template that makes it, where one does.
    Column("made_by", String),
    Column("revision", Integer, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    CheckConstraint("version in ('V1', 'V2')", name="version"),
)

POOL_TEMPLATE = Table(
    "pool_template",
    METADATA,
    Column("name", String, primary_key=True),
    # None is the built-in one.
    Column("text", Text),
    # What came of it the last time; JSON.
    Column("status", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
)

COUNTER = Table(
    "counter",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("revision", Integer, nullable=False),
    CheckConstraint("id = 1", name="alone"),
)
"""The last revision that was given out: none comes twice, also where a pool is deleted and made again."""
