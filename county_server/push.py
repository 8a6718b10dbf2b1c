"""Takes in a batch of changes: each one judged, merged field by field and given its place in a feed, in one transaction.

The feeds' rows are locked from the first look to the commit, so a place in the order is visible only when every earlier
one is (S4), and a change that comes again finds its own id (S1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, select

from county_server import bulk, contents, tally
from county_server.conflicts import conflict_change
from county_server.judging import Device, Held, home, refusal
from county_server.marks import pack_marks, pack_one_mark, unpack_marks
from county_server.schema import CHANGE, FEED, RECORD
from jusuo_desktop.records.identity import unpacked
from jusuo_desktop.wire.digest import SIZE, canonical, number_of
from jusuo_desktop.wire.merge import Mark, Merged, merge, put, stamped
from jusuo_desktop.wire.messages import Change, Entry, Result
from jusuo_desktop.wire.scope import feed_of, is_scope, within

COUNTY_DEVICE: Final = "county"
"""The device id of what the server writes itself (conflicts)."""

_pack: Final = msgspec.msgpack.Encoder().encode
_values: Final = msgspec.msgpack.Decoder(dict[str, Any]).decode
_entry: Final = msgspec.msgpack.Decoder(Entry).decode
_HELD: Final = ("id", "kind", "scope", "parent_id", "version", "body", "marks", "digest")


class Moved(Exception):
    """A record appeared in a feed that this batch did not lock; the batch is to be taken in anew."""


@dataclass(slots=True)
class Batch:
    """A batch under way. `stopped` are new records whose first change was refused: what follows on them waits."""

    connection: Connection
    device: Device
    now: int
    held: dict[bytes, Held]
    seen: dict[bytes, Entry]
    places: dict[str, int]
    log: list[tuple[Any, ...]] = field(default_factory=list)
    authors: dict[tuple[str, int], str] = field(default_factory=dict)
    stopped: set[bytes] = field(default_factory=set)


def push(connection: Connection, device: Device, changes: Sequence[Change], now: int) -> list[Result]:
    """Takes in the changes of one device, in order; one result each. `now` is the server's clock in milliseconds.

    Raises:
        Moved: try again in a new transaction.
    """
    ids = {c.record_id for c in changes} | {c.parent_id for c in changes if c.parent_id}
    before = _lock_feeds(connection, _feeds(connection, device, ids, changes))
    held = _load(connection, ids)
    if any(within(h.scope, device.scope) and feed_of(h.scope) not in before for h in held.values()):
        raise Moved
    batch = Batch(connection, device, now, held, _seen(connection, changes), dict(before))
    results = [_take(batch, change) for change in changes]
    _write(batch, before)
    return results


def _feeds(connection: Connection, device: Device, ids: set[bytes], changes: Sequence[Change]) -> list[str]:
    """The feeds that this batch may write to."""
    scopes = {c.scope for c in changes if is_scope(c.scope)}
    scopes |= {row.scope for row in bulk.found(connection, RECORD, ("scope",), "id", ids)}
    return sorted({feed_of(s) for s in scopes if within(s, device.scope)})


def _lock_feeds(connection: Connection, names: list[str]) -> dict[str, int]:
    """Takes the lock of each feed, in one order for everybody, until commit; returns the last place given out in each."""
    bulk.add_missing(connection, FEED, [{"name": n, "last_seq": 0} for n in names])
    query = select(FEED).where(FEED.c.name.in_(names)).order_by(FEED.c.name)
    return {row.name: row.last_seq for row in connection.execute(query.with_for_update())}


def _load(connection: Connection, ids: set[bytes]) -> dict[bytes, Held]:
    held: dict[bytes, Held] = {}
    for identity, kind, scope, parent_id, version, body, marks, digest in bulk.found(connection, RECORD, _HELD, "id", ids):
        values = _values(body)
        held[bytes(identity)] = Held(kind, scope, bytes(parent_id), version, values, unpack_marks(marks, values), bytes(digest))
    return held


def _seen(connection: Connection, changes: Sequence[Change]) -> dict[bytes, Entry]:
    rows = bulk.found(connection, CHANGE, ("change_id", "entry"), "change_id", {c.change_id for c in changes})
    return {bytes(change_id): _entry(entry) for change_id, entry in rows}


def _take(batch: Batch, change: Change) -> Result:
    known = batch.seen.get(change.change_id)
    if known is not None:
        if not within(known.scope, batch.device.scope):
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
    marks = one.marks
    merged = merge(one.values, marks, change.base_version, batch.device.id, change.fields) if marks else Merged(change.fields, {}, {})
    _accept(batch, one, change, merged, batch.device.id)
    for name, value in merged.refused.items():
        _keep_other(batch, one, change, name, value, marks[name])
    return Result("conflict" if merged.refused else "accepted", one.version, list(merged.refused))


def _accept(batch: Batch, one: Held, change: Change, merged: Merged, device_id: str) -> None:
    """Lets a change take effect and gives it its place."""
    feed = feed_of(one.scope)
    seq = batch.places[feed] = batch.places[feed] + 1
    one.version += 1
    one.touched = True
    if merged.applied:
        one.values = put(one.values, merged.applied)
        one.marks = stamped(one.marks, merged.applied, Mark(one.version, device_id, seq))
    entry = Entry(
        feed, seq, change.change_id, change.record_id, one.kind, one.scope, one.parent_id, one.version, device_id,
        change.author_id, change.made_at, batch.now, merged.already | merged.applied if merged.already else merged.applied, list(merged.refused),
    )  # fmt: skip
    batch.seen[change.change_id] = entry
    batch.authors[feed, seq] = change.author_id
    batch.log.append((feed, seq, change.change_id, one.scope, one.kind, device_id, _pack(entry)))


def _keep_other(batch: Batch, one: Held, change: Change, name: str, value: Any, kept: Mark) -> None:
    """Writes the value that came later as an open conflict beside the one that stands."""
    told = conflict_change(change, one, name, value, kept, _author(batch, one, kept), batch.device.id)
    if told.record_id in batch.held or bulk.found(batch.connection, RECORD, ("id",), "id", [told.record_id]):
        return  # a device told it again after this server had lost it (store.known_before)
    made = batch.held[told.record_id] = Held(told.kind, told.scope, told.parent_id, 0, {}, {})
    _accept(batch, made, told, Merged(told.fields, {}, {}), COUNTY_DEVICE)


def _author(batch: Batch, one: Held, mark: Mark) -> str:
    """Who wrote the value that a mark stands for."""
    place = feed_of(one.scope), mark.seq
    if place not in batch.authors:
        query = select(CHANGE.c.entry).where(CHANGE.c.feed == place[0], CHANGE.c.seq == place[1])
        batch.authors[place] = _entry(batch.connection.execute(query).scalar_one()).author_id
    return batch.authors[place]


def _write(batch: Batch, before: dict[str, int]) -> None:
    connection = batch.connection
    bulk.add(connection, CHANGE, batch.log)
    new: list[tuple[Any, ...]] = []
    old: list[tuple[Any, ...]] = []
    moves = tally.Moves()
    for identity, one in batch.held.items():
        if not one.touched:
            continue
        body = canonical(one.values)
        number = number_of(unpacked(identity), one.version, body)
        digest = number.to_bytes(SIZE, "big")
        marks = pack_one_mark(one.marks) if one.version == 1 and len(one.marks) == len(one.values) > 0 else pack_marks(one.marks, one.values)
        if one.digest:
            old.append((one.version, body, marks, digest, identity))
        else:
            new.append((identity, one.kind, one.scope, one.parent_id, one.version, body, marks, digest))
        moves.note(one.scope, one.kind, number, one.digest)
    bulk.add(connection, RECORD, new)
    bulk.change(connection, RECORD, ("version", "body", "marks", "digest"), old)
    contents.note_uses(connection, [(one.kind, one.scope, one.values) for one in batch.held.values() if one.touched])
    tally.move(connection, moves)
    bulk.change(connection, FEED, ("last_seq",), [(s, n) for n, s in batch.places.items() if s != before[n]])
