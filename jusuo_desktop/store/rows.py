"""Between rows of the record table and records as values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, select
from sqlalchemy.engine import Row

from jusuo_desktop.records.kind import Record
from jusuo_desktop.store.schema import RECORD

CHUNK: Final = 500
"""Ids in one IN list; SQLite allows 32,766 parameters."""

TOGETHER: Final = 100
"""Rows in one statement of `insert_rows`."""

_BY_ID: Final = f"SELECT {', '.join(column.name for column in RECORD.columns)} FROM record WHERE id IN ({{places}})"
"""Said by hand: for a list that differs each time, the library's own way costs more than the search."""

_decoder: Final = msgspec.json.Decoder(dict[str, Any])


def to_values(body: str) -> dict[str, Any]:
    """The values of a stored body."""
    return _decoder.decode(body)


def to_body(values: dict[str, Any]) -> str:
    """The JSON of the values."""
    return msgspec.json.encode(values).decode()


def to_record(row: Row[Any]) -> Record:
    """A record row as a value."""
    return Record(row.id, row.kind, row.scope, to_values(row.body), row.parent_id, row.version)


def chunks(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """The items in runs that fit into one IN list."""
    return (items[i : i + CHUNK] for i in range(0, len(items), CHUNK))


def insert_rows(connection: Connection, into: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Inserts rows; `into` is the statement before its values. A hundred go in one statement: opened for each row anew, the fifty indexes of
    the record table cost as much as the row itself.
    """
    if not rows:
        return
    one = f"({','.join('?' * len(rows[0]))})"
    whole = len(rows) - len(rows) % TOGETHER
    for start in range(0, whole, TOGETHER):
        connection.exec_driver_sql(f"{into} VALUES {','.join([one] * TOGETHER)}", tuple(chain.from_iterable(rows[start : start + TOGETHER])))
    if whole < len(rows):
        connection.exec_driver_sql(f"{into} VALUES {one}", list(rows[whole:]))


def rows_by_id(connection: Connection, ids: Sequence[str]) -> dict[str, Row[Any]]:
    """The rows of those records that exist."""
    found: dict[str, Row[Any]] = {}
    for some in chunks(ids):
        for row in connection.exec_driver_sql(_BY_ID.format(places=",".join("?" * len(some))), tuple(some)):
            found[row.id] = row
    return found


def families(connection: Connection, ids: Sequence[str]) -> list[tuple[Record, list[Record]]]:
    """Those records that exist, in the order asked, each with its child rows; a few reads for all of them."""
    tops = rows_by_id(connection, ids)
    below: dict[str, list[Record]] = {}
    for some in chunks(list(tops)):
        for row in connection.execute(select(RECORD).where(RECORD.c.parent_id.in_(some)).order_by(RECORD.c.id)):
            below.setdefault(row.parent_id, []).append(to_record(row))
    return [(to_record(tops[i]), below.get(i, [])) for i in ids if i in tops]


def children_rows(connection: Connection, parent_id: str, kind: str = "") -> Sequence[Row[Any]]:
    """The child rows of a record in the order in which they were made."""
    query = select(RECORD).where(RECORD.c.parent_id == parent_id).order_by(RECORD.c.id)
    rows = connection.execute(query).all()
    return [row for row in rows if row.kind == kind] if kind else rows  # asked of SQLite, the kind would be looked up first: all of its records
