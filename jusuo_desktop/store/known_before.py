"""What the county once told and may have lost: kept while the feeds are read anew, and what is missing then is sent again.

A server that comes out of a backup has forgotten the changes since. Every device that knows them keeps the county's state as it was
('former' rows in the queue), reads the feeds from their beginning, and restates, one change a record, what the county does not hold any
more. The change's identity follows from the record and the version that it restates, so ten devices restate it once; a device that
knew less than another adds nothing. Nobody is its author: the program sends it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, delete, select, update
from sqlalchemy.engine import Row

from jusuo_desktop.records.identity import unpacked
from jusuo_desktop.records.kind import VOIDED
from jusuo_desktop.store.enrolment import read_enrolment
from jusuo_desktop.store.indexing import index
from jusuo_desktop.store.rebase import rebase
from jusuo_desktop.store.rows import chunks, rows_by_id, to_body, to_values
from jusuo_desktop.store.schema import HISTORY, OUTBOX, SETTING
from jusuo_desktop.store.set_aside import unsent_by_record
from jusuo_desktop.store.settings import get_setting, put_setting
from jusuo_desktop.wire.digest import canonical
from jusuo_desktop.wire.messages import COUNTY_DEVICE, Entry
from jusuo_desktop.wire.scope import within

FORMER: Final = "former"
"""State of a row that is no change but the county's state of a record, as it was known; its base version says which."""
STRANGE: Final = "strange"
"""Its answer, when somebody has written on the record since whom this device did not know."""
READING: Final = "reading_anew"
"""Setting: the epoch under which the former state was told; there while the feeds are read anew."""
AHEAD: Final = 64
"""So many versions more another device may have known of a record when it restated it."""


def keep(connection: Connection) -> None:
    """Keeps the county's state of every record that it has seen, before the feeds are read anew. What was kept before stays."""
    enrolment = read_enrolment(connection)
    epoch = get_setting(connection, READING) or (enrolment.epoch if enrolment is not None else "")
    kept = set(connection.execute(select(OUTBOX.c.record_id).where(OUTBOX.c.state == FORMER)).scalars())
    held = connection.exec_driver_sql(
        "SELECT id, kind, scope, parent_id, version, coalesce(base, body) FROM record WHERE version > 0 ORDER BY serial"
    )
    rows = [
        (_change_id(identity, epoch, version), identity, kind, scope, parent_id, version, "", 0, canonical(to_values(body)), FORMER)
        for identity, kind, scope, parent_id, version, body in held
        if identity not in kept
    ]
    if rows:
        connection.exec_driver_sql(
            "INSERT INTO outbox (change_id, record_id, kind, scope, parent_id, base_version, author_id, made_at, fields, state)"
            " VALUES (?,?,?,?,?,?,?,?,?,?)",
            rows,
        )
    if rows or kept:
        put_setting(connection, READING, epoch)


def reading_anew(connection: Connection) -> bool:
    """Whether the feeds are being read anew."""
    return get_setting(connection, READING) is not None


def compare(connection: Connection, entries: Sequence[Entry]) -> tuple[dict[str, dict[str, Any]], set[str], set[str]]:
    """Looks at entries before they are applied: a record whose last known change comes again has lost nothing. Gives the former values by
    record, the changes that are known here, and those by which others restated what they knew, so that the history tells what an unknown
    change takes the place of.
    """
    epoch = get_setting(connection, READING)
    if epoch is None:
        return {}, set(), set()
    ids = list(dict.fromkeys(unpacked(e.record_id) for e in entries))
    former: dict[str, Row[Any]] = {}
    known: set[str] = set()
    for some in chunks(ids):
        for row in connection.execute(select(OUTBOX).where(OUTBOX.c.record_id.in_(some))):
            if row.state == FORMER:
                former[row.record_id] = row
            else:
                known.add(row.change_id)
        known.update(connection.execute(select(HISTORY.c.change_id).where(HISTORY.c.record_id.in_(some))).scalars())
    there: set[int] = set()
    strange: set[int] = set()
    others: set[str] = set()
    enrolment = read_enrolment(connection)
    restored = enrolment is None or enrolment.epoch != epoch
    for entry in entries:
        one = former.get(unpacked(entry.record_id))
        if one is None:
            continue
        change_id = unpacked(entry.change_id)
        restated = next((n for n in range(1, one.base_version + AHEAD) if change_id == _change_id(one.record_id, epoch, n)), 0)
        untold = not entry.fields and one.answer != STRANGE and one.serial not in strange  # all of it became conflicts: no history has it
        if restated >= one.base_version:
            there.add(one.serial)
            others.add(change_id)
            _made_on(connection, one.record_id, entry.version)
        elif not restored and entry.version > one.base_version and entry.device_id == COUNTY_DEVICE and not entry.author_id:
            there.add(one.serial)  # it came from another office with all its values: what was before is in them, and is not told here
        elif change_id in known or (untold and not restated):
            there.update([one.serial] if entry.version == one.base_version else [])
        elif not restated:
            strange.add(one.serial)
    for some in chunks(list(there)):
        connection.execute(delete(OUTBOX).where(OUTBOX.c.serial.in_(some)))
    for some in chunks(list(strange - there)):
        connection.execute(update(OUTBOX).where(OUTBOX.c.serial.in_(some)).values(answer=STRANGE))
    return {record_id: msgspec.msgpack.decode(row.fields) for record_id, row in former.items()}, known, others


