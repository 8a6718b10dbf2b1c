"""Takes in a batch of changes: each one judged, merged field by field and given its place in a feed, in one transaction.

The feeds' rows are locked from the first look to the commit, so a place in the order is visible only when every earlier
one is (S4), and a change that comes again finds its own id (S1). An office's device writes to one feed, and every statement names it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Connection, select

from county_server import bulk, contents, tally
from county_server.conflicts import conflict_change
from county_server.devices import device_name
from county_server.judging import Device, Held, home, refusal
from county_server.marks import pack_marks, pack_one_mark, unpack_marks
from county_server.moving import Move, left_entry, moves, resettled
from county_server.pull import MARK
from county_server.schema import CHANGE, FEED, KNOWN, RECORD
from jusuo_desktop.records.identity import unpacked
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.wire.digest import SIZE, canonical, number_of
from jusuo_desktop.wire.merge import Mark, merge, put, stamped
from jusuo_desktop.wire.messages import COUNTY_DEVICE, Change, Entry, Place, Result
from jusuo_desktop.wire.scope import OFFICE, feed_of, is_scope, within

_pack: Final = msgspec.msgpack.Encoder().encode
_values: Final = msgspec.msgpack.Decoder(dict[str, Any]).decode
_entry: Final = msgspec.msgpack.Decoder(Entry).decode
_HELD: Final = ("id", "kind", "scope", "parent_id", "version", "body", "marks", "digest")


class Moved(Exception):
    """A record appeared in a feed that this batch did not lock; the batch is to be taken in anew."""


class Known(NamedTuple):
    """What the county knows of an identity: the place of the change that bears it, and the feed in which the record lives that does."""

    feed: str = ""
    seq: int = 0
    home: str = ""


NOWHERE: Final = Known()


@dataclass(slots=True)
class Batch:
    """A batch under way. `stopped` are new records whose first change was refused: what follows on them waits."""

    connection: Connection
    device: Device
    now: int
    known: dict[bytes, Known]
    held: dict[bytes, Held]
    seen: dict[bytes, Entry]
    places: dict[str, int]
    moved: Sequence[Move] = ()
    unheard: Sequence[Move] = ()
    log: list[tuple[Any, ...]] = field(default_factory=list)
    taken: dict[tuple[str, int], Entry] = field(default_factory=dict)
    stopped: set[bytes] = field(default_factory=set)


def push(
    connection: Connection, device: Device, changes: Sequence[Change], now: int, moved: Sequence[Move] = (), unheard: Sequence[Move] = ()
) -> tuple[list[Result], Place | None]:
    """Takes in the changes of one device, in order; one result each, and where they stand if that can be said in a word. `now` is the server's
    clock in milliseconds, `moved` every move of a village there was, `unheard` those out of the device's scope of which it does not know yet.

    Raises:
        Moved: try again in a new transaction.
    """
    sent = changes
    if moved:
        changes = [c if (s := resettled(moved, c.scope)) == c.scope else msgspec.structs.replace(c, scope=s) for c in changes]
    records = {c.record_id for c in changes} | {c.parent_id for c in changes if c.parent_id}
    named = {feed_of(s) for s in {c.scope for c in changes} if is_scope(s) and device.writes(s)}
    if len(device.scope) >= OFFICE and not device.also:
        before = _lock_feeds(connection, [feed_of(device.scope)] if changes else [], named)
    else:
        own = {feed_of(device.scope)} if len(device.scope) >= OFFICE else set()
        before = _lock_feeds(connection, sorted(own | named | _homes(_known(connection, records), device)), own | named)
    if moves(connection) != list(moved):
        raise Moved
    known = _known(connection, records | {c.change_id for c in changes})
    if not _homes({i: k for i, k in known.items() if i in records}, device) <= before.keys():
        raise Moved
    held = _load(connection, known, records)
    if unheard:
        _left(connection, device, held, unheard)
    batch = Batch(connection, device, now, known, held, _seen(connection, known, changes), dict(before), moved, unheard)
    results = [_take(batch, change) for change in changes]
    _write(batch, before)
    return results, None if device.also or unheard else _place(batch, sent, results)


def _place(batch: Batch, sent: Sequence[Change], results: Sequence[Result]) -> Place | None:
    """Where the accepted changes stand, if they stand as they were sent and this batch brought nothing else."""
    accepted = [change for change, result in zip(sent, results, strict=True) if result.status == "accepted"]
    if not accepted or len(accepted) != len(batch.log):
        return None
    feed, first, *_ = batch.log[0]
    for change, row in zip(accepted, batch.log, strict=True):
        if row[0] != feed or row[2] != change.change_id or row[3] != change.scope or batch.taken[row[0], row[1]].refused:
            return None
    return Place(feed, first, batch.now, accepted[-1].change_id[:MARK])


def _lock_feeds(connection: Connection, names: Sequence[str], needed: set[str]) -> dict[str, int]:
    """Takes the lock of each feed, in one order for everybody, until commit; returns the last place given out in each. The `needed` ones are
    made where they are missing. One feed a statement: a lock over several is none that a distributed database could take.
    """
    before: dict[str, int] = {}
    for name in names:
        query = select(FEED.c.last_seq).where(FEED.c.name == name).with_for_update()
        last = connection.execute(query).scalar()
        if last is None and name in needed:
            bulk.add_missing(connection, FEED, [{"name": name, "last_seq": 0}])
            last = connection.execute(query).scalar_one()
        if last is not None:
            before[name] = last
    return before


def _known(connection: Connection, ids: Iterable[bytes]) -> dict[bytes, Known]:
    rows = bulk.found(connection, KNOWN, ("id", "feed", "seq", "home"), "id", set(ids))
    return {bytes(identity): Known(feed, seq, home) for identity, feed, seq, home in rows}


def _homes(known: dict[bytes, Known], device: Device) -> set[str]:
    """The feeds in which the device may change one of these records."""
    mine = {feed_of(scope) for scope in (device.scope, *device.also)}
    return {k.home for k in known.values() if k.home and (k.home in mine or device.writes(k.home))}


def _left(connection: Connection, device: Device, held: dict[bytes, Held], unheard: Sequence[Move]) -> None:
    """Finds those of the records that left the device's scope by a move of which it does not know yet."""
    by_entry = {m.left_id(i): (i, m) for i, one in held.items() if not within(one.scope, device.scope) for m in unheard}
    for entry in _known(connection, by_entry):
        identity, move = by_entry[entry]
        held[identity].left_by = move


