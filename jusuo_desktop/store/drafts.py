"""What is typed and not yet saved: kept within two seconds, offered again after a crash, dropped on saving."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from jusuo_desktop.store.schema import DRAFT


@dataclass(frozen=True, slots=True)
class Draft:
    """Typed content of one entry page; `content` is the page's own JSON, raw texts included."""

    key: str
    kind: str
    record_id: str
    content: dict[str, Any]
    saved_at: int


def save_draft(connection: Connection, key: str, user_id: str, kind: str, record_id: str, content: Mapping[str, Any], at: int) -> None:
    """Keeps the content under `key`, in place of what was there."""
    body = msgspec.json.encode(content).decode()
    row = {"key": key, "user_id": user_id, "kind": kind, "record_id": record_id, "content": body, "saved_at": at}
    connection.execute(insert(DRAFT).values(row).on_conflict_do_update(index_elements=["key"], set_=row))


def drafts(connection: Connection, user_id: str) -> list[Draft]:
    """This user's drafts, newest first."""
    rows = connection.execute(select(DRAFT).where(DRAFT.c.user_id == user_id).order_by(DRAFT.c.saved_at.desc()))
    return [Draft(r.key, r.kind, r.record_id, msgspec.json.decode(r.content), r.saved_at) for r in rows]


def drop_draft(connection: Connection, key: str) -> None:
    """Forgets a draft: it was saved or given up."""
    connection.execute(delete(DRAFT).where(DRAFT.c.key == key))
