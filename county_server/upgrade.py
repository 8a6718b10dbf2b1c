"""Brings a database to the schema of this version: an empty one, or one of an older version; a newer one is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, inspect, text

from county_server.database import Database

HEAD: Final = "0007"
"""The newest step under migrations/versions: a database that stands there needs nothing, and starting needs no alembic."""

UPGRADE_LOCK: Final = 0x6A75_7375
"""PostgreSQL advisory lock under which the schema changes, so that hosts starting together do not collide."""


OLDEST_POSTGRES: Final = 15


class OldPostgres(Exception):
    """PostgreSQL is older than this program supports; the message is a sentence for the administrator."""


class NewerDatabase(Exception):
    """The database was used by a newer version of the program; the message is a sentence for the administrator."""


def upgrade(database: Database) -> None:
    """Takes every step that is still missing, in one transaction.

    Raises:
        NewerDatabase, OldPostgres: see there; nothing was changed.
    """
    with database.reading() as connection:
        if not database.embedded and (said := too_old(connection.dialect.server_version_info or ())):
            raise OldPostgres(said)
        if revision(connection) == HEAD:
            return
    with database.writing() as connection:
        if not database.embedded:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
        _take_steps(connection)


def too_old(version: tuple[Any, ...]) -> str | None:
    """What is to be said of a PostgreSQL of that version; None for one that is supported."""
    if version and version[0] >= OLDEST_POSTGRES:
        return None
    return f"PostgreSQL 的版本是{'.'.join(map(str, version)) or '未知'}，县服务器需要{OLDEST_POSTGRES}或更新的版本，请先升级数据库；数据没有改动。"


def _take_steps(connection: Connection, until: str = "head") -> None:
    from alembic import command  # heavy, and needed once in a year
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    present = revision(connection)
    if present is not None and present not in {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}:
        raise NewerDatabase("县服务器的数据库属于更新的版本，请先升级本程序；数据没有改动。")
    config.attributes["connection"] = connection
    command.upgrade(config, until)


def revision(connection: Connection) -> str | None:
    """The step that a database stands at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
