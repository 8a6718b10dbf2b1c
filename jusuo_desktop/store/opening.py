"""Making, opening and unlocking a store folder: keys.json beside the encrypted records.db."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError

from jusuo_desktop.records.field import Value
from jusuo_desktop.records.identity import new_id, place_id
from jusuo_desktop.records.place import LEFT_ON
from jusuo_desktop.store import audit
from jusuo_desktop.store.contents import clear_coming
from jusuo_desktop.store.edit import Edit, Hand, User
from jusuo_desktop.store.engine import DATABASE_FILE, Database, plain_sentences
from jusuo_desktop.store.indexing import follow_kinds
from jusuo_desktop.store.keys import (
    KEYS_FILE,
    RECOVERY,
    check_passphrase,
    new_key,
    new_recovery_key,
    read_keys,
    read_recovery_key,
    shut_out_since,
    unwrap,
    wrap,
    write_keys,
)
from jusuo_desktop.store.list_indexes import ensure_indexes
from jusuo_desktop.store.presence import Presence, at_store
from jusuo_desktop.store.printed import make_records
from jusuo_desktop.store.refusal import DamagedStore, DiskTrouble, NewerStore, NoStore, Refused, WrongPassphrase
from jusuo_desktop.store.restored import settle
from jusuo_desktop.store.rows import rows_by_id, to_values
from jusuo_desktop.store.schema import METADATA, SCHEMA_REVISION, SEARCH_DDL
from jusuo_desktop.store.settings import get_setting, put_setting
from jusuo_desktop.store.store import Store
from jusuo_desktop.store.write import write

KNOWN_REVISIONS: Final = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""Every revision that this version can read, oldest first."""


@dataclass(frozen=True)
class FirstRun:
    """What the first-run dialog asks: the office with its villages and committees, the first user.

    Mappings hold stored values by field name. `user_values` is the first `worker` record.
    """

    office: Mapping[str, Value]
    user_name: str
    passphrase: str
    villages: Sequence[Mapping[str, Value]] = ()
    committees: Sequence[Mapping[str, Value]] = ()
    user_values: Mapping[str, Value] = field(default_factory=dict)
    role: str = "clerk"


