"""Pools, pool templates, and the counter of changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "pool",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("version", sa.String, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("template", sa.Text),
        sa.Column("made_by", sa.String),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_pool"),
        sa.CheckConstraint("version in ('V1', 'V2')", name="ck_pool_version"),
    )
    op.create_table(
        "pool_template",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_pool_template"),
    )
    op.create_table(
        "counter",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_counter"),
        sa.CheckConstraint("id = 1", name="ck_counter_alone"),
    )
    op.execute("insert into counter (id, revision) values (1, 0)")


def downgrade() -> None:
    """Drops the tables, with everything in them."""
    for name in ("counter", "pool_template", "pool"):
        op.drop_table(name)
