"""Backups: a consistent copy under the same key, verified by opening it, together with keys.json; and the way back.

A backup is a folder named for its time, with records.db, keys.json and backup.json (digests of both, so that it can be checked without
a pass phrase). It appears under its name only when it is whole. The bytes of attachments stand on a shelf that the backups of one place
share (store.backup_contents); a backup carried off without its shelf still brings every record back. The copy bears a mark inside:
whichever way it comes back, by `restore` or copied by hand, the next opening knows and calls store.restored.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import text

from jusuo_desktop.store import backup_contents
from jusuo_desktop.store.contents import FOLDER as CONTENTS
from jusuo_desktop.store.contents import Contents
from jusuo_desktop.store.disk import digest, disk_sentences, flush
from jusuo_desktop.store.engine import DATABASE_FILE, Database, plain_sentences
from jusuo_desktop.store.keys import KEYS_FILE, RECOVERY, Wrap, read_keys, write_keys, write_whole
from jusuo_desktop.store.presence import at_store
from jusuo_desktop.store.refusal import DamagedStore, DiskTrouble, NoStore, Refused
from jusuo_desktop.store.rotation import kept
from jusuo_desktop.store.settings import put_setting

FOLDER: Final = "backups"
SET_ASIDE: Final = "set-aside"
NOTE_FILE: Final = "backup.json"
STAMP: Final = "%Y%m%d-%H%M%S"
PART: Final = ".part"
MARK: Final = "backup_of"
"""Setting inside a copy: the time at which it was made."""
SPARE_BYTES: Final = 32 << 20
COMPANIONS: Final = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup: its folder, its time (local), the records it holds and its size; of one just made, how many attachments were damaged."""

    folder: Path
    made: datetime
    records: int
    size: int
    damaged: int = 0


class _Note(msgspec.Struct, frozen=True):
    """backup.json."""

    records: int
    database: str
    keys: str
    contents: str = ""


def make(database: Database, store_folder: Path, into: Path, at: datetime) -> Backup:
    """Writes a backup into a folder of its own under `into`; people go on working meanwhile.

    Raises:
        DamagedStore: the store itself, or the copy just made, cannot be read whole.
        DiskTrouble: no room, no right to write there.
    """
    place = into / at.strftime(STAMP)
    part = place.with_name(place.name + PART)
    with disk_sentences(into):
        for left in into.glob(f"*{PART}"):
            shutil.rmtree(left)  # of a run that was killed
        if place.exists():
            return _read(place) or _again(database, store_folder, into, at, place)
        _room((store_folder / DATABASE_FILE).stat().st_size + backup_contents.lacking(store_folder, into), into)
        known = _known(into)
        part.mkdir(parents=True)
    try:
        with plain_sentences(store_folder / DATABASE_FILE):
            _copy(database, part / DATABASE_FILE)
        with plain_sentences(part / DATABASE_FILE):
            records = _seal(database, part / DATABASE_FILE, at)
        with disk_sentences(into):
            shutil.copyfile(store_folder / KEYS_FILE, part / KEYS_FILE)
            needed, damaged = backup_contents.add(Contents(store_folder, database), into, known)  # what the copy names was there before it
            listed = backup_contents.write_list(part, needed)
            note = _Note(records, digest(part / DATABASE_FILE), digest(part / KEYS_FILE), listed)
            write_whole(part / NOTE_FILE, msgspec.json.format(msgspec.json.encode(note)))
            for name in (DATABASE_FILE, KEYS_FILE):
                flush(part / name)
            part.rename(place)
            flush(into)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return Backup(place, at, records, (place / DATABASE_FILE).stat().st_size, damaged)


def _known(into: Path) -> backup_contents.Needed:
    """What the newest backup there needs, {} when that cannot be read: then everything is read anew."""
    try:
        return next((backup_contents.read_list(one.folder) for one in backups(into)), {})
    except (msgspec.MsgspecError, OSError):
        return {}


def _again(database: Database, store_folder: Path, into: Path, at: datetime, broken: Path) -> Backup:
    shutil.rmtree(broken)
    return make(database, store_folder, into, at)


def _copy(database: Database, into: Path) -> None:
    raw = database.engine.raw_connection()
    try:
        raw.cursor().execute("VACUUM INTO ?", (str(into),))
    finally:
        raw.close()


