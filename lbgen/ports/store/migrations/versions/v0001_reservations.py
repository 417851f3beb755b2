"""Reservations, and the slots that make them exclusive."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "reservation",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("scope", sa.String, nullable=False),
        sa.Column("holder", sa.String, nullable=False),
        sa.Column("protocol", sa.String, nullable=False),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("first_port", sa.Integer, nullable=False),
        sa.Column("last_port", sa.Integer, nullable=False),
        sa.Column("by_whom", sa.String, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger),
        sa.Column("note", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reservation"),
        sa.UniqueConstraint("scope", "holder", "protocol", name="uq_reservation_scope"),
        sa.CheckConstraint(
            "first_port between 1 and last_port and last_port <= 65535", name=op.f("ck_reservation_ports")
        ),
        sa.CheckConstraint("protocol in ('tcp', 'udp')", name=op.f("ck_reservation_protocol")),
    )
    op.create_index("ix_reservation_until", "reservation", ["until"])
    op.create_table(
        "port_kind",
        *_port_columns(),
        sa.Column("kind", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("scope", "protocol", "family", "port", name="pk_port_kind"),
        sa.UniqueConstraint("scope", "protocol", "family", "port", "kind", name="uq_port_kind_scope"),
    )
    _create_slots()


def _port_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("scope", sa.String, nullable=False),
        sa.Column("protocol", sa.String, nullable=False),
        sa.Column("family", sa.Integer, nullable=False),
        sa.Column("port", sa.Integer, nullable=False),
    ]


def _create_slots() -> None:
    key = ["scope", "protocol", "family", "port", "kind"]
    op.create_table(
        "slot",
        *_port_columns(),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("reservation", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("scope", "protocol", "family", "port", "address", name="pk_slot"),
        sa.ForeignKeyConstraint(["reservation"], ["reservation.id"], ondelete="CASCADE", name="fk_slot_reservation"),
        sa.ForeignKeyConstraint(key, [f"port_kind.{name}" for name in key], name="fk_slot_port_kind"),
        sa.CheckConstraint("(kind = 'any') = (address = '')", name=op.f("ck_slot_kind")),
    )
    op.create_index("ix_slot_reservation", "slot", ["reservation"])


def downgrade() -> None:
    """Drops the tables."""
    for table in ("slot", "port_kind", "reservation"):
        op.drop_table(table)
