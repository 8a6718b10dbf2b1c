"""Opens the server's database, embedded SQLite or PostgreSQL, with the same transactions on both."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, create_engine, event, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine

from county_server.schema import COUNTY, FEED, METADATA

DATABASE_FILE: Final = "county.db"
BUSY_SECONDS: Final = 60
CREATE_LOCK: Final = 0x6A75_7375
"""PostgreSQL advisory lock under which tables are made, so that workers starting together do not collide."""


def database_url(folder: Path) -> str:
    """The embedded database of a county folder."""
    return f"sqlite:///{folder / DATABASE_FILE}"


def open_database(url: str) -> Engine:
    """An engine; on SQLite every transaction that writes takes the write lock at its beginning."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=15)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -65536")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def writing(engine: Engine) -> Engine:
    """The engine whose transactions write."""
    return engine.execution_options(writes=True)


def reading(engine: Engine) -> Engine:
    """The engine whose transactions see one snapshot from beginning to end."""
    return engine if engine.dialect.name == "sqlite" else engine.execution_options(isolation_level="REPEATABLE READ")


def lay_out(engine: Engine) -> None:
    """Makes the tables that are missing."""
    with writing(engine).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CREATE_LOCK})
        METADATA.create_all(connection)


def insert_ignoring(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    """Inserts rows, leaving those alone that are there already."""
    if rows:
        build = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        connection.execute(build(table).on_conflict_do_nothing(), rows)


def lock_feeds(connection: Connection, names: list[str]) -> dict[str, int]:
    """Takes the lock of each feed, in one order for everybody, until commit; returns the last place given out in each."""
    insert_ignoring(connection, FEED, [{"name": n, "last_seq": 0} for n in sorted(names)])
    query = select(FEED).where(FEED.c.name.in_(names)).order_by(FEED.c.name)
    return {row.name: row.last_seq for row in connection.execute(query.with_for_update())}


def county_row(connection: Connection) -> Any:
    """The county's own row, None before init."""
    return connection.execute(select(COUNTY)).first()


def add_county(connection: Connection, **values: Any) -> None:
    """Writes the county's row."""
    connection.execute(insert(COUNTY).values(**values))
