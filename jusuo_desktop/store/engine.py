"""Opens the encrypted database: SQLCipher under a raw key, WAL, synchronous=FULL, transactions begun by us."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import QueuePool

from jusuo_desktop.store.refusal import DamagedStore, DiskTrouble, Refused

DATABASE_FILE: Final = "records.db"
PLAIN_HEADER: Final = b"SQLite format 3\0"
BUSY_SECONDS: Final = 20
CACHE_KIB: Final = 64 * 1024


def open_engine(path: Path, key: bytes) -> Engine:
    """An engine over the encrypted file; connections are pooled and may be used from any thread, one at a time.

    Raises:
        DamagedStore: the file is not encrypted with this key, or is plain.
        DiskTrouble: it cannot be opened.
    """
    assert_encrypted(path)

    def connect() -> Any:
        connection = sqlcipher.connect(str(path), timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        cursor.execute("PRAGMA cipher_memory_security = OFF")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA temp_store = MEMORY")
        cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()
        return connection

    engine = create_engine("sqlite://", module=sqlcipher, creator=connect, poolclass=QueuePool, pool_size=4, max_overflow=8)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def assert_encrypted(path: Path) -> None:
    """Refuses a database that lies in clear on the disk: someone replaced it.

    Raises:
        DamagedStore: the file begins like a plain SQLite database.
    """
    try:
        with path.open("rb") as file:
            if file.read(16) == PLAIN_HEADER:
                raise DamagedStore(f"数据文件 {path} 没有加密，不是本程序写的，请从备份恢复。")
    except FileNotFoundError:
        return
    except OSError as trouble:
        raise DiskTrouble(f"读不了数据文件 {path}：{trouble.strerror}。请检查磁盘和权限。") from None


@contextmanager
def plain_sentences(path: Path) -> Iterator[None]:
    """Turns the database's own complaints about disk and file into sentences; everything else stays our bug."""
    try:
        yield
    except (DatabaseError, OperationalError) as error:
        raise _refusal(str(error.orig), path) or error from None
    except (sqlcipher.DatabaseError, sqlite3.DatabaseError) as error:
        raise _refusal(str(error), path) or error from None


def _refusal(said: str, path: Path) -> Refused | None:
    if "disk is full" in said:
        return DiskTrouble(f"磁盘已满，没有保存。请清理 {path.parent} 所在的磁盘后再保存一次，填写的内容还在。")
    if "readonly" in said or "read-only" in said:
        return DiskTrouble(f"文件夹 {path.parent} 是只读的，没有保存。请检查权限，或者把数据文件夹放到可写的磁盘上。")
    if "unable to open" in said or "disk I/O error" in said:
        return DiskTrouble(f"打不开数据文件 {path}，请检查磁盘、U盘是否还在，以及文件夹权限。")
    if "not a database" in said or "malformed" in said or "file is encrypted" in said:
        return DamagedStore(f"数据文件 {path} 已损坏，原文件没有改动。请用“从备份恢复”。")
    if "database is locked" in said:
        return DiskTrouble("数据文件正被另一个程序占用（例如备份或杀毒软件），请稍候再试。")
    return None
