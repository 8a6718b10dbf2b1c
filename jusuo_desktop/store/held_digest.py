"""The digest of what this device takes for the county's state, moved with every change of it: a sync compares a million records
without reading one. `digest_rows` of store.feed counts it anew when the two sides differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection

from jusuo_desktop.store.settings import get_setting, put_setting
from jusuo_desktop.wire.digest import combined, moved, record_digest

NAME: Final = "held_digest"
"""Setting: [digest in hex, count]."""


def number(record_id: str, version: int, base: Mapping[str, Any]) -> int:
    """What a record adds to the digest; 0 while the county has not seen it."""
    return record_digest(record_id, version, base) if version else 0


def held(connection: Connection) -> tuple[bytes, int]:
    """Digest and count."""
    kept = get_setting(connection, NAME)
    return (bytes.fromhex(kept[0]), int(kept[1])) if kept else (combined(()), 0)


def move(connection: Connection, by: int, new: int) -> None:
    """Moves the digest by a sum of numbers, the count by the records that were new."""
    if by or new:
        digest, count = held(connection)
        keep(connection, moved(digest, by), count + new)


def keep(connection: Connection, digest: bytes, count: int) -> None:
    """Keeps a digest that was counted anew."""
    put_setting(connection, NAME, [digest.hex(), count])


def forget(connection: Connection) -> None:
    """Nothing is held any more."""
    keep(connection, combined(()), 0)