def _seal(database: Database, path: Path, at: datetime) -> int:
    """Marks the copy and reads it whole; returns the number of its records."""
    copy = database.beside(path)
    try:
        with copy.engine.execution_options(writes=True).begin() as connection:
            put_setting(connection, MARK, at.strftime(STAMP))
        with copy.engine.begin() as connection:
            wrong = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA cipher_integrity_check")]
            wrong += [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check(1)") if row[0] != "ok"]
            if wrong:
                raise DamagedStore(f"备份 {path} 写成后核对不上：{wrong[0]}。请检查磁盘，换一个位置再备份。")
            records = int(connection.execute(text("SELECT count(*) FROM record")).scalar_one())
        raw = copy.engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA journal_mode = DELETE")
        finally:
            raw.close()
    finally:
        copy.close()
    return records


def backups(folder: Path) -> list[Backup]:
    """The backups under a folder, newest first; a folder that is not whole is left out.

    Raises:
        DiskTrouble: the folder cannot be read.
    """
    with disk_sentences(folder):
        found = [_read(place) for place in folder.iterdir() if place.is_dir()] if folder.is_dir() else []
    return sorted((one for one in found if one is not None), key=lambda one: one.made, reverse=True)


def _read(place: Path) -> Backup | None:
    try:
        made = datetime.strptime(place.name, STAMP)
        note = msgspec.json.decode((place / NOTE_FILE).read_bytes(), type=_Note)
        return Backup(place, made, note.records, (place / DATABASE_FILE).stat().st_size)
    except (ValueError, OSError, msgspec.MsgspecError):
        return None


def rotate(folder: Path, newest: Backup) -> list[Path]:
    """Removes the backups that have had their time, never the one just made; returns what it removed."""
    held = backups(folder)
    staying = kept(one.made for one in held) | {newest.made}
    gone = [one.folder for one in held if one.made not in staying]
    with disk_sentences(folder):
        for place in gone:
            place.rename(place.with_name(place.name + PART))  # half removed, it is no backup any more
            shutil.rmtree(place.with_name(place.name + PART))
        if gone:
            backup_contents.prune(folder, [one.folder for one in held if one.folder not in gone])
    return gone


def restore(folder: Path, backup: Path, at: datetime) -> Path | None:
    """Sets the store's files aside untouched and puts the backup in their place; returns where they are, None if there were none.

    Killed at any moment, doing it again ends well: the database is the first to leave and the last to come. Log-in names and pass phrases
    stay those of today for everybody whom the backup knows.

    Raises:
        Refused: the backup is not whole.
        StoreInUse: the store is open.
        DiskTrouble: no room, no right to write.
    """
    with disk_sentences(folder):
        _check(backup)
        folder.mkdir(parents=True, exist_ok=True)
        presence = at_store(folder, alone=True)
        try:
            _room((backup / DATABASE_FILE).stat().st_size + backup_contents.lacking(backup.parent, folder), folder)
            coming = folder / (DATABASE_FILE + ".restoring")
            shutil.copyfile(backup / DATABASE_FILE, coming)
            flush(coming)
            aside = _set_aside(folder, backup, at)
            _bring_keys(folder, backup)
            backup_contents.bring(backup, folder)
            coming.replace(folder / DATABASE_FILE)
            flush(folder)
        finally:
            presence.release()
    return aside


def _check(backup: Path) -> None:
    try:
        note = msgspec.json.decode((backup / NOTE_FILE).read_bytes(), type=_Note)
        whole = note.database == digest(backup / DATABASE_FILE) and note.keys == digest(backup / KEYS_FILE)
        whole = whole and (not note.contents or note.contents == digest(backup / backup_contents.LIST_FILE))
    except (OSError, msgspec.MsgspecError):
        raise Refused(f"{backup} 不是一份完整的备份，请另选一份。") from None
    if not whole:
        raise Refused(f"备份 {backup} 已损坏，请另选一份。现有的数据没有改动。")


def _set_aside(folder: Path, backup: Path, at: datetime) -> Path | None:
    leaving = [file for companion in COMPANIONS if (file := folder / (DATABASE_FILE + companion)).exists()]
    if (folder / CONTENTS).exists() and not _same_store(folder, backup):
        leaving.append(folder / CONTENTS)  # under a key that leaves; the contents of one store stay where they are
    if not leaving:
        return None
    aside = folder / SET_ASIDE / at.strftime(STAMP)
    while (aside / DATABASE_FILE).exists() or (aside / CONTENTS).exists():
        aside = aside.with_name(aside.name + "-2")
    aside.mkdir(parents=True, exist_ok=True)
    if (folder / KEYS_FILE).exists():
        shutil.copyfile(folder / KEYS_FILE, aside / KEYS_FILE)
    for one in leaving:
        one.replace(aside / one.name)
    return aside


def _ours(folder: Path) -> dict[str, Wrap]:
    try:
        return read_keys(folder)
    except (NoStore, DamagedStore):
        return {}


def _same_store(folder: Path, backup: Path) -> bool:
    ours = _ours(folder)
    return RECOVERY in ours and ours[RECOVERY] == read_keys(backup).get(RECOVERY)


def _bring_keys(folder: Path, backup: Path) -> None:
    """The backup's users with today's pass phrases; who may not open the store any more (store.closing) does not come back with a backup. A
    key that was made anew since (another store) is not mixed in.
    """
    theirs, ours = read_keys(backup), _ours(folder)
    write_keys(folder, {name: ours[name] for name in theirs if name in ours} if _same_store(folder, backup) else theirs)


def _room(size: int, into: Path) -> None:
    needed = size + SPARE_BYTES
    held = into
    while not held.exists():
        held = held.parent
    if shutil.disk_usage(held).free < needed:
        raise DiskTrouble(f"{held} 所在的磁盘空间不够，需要{needed >> 20}兆。请清理磁盘，或者换一个位置。")
