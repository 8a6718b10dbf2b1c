"""Takes in a batch of changes: each one checked, merged field by field and given its place in the feed, in one transaction.

The feeds' rows are locked from the first look to the commit, so a place in the order is visible only when every earlier one is (S4),
and a change that comes again finds its own id (S1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, bindparam, insert, select, update

from county_server.database import lock_feeds
from county_server.schema import CHANGE, FEED, RECORD
from jusuo_desktop.records.check import check
from jusuo_desktop.records.conflict import CONFLICT
from jusuo_desktop.records.identity import new_id, packed, unpacked
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.wire.merge import merge, stamped
from jusuo_desktop.wire.messages import Change, Result
from jusuo_desktop.wire.scope import feed_of, is_scope, writable
from jusuo_desktop.wire.values import fault

CHUNK: Final = 500
COUNTY_DEVICE: Final = "county"
"""The device id of what the server writes itself (conflicts)."""

_pack: Final = msgspec.msgpack.encode
_unpack: Final = msgspec.msgpack.decode


@dataclass(frozen=True, slots=True)
class Device:
    """The device that speaks: its identity and its scope."""

    id: str
    scope: str


@dataclass(slots=True)
class Held:
    """A record while a batch works on it."""

    kind: str
    scope: str
    parent_id: bytes
    version: int
    values: dict[str, Any]
    meta: dict[str, tuple[int, str, str]]
    new: bool = False
    touched: bool = False


@dataclass(slots=True)
class Batch:
    """A batch under way: what is held, what is known, what is to be written."""

    device: Device
    now: int
    held: dict[bytes, Held]
    seen: dict[bytes, Any]
    places: dict[str, int]
    log: list[dict[str, Any]] = field(default_factory=list)


def push(connection: Connection, device: Device, changes: Sequence[Change], now: int) -> list[Result]:
    """Takes in the changes of one device, in order; one result each. `now` is the server's clock in milliseconds."""
    ids = {c.record_id for c in changes} | {c.parent_id for c in changes if c.parent_id}
    places = lock_feeds(connection, sorted(_feeds(connection, ids, changes)))
    batch = Batch(device, now, _load(connection, ids), _seen(connection, [c.change_id for c in changes]), dict(places))
    results = [_take(batch, change) for change in changes]
    _write(connection, batch, places)
    return results


def _feeds(connection: Connection, ids: set[bytes], changes: Sequence[Change]) -> set[str]:
    feeds = {feed_of(c.scope) for c in changes if is_scope(c.scope)}
    listed = sorted(ids)
    for start in range(0, len(listed), CHUNK):
        feeds |= set(connection.execute(select(RECORD.c.feed).where(RECORD.c.id.in_(listed[start : start + CHUNK])).distinct()).scalars())
    return feeds


def _load(connection: Connection, ids: set[bytes]) -> dict[bytes, Held]:
    held: dict[bytes, Held] = {}
    listed = sorted(ids)
    for start in range(0, len(listed), CHUNK):
        for r in connection.execute(select(RECORD).where(RECORD.c.id.in_(listed[start : start + CHUNK]))):
            meta = {name: tuple(entry) for name, entry in _unpack(r.meta).items()}
            held[bytes(r.id)] = Held(r.kind, r.scope, bytes(r.parent_id), r.version, _unpack(r.body), meta)
    return held


def _seen(connection: Connection, ids: Sequence[bytes]) -> dict[bytes, Any]:
    seen: dict[bytes, Any] = {}
    for start in range(0, len(ids), CHUNK):
        query = select(CHANGE.c.change_id, CHANGE.c.version, CHANGE.c.refused).where(CHANGE.c.change_id.in_(ids[start : start + CHUNK]))
        for r in connection.execute(query):
            seen[bytes(r.change_id)] = Result("duplicate", r.version, r.refused.split(",") if r.refused else [])
    return seen


def _take(batch: Batch, change: Change) -> Result:
    if (known := batch.seen.get(change.change_id)) is not None:
        return Result("duplicate", known.version, known.fields)
    one = batch.held.get(change.record_id)
    refusal = _refusal(batch, change, one)
    if refusal is not None:
        return refusal
    if one is None:
        one = batch.held[change.record_id] = Held(change.kind, change.scope, change.parent_id, 0, {}, {}, new=True)
    merged = merge(one.values, one.meta, change.base_version, batch.device.id, change.fields)
    if change.kind in KINDS and (said := _bad_values(one, merged.applied)):
        if one.version == 0:
            del batch.held[change.record_id]
        return Result("rejected", one.version, message=said)
    before = dict(one.meta)
    _accept(batch, change.record_id, one, change, merged.applied, list(merged.refused), batch.device.id)
    for name, value in merged.refused.items():
        _conflict(batch, change, one, name, value, before)
    status = "conflict" if merged.refused else "accepted"
    result = Result(status, one.version, list(merged.refused))
    batch.seen[change.change_id] = result
    return result


