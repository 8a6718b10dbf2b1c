"""Brings a store of an older version to the schema of this one: first a verified backup beside it, then every step in one transaction.

Killed at any moment, the store is as it was before or as it is after, and opens. Imported only when it is needed: alembic is heavy.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.engine import Engine

MIGRATIONS: Final = Path(__file__).parent / "migrations"


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings, kept in no file; with the connection on which env.py runs the steps."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    if connection is not None:
        made.attributes["connection"] = connection
    return made


def revisions() -> list[str]:
    """Every revision, oldest first."""
    return [step.revision for step in reversed(list(ScriptDirectory.from_config(config()).walk_revisions()))]


def migrate(engine: Engine) -> None:
    """Takes every step that is still missing, in one transaction. The caller has made the backup and is alone with the store."""
    with engine.execution_options(writes=True).begin() as connection:
        command.upgrade(config(connection), "head")
