"""A consistent copy of a county's database, taken while it serves: SQLite's checked by opening it, PostgreSQL's by its own pg_dump.

For any point in time PostgreSQL keeps its log (README, "A county server").
"""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from county_server.checking import Checked, Damaged, check
from county_server.database import Database

SEARCH_PATH: Final = re.compile(r"search_path=(\w+)")


class NotDumped(Exception):
    """PostgreSQL's own tool did not do it; the message is what it said."""


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


def dump(url: str, to: Path) -> None:
    """Has pg_dump write a PostgreSQL county's database, or its schema where it has one of its own (a province), whole or not at all.

    Raises:
        NotDumped: pg_dump is not there, older than the server, or was stopped by something; `to` is left as it was.
        OSError: the file cannot be written.
    """
    given = make_url(url).set(drivername="postgresql")
    environment = {**os.environ, **({"PGPASSWORD": str(given.password)} if given.password else {})}
    schema = SEARCH_PATH.search(str(given.query.get("options", "")))
    where = given.set(password=None).difference_update_query(["options"]).render_as_string()
    part = to.with_name(to.name + ".part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    words = ["pg_dump", "--format=custom", f"--file={part}", *([f"--schema={schema[1]}"] if schema else []), f"--dbname={where}"]
    try:
        try:
            subprocess.run(words, check=True, capture_output=True, text=True, env=environment)
            subprocess.run(["pg_restore", "--list", str(part)], check=True, capture_output=True, text=True)
        except FileNotFoundError:
            raise NotDumped("这台机器上没有 pg_dump，请安装 PostgreSQL 的客户端程序") from None
        except subprocess.CalledProcessError as failed:
            raise NotDumped((failed.stderr.strip().splitlines() or ["没有说明原因"])[-1]) from None
        with part.open("r+b") as written:
            os.fsync(written.fileno())
        os.replace(part, to)
    finally:
        part.unlink(missing_ok=True)