def _refusal(batch: Batch, change: Change, one: Held | None) -> Result | None:
    if len(change.change_id) != 16 or len(change.record_id) != 16 or len(change.parent_id) not in (0, 16):
        return Result("rejected", message="更改的编号不合规。")
    if (said := fault(change.fields)) is not None:
        return Result("rejected", message=said)
    kind, scope = (one.kind, one.scope) if one is not None else (change.kind, change.scope)
    if not is_scope(scope) or not 0 < len(kind) <= 64:
        return Result("rejected", message="记录没有归属到一个村、司法所或县。")
    known = KINDS.get(kind)
    if not writable(scope, batch.device.scope, reference=known is not None and known.reference):
        return Result("rejected", message="这条记录不在本机的管辖范围内，不能修改。")
    if one is None and change.parent_id and change.parent_id not in batch.held:
        return Result("held", message="所属的记录还没有到达，稍后再送。")
    if one is None and change.parent_id and not batch.held[change.parent_id].scope.startswith(batch.device.scope):
        return Result("rejected", message="所属的记录不在本机的管辖范围内。")
    return None


def _bad_values(one: Held, applied: dict[str, Any]) -> str:
    present = {n: v for n, v in applied.items() if v is not None}
    return "；".join(p.message for p in check(KINDS[one.kind], present) if p.blocking)


def _accept(
    batch: Batch, record_id: bytes, one: Held, change: Change, applied: dict[str, Any], refused: list[str], device_id: str
) -> None:
    one.version += 1
    one.touched = True
    for name, value in applied.items():
        if value is None:
            one.values.pop(name, None)
        else:
            one.values[name] = value
    one.meta = stamped(one.meta, applied, one.version, device_id, change.author_id)
    feed = feed_of(one.scope)
    batch.places[feed] = batch.places.get(feed, 0) + 1
    batch.log.append(
        {
            "feed": feed,
            "seq": batch.places[feed],
            "change_id": change.change_id,
            "record_id": record_id,
            "kind": one.kind,
            "scope": one.scope,
            "parent_id": one.parent_id,
            "version": one.version,
            "device_id": device_id,
            "author_id": change.author_id,
            "made_at": change.made_at,
            "received_at": batch.now,
            "fields": _pack(applied),
            "refused": ",".join(refused),
        }
    )


def _conflict(batch: Batch, change: Change, one: Held, name: str, value: Any, meta: dict[str, tuple[int, str, str]]) -> None:
    """The value that came later, kept as an open conflict beside the one that stands; a record of its own in the same scope."""
    identity = packed(new_id())
    _, kept_device, kept_author = meta.get(name, (0, "", ""))
    told = {
        "field_name": name,
        "kept_value": _json(one.values.get(name)),
        "kept_author": kept_author,
        "kept_device": kept_device,
        "other_value": _json(value),
        "other_author": change.author_id,
        "other_device": batch.device.id,
        "change_id": unpacked(change.change_id),
        "state": "open",
    }
    made = Held(CONFLICT.name, one.scope, change.record_id, 0, {}, {}, new=True)
    batch.held[identity] = made
    own = Change(packed(new_id()), identity, CONFLICT.name, one.scope, change.record_id, 0, change.author_id, change.made_at, told)
    _accept(batch, identity, made, own, told, [], COUNTY_DEVICE)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _write(connection: Connection, batch: Batch, places: dict[str, int]) -> None:
    if batch.log:
        connection.execute(insert(CHANGE), batch.log)
    new: list[dict[str, Any]] = []
    old: list[dict[str, Any]] = []
    for identity, one in batch.held.items():
        if not one.touched:
            continue
        row = {"version": one.version, "body": _pack(one.values), "meta": _pack(one.meta)}
        if one.new:
            new.append({**row, "id": identity, "kind": one.kind, "scope": one.scope, "feed": feed_of(one.scope), "parent_id": one.parent_id})
        else:
            old.append({**row, "this": identity})
    if new:
        connection.execute(insert(RECORD), new)
    if old:
        statement = update(RECORD).where(RECORD.c.id == bindparam("this"))
        connection.execute(statement.values(version=bindparam("version"), body=bindparam("body"), meta=bindparam("meta")), old)
    moved = [{"this": name, "place": seq} for name, seq in batch.places.items() if seq != places.get(name)]
    if moved:
        connection.execute(update(FEED).where(FEED.c.name == bindparam("this")).values(last_seq=bindparam("place")), moved)
