"""Remembers which changes were not taken in, why and since when, for the administrator: no value, no name, no text that a person typed.

The device keeps the change and its values; here stand the kind, the record's identity and a reason made of the program's own words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select, update

from county_server.schema import DEVICE, SET_ASIDE
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.wire.messages import Change, Result

MOST_OPEN: Final = 500
"""Remembered for one device: more of them have one cause, and a device gone wrong must not fill the county's disk."""

KEPT_MILLISECONDS: Final = 90 * 24 * 3_600_000
"""For so long a settled one is still shown."""


def note(connection: Connection, device_id: str, changes: Sequence[Change], results: Sequence[Result], now: int) -> None:
    """Notes what a batch left outside, and what of that came in since."""
    query = select(SET_ASIDE.c.change_id, SET_ASIDE.c.record_id, SET_ASIDE.c.held, SET_ASIDE.c.fields)
    known = connection.execute(query.where(SET_ASIDE.c.device_id == device_id, SET_ASIDE.c.settled_at.is_(None))).all()
    refused = [(c, r) for c, r in zip(changes, results, strict=True) if r.status in ("rejected", "held") and len(c.change_id) == 16]
    if known:
        taken = [c for c, r in zip(changes, results, strict=True) if r.status in ("accepted", "conflict", "duplicate")]
        by_id, by_record = {c.change_id for c in taken}, {c.record_id: c for c in taken}
        settled = [
            bytes(row.change_id)
            for row in known
            if bytes(row.change_id) in by_id
            or (not row.held and (later := by_record.get(bytes(row.record_id))) is not None and _covers(later, row.fields))
        ]
        if settled:
            mine = (SET_ASIDE.c.device_id == device_id) & SET_ASIDE.c.change_id.in_(settled)
            connection.execute(update(SET_ASIDE).where(mine).values(settled_at=now))
    if refused:
        _add(connection, device_id, refused, {bytes(row.change_id) for row in known}, now)


def _covers(later: Change, fields: str) -> bool:
    """Whether a change that was taken in later stands in for a refused one: it brings the fields anew that were wrong in it."""
    return set(fields.split()) <= later.fields.keys()


def _add(connection: Connection, device_id: str, refused: Sequence[tuple[Change, Result]], known: set[bytes], now: int) -> None:
    rows = {c.change_id: (c, r) for c, r in refused}
    place = MOST_OPEN - len(known)
    for change, result in rows.values():
        told = {
            "record_id": change.record_id[:16],
            "kind": change.kind if change.kind in KINDS else "",
            "held": int(result.status == "held"),
            "reason": reason(change.kind, result),
            "fields": " ".join(_declared(change.kind, result.fields)),
            "settled_at": None,
        }
        mine = (SET_ASIDE.c.device_id == device_id) & (SET_ASIDE.c.change_id == change.change_id)
        if change.change_id in known:
            connection.execute(update(SET_ASIDE).where(mine).values(told))
        elif place > 0:
            place -= 1
            connection.execute(delete(SET_ASIDE).where(mine))  # one that was settled once and is refused again
            connection.execute(insert(SET_ASIDE).values(device_id=device_id, change_id=change.change_id, since=now, **told))
    old = (SET_ASIDE.c.device_id == device_id) & (SET_ASIDE.c.settled_at < now - KEPT_MILLISECONDS)
    connection.execute(delete(SET_ASIDE).where(old))


def reason(kind: str, result: Result) -> str:
    """Why, without the values that the sentence for the clerk may quote: the labels of the fields, or a sentence that quotes nothing."""
    if not result.fields:
        return result.message
    labels = [KINDS[kind].by_name[name].label for name in _declared(kind, result.fields)]
    unknown = len(result.fields) - len(labels)
    return f"内容不合规：{'、'.join([*labels, *(['未知的字段'] if unknown else [])])}。"


def _declared(kind: str, names: Sequence[str]) -> list[str]:
    known = KINDS.get(kind)
    return [name for name in names if known is not None and name in known.by_name]


def open_count(connection: Connection) -> int:
    """How many stand outside now, of the devices in use."""
    query = select(func.count()).select_from(SET_ASIDE.join(DEVICE, DEVICE.c.id == SET_ASIDE.c.device_id))
    return int(connection.execute(query.where(SET_ASIDE.c.settled_at.is_(None), DEVICE.c.revoked_at.is_(None))).scalar_one())
