"""A village moves to another office: its records leave one feed and arrive in the other, in one transaction under both feeds' locks.

The old feed gets an entry for each record that names its new scope and nothing else: whoever follows it seals his copy. The new feed gets one
with every value. Both take a version, the one that leaves first, so a county's device ends right in whichever order it hears them; the
server does not read on in the new feed for a device that has not heard the old one up to there. What the old feed told of the
records before is the new office's now, and is not read out to the old one any more (S5).

Devices of the old office push before they pull. Until they have heard the old feed up to the move, they may still write to what left (S3):
the move is remembered with its place, and an entry's identity follows from the move and the record.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.engine import Row

from county_server import bulk, contents, tally
from county_server.marks import pack_marks, unpack_marks
from county_server.schema import CHANGE, CONTENT_USE, DEVICE, ENROLL_CODE, FEED, KNOWN, RECORD, VILLAGE_MOVE
from jusuo_desktop.records.identity import new_id, packed, unpacked
from jusuo_desktop.records.kind import VOIDED
from jusuo_desktop.wire.digest import SIZE, canonical, number_of
from jusuo_desktop.wire.merge import Mark
from jusuo_desktop.wire.messages import COUNTY_DEVICE, Entry
from jusuo_desktop.wire.scope import COUNTY, OFFICE, VILLAGE, feed_of, follows, is_scope, within

OFFICE_ROLES: Final = frozenset({"clerk", "director", "reader"})
"""Who works with the program at the office stays there, whatever village he looks after."""

_pack: Final = msgspec.msgpack.Encoder().encode
_values: Final = msgspec.msgpack.Decoder(dict[str, Any]).decode
_entry: Final = msgspec.msgpack.Decoder(Entry).decode


class NotMoved(Exception):
    """The move makes no sense; the message is a sentence for the administrator, nothing was changed."""


@dataclass(frozen=True, slots=True)
class Move:
    """A move as it is remembered: up to which place of the old feed it is told, and where the new feed begins to tell of it."""

    id: bytes
    old_scope: str
    new_scope: str
    old_seq: int
    new_seq: int

    @property
    def old_feed(self) -> str:
        """The feed that the records left."""
        return feed_of(self.old_scope)

    @property
    def new_feed(self) -> str:
        """The feed in which they arrived."""
        return feed_of(self.new_scope)

    def left_id(self, record_id: bytes) -> bytes:
        """The identity of the entry by which a record leaves."""
        return uuid.uuid5(uuid.UUID(bytes=self.id), f"left/{unpacked(record_id)}").bytes

    def arrived_id(self, record_id: bytes) -> bytes:
        """The identity of the entry by which it arrives."""
        return uuid.uuid5(uuid.UUID(bytes=self.id), f"arrived/{unpacked(record_id)}").bytes


def moves(connection: Connection) -> list[Move]:
    """Every move there was, in order; a county has a handful."""
    rows = connection.execute(select(VILLAGE_MOVE).order_by(VILLAGE_MOVE.c.serial))
    return [Move(bytes(row.id), row.old_scope, row.new_scope, row.old_seq, row.new_seq) for row in rows]


def resettled(moved: Iterable[Move], scope: str) -> str:
    """Where a scope is now: what a device names by the old code belongs to the new one."""
    for move in moved:
        scope = move.new_scope if scope == move.old_scope else scope
    return scope


def unheard(moved: Iterable[Move], device_scope: str, cursor: Mapping[str, int]) -> list[Move]:
    """The moves out of a device's scope of which it has not heard yet."""
    return [m for m in moved if within(m.old_scope, device_scope) and not within(m.new_scope, device_scope) and cursor.get(m.old_feed, 0) < m.old_seq]


def readable_until(moved: Iterable[Move], device_scope: str, feed: str, cursor: Mapping[str, int], head: int) -> int:
    """Up to which place a feed is read out to a device that has come to `cursor`: what arrived is not told before what left."""
    for move in moved:
        if move.new_feed == feed and follows(move.old_feed, device_scope) and cursor.get(move.old_feed, 0) < move.old_seq:
            head = min(head, move.new_seq - 1)
    return head


def move_village(connection: Connection, county_code: str, old: str, new: str, now: int) -> int:
    """Moves the village of code `old` to code `new`, whose first nine digits are its new office's; returns how many records went.

    Raises:
        NotMoved: see there.
    """
    _sensible(county_code, old, new)
    places = lock_feeds(connection, sorted({feed_of(old), feed_of(new)}))
    move = Move(packed(new_id()), old, new, 0, places[feed_of(new)] + 1)
    gone = _gone(connection, move)
    _refuse_taken(connection, move, gone)
    log: list[tuple[Any, ...]] = []
    for row in gone:
        log.append(_left(move, row, places, now))
    rows = [_arrived(move, row, places, now, log) for row in gone]
    _write(connection, move, gone, rows, log)
    for name, last in places.items():
        connection.execute(update(FEED).where(FEED.c.name == name).values(last_seq=last))
    told = {"id": move.id, "old_scope": old, "new_scope": new, "old_seq": places[move.old_feed], "new_seq": move.new_seq, "moved_at": now}
    connection.execute(insert(VILLAGE_MOVE).values(**told))
    connection.execute(update(DEVICE).where(DEVICE.c.scope == old).values(scope=new, scope_number=DEVICE.c.scope_number + 1))
    connection.execute(update(ENROLL_CODE).where(ENROLL_CODE.c.scope == old).values(scope=new))
    return len(gone)