def _load(connection: Connection, known: dict[bytes, Known], ids: set[bytes]) -> dict[bytes, Held]:
    """The records that there are among these."""
    at_home: dict[str, list[bytes]] = defaultdict(list)
    for identity in ids:
        if (one := known.get(identity)) is not None and one.home:
            at_home[one.home].append(identity)
    held: dict[bytes, Held] = {}
    for feed, wanted in at_home.items():
        for identity, kind, scope, parent_id, version, body, marks, digest in bulk.found(connection, RECORD, _HELD, "id", wanted, feed):
            values = _values(body)
            held[bytes(identity)] = Held(kind, scope, bytes(parent_id), version, values, unpack_marks(marks, values), bytes(digest))
    return held


def _seen(connection: Connection, known: dict[bytes, Known], changes: Sequence[Change]) -> dict[bytes, Entry]:
    """Those of the changes that were taken in before."""
    places: dict[str, set[int]] = defaultdict(set)
    for change in changes:
        if (one := known.get(change.change_id)) is not None and one.seq:
            places[one.feed].add(one.seq)
    seen: dict[bytes, Entry] = {}
    for feed, wanted in places.items():
        entries = (_entry(entry) for (entry,) in bulk.found(connection, CHANGE, ("entry",), "seq", wanted, feed))
        seen |= {entry.change_id: entry for entry in entries}
    return seen


def _take(batch: Batch, change: Change) -> Result:
    known = batch.seen.get(change.change_id)
    if known is not None:
        there = batch.held.get(known.record_id)
        if (
            not batch.device.writes(resettled(batch.moved, known.scope))
            and not within(known.scope, batch.device.scope)
            and (there is None or there.left_by is None)
        ):
            return Result("rejected", message="这次更改的编号已被别的记录使用。")
        return Result("duplicate", known.version, known.refused)
    one, parent = batch.held.get(change.record_id), batch.held.get(change.parent_id)
    refused = refusal(batch.device, change, one, parent)
    if refused is None and change.record_id in batch.stopped:
        refused = Result("held", message="这条记录先前的更改没有被接受，请先处理。")
    if refused is not None:
        if one is None:
            batch.stopped.add(change.record_id)
        return refused
    if one is None:
        one = Held(change.kind, home(change, parent), change.parent_id, 0, {}, {})
        batch.held[change.record_id] = one
        _tell_left(batch, one, parent, change.record_id)
    marks = one.marks
    if not marks:  # nothing that it could disagree with
        _accept(batch, one, change, change.fields, change.fields, [], batch.device.id)
        return Result("accepted", one.version)
    made = KINDS[one.kind].made if one.kind in KINDS else frozenset[str]()
    merged = merge(one.values, marks, change.base_version, batch.device.id, change.fields, made)
    told = merged.already | merged.applied if merged.already else merged.applied
    _accept(batch, one, change, merged.applied, told, [*merged.refused, *merged.left], batch.device.id)
    for name, value in merged.refused.items():
        _keep_other(batch, one, change, name, value, marks[name])
    return Result("conflict" if merged.refused else "accepted", one.version, list(merged.refused))


def _tell_left(batch: Batch, one: Held, parent: Held | None, record_id: bytes) -> None:
    """A new record of a village of which the device does not know that it was moved: it is the new office's from the beginning, and the old
    feed says so.
    """
    if not batch.unheard or within(one.scope, batch.device.scope):
        return
    move = (parent.left_by if parent is not None else None) or next(
        (m for m in batch.unheard if resettled(batch.moved, m.old_scope) == one.scope), None
    )
    if move is not None:
        one.left_by, one.version = move, 1
        batch.log.append(left_entry(move, record_id, one.kind, move.old_scope, one.parent_id, 1, batch.places, batch.now, one.scope))


