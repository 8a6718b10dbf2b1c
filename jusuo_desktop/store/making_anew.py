"""Fields that the program makes from others (Field.made) are never a conflict: the county leaves what came too late, and the machine that
sent it makes it anew from what both people wrote, as soon as it knows that.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection

from jusuo_desktop.records.derived import made
from jusuo_desktop.records.field import Values
from jusuo_desktop.records.kind import VOIDED
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.edit import Edit, Hand, User
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.store.rows import children_rows, rows_by_id, to_values
from jusuo_desktop.store.settings import get_setting, put_setting
from jusuo_desktop.store.write import write

WAITING: Final = "to_make_anew"
"""Setting: the records of which the county left a made field as it stood."""
PROGRAM: Final = User("", "", "clerk")
"""Nobody is the author of what the program makes."""


def left_of(kind: str, refused: Collection[str]) -> bool:
    """Whether a made field is among those that a change did not get through with."""
    known = KINDS.get(kind)
    return known is not None and not known.made.isdisjoint(refused)


def note(connection: Connection, record_ids: Collection[str]) -> None:
    """Those records are to be made anew."""
    if record_ids:
        put_setting(connection, WAITING, list(dict.fromkeys([*get_setting(connection, WAITING, []), *record_ids])))


def make_anew(connection: Connection, hand: Hand) -> list[str]:
    """Makes what is waiting; returns the records that changed."""
    waiting = list(get_setting(connection, WAITING, []))
    if not waiting:
        return []
    put_setting(connection, WAITING, [])
    changed = []
    for record_id, row in rows_by_id(connection, waiting).items():
        values = to_values(row.body)
        rows: dict[str, list[Values]] = {}
        for child in children_rows(connection, record_id):
            if not child.voided:
                rows.setdefault(child.kind, []).append(to_values(child.body))
        anew = {name: value for name, value in made(row.kind, values, rows).items() if values.get(name) != value}
        if not anew or VOIDED.name in values:
            continue
        try:
            write(connection, [Edit(row.kind, anew, record_id)], replace(hand, user=PROGRAM), "make_anew")
        except Refused:
            continue  # closed meanwhile: it keeps the name under which it was closed
        changed.append(record_id)
    return changed
