"""Small things this machine remembers: column widths, import mappings, the last contact. Kept as JSON inside the encrypted store."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from jusuo_desktop.store.schema import SETTING


def get_setting(connection: Connection, name: str, default: Any = None) -> Any:
    """The value kept under `name`."""
    content = connection.execute(select(SETTING.c.content).where(SETTING.c.name == name)).scalar()
    return default if content is None else msgspec.json.decode(content)


def put_setting(connection: Connection, name: str, value: Any) -> None:
    """Keeps a JSON value under `name`."""
    content = msgspec.json.encode(value).decode()
    statement = insert(SETTING).values(name=name, content=content)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"content": content}))
