"""Opens the encrypted database: SQLCipher under a raw key, WAL, synchronous=FULL, transactions begun by us."""

from __future__ import annotations

import hmac
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from jusuo_desktop.store.refusal import DamagedStore, DiskTrouble, Refused, StoreClosed

DATABASE_FILE: Final = "records.db"
PLAIN_HEADER: Final = b"SQLite format 3\0"
BUSY_SECONDS: Final = 20
CLOSED: Final = "数据已经锁上，请重新输入口令。"
CACHE_KIB: Final = 16 * 1024
"""For each connection, of which the window uses four; twice as much brought nothing measurable and cost 60 MB."""
DAMAGE: Final = ("not a database", "malformed", "file is encrypted", "vtable constructor failed", "database corruption")
JOURNAL_BYTES: Final = 64 << 20
"""To which the WAL is cut after a great import."""
LOG_PAGES: Final = 8_000
"""32 MB in the WAL before they are worked into the file: a great batch of a sync fills a fifth, and each working in waits twice for the disk."""
SETTINGS: Final = (
    "cipher_memory_security = OFF",
    "journal_mode = WAL",
    "synchronous = FULL",
    "temp_store = MEMORY",
    f"cache_size = -{CACHE_KIB}",
    "foreign_keys = ON",
    "secure_delete = FAST",  # pages that fall free are not written once more for it: a quarter of a sync's; store.sealing does it when it matters
    f"journal_size_limit = {JOURNAL_BYTES}",
    f"wal_autocheckpoint = {LOG_PAGES}",
)


class Database:
    """The encrypted file with its key. `engine` pools connections, which any thread may use, one at a time; `close` forgets the key."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Raises DamagedStore when the file lies in clear, DiskTrouble when it cannot be read."""
        assert_encrypted(path)
        self.path = path
        self._key = bytearray(key)
        # the connection given back last is taken first: its cache is warm, and the others' stay small
        self.engine: Engine = create_engine(
            "sqlite://", module=sqlcipher, creator=self._connect, poolclass=QueuePool, pool_size=3, max_overflow=9, pool_use_lifo=True
        )
        event.listen(self.engine, "begin", _begin)
        event.listen(self.engine, "checkin", self._returned)

    def _connect(self) -> Any:
        if not self._key:
            raise StoreClosed(CLOSED)
        connection = sqlcipher.connect(str(self.path), timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        cursor = connection.cursor()
        cursor.execute("PRAGMA cipher_log_level = NONE")  # what it has to say comes back as an error, and from there as a sentence
        cursor.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
        for setting in SETTINGS:
            cursor.execute(f"PRAGMA {setting}")
        cursor.close()
        return connection

    def _returned(self, connection: Any, record: ConnectionPoolEntry) -> None:
        if not self._key:
            record.invalidate()  # it was at work when the store was locked: it must not wait in the pool with the key

    def derived(self, purpose: bytes) -> bytes:
        """A key of its own for another purpose, the same at every opening (HKDF-SHA256 of the database's key).

        Raises:
            StoreClosed: the key was forgotten.
        """
        if not self._key:
            raise StoreClosed(CLOSED)
        return hmac.digest(hmac.digest(bytes(32), self._key, "sha256"), purpose + b"\x01", "sha256")

    def beside(self, path: Path) -> Database:
        """Another file under the same key: a copy of this one."""
        return Database(path, bytes(self._key))

    def close(self) -> None:
        """Gives back every connection and forgets the key; whatever is asked afterwards is refused with StoreClosed."""
        self._key[:] = bytes(len(self._key))
        self._key.clear()
        self.engine.dispose()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def assert_encrypted(path: Path) -> None:
    """Refuses a database that lies in clear on the disk (someone replaced it), and an empty one, before SQLite makes a new one of it.

    Raises:
        DamagedStore: the file begins like a plain SQLite database, or is empty.
    """
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except FileNotFoundError:
        return
    except OSError as trouble:
        raise DiskTrouble(f"读不了数据文件 {path}：{trouble.strerror}。请检查磁盘和权限。") from None
    if len(head) < len(PLAIN_HEADER):
        raise DamagedStore(f"数据文件 {path} 已损坏（是空的或者不完整），原文件没有改动。请用“从备份恢复”。")
    if head == PLAIN_HEADER:
        raise DamagedStore(f"数据文件 {path} 没有加密，不是本程序写的，请从备份恢复。")


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
    if any(sign in said for sign in DAMAGE):
        return DamagedStore(f"数据文件 {path} 已损坏，原文件没有改动。请用“从备份恢复”。")
    if "database is locked" in said:
        return DiskTrouble("数据文件正被另一个程序占用（例如备份或杀毒软件），请稍候再试。")
    return None
