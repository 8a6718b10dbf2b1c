"""Opens the server's database, embedded SQLite or PostgreSQL, with the same two kinds of transaction on both."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, create_engine, event, make_url, select
from sqlalchemy.engine import Engine
from sqlalchemy.pool import QueuePool

from county_server.schema import COUNTY

DATABASE_FILE: Final = "county.db"
BUSY_SECONDS: Final = 60
"""How long SQLite waits for another worker's write; PostgreSQL likewise."""

CHECKPOINT_PAGES: Final = 8_000
"""Pages of SQLite's log before it is worked into the database: 32 MB, several of the largest batches."""

POOL: Final = 10
"""Connections of one worker process; its threads wait for one another beyond it."""


def database_url(folder: Path) -> str:
    """The embedded database of a county folder."""
    return f"sqlite:///{folder / DATABASE_FILE}"


class Database:
    """The engine and its transactions. Nothing personal gets into error texts (`hide_parameters`)."""

    def __init__(self, url: str) -> None:
        self.embedded = url.startswith("sqlite")
        if self.embedded:
            arguments: dict[str, Any] = {"timeout": BUSY_SECONDS, "check_same_thread": False}
            self.engine = create_engine(url, hide_parameters=True, connect_args=arguments, pool_size=POOL)
            _as_embedded(self.engine)
        else:
            options = make_url(url).query.get("options", "")  # a province's county names its schema here
            waiting = {"options": f"{options} -c lock_timeout={BUSY_SECONDS}s -c idle_in_transaction_session_timeout=300s"}
            self.engine = create_engine(url, hide_parameters=True, connect_args=waiting, pool_pre_ping=True, pool_size=POOL, max_overflow=0)
        self._turn = threading.Lock()

    def close(self) -> None:
        """Closes every connection."""
        self.engine.dispose()

    def in_use(self) -> int:
        """Connections of this process that are at work now."""
        pool = self.engine.pool
        return pool.checkedout() if isinstance(pool, QueuePool) else 0

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one snapshot from beginning to end and writes nothing."""
        engine = self.engine if self.embedded else self.engine.execution_options(isolation_level="REPEATABLE READ")
        with engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes. On SQLite it holds the write lock from its beginning; the threads of this process
        queue before it instead of polling the file. On PostgreSQL it is READ COMMITTED: what it reads after taking a
        lock includes everything that was committed under that lock before.
        """
        with self._turn if self.embedded else nullcontext(), self.engine.execution_options(writes=True).begin() as connection:
            yield connection


def _as_embedded(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -65536")
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def county_row(connection: Connection) -> Any:
    """The county's own row, None before init."""
    return connection.execute(select(COUNTY)).first()
