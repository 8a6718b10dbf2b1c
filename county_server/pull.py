"""Hands out the feeds: what comes after a device's cursor, filtered to its scope, oldest first, bounded by bytes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, cast

import msgspec
from sqlalchemy import ColumnElement, Connection, or_, select

from county_server import tally
from county_server.judging import Device
from county_server.moving import moves, readable_until
from county_server.schema import CHANGE, FEED
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.wire.limits import PULL_BYTES
from jusuo_desktop.wire.messages import DigestResponse, Entry, PullRequest, PullResponse
from jusuo_desktop.wire.scope import feeds_of, follows, within

REFERENCE_KINDS: Final = tuple(sorted(k.name for k in KINDS.values() if k.reference))
ROWS: Final = 500
"""Rows fetched from the database at a time: bounds the memory of one answer beside its own bytes."""

MOST_LOOKED_AT: Final = 50_000
"""Places of feeds that one answer may pass over: a village's laptop sees few of its office's, and still gets answers soon."""

_encode: Final = msgspec.msgpack.Encoder().encode
_entry: Final = msgspec.msgpack.Decoder(Entry).decode


MARK: Final = 8
"""Bytes of a change's identity that stand for a place of a feed."""


class CursorAhead(Exception):
    """A device knows places that this server never gave out, or other changes at them: the server was restored from an older backup."""


def check_cursor(connection: Connection, device_scope: str, cursor: Mapping[str, int], marks: Mapping[str, bytes]) -> dict[str, int]:
    """Compares what a device holds with what stands here; gives the last place of each feed that concerns it.

    Raises:
        CursorAhead: see there.
    """
    heads = _heads(connection, device_scope)
    for feed, seq in cursor.items():
        if not follows(feed, device_scope):
            continue
        if seq > heads.get(feed, 0) or (feed in marks and mark_of(connection, feed, seq) != marks[feed]):
            raise CursorAhead
    return heads


def mark_of(connection: Connection, feed: str, seq: int) -> bytes:
    """What stands for the change at a place; b'' for a place before the first."""
    found = connection.execute(select(CHANGE.c.change_id).where(CHANGE.c.feed == feed, CHANGE.c.seq == seq)).scalar()
    return bytes(found)[:MARK] if found is not None else b""


def pull(connection: Connection, device: Device, request: PullRequest, epoch: str, now: int) -> PullResponse:
    """One answer to a pull, within one snapshot. Feeds of another scope in the cursor (the device moved) are dropped.

    Raises:
        CursorAhead: see there.
    """
    heads = check_cursor(connection, device.scope, request.cursor, request.marks)
    cursor = {feed: max(0, request.cursor.get(feed, 0)) for feed in heads}
    moved = moves(connection)
    answer = _Answer(connection, device, request.echo_own, min(request.most_bytes, PULL_BYTES), {m.old_feed for m in moved})
    for feed, head in heads.items():
        cursor[feed] = answer.read(feed, cursor[feed], readable_until(moved, device.scope, feed, cursor, head))
    more = any(cursor[feed] < head for feed, head in heads.items())
    marks = {feed: mark_of(connection, feed, seq) for feed, seq in cursor.items() if seq}
    held = (b"", -1) if more else tally.held_by(connection, device.scope)
    return PullResponse(epoch, cast("list[Entry]", answer.entries), cursor, more, now, marks, device.scope, *held, device.scope_number)


def _heads(connection: Connection, device_scope: str) -> dict[str, int]:
    """The last place of each feed that concerns a device, the county's first: it holds what others refer to."""
    query = select(FEED)
    if feeds := feeds_of(device_scope):
        query = query.where(FEED.c.name.in_(feeds))
    rows = sorted(connection.execute(query), key=lambda row: (len(row.name), row.name))
    return {row.name: row.last_seq for row in rows if follows(row.name, device_scope)}


class _Answer:
    """The entries of one answer, as the bytes in which they were logged, and what it may still hold."""

    def __init__(self, connection: Connection, device: Device, echo_own: bool, most_bytes: int, left: Collection[str]) -> None:
        self.entries: list[msgspec.Raw] = []
        self._connection = connection
        self._device = device
        self._echo_own = echo_own
        self._left = left
        self._bytes_left = max(most_bytes, 1)
        self._places_left = MOST_LOOKED_AT

    def read(self, feed: str, after: int, head: int) -> int:
        """Takes entries of `feed` after a place; returns the place up to which everything visible is in the answer."""
        until = min(head, after + self._places_left)
        if self._bytes_left <= 0 or after >= until:
            return after
        self._places_left -= until - after
        query = (
            select(CHANGE.c.seq, CHANGE.c.device_id, CHANGE.c.entry)
            .where(CHANGE.c.feed == feed, CHANGE.c.seq > after, CHANGE.c.seq <= until)
            .order_by(CHANGE.c.seq)
        )
        if not within(feed, self._device.scope) or feed in self._left:  # what it told of a village that left is the new office's
            query = query.where(_visible(self._device.scope))
        if until - after > ROWS:  # fetched as it is read, which takes PostgreSQL several more exchanges
            query = query.execution_options(yield_per=ROWS)
        with self._connection.execute(query) as rows:
            for seq, device_id, entry in rows:
                self._add(device_id, bytes(entry))
                if self._bytes_left <= 0:
                    return int(seq)
        return until

    def _add(self, device_id: str, entry: bytes) -> None:
        if device_id == self._device.id and not self._echo_own:
            entry = _encode(msgspec.structs.replace(_entry(entry), fields=None))
        self._bytes_left -= len(entry)
        self.entries.append(msgspec.Raw(entry))


def _visible(device_scope: str) -> ColumnElement[bool]:
    """wire.scope.visible in SQL."""
    around = [device_scope[:n] for n in range(1, len(device_scope))]
    inside = CHANGE.c.scope.startswith(device_scope)
    return or_(inside, CHANGE.c.kind.in_(REFERENCE_KINDS) & CHANGE.c.scope.in_(around))


def digest(connection: Connection, device: Device) -> DigestResponse:
    """Digest and count of everything a device may hold, with the cursor at which they hold; one snapshot."""
    total, count = tally.held_by(connection, device.scope)
    return DigestResponse(total, count, _heads(connection, device.scope))
