"""What alembic runs migrations with: the connection that it is handed."""

from __future__ import annotations

from alembic import context

from lbgen.server.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
