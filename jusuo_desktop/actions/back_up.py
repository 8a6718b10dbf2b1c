"""To back the store up, by hand onto a stick or once a day by itself, and to go back to a backup."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from jusuo_desktop.actions.session import Session
from jusuo_desktop.store import backup as store_backup
from jusuo_desktop.store.backup import Backup
from jusuo_desktop.store.restored import NOTICE


def back_up(session: Session, folder: Path | None = None) -> Path:
    """Writes a verified backup while people go on working; in the store's own backup folder, where old ones make room, unless told.

    Raises:
        Refused: the store is damaged, there is no room or no right to write; nothing half done is left.
    """
    return session.store.back_up(session.clock().replace(microsecond=0), folder).folder


def back_up_if_due(session: Session) -> Path | None:
    """A backup unless today has one: called in the background when a store was opened. Reading every page, it also finds damage.

    Raises:
        Refused: see `back_up`.
    """
    done = any(one.made.date() == session.today() for one in backups(session.store.folder))
    return None if done else back_up(session)


def backups(folder: Path) -> list[Backup]:
    """The backups of the store in `folder`, newest first."""
    return store_backup.backups(folder / store_backup.FOLDER)


def restore(folder: Path, backup: Path) -> Path | None:
    """Puts a backup in the place of the store's files, which are set aside untouched; returns where they are, None if there were none.

    The store must be closed. The next opening does the rest (store.restored) and leaves a notice: see `restored_notice`.

    Raises:
        Refused: the backup is not whole, the store is open, there is no room.
    """
    return store_backup.restore(folder, backup, datetime.now().replace(microsecond=0))


def restored_notice(session: Session) -> str:
    """What the office has to know after a restore, '' when there was none or somebody has read it."""
    return str(session.store.get(NOTICE, ""))


def read_notice(session: Session) -> None:
    """Somebody has read it."""
    session.store.set(NOTICE, "")
