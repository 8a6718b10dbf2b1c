"""Takes in what the county sends: the feed is the only thing that moves what this device believes the server holds.

An answer to a push marks outbox rows and nothing else; the change itself counts as done when it comes back in the feed. So a line
cut anywhere loses nothing: whatever was not confirmed in the feed is sent again, and the server knows it by its id.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.engine import Row

from jusuo_desktop.records.identity import unpacked
from jusuo_desktop.records.kind import VOIDED
from jusuo_desktop.records.printed_sheet import PRINTED_SHEET
from jusuo_desktop.store import held_digest, known_before, making_anew, printed, reach
from jusuo_desktop.store.confirming import confirm_made
from jusuo_desktop.store.enrolment import read_enrolment, write_enrolment
from jusuo_desktop.store.indexing import index
from jusuo_desktop.store.rebase import put, rebase
from jusuo_desktop.store.rows import chunks, insert_rows, rows_by_id, to_body, to_values
from jusuo_desktop.store.schema import CURSOR, HISTORY, OUTBOX, RECORD
from jusuo_desktop.store.set_aside import UNTAKEN, superseded, unsent_by_record
from jusuo_desktop.store.settings import get_setting, put_setting
from jusuo_desktop.wire.digest import digest_of
from jusuo_desktop.wire.messages import COUNTY_DEVICE, Change, Entry, Place, Result
from jusuo_desktop.wire.scope import follows

_Told = tuple[str, str, str, str, int, str]


class UnknownOwnChange(Exception):
    """The feed names a change of this device that its outbox no longer holds (restored from a backup): ask again with `echo_own`."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What a run of entries did: the records it touched and how many entries were new here."""

    record_ids: frozenset[str]
    entries: int


@dataclass(slots=True)
class _Held:
    """A record while entries are put on it. `number` is its part of the running digest before, 0 for one the county had not seen."""

    serial: int
    kind: str
    scope: str
    parent_id: str
    version: int
    base: dict[str, Any]
    shown: dict[str, Any]
    number: int = 0
    new: bool = False
    place: int = 0
    received_at: int = 0


ACCEPTED: Final = "accepted"
"""What the county says of a change that took effect as it was sent."""

MARKS: Final = "feed_marks"
"""Setting: {feed: hex}, what the county said stands at the cursor's places."""


def feed_marks(connection: Connection) -> dict[str, bytes]:
    """What stands at the last place held of each feed, as far as the county said."""
    return {feed: bytes.fromhex(mark) for feed, mark in dict(get_setting(connection, MARKS, {})).items()}


def feed_cursor(connection: Connection) -> dict[str, int]:
    """The last place held of each feed."""
    return {row.feed: row.seq for row in connection.execute(select(CURSOR))}


