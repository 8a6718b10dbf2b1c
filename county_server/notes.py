"""What the administrator's words leave behind for the status page: one note a name, the last one."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, select, update

from county_server import bulk
from county_server.schema import NOTE

BACKUP: Final = "backup"
"""The last backup of the database, and where it went."""

STATUS_CODE: Final = "status_code"
"""Argon2id hash of the code that opens the status page."""


def put(connection: Connection, name: str, content: str, now: int) -> None:
    """Writes a note over the last one of that name."""
    bulk.add_missing(connection, NOTE, [{"name": name, "noted_at": now, "content": content}])
    connection.execute(update(NOTE).where(NOTE.c.name == name).values(noted_at=now, content=content))


def read(connection: Connection, name: str) -> Any:
    """The note (`noted_at`, `content`), None if there is none."""
    return connection.execute(select(NOTE.c.noted_at, NOTE.c.content).where(NOTE.c.name == name)).first()
