"""What this device may hold, and who may work on it: its scope as the county gave it, and whether anything outside it waits to be sealed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection

from jusuo_desktop.records.identity import new_id
from jusuo_desktop.records.kind import VOIDED
from jusuo_desktop.records.place import LEFT_ON
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.rows import rows_by_id, to_values
from jusuo_desktop.store.settings import get_setting, put_setting
from jusuo_desktop.wire.scope import visible

OUTSIDE: Final = "outside"
"""Setting: the serial of the sealing that is due because a record left this device's scope; null, none is."""
SCOPE_NUMBER: Final = "scope_number"
"""Setting: the number of the scope that the county gave this device last, as far as it has heard."""


def device_scope(connection: Connection) -> str:
    """The scope of this device."""
    return str(get_setting(connection, "scope", ""))


def belongs(kind: str, record_scope: str, scope: str) -> bool:
    """Whether a device of `scope` may hold a record. Of a kind that only a newer version knows the county says whether it is one that
    everybody below its scope holds: it would not have sent another one.
    """
    known = KINDS.get(kind)
    return visible(record_scope, scope, reference=known is None or known.reference)


class Inside(dict[tuple[str, str], bool]):
    """`belongs` of one device for (kind, record scope), found once each: a page of a feed asks ten thousand times about a few."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self._scope = scope

    def __missing__(self, place: tuple[str, str]) -> bool:
        found = self[place] = belongs(*place, self._scope)
        return found


def scope_number(connection: Connection) -> int:
    """The number of the scope of this device."""
    return int(get_setting(connection, SCOPE_NUMBER, 0))


def note_outside(connection: Connection) -> None:
    """Something here lies outside now; a sealing that is due already keeps its serial."""
    if get_setting(connection, OUTSIDE) is None:
        put_setting(connection, OUTSIDE, new_id())


def departed(connection: Connection, user_ids: Collection[str]) -> set[str]:
    """Those workers who may not work on this device any more: left their post, were voided, or belong outside its scope by now."""
    scope = device_scope(connection)
    rows = rows_by_id(connection, sorted(user_ids))
    return {
        identity
        for identity, row in rows.items()
        if not belongs(row.kind, row.scope, scope) or not {VOIDED.name, LEFT_ON}.isdisjoint(to_values(row.body))
    }
