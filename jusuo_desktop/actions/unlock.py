"""To unlock the store: as one of its users, or with the printed recovery key when a pass phrase was forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from jusuo_desktop import store
from jusuo_desktop.actions.session import Session, milliseconds


def user_names(folder: Path) -> list[str]:
    """The login names of the store in `folder`.

    Raises:
        NoStore, DamagedStore, DiskTrouble: each with its sentence.
    """
    return store.user_names(folder)


def unlock(folder: Path, name: str, passphrase: str, clock: Callable[[], datetime] = datetime.now) -> Session:
    """Opens the store for one of its users.

    Raises:
        Refused: no store, wrong pass phrase, a newer or damaged store, one that is open already; the files are untouched.
    """
    return Session(store.open_store(folder, name, passphrase, milliseconds(clock)), clock)


def unlock_with_recovery(folder: Path, key: str, new_passphrase: str, clock: Callable[[], datetime] = datetime.now) -> Session:
    """Opens the store with the recovery key as its first user and gives that user a new pass phrase.

    Raises:
        Refused: a mistyped key, a pass phrase that is too short, and whatever `unlock` refuses.
    """
    store.check_passphrase(new_passphrase)
    opened = store.open_with_recovery(folder, key, milliseconds(clock))
    try:
        store.reset_passphrase(opened, key, new_passphrase)
    except BaseException:
        opened.close()
        raise
    return Session(opened, clock)
