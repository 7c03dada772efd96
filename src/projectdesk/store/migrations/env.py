"""Alembic's entry: runs the chain on the connection that `store.migrate` hands over."""

from __future__ import annotations

from alembic import context

from projectdesk.store.migrate import include_object, render_item
from projectdesk.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_object=include_object,
    render_item=render_item,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
