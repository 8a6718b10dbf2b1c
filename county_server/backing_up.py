"""A consistent copy of an embedded county's database, taken while it serves and checked by opening it.

PostgreSQL brings its own tools for that (README, "A county server"): pg_dump, or its log kept for any point in time.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from county_server.checking import Checked, Damaged, check
from county_server.database import Database


def back_up(database_file: Path, to: Path) -> Checked:
    """Writes the copy, whole or not at all, readable by its owner alone: it holds the county's keys. Returns what a check of it found.

    Raises:
        Damaged: the copy does not fit together, so the database does not; `to` is left as it was.
        OSError, sqlite3.Error: it cannot be written or read.
    """
    part = to.with_name(to.name + ".part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(sqlite3.connect(database_file)) as live, closing(sqlite3.connect(part)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
            if (said := copy.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
                raise Damaged(f"数据库文件已损坏：{said}")
        checked = checked_file(part)
        with part.open("r+b") as written:
            os.fsync(written.fileno())
        os.replace(part, to)
    finally:
        for left in (part, part.with_name(part.name + "-wal"), part.with_name(part.name + "-shm")):
            left.unlink(missing_ok=True)
    return checked


def checked_file(file: Path) -> Checked:
    """Opens a copy and checks it.

    Raises:
        Damaged: see there.
    """
    database = Database(f"sqlite:///{file}")
    try:
        with database.reading() as connection:
            return check(connection)
    finally:
        database.close()
