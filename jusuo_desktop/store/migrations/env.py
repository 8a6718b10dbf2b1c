"""Alembic's entry: runs the steps on the connection that jusuo_desktop.store.migrating hands over."""

from __future__ import annotations

from alembic import context

from jusuo_desktop.store.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