def _accept(batch: Batch, one: Held, change: Change, applied: dict[str, Any], told: dict[str, Any], refused: list[str], device_id: str) -> None:
    """Lets a change take effect and gives it its place; `told` are the values that its entry tells, `refused` the names of the others."""
    feed = feed_of(one.scope)
    seq = batch.places[feed] = batch.places[feed] + 1
    one.version += 1
    one.touched = True
    if applied:
        mark = Mark(one.version, device_id, seq)
        if one.marks:
            one.values, one.marks = put(one.values, applied), stamped(one.marks, applied, mark)
        else:
            one.values, one.marks = {n: v for n, v in applied.items() if v is not None}, dict.fromkeys(applied, mark)
    entry = Entry(
        feed, seq, change.change_id, change.record_id, one.kind, one.scope, one.parent_id, one.version, device_id,
        change.author_id, change.made_at, batch.now, told, refused,
    )  # fmt: skip
    batch.seen[change.change_id] = entry
    batch.taken[feed, seq] = entry
    batch.log.append((feed, seq, change.change_id, one.scope, one.kind, device_id, _pack(entry)))


def _keep_other(batch: Batch, one: Held, change: Change, name: str, value: Any, kept: Mark) -> None:
    """Writes the value that came later as an open conflict beside the one that stands."""
    first = _first(batch, one, kept)
    devices = {d: device_name(batch.connection, d) for d in (first.device_id, batch.device.id)}
    told = conflict_change(change, one, name, value, first, batch.device.id, batch.now, devices)
    batch.known |= _known(batch.connection, (told.record_id, told.change_id))
    if told.record_id in batch.held or batch.known.get(told.record_id, NOWHERE).home:
        return  # a device told it again after this server had lost it (store.known_before)
    made = batch.held[told.record_id] = Held(told.kind, told.scope, told.parent_id, 0, {}, {})
    _accept(batch, made, told, told.fields, told.fields, [], COUNTY_DEVICE)


def _first(batch: Batch, one: Held, mark: Mark) -> Entry:
    """The change that wrote the value that a mark stands for."""
    place = mark.feed or feed_of(one.scope), mark.seq
    if place not in batch.taken:
        query = select(CHANGE.c.entry).where(CHANGE.c.feed == place[0], CHANGE.c.seq == place[1])
        batch.taken[place] = _entry(batch.connection.execute(query).scalar_one())
    return batch.taken[place]


def _write(batch: Batch, before: dict[str, int]) -> None:
    connection = batch.connection
    new: list[tuple[Any, ...]] = []
    old: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    moves = tally.Moves()
    known = {row[2]: (row[0], row[1], "") for row in batch.log}
    for identity, one in batch.held.items():
        if not one.touched:
            continue
        feed = feed_of(one.scope)
        body = canonical(one.values)
        number = number_of(unpacked(identity), one.version, body)
        digest = number.to_bytes(SIZE, "big")
        marks = pack_one_mark(one.marks) if one.version == 1 and len(one.marks) == len(one.values) > 0 else pack_marks(one.marks, one.values)
        if one.digest:
            old[feed].append((one.version, body, marks, digest, identity))
        else:
            new.append((feed, identity, one.kind, one.scope, one.parent_id, one.version, body, marks, digest))
            place = known.get(identity, NOWHERE)
            known[identity] = (place[0], place[1], feed)
        moves.note(one.scope, one.kind, number, one.digest)
    bulk.add(connection, CHANGE, batch.log)
    _remember(batch, known)
    bulk.add(connection, RECORD, new)
    for feed, rows in old.items():
        bulk.change(connection, RECORD, ("version", "body", "marks", "digest"), rows, feed)
    contents.note_uses(connection, [(one.kind, one.scope, one.values) for one in batch.held.values() if one.touched])
    tally.move(connection, moves)
    bulk.change(connection, FEED, ("last_seq",), [(s, n) for n, s in batch.places.items() if s != before[n]])


def _remember(batch: Batch, known: dict[bytes, tuple[str, int, str]]) -> None:
    """Notes the identities of a batch, in one order for everybody. One that another feed takes at the same moment ends this transaction.

    Raises:
        Moved: it was known before, and another feed took it meanwhile.
    """
    new: list[tuple[Any, ...]] = []
    old: list[tuple[Any, ...]] = []
    for identity in sorted(known):
        feed, seq, home = known[identity]
        if (was := batch.known.get(identity)) is None:
            new.append((identity, feed, seq, home))
        else:
            old.append((feed or was.feed, seq or was.seq, home or was.home, identity, *was))
    bulk.add(batch.connection, KNOWN, new)
    if bulk.change(batch.connection, KNOWN, ("feed", "seq", "home"), old, were=("feed", "seq", "home")) < len(old):
        raise Moved
