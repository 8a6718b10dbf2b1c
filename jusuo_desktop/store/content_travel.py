"""How contents stand between this machine and the county: which it holds, what came of one before the line was cut (promise S9)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from jusuo_desktop.records.printed_sheet import NAMING, contents_named
from jusuo_desktop.store.reach import device_scope
from jusuo_desktop.store.rows import to_values
from jusuo_desktop.store.schema import CONTENT_PART, CONTENT_SENT, RECORD


def named(connection: Connection, *, own: bool = False) -> Iterator[tuple[str, int]]:
    """(SHA-256, bytes) of every content that an attachment or a print known to the county names, newest first, each once; `own`, only of this
    device's scope.
    """
    seen: set[str] = set()
    scope = device_scope(connection)
    query = select(RECORD.c.kind, RECORD.c.body, RECORD.c.scope)
    query = query.where(RECORD.c.kind.in_(NAMING), RECORD.c.version > 0, RECORD.c.voided == 0)
    query = query.order_by(RECORD.c.serial.desc())
    for kind, body, record_scope in connection.execute(query.execution_options(yield_per=500)):
        if own and not record_scope.startswith(scope):
            continue
        for sha256, size in contents_named(kind, to_values(body)):
            if sha256 not in seen:
                seen.add(sha256)
                yield sha256, size


def sent(connection: Connection) -> set[str]:
    """The contents that the county holds."""
    return set(connection.execute(select(CONTENT_SENT.c.sha256)).scalars())


def note_sent(connection: Connection, sha256: str) -> None:
    """The county said that it holds a content."""
    connection.execute(insert(CONTENT_SENT).on_conflict_do_nothing(), {"sha256": sha256})


def forget_sent(connection: Connection) -> None:
    """Another county, or the same one restored: what it holds is asked anew."""
    connection.execute(delete(CONTENT_SENT))


def come_so_far(connection: Connection, sha256: str) -> int:
    """How many bytes of a content came already."""
    query = select(func.coalesce(func.max(CONTENT_PART.c.at + func.length(CONTENT_PART.c.data)), 0)).where(CONTENT_PART.c.sha256 == sha256)
    return int(connection.execute(query).scalar_one())


def add_part(connection: Connection, sha256: str, at: int, data: bytes) -> None:
    """Keeps a piece that came."""
    connection.execute(insert(CONTENT_PART).on_conflict_do_nothing(), {"sha256": sha256, "at": at, "data": data})


def parts(connection: Connection, sha256: str) -> bytes:
    """All that came, joined."""
    return b"".join(connection.execute(select(CONTENT_PART.c.data).where(CONTENT_PART.c.sha256 == sha256).order_by(CONTENT_PART.c.at)).scalars())


def drop_parts(connection: Connection, sha256: str) -> None:
    """The whole is here, or what came was wrong."""
    connection.execute(delete(CONTENT_PART).where(CONTENT_PART.c.sha256 == sha256))