def wall_clock() -> int:
    """The device's clock in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def create_store(folder: Path, first: FirstRun, clock: Callable[[], int] = wall_clock) -> tuple[Store, str]:
    """Makes a store with the office and its first user; returns it opened, with the recovery key to be printed and sealed.

    Raises:
        Refused: there is one already, the pass phrase is short, a value is wrong, the folder cannot be written. Nothing is left behind.
    """
    check_passphrase(first.passphrase)
    if (folder / KEYS_FILE).exists():
        raise Refused(f"文件夹 {folder} 里已经有数据，不能再次初始化。请直接打开，或者换一个文件夹。")
    path = folder / DATABASE_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as trouble:
        raise DiskTrouble(f"建不了文件夹 {folder}：{trouble.strerror}。请换一个可写的位置。") from None
    key, recovery = new_key(), new_recovery_key()
    user = User(new_id(), first.user_name, first.role)
    presence = at_store(folder, alone=True)
    opened: Database | None = None
    try:
        for leftover in folder.glob(DATABASE_FILE + "*"):
            leftover.unlink()  # a first run that was killed before its keys were written: nothing opens it
        opened = Database(path, key)
        with plain_sentences(path), opened.engine.execution_options(writes=True).begin() as connection:
            _lay_out(connection)
            _first_records(connection, first, user, clock())
        store = Store(folder, opened, user, clock, presence)
        write_keys(
            folder,
            {
                first.user_name: wrap(key, first.passphrase, first.user_name, user.id),
                RECOVERY: wrap(key, read_recovery_key(recovery), RECOVERY, user.id),
            },
        )
    except BaseException:
        if opened is not None:
            opened.close()
        presence.release()
        for leftover in folder.glob(DATABASE_FILE + "*"):
            leftover.unlink()
        raise
    presence.share()
    return store, recovery


def _lay_out(connection: Connection) -> None:
    METADATA.create_all(connection)
    for statement in SEARCH_DDL:
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (SCHEMA_REVISION,))
    ensure_indexes(connection)
    follow_kinds(connection)


def _first_records(connection: Connection, first: FirstRun, user: User, at: int) -> None:
    code = str(first.office.get("division_code", ""))
    device_id = new_id()
    put_setting(connection, "scope", code)
    put_setting(connection, "device_id", device_id)
    edits = [Edit("judicial_office", first.office, place_id("judicial_office", code), scope=code, new=True)]
    for village in first.villages:
        village_code = str(village.get("division_code", ""))
        edits.append(Edit("village", village, place_id("village", village_code), scope=code, new=True))
    for committee in first.committees:
        edits.append(Edit("mediation_committee", committee, place_id("mediation_committee", f"{code}/{committee.get('name')}"), scope=code, new=True))
    worker = {"name": first.user_name, "worker_roles": ["1"], **first.user_values, "access_role": first.role}
    edits.append(Edit("worker", worker, user.id, scope=code, new=True))
    write(connection, edits, Hand(User(user.id, user.name, "clerk"), device_id, code, at), "first_run")
    audit.append(connection, at, user.id, device_id, "open")


def open_store(folder: Path, user_name: str, passphrase: str, clock: Callable[[], int] = wall_clock) -> Store:
    """Unlocks a store for one of its users.

    Raises:
        NoStore, WrongPassphrase, NewerStore, DamagedStore, DiskTrouble: each with its sentence; the files are untouched.
    """
    wraps = read_keys(folder)
    wrapped = wraps.get(user_name) if user_name != RECOVERY else None
    if wrapped is None:
        closed = shut_out_since(folder)
        raise WrongPassphrase(closed.line if closed is not None else f"没有名为“{user_name}”的用户，请从列表中选择。")
    return open_unlocked(folder, unwrap(wrapped, passphrase, user_name), user_name, wrapped.user_id, clock)


def open_with_recovery(folder: Path, recovery_key: str, clock: Callable[[], int] = wall_clock) -> Store:
    """Unlocks a store with the printed recovery key, as its first user.

    Raises:
        NoStore, WrongPassphrase, NewerStore, DamagedStore, DiskTrouble: each with its sentence.
    """
    wraps = read_keys(folder)
    if RECOVERY not in wraps:
        raise DamagedStore(f"密钥文件 {folder / KEYS_FILE} 里没有恢复密钥。")
    wrapped = wraps[RECOVERY]
    name = next((n for n, w in wraps.items() if n != RECOVERY and w.user_id == wrapped.user_id), "")
    return open_unlocked(folder, unwrap(wrapped, read_recovery_key(recovery_key), RECOVERY), name, wrapped.user_id, clock, recovering=True)


def open_unlocked(folder: Path, key: bytes, name: str, user_id: str, clock: Callable[[], int] = wall_clock, *, recovering: bool = False) -> Store:
    """Opens a store under its unwrapped key; `recovering`, whoever the user is by now: somebody must always be able to.

    Raises:
        NoStore, NewerStore, DamagedStore, StoreInUse, DiskTrouble: each with its sentence.
    """
    path = folder / DATABASE_FILE
    if not path.exists():
        raise NoStore(f"文件夹 {folder} 里缺少数据文件 {DATABASE_FILE}。请从备份恢复。")
    presence = at_store(folder)
    database: Database | None = None
    try:
        database = Database(path, key)
        with plain_sentences(path):
            _bring_up(database, presence, clock)
            clear_coming(folder, presence)
            with database.engine.execution_options(writes=True).begin() as connection:
                ensure_indexes(connection)
                follow_kinds(connection)
                user = _user(connection, user_id, name, recovering=recovering)
                if backup := settle(connection, database, datetime.fromtimestamp(clock() / 1000).year):
                    audit.append(connection, clock(), user.id, "", "restore", detail=backup)
                audit.append(connection, clock(), user.id, "", "open")
                hand = Hand(user, str(get_setting(connection, "device_id")), str(get_setting(connection, "scope")), clock())
                make_records(connection, hand)
        return Store(folder, database, user, clock, presence)
    except BaseException:
        if database is not None:
            database.close()
        presence.release()
        raise


def _bring_up(database: Database, presence: Presence, clock: Callable[[], int]) -> None:
    """Migrates an older store, alone and with a backup beside it; refuses a newer one."""
    revision = _revision(database.engine)
    if revision not in KNOWN_REVISIONS:
        raise NewerStore("这份数据是用更新版本的程序保存的，请先升级本程序再打开。数据没有改动。")
    if revision == SCHEMA_REVISION:
        return
    from jusuo_desktop.store import backup, migrating  # alembic is heavy and seldom needed

    with presence.alone():
        if _revision(database.engine) == SCHEMA_REVISION:
            return  # another program was quicker
        folder = database.path.parent
        backup.make(database, folder, folder / backup.FOLDER, datetime.fromtimestamp(clock() / 1000))
        migrating.migrate(database.engine)


def _revision(engine: Engine) -> str:
    with engine.begin() as connection:
        try:
            return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
        except DatabaseError as error:
            if "no such table" in str(error.orig):
                raise DamagedStore("数据文件里没有版本记载，请从备份恢复。") from None
            raise


def _user(connection: Connection, user_id: str, name: str, *, recovering: bool) -> User:
    row = rows_by_id(connection, [user_id]).get(user_id)
    values: dict[str, Any] = to_values(row.body) if row is not None else {}
    if "voided_reason" in values and not recovering:
        raise Refused(f"“{name}”的账号已经停用，请用其他账号登录。")
    if LEFT_ON in values and not recovering:
        raise Refused(f"“{name}”已经离岗（{values[LEFT_ON]}），不能再登录本程序。没有上报的内容由本机继续上报；如有误，请所长改正工作人员登记。")
    return User(user_id, str(values.get("name", name)), str(values.get("access_role", "director" if recovering else "reader")))
