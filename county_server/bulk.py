"""Many rows at once, by the fastest road of each database: executemany on SQLite; COPY, arrays and unnest on PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, Integer, LargeBinary, Table
from sqlalchemy.dialects import postgresql, sqlite

CHUNK: Final = 500
"""Parameters of one IN list on SQLite; older builds allow 999."""

AT_ONCE: Final = 50
"""Rows of one INSERT on SQLite: a third less time than one by one, within 999 parameters."""


def _postgres(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def found(connection: Connection, table: Table, columns: Sequence[str], key: str, keys: Collection[Any], feed: str | None = None) -> list[Any]:
    """The given columns of the rows whose `key` is one of `keys`, in one feed or (None) wherever they are, as tuples in no order."""
    chosen = f"SELECT {', '.join(columns)} FROM {table.name} WHERE {key}"
    within: tuple[Any, ...] = () if feed is None else (feed,)
    if _postgres(connection):
        query = f"{chosen} = ANY(%s)" + (" AND feed = %s" if within else "")
        return list(connection.exec_driver_sql(query, (list(keys), *within)).all())
    rows: list[Any] = []
    listed = list(keys)
    for start in range(0, len(listed), CHUNK):
        part = listed[start : start + CHUNK]
        query = f"{chosen} IN ({','.join('?' * len(part))})" + (" AND feed = ?" if within else "")
        rows += connection.exec_driver_sql(query, (*part, *within)).all()
    return rows


def add(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Inserts rows whose values stand in the order of the table's columns.

    Raises:
        sqlalchemy.exc.IntegrityError: on SQLite, one of them exists already.
        psycopg.errors.UniqueViolation: the same on PostgreSQL.
    """
    if not rows:
        return
    names = [c.name for c in table.columns]
    if not _postgres(connection):
        one = f"({','.join('?' * len(names))})"
        into = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES "
        for start in range(0, len(rows), AT_ONCE):
            part = rows[start : start + AT_ONCE]
            connection.exec_driver_sql(into + ",".join([one] * len(part)), tuple(chain.from_iterable(part)))
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types([_type(c) for c in table.columns])
        for row in rows:
            copy.write_row(row)


def change(
    connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], feed: str | None = None, were: Sequence[str] = ()
) -> int:
    """Updates rows: each tuple holds the new values of `columns`, then the values of the table's key columns, without the feed if all are of
    one, then what stood in the columns `were`: where something else stands now, the row stays as it is. Returns how many rows were changed.
    """
    if not rows:
        return 0
    keys = [c.name for c in table.primary_key if feed is None or c.name != "feed"] + [*were]
    within: tuple[Any, ...] = () if feed is None else (feed,)
    if not _postgres(connection):
        put = ", ".join(f"{c} = ?" for c in columns)
        where = " AND ".join(f"{k} = ?" for k in [*keys, *(["feed"] if within else [])])
        return connection.exec_driver_sql(f"UPDATE {table.name} SET {put} WHERE {where}", [(*row, *within) for row in rows]).rowcount
    names = [*columns, *keys]
    arrays = ", ".join(f"%s::{_type(table.c[n])}[]" for n in names)
    given = [f"v{place}" for place in range(len(names))]
    put = ", ".join(f"{c} = given.{v}" for c, v in zip(columns, given, strict=False))
    same = [f"{table.name}.{k} = given.{v}" for k, v in zip(keys, given[len(columns) :], strict=True)]
    where = " AND ".join([*same, *([f"{table.name}.feed = %s"] if within else [])])
    return connection.exec_driver_sql(
        f"UPDATE {table.name} SET {put} FROM unnest({arrays}) AS given({', '.join(given)}) WHERE {where}",
        (*(list(column) for column in zip(*rows, strict=True)), *within),
    ).rowcount


def add_missing(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Inserts rows, leaving those alone whose key is there already."""
    if rows:
        build = postgresql.insert if _postgres(connection) else sqlite.insert
        connection.execute(build(table).on_conflict_do_nothing(), list(rows))


def _type(column: Any) -> str:
    if isinstance(column.type, LargeBinary):
        return "bytea"
    if isinstance(column.type, BigInteger):
        return "int8"
    return "int4" if isinstance(column.type, Integer) else "text"
