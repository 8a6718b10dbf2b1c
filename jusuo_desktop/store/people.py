"""Users of a store: adding one, changing a pass phrase. Each has a wrapped copy of the database key of their own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jusuo_desktop.records.field import Value
from jusuo_desktop.records.identity import new_id
from jusuo_desktop.store.edit import Edit, User
from jusuo_desktop.store.keys import RECOVERY, check_passphrase, read_keys, unwrap, wrap, write_keys
from jusuo_desktop.store.refusal import NotAllowed, Refused, WrongPassphrase
from jusuo_desktop.store.store import Store


def add_user(store: Store, own_passphrase: str, values: Mapping[str, Value], passphrase: str, worker_id: str = "") -> User:
    """Lets a worker (a new one, or `worker_id`) log in here. The one who adds gives their own pass phrase, which unwraps the key.

    Raises:
        Refused: the name is taken, the pass phrase short, the own one wrong, the role does not allow it.
    """
    if store.user.role not in ("clerk", "director"):
        raise NotAllowed("只有内勤或所长可以添加用户。")
    name = str(values.get("name", "")).strip()
    wraps = read_keys(store.folder)
    if not name or name in wraps:
        raise Refused(f"用户名“{name}”已经有人使用，请加以区别，例如加上岗位。" if name else "请填写用户姓名。")
    check_passphrase(passphrase)
    key = _own_key(store, own_passphrase)
    record = store.write([Edit("worker", values, worker_id or new_id(), new=not worker_id)], act="add_user")[0]
    wraps[name] = wrap(key, passphrase, name, record.id)
    write_keys(store.folder, wraps)
    return User(record.id, name, str(record.values.get("access_role", "reader")))


def change_passphrase(store: Store, old: str, new: str) -> None:
    """Wraps the key again under a new pass phrase.

    Raises:
        Refused: the old one is wrong or the new one short.
    """
    check_passphrase(new)
    key = _own_key(store, old)
    _rewrap(store, key, new)


def reset_passphrase(store: Store, recovery_key: str, new: str) -> None:
    """Sets the pass phrase of the user who opened with the recovery key.

    Raises:
        Refused: the recovery key is wrong or the new pass phrase short.
    """
    from jusuo_desktop.store.keys import read_recovery_key

    check_passphrase(new)
    wraps = read_keys(store.folder)
    _rewrap(store, unwrap(wraps[RECOVERY], read_recovery_key(recovery_key), RECOVERY), new)


def _own_name(folder: Path, user: User) -> str:
    name = next((n for n, w in read_keys(folder).items() if n != RECOVERY and w.user_id == user.id), None)
    if name is None:
        raise WrongPassphrase("本机没有您的登录账号。")
    return name


def _free_name(folder: Path, user: User) -> str:
    """The log-in name of a user whose wrapped key was taken out and comes back."""
    names, name = read_keys(folder), user.name or "恢复"
    while name in names:
        name += "2"
    return name


def _own_key(store: Store, passphrase: str) -> bytes:
    name = _own_name(store.folder, store.user)
    return unwrap(read_keys(store.folder)[name], passphrase, name)


def _rewrap(store: Store, key: bytes, new: str) -> None:
    wraps = read_keys(store.folder)
    held = any(n != RECOVERY and w.user_id == store.user.id for n, w in wraps.items())
    name = _own_name(store.folder, store.user) if held else _free_name(store.folder, store.user)
    wraps[name] = wrap(key, new, name, store.user.id)
    write_keys(store.folder, wraps)
    store.audit_note("change_passphrase")
