"""The tables of reservations, and the constraints that make them exclusive.

A reservation takes one slot for each of its ports and families of addresses. A slot is `any`, which is all addresses of
the family, or `one` address; slots of one port and family are all of one kind, since each refers to the row of
`port_kind` that says which, and a kind in use cannot be changed. So no two reservations can hold what overlaps,
whatever programs do at the same time: the database refuses the second one.

Triggers, which the migrations make, take the slots when a reservation is inserted, and keep its scope, address and
ports from being changed. So whoever inserts a row, with lbgen or by hand, has all of its slots or no reservation.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

RESERVATION = Table(
    "reservation",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("scope", String, nullable=False),
    Column("holder", String, nullable=False),
    Column("protocol", String, nullable=False),
    Column("address", String, nullable=False),
    Column("first_port", Integer, nullable=False),
    Column("last_port", Integer, nullable=False),
    Column("by_whom", String, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger),
    Column("note", String, nullable=False),
    UniqueConstraint("scope", "holder", "protocol"),
    CheckConstraint("first_port between 1 and last_port and last_port <= 65535", name="ports"),
    CheckConstraint("protocol in ('tcp', 'udp')", name="protocol"),
    Index("ix_reservation_until", "until"),
)

PORT_KIND = Table(
    "port_kind",
    METADATA,
    Column("scope", String, nullable=False),
    Column("protocol", String, nullable=False),
    Column("family", Integer, nullable=False),
    Column("port", Integer, nullable=False),
    Column("kind", String, nullable=False),
    PrimaryKeyConstraint("scope", "protocol", "family", "port"),
    UniqueConstraint("scope", "protocol", "family", "port", "kind"),
)

SLOT = Table(
    "slot",
    METADATA,
    Column("scope", String, nullable=False),
    Column("protocol", String, nullable=False),
    Column("family", Integer, nullable=False),
    Column("port", Integer, nullable=False),
    Column("address", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("reservation", Integer, ForeignKey("reservation.id", ondelete="CASCADE"), nullable=False),
    PrimaryKeyConstraint("scope", "protocol", "family", "port", "address"),
    ForeignKeyConstraint(
        ["scope", "protocol", "family", "port", "kind"],
        ["port_kind.scope", "port_kind.protocol", "port_kind.family", "port_kind.port", "port_kind.kind"],
    ),
    CheckConstraint("(kind = 'any') = (address = '')", name="kind"),
    Index("ix_slot_reservation", "reservation"),
    Index("ix_slot_port", "port", "scope"),
)

ASTRAY = """
select * from (
  select scope, protocol, family, port, address, kind, reservation from slot except select * from reservation_slot
) left_over
union all
select * from (
  select * from reservation_slot except select scope, protocol, family, port, address, kind, reservation from slot
) missing
"""
"""What is not as the view `reservation_slot` says that it should be."""
