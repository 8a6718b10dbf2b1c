"""The partial indexes that carry sorting and filtering of lists, made from the declarations, and which of them a list reads.

Which one is said in the query: without statistics SQLite takes a kind for a rare thing, and would sort a million records each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, text

from jusuo_desktop.records.field import FieldType
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.registry import KINDS

if TYPE_CHECKING:
    from jusuo_desktop.store.listing import Filter

INDEXED_TYPES: Final = frozenset({FieldType.DATE, FieldType.TIME})
NARROWING: Final = ("=", "in", "between")


def expression(field: str) -> str:
    """The SQL of a field's stored value; must read the same in queries and in the index."""
    return f"json_extract(body, '$.{field}')"


def indexed_fields(kind: RecordKind) -> list[str]:
    """The fields whose sorting must not wait: the order, the number, dates, the state."""
    names = {kind.order, kind.number} | {f.name for f in kind.listed if f.type in INDEXED_TYPES}
    if kind.workflow is not None:
        names.add(kind.workflow.field)
    return sorted(n for n in names if n)


def index_name(kind: RecordKind, field: str) -> str:
    """The name of the index over a field."""
    return f"list_{kind.name}_{field}"


def index_statements() -> dict[str, str]:
    """The indexes that the declarations ask for, by name. The serial follows the value, so that equal ones come in order; `voided` and
    `kind` stand there so that a list and its count need no record.
    """
    return {
        index_name(kind, field): (
            f"CREATE INDEX {index_name(kind, field)} ON record ({expression(field)}, serial, voided, kind) WHERE kind = '{kind.name}'"
        )
        for kind in KINDS.values()
        for field in indexed_fields(kind)
    }


def ensure_indexes(connection: Connection) -> None:
    """Makes the indexes that are missing or defined otherwise, and drops those that no declaration asks for any more."""
    query = text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND name LIKE 'list\\_%' ESCAPE '\\'")
    held = {row.name: row.sql for row in connection.execute(query)}
    wanted = index_statements()
    for name in held:
        if held[name] != wanted.get(name):
            connection.exec_driver_sql(f"DROP INDEX {name}")
    for name, statement in wanted.items():
        if held.get(name) != statement:
            connection.exec_driver_sql(statement)


def reading(kind: RecordKind, filters: Sequence[Filter], sort: str) -> str:
    """The clause that names the index of a list without text: that of a narrowing filter, else that of the order; '' for none."""
    fields = indexed_fields(kind)
    narrowing = [f.field for f in filters if f.field in fields and f.comparison in NARROWING]
    chosen = sort if sort in narrowing else next(iter(narrowing), sort)
    return f" INDEXED BY {index_name(kind, chosen)}" if chosen in fields else ""