def apply(connection: Connection, entries: Sequence[Entry], cursor: Mapping[str, int], marks: Mapping[str, bytes] | None = None) -> Applied:
    """Puts entries on the records and moves the cursor, in the caller's transaction. Entries already held change nothing.

    Raises:
        UnknownOwnChange: see there; nothing was applied.
    """
    reached = feed_cursor(connection)
    new = [e for e in entries if e.seq > reached.get(e.feed, 0)]
    former, known, restated = known_before.compare(connection, new)
    confirmed = confirm_made(connection, new)
    fresh = [e for e in new if e.record_id not in confirmed]
    named = [(unpacked(e.record_id), e) for e in fresh]
    ids = list(dict.fromkeys(identity for identity, _ in named))
    scope = reach.device_scope(connection)
    held = {identity: _as_held(row, scope) for identity, row in rows_by_id(connection, ids).items()}
    unsent = unsent_by_record(connection, held.keys())
    done: dict[str, tuple[str, dict[str, Any]]] = {}
    told: list[_Told] = []
    left: list[str] = []
    left_scope = False
    inside = reach.Inside(scope)
    for identity, entry in named:
        change_id = identity if entry.change_id == entry.record_id else unpacked(entry.change_id)
        one = held.get(identity)
        outside = not inside[entry.kind, entry.scope]
        left_scope = left_scope or outside
        if one is None and outside:
            continue  # it left before this device held it, unless that came out of a backup beside what it attached (store.sealing)
        if one is None:
            one = held[identity] = _Held(0, entry.kind, entry.scope, unpacked(entry.parent_id), 0, {}, {}, new=True)
        one.scope = entry.scope
        own = next((f for c, f in unsent[identity] if c == change_id), None) if identity in unsent else None
        if own is not None:
            done[change_id] = (identity, own)
            unsent[identity] = [(c, f) for c, f in unsent[identity] if c != change_id]
        if outside and not one.version and identity in former:  # read anew, it is not told again before it leaves: sealed is what was known of it
            one.base = {**former[identity], **one.base}
        if entry.version <= one.version:
            continue  # held already: the pull began again from an earlier place
        fields = entry.fields
        if fields is None:
            if own is None:
                raise UnknownOwnChange
            fields = {n: v for n, v in own.items() if n not in entry.refused} if entry.refused else own
        if change_id in restated:  # another device knew more of it: what it left out had been emptied
            fields = {**dict.fromkeys(former[identity].keys() - one.base.keys()), **fields}
        if own is not None and entry.refused and making_anew.left_of(one.kind, entry.refused):
            left.append(identity)
        if entry.device_id == COUNTY_DEVICE and not entry.author_id:  # it came from another office: nothing of it was changed
            fields = {n: v for n, v in fields.items() if one.base.get(n) != v}
        if own is None and fields:
            told.append(_told(entry, identity, change_id, one, fields, former.get(identity, {}) if change_id not in known else {}))
        one.base = put(one.base, fields)
        one.version, one.place, one.received_at = entry.version, entry.seq, entry.received_at
    unsent.update(_confirm(connection, done))
    _write(connection, held, unsent, inside)
    if left_scope:
        reach.note_outside(connection)
    printed.arrived(connection, _prints(held, fresh))
    _tell(connection, told, {identity for identity, one in held.items() if not one.new})
    _move(connection, reached, cursor, marks or {})
    making_anew.note(connection, left)
    return Applied(frozenset(ids).union(confirmed.values()), len(new))


def _prints(held: Mapping[str, _Held], entries: Sequence[Entry]) -> list[tuple[str, Mapping[str, Any], str]]:
    """The prints that are told here, each with who made it. One that came to another office at once is known before it says what it is of."""
    if not any(one.kind == PRINTED_SHEET.name for one in held.values()):
        return []
    made_by = {unpacked(e.record_id): e.author_id for e in reversed(entries) if e.kind == PRINTED_SHEET.name and e.author_id}
    return [(i, one.base, made_by.get(i, "")) for i, one in held.items() if one.kind == PRINTED_SHEET.name]


def _as_held(row: Row[Any], scope: str) -> _Held:
    shown = to_values(row.body)
    base = to_values(row.base) if row.base is not None else shown
    number = held_digest.number(row.id, row.version, base) if reach.belongs(row.kind, row.scope, scope) else 0
    return _Held(row.serial, row.kind, row.scope, row.parent_id, row.version, base, shown, number, False, row.place, row.received_at)


def _confirm(connection: Connection, done: Mapping[str, tuple[str, dict[str, Any]]]) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """Takes confirmed changes out of the queue, and what they decided out of older ones that were refused, or will be: where the feed is heard
    before the queue is sent, the county may have refused one without this device knowing it yet. Gives those records' queue anew.
    """
    if not done:
        return {}
    serials: dict[str, int] = {}
    for some in chunks(list(done)):
        serials |= {
            row.change_id: row.serial for row in connection.execute(select(OUTBOX.c.change_id, OUTBOX.c.serial).where(OUTBOX.c.change_id.in_(some)))
        }
        connection.execute(delete(OUTBOX).where(OUTBOX.c.change_id.in_(some)))
    standing: set[str] = set()
    for some in chunks(sorted({identity for identity, _ in done.values()})):
        standing.update(connection.execute(select(OUTBOX.c.record_id).where(OUTBOX.c.record_id.in_(some), OUTBOX.c.state.in_(UNTAKEN))).scalars())
    for change_id, (identity, fields) in done.items():
        if identity in standing:
            superseded(connection, identity, fields.keys(), before=serials[change_id])
    again = unsent_by_record(connection, standing)
    return {identity: again.get(identity, []) for identity in standing}


