"""Who may no longer open this store: a device that the county shut out, people whose post has ended.

The records stay where they are, encrypted; what goes are wrapped keys. keys.json is replaced in one step, so at any moment the store opens
for those of before or for those of after, and with the printed recovery key always.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path

import msgspec

from jusuo_desktop.store.backup import FOLDER as BACKUPS
from jusuo_desktop.store.backup import NOTE_FILE, SET_ASIDE
from jusuo_desktop.store.disk import digest, disk_sentences
from jusuo_desktop.store.keys import KEYS_FILE, RECOVERY, SHUT_OUT, ShutOut, read_keys, shut_out_since, write_keys, write_whole


def shut_out(folder: Path, told: ShutOut) -> None:
    """Takes every wrapped key out of keys.json but the recovery key's; in the backups and files set aside here first, so that the store itself
    is closed last and a run that was killed is done again at the next contact.

    Raises:
        DiskTrouble: the folder cannot be written.
    """
    with disk_sentences(folder):
        beside = [*folder.glob(f"{BACKUPS}/*/{KEYS_FILE}"), *folder.glob(f"{SET_ASIDE}/*/{KEYS_FILE}")]
    for keys in beside:
        _keep_recovery(keys.parent)
    write_keys(folder, {RECOVERY: read_keys(folder)[RECOVERY]}, {SHUT_OUT: asdict(told)})


def _keep_recovery(place: Path) -> None:
    wraps = read_keys(place)
    if wraps.keys() == {RECOVERY}:
        return
    write_keys(place, {name: wrap for name, wrap in wraps.items() if name == RECOVERY})
    with disk_sentences(place):
        if (place / NOTE_FILE).exists():
            note = msgspec.json.decode((place / NOTE_FILE).read_bytes())
            write_whole(place / NOTE_FILE, msgspec.json.format(msgspec.json.encode({**note, "keys": digest(place / KEYS_FILE)})))


def let_in(folder: Path) -> None:
    """The device has joined the county anew."""
    if shut_out_since(folder) is not None:
        write_keys(folder, read_keys(folder), {})


def drop_users(folder: Path, user_ids: Collection[str]) -> list[str]:
    """Takes the wrapped keys of these users out, never the recovery key's; returns the log-in names."""
    wraps = read_keys(folder)
    gone = [name for name, wrap in wraps.items() if name != RECOVERY and wrap.user_id in user_ids]
    if gone:
        write_keys(folder, {name: wrap for name, wrap in wraps.items() if name not in gone})
    return gone
