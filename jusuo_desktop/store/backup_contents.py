"""The bytes of attachments in backups: one shelf of contents beside the backups, to which each backup adds what it lacks.

Contents never change, so each is copied once, however many backups need it; a backup's list names those that it needs, with their digests.
They are copies and no links: a stick knows no links, and a link would share the damage it is to mend.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from jusuo_desktop.store.contents import COMING, FOLDER, Contents, files_in, put
from jusuo_desktop.store.keys import write_whole
from jusuo_desktop.store.refusal import DiskTrouble

LIST_FILE: Final = "contents.json"

Needed = Mapping[str, str]
"""What a backup needs: the digest of each file by its name."""


def lacking(store_folder: Path, into: Path) -> int:
    """How many bytes a backup into that folder has to copy."""
    held = {file.name for file in files_in(into / FOLDER)}
    return sum(file.stat().st_size for file in files_in(store_folder / FOLDER) if file.name not in held)


def add(contents: Contents, into: Path, known: Needed) -> tuple[dict[str, str], int]:
    """Copies what the shelf lacks; returns what the backup needs and how many contents are damaged in store and shelf alike.

    `known` is what the backup before needed: what it knows is not read again.

    Raises:
        OSError: no room, no right to write there.
        DiskTrouble: a copy is not what was written.
    """
    shelf = into / FOLDER
    for left in (shelf / COMING).glob("*"):
        left.unlink()  # of a run that was killed
    needed: dict[str, str] = {}
    damaged = 0
    for file in contents.files():
        copy = shelf / file.parent.name / file.name
        if copy.exists():
            if file.name in known and copy.stat().st_size == file.stat().st_size:
                needed[file.name] = known[file.name]
                continue
            if contents.is_whole(copy):
                needed[file.name] = hashlib.sha256(copy.read_bytes()).hexdigest()
                continue
            copy.unlink()
        sealed = contents.sealed(file)
        if sealed is None:
            damaged += 1
            continue
        put(shelf, copy, sealed)
        needed[file.name] = hashlib.sha256(sealed).hexdigest()
        if hashlib.sha256(copy.read_bytes()).hexdigest() != needed[file.name]:
            raise DiskTrouble(f"备份 {copy} 写成后核对不上。请检查磁盘，换一个位置再备份。")
    return needed, damaged


def write_list(folder: Path, needed: Needed) -> str:
    """Writes a backup's list and returns its digest; '' and no file when it needs nothing."""
    if not needed:
        return ""
    content = msgspec.json.encode(needed)
    write_whole(folder / LIST_FILE, content)
    return hashlib.sha256(content).hexdigest()


def read_list(folder: Path) -> dict[str, str]:
    """What a backup needs.

    Raises:
        msgspec.MsgspecError, OSError: the list is there and cannot be read.
    """
    path = folder / LIST_FILE
    return msgspec.json.decode(path.read_bytes(), type=dict[str, str]) if path.exists() else {}


def bring(backup: Path, folder: Path) -> None:
    """Copies into a store what it lacks, or has damaged, of what a backup needs; what the shelf has not whole either stays missing."""
    shelf = backup.parent / FOLDER
    for name, digest in read_list(backup).items():
        place, copy = (one / name[:2] / name for one in (folder / FOLDER, shelf))
        if _read(place, digest) is None and (sealed := _read(copy, digest)) is not None:
            put(folder / FOLDER, place, sealed)


def _read(file: Path, digest: str) -> bytes | None:
    found = file.read_bytes() if file.is_file() else b""
    return found if hashlib.sha256(found).hexdigest() == digest else None


def prune(into: Path, staying: Iterable[Path]) -> int:
    """Takes off the shelf what none of the staying backups needs; returns how much. Nothing when one of their lists cannot be read."""
    try:
        needed = {name for backup in staying for name in read_list(backup)}
    except (msgspec.MsgspecError, OSError):
        return 0
    gone = [file for file in files_in(into / FOLDER) if file.name not in needed]
    for file in gone:
        file.unlink()
    return len(gone)