def _told(entry: Entry, identity: str, change_id: str, one: _Held, fields: Mapping[str, Any], former: dict[str, Any]) -> _Told:
    """A row of the history, in the order of its columns. `former` are the values of before the feeds were read anew; each is told once."""
    before = {} if one.new and not one.base else {n: [former.pop(n, one.base.get(n)), v] for n, v in fields.items()}
    return identity, change_id, entry.author_id, entry.device_id, entry.made_at, to_body(before)


def _tell(connection: Connection, told: Sequence[_Told], known: Collection[str]) -> None:
    """Adds to the history, but for changes that it tells already: the feed was read anew. `known` records were here before."""
    again = sorted({identity for identity, *_ in told if identity in known})
    there: set[str] = set()
    for some in chunks(again):
        there.update(connection.execute(select(HISTORY.c.change_id).where(HISTORY.c.record_id.in_(some))).scalars())
    rows = [row for row in told if row[1] not in there]
    insert_rows(connection, "INSERT INTO history (record_id, change_id, author_id, device_id, made_at, fields)", rows)


def _write(connection: Connection, held: Mapping[str, _Held], unsent: Mapping[str, list[tuple[str, dict[str, Any]]]], inside: reach.Inside) -> None:
    following = int(connection.exec_driver_sql("SELECT coalesce(max(serial), 0) FROM record").scalar_one())
    inserts: list[tuple[Any, ...]] = []
    updates: list[tuple[Any, ...]] = []
    searched: list[tuple[int, str, Mapping[str, Any]]] = []
    moved = new = 0
    for identity, one in held.items():
        waiting = [f for _, f in unsent.get(identity, ())]
        shown = rebase(one.base, waiting) if waiting else one.base
        base = to_body(one.base) if waiting else None
        voided = int(VOIDED.name in shown)
        if one.new:
            following += 1
            one.serial = following
            inserts.append(
                (one.serial, identity, one.kind, one.scope, one.parent_id, one.version, voided, to_body(shown), base, one.place, one.received_at)
            )
        else:
            updates.append((one.version, one.scope, voided, to_body(shown), base, one.place, one.received_at, one.serial))
        if one.new or one.shown != shown:
            searched.append((one.serial, one.kind, shown))
        number = held_digest.number(identity, one.version, one.base) if inside[one.kind, one.scope] else 0
        moved += number - one.number
        new += (number > 0) - (one.number > 0)
    insert_rows(connection, "INSERT INTO record (serial, id, kind, scope, parent_id, version, voided, body, base, place, received_at)", inserts)
    if updates:
        settled = "UPDATE record SET version = ?, scope = ?, voided = ?, body = ?, base = ?, place = ?, received_at = ? WHERE serial = ?"
        connection.exec_driver_sql(settled, updates)
    held_digest.move(connection, moved, new)
    index(connection, searched)


def _move(connection: Connection, reached: Mapping[str, int], cursor: Mapping[str, int], marks: Mapping[str, bytes]) -> None:
    ahead = [{"feed": feed, "seq": seq} for feed, seq in cursor.items() if seq > reached.get(feed, -1)]
    if ahead:
        held: dict[str, str] = {feed: mark for feed, mark in get_setting(connection, MARKS, {}).items() if cursor.get(feed) == reached.get(feed)}
        put_setting(connection, MARKS, {**held, **{feed: mark.hex() for feed, mark in marks.items()}})
        statement = upsert(CURSOR)
        connection.execute(statement.on_conflict_do_update(index_elements=["feed"], set_={"seq": statement.excluded.seq}), ahead)