def lock_feeds(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    """Takes the locks of feeds in the order of their names, as a push does; returns the last place of each."""
    places: dict[str, int] = {}
    for name in names:
        bulk.add_missing(connection, FEED, [{"name": name, "last_seq": 0}])
        places[name] = connection.execute(select(FEED.c.last_seq).where(FEED.c.name == name).with_for_update()).scalar_one()
    return places


def _sensible(county_code: str, old: str, new: str) -> None:
    for code in (old, new):
        if len(code) != VILLAGE or not is_scope(code) or code[:COUNTY] != county_code:
            raise NotMoved(f"“{code}”不是本县（{county_code}）12位的村（社区）代码。")
    if old[:OFFICE] == new[:OFFICE]:
        raise NotMoved(f"两个代码都属于司法所 {old[:OFFICE]}，村没有换司法所，不用移交。")


def _gone(connection: Connection, move: Move) -> list[Any]:
    """The rows that go: what lies in the village, its own entry, its committees, their people. Parents before their children, and otherwise in
    the order in which the old feed first told of them: the last print of a paper is the last one at the new office as well.
    """
    rows = connection.execute(select(RECORD).where(RECORD.c.feed == move.old_feed)).all()
    values = {bytes(r.id): _values(r.body) for r in rows if r.kind in ("village", "mediation_committee", "worker")}
    villages = {i for i, v in values.items() if v.get("division_code") == move.old_scope}
    named = {unpacked(i) for i in villages}
    committees = {bytes(r.id) for r in rows if r.kind == "mediation_committee" and values[bytes(r.id)].get("village") in named}
    housed = {unpacked(i) for i in committees}
    people = {bytes(r.id) for r in rows if r.kind == "worker" and _goes(values[bytes(r.id)], named, housed)}
    chosen = {bytes(r.id) for r in rows if r.scope == move.old_scope} | villages | committees | people
    if not chosen:
        raise NotMoved(f"县里没有代码为 {move.old_scope} 的村，也没有它的记录，请核对代码。")
    below: dict[bytes, list[Row[Any]]] = {}
    for row in rows:
        below.setdefault(bytes(row.parent_id), []).append(row)
    ordered: list[Row[Any]] = []
    by_id = {bytes(r.id): r for r in rows}
    first, told = (villages, committees, people), _first_told(connection, move)
    waiting = [i for i in chosen if bytes(by_id[i].parent_id) not in chosen]
    waiting.sort(key=lambda i: ([i not in some for some in first], told.get(i, 0), i))
    while waiting:
        ordered += [by_id[i] for i in waiting]
        waiting = [i for above in waiting for i in sorted((bytes(r.id) for r in below.get(above, ())), key=lambda i: (told.get(i, 0), i))]
    return ordered


def _first_told(connection: Connection, move: Move) -> dict[bytes, int]:
    """At which place of the old feed each record of the village was first told."""
    told: dict[bytes, int] = {}
    query = select(CHANGE.c.seq, CHANGE.c.entry).where(CHANGE.c.feed == move.old_feed, CHANGE.c.scope == move.old_scope).order_by(CHANGE.c.seq)
    for seq, entry in connection.execute(query):
        told.setdefault(_entry(entry).record_id, seq)
    return told


def _goes(worker: Mapping[str, Any], villages: Collection[str], committees: Collection[str]) -> bool:
    return (worker.get("village") in villages or worker.get("committee") in committees) and worker.get("access_role") not in OFFICE_ROLES


def _refuse_taken(connection: Connection, move: Move, gone: Sequence[Any]) -> None:
    there = select(RECORD.c.kind, RECORD.c.scope, RECORD.c.body).where(RECORD.c.feed == move.new_feed)
    offices = False
    for row in connection.execute(there):
        offices = offices or (row.kind == "judicial_office" and row.scope == move.new_feed)
        if row.scope == move.new_scope:
            raise NotMoved(f"代码 {move.new_scope} 已经有别的村的记录，请核对新代码。")
        if row.kind == "village" and (v := _values(row.body)).get("division_code") == move.new_scope and VOIDED.name not in v:
            raise NotMoved(
                f"司法所 {move.new_feed} 已经登记了代码为 {move.new_scope} 的村“{v.get('name', '')}”。请该所先把自己登记的这一条作废，再移交。"
            )
    if not offices:
        raise NotMoved(f"县里还没有代码为 {move.new_feed} 的司法所。请先让该所的电脑注册并同步一次。")


def _scope_after(move: Move, scope: str) -> str:
    return move.new_scope if scope == move.old_scope else move.new_feed


def _left(move: Move, row: Any, places: dict[str, int], now: int) -> tuple[Any, ...]:
    return left_entry(move, bytes(row.id), row.kind, row.scope, bytes(row.parent_id), row.version + 1, places, now)


def left_entry(
    move: Move, record_id: bytes, kind: str, scope: str, parent_id: bytes, version: int, places: dict[str, int], now: int, after: str = ""
) -> tuple[Any, ...]:
    """The row of the old feed that says that a record of `scope` has left, for `after` or where the move leads, at the feed's next place."""
    seq = places[move.old_feed] = places[move.old_feed] + 1
    after = after or _scope_after(move, scope)
    entry = Entry(move.old_feed, seq, move.left_id(record_id), record_id, kind, after, parent_id, version, COUNTY_DEVICE, "", now, now, {})
    return move.old_feed, seq, entry.change_id, scope, kind, COUNTY_DEVICE, _pack(entry)


def _arrived(move: Move, row: Any, places: dict[str, int], now: int, log: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    """Logs that a record arrived, with every value and with what was emptied; returns its new row."""
    values, version, scope = _values(row.body), row.version + 2, _scope_after(move, row.scope)
    marks = {n: mark if mark.feed else mark._replace(feed=move.old_feed) for n, mark in unpack_marks(row.marks, values).items()}
    seq = places[move.new_feed] = places[move.new_feed] + 1
    if values.get("division_code") == move.old_scope:
        values = {**values, "division_code": move.new_scope}
        marks["division_code"] = Mark(version, COUNTY_DEVICE, seq)
    record_id, parent_id = bytes(row.id), bytes(row.parent_id)
    fields = {name: values.get(name) for name in marks}
    entry = Entry(move.new_feed, seq, move.arrived_id(record_id), record_id, row.kind, scope, parent_id, version, COUNTY_DEVICE, "", now, now, fields)
    log.append((move.new_feed, seq, entry.change_id, scope, row.kind, COUNTY_DEVICE, _pack(entry)))
    body = canonical(values)
    digest = number_of(unpacked(record_id), version, body).to_bytes(SIZE, "big")
    return move.new_feed, record_id, row.kind, scope, parent_id, version, body, pack_marks(marks, values), digest


def _write(connection: Connection, move: Move, gone: Sequence[Any], rows: list[tuple[Any, ...]], log: list[tuple[Any, ...]]) -> None:
    tallied = tally.Moves()
    for row, new in zip(gone, rows, strict=True):
        tallied.take_out(row.scope, row.kind, bytes(row.digest))
        tallied.note(new[3], new[2], int.from_bytes(new[8], "big"), b"")
    _relabel(connection, move, gone)
    ids = [bytes(row.id) for row in gone]
    for start in range(0, len(ids), bulk.CHUNK):
        some = ids[start : start + bulk.CHUNK]
        connection.execute(delete(RECORD).where(RECORD.c.feed == move.old_feed, RECORD.c.id.in_(some)))
        connection.execute(update(KNOWN).where(KNOWN.c.id.in_(some)).values(home=move.new_feed))
    bulk.add(connection, RECORD, rows)
    bulk.add(connection, CHANGE, log)
    bulk.add(connection, KNOWN, sorted((row[2], row[0], row[1], "") for row in log))
    attached = [(new[2], new[3], _values(new[6])) for new in rows]
    connection.execute(delete(CONTENT_USE).where(CONTENT_USE.c.feed == move.old_feed, CONTENT_USE.c.scope == move.old_scope))
    contents.note_uses(connection, attached)
    tally.move(connection, tallied)


def _relabel(connection: Connection, move: Move, gone: Sequence[Any]) -> None:
    """What the old feed told of the records is the new office's: it is not read out any more to whom they were taken from."""
    mine = CHANGE.c.feed == move.old_feed
    connection.execute(update(CHANGE).where(mine, CHANGE.c.scope == move.old_scope).values(scope=move.new_scope))
    around = {bytes(row.id): row.scope for row in gone if row.scope != move.old_scope}
    kinds = {row.kind for row in gone if row.scope != move.old_scope}
    rows = connection.execute(select(CHANGE.c.seq, CHANGE.c.entry).where(mine, CHANGE.c.scope == move.old_feed, CHANGE.c.kind.in_(kinds))).all()
    seqs = [seq for seq, entry in rows if _entry(entry).record_id in around]
    for start in range(0, len(seqs), bulk.CHUNK):
        connection.execute(update(CHANGE).where(mine, CHANGE.c.seq.in_(seqs[start : start + bulk.CHUNK])).values(scope=move.new_feed))