def restate(connection: Connection) -> int:
    """The feeds have been read: queues what the county does not hold any more; returns how many records that concerns."""
    enrolment = read_enrolment(connection)
    rows = connection.execute(select(OUTBOX).where(OUTBOX.c.state == FORMER)).all()
    held = rows_by_id(connection, [row.record_id for row in rows])
    unsent = unsent_by_record(connection, held.keys())
    told: list[int] = []
    for row in sorted(rows, key=lambda row: int(held[row.record_id].serial)):
        record = held[row.record_id]
        mine = enrolment is not None and within(record.scope, enrolment.scope)
        if mine and _restate(connection, row, record, [fields for _, fields in unsent.get(row.record_id, ())]):
            told.append(row.serial)
    _put_first(connection, told)
    connection.execute(delete(OUTBOX).where(OUTBOX.c.state == FORMER))
    connection.execute(delete(SETTING).where(SETTING.c.name == READING))
    return len(told)


def _restate(connection: Connection, row: Row[Any], record: Row[Any], unsent: list[dict[str, Any]]) -> bool:
    former: dict[str, Any] = msgspec.msgpack.decode(row.fields)
    base = to_values(record.base if record.base is not None else record.body)
    fields = {name: value for name, value in former.items() if base.get(name) != value}
    if row.answer != STRANGE:
        fields |= {name: None for name in base if name not in former}
    version = 0 if row.answer == STRANGE else record.version
    _made_on(connection, row.record_id, version)
    if not fields and (record.version or unsent):
        return False
    change = {"state": "waiting", "answer": "", "base_version": version, "fields": canonical(fields)}
    connection.execute(update(OUTBOX).where(OUTBOX.c.serial == row.serial).values(**change))
    shown = rebase(base, [fields, *unsent])
    connection.exec_driver_sql(
        "UPDATE record SET body = ?, base = ?, voided = ? WHERE serial = ?", (to_body(shown), to_body(base), int(VOIDED.name in shown), record.serial)
    )
    index(connection, [(record.serial, record.kind, shown)])
    return True


def _made_on(connection: Connection, record_id: str, version: int) -> None:
    """What waits of a record was made on a version of the past; the same state is this one now."""
    later = (OUTBOX.c.record_id == record_id) & (OUTBOX.c.state != FORMER) & (OUTBOX.c.base_version > version)
    connection.execute(update(OUTBOX).where(later).values(base_version=version))


def _put_first(connection: Connection, told: Sequence[int]) -> None:
    """What is restated goes ahead of everything that waits, in the order given: what waits of a record was typed on it, and what hangs on a
    record, a conflict or a party, is not there before the record is.
    """
    if told:
        first = int(connection.exec_driver_sql("SELECT min(serial) FROM outbox").scalar_one())
        moves = [(first - len(told) + n, serial) for n, serial in enumerate(told)]
        connection.exec_driver_sql("UPDATE outbox SET serial = ? WHERE serial = ?", moves)


def _change_id(record_id: str, epoch: str, version: int) -> str:
    return str(uuid.uuid5(uuid.UUID(record_id), f"known before/{epoch}/{version}"))