def page_of(
    connection: Connection, changes: Sequence[Change], results: Sequence[Result], place: Place, device_id: str
) -> tuple[list[Entry], dict[str, int], dict[str, bytes]] | None:
    """What a pull would bring of a batch of this device (entries, cursor, marks), from the answer to it; None where it would bring more, because
    this device does not hold the feed up to there.
    """
    cursor = feed_cursor(connection)
    if cursor.get(place.feed, 0) != place.first - 1:
        return None
    entries: list[Entry] = []
    for change, result in zip(changes, results, strict=True):
        if result.status == ACCEPTED:
            entries.append(
                Entry(
                    place.feed, place.first + len(entries), change.change_id, change.record_id, change.kind, change.scope, change.parent_id,
                    result.version, device_id, change.author_id, change.made_at, place.received_at, None,
                )
            )  # fmt: skip
    return entries, {**cursor, place.feed: place.first + len(entries) - 1}, {place.feed: place.mark}


def start_over(connection: Connection) -> None:
    """Reads the feeds anew from their beginning: the repair when digests differ, and a new enrolment. What is shown and what waits stays;
    what this device takes for the county's state is built again from nothing, and what the county has lost is sent again (store.known_before).
    """
    known_before.keep(connection)
    connection.execute(delete(CURSOR))
    put_setting(connection, MARKS, {})
    connection.exec_driver_sql("UPDATE record SET base = '{}', version = 0, place = 0, received_at = 0 WHERE version > 0")
    held_digest.forget(connection)


def digest_rows(connection: Connection) -> list[tuple[str, int, dict[str, Any]]]:
    """(id, version, server values) of every record of this device's scope that the server has seen."""
    scope = reach.device_scope(connection)
    rows = connection.execute(select(RECORD).where(RECORD.c.version > 0))
    return [(r.id, r.version, to_values(r.base if r.base is not None else r.body)) for r in rows if reach.belongs(r.kind, r.scope, scope)]


def rescope(connection: Connection, scope: str) -> None:
    """The county gave this device another scope. What it held of the feeds so far was read for the old one: unless the new one lies inside
    that, they are read from the beginning, and what is here already is known by its version. What lies outside now waits to be sealed.
    """
    before, enrolment = reach.device_scope(connection), read_enrolment(connection)
    if enrolment is None:
        raise ValueError("not enrolled")
    staying = {f: s for f, s in feed_cursor(connection).items() if scope.startswith(before) and follows(f, scope)}
    marks = {feed: mark for feed, mark in get_setting(connection, MARKS, {}).items() if feed in staying}
    connection.execute(delete(CURSOR).where(CURSOR.c.feed.not_in(staying)))
    put_setting(connection, MARKS, marks)
    put_setting(connection, "scope", scope)
    write_enrolment(connection, replace(enrolment, scope=scope))
    rows = digest_rows(connection)
    held_digest.keep(connection, digest_of(rows), len(rows))
    reach.note_outside(connection)


def settle_passed(connection: Connection, answers: Sequence[tuple[str, int]]) -> set[str]:
    """Changes that the county took in as a version (change id, version) which the record has reached here by another road: it came from
    another office with all its values, and their own places in the feed are not told here. They are done; gives their records.
    """
    done: dict[str, tuple[str, dict[str, Any]]] = {}
    versions = dict(answers)
    for some in chunks(list(versions)):
        query = select(OUTBOX.c.change_id, OUTBOX.c.record_id, OUTBOX.c.fields, RECORD.c.version).join(RECORD, RECORD.c.id == OUTBOX.c.record_id)
        for row in connection.execute(query.where(OUTBOX.c.change_id.in_(some))):
            if 0 < versions[row.change_id] <= row.version:
                done[row.change_id] = (row.record_id, msgspec.msgpack.decode(row.fields))
    if done:
        scope = reach.device_scope(connection)
        held = {identity: _as_held(row, scope) for identity, row in rows_by_id(connection, sorted({i for i, _ in done.values()})).items()}
        _confirm(connection, done)
        _write(connection, held, unsent_by_record(connection, held.keys()), reach.Inside(scope))
    return {identity for identity, _ in done.values()}
