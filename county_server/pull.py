"""Hands out the feeds: what comes after a device's cursor, filtered to its scope, oldest first, bounded by bytes."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from sqlalchemy import Connection, or_, select

from county_server.push import Device
from county_server.schema import CHANGE, FEED, RECORD
from jusuo_desktop.records.identity import unpacked
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.wire.digest import digest_of
from jusuo_desktop.wire.limits import PULL_BYTES
from jusuo_desktop.wire.messages import DigestResponse, Entry, PullRequest, PullResponse
from jusuo_desktop.wire.scope import COUNTY, OFFICE

REFERENCE_KINDS: Final = tuple(sorted(k.name for k in KINDS.values() if k.reference))
ENTRY_OVERHEAD: Final = 160
"""Bytes of an entry beside its fields, about."""
ROWS: Final = 4000
"""Rows read at a time."""


class CursorAhead(Exception):
    """A device knows places that this server never gave out: the server was restored from an older backup."""


def feeds_of(device_scope: str) -> Any:
    """The condition on FEED/CHANGE names that a device pulls: the county's, and those of the offices in its scope."""
    if len(device_scope) == COUNTY:
        return lambda column: column.startswith(device_scope)
    return lambda column: column.in_([device_scope[:COUNTY], device_scope[:OFFICE]])


def _prefixes(scope: str) -> list[str]:
    return [scope[:n] for n in (COUNTY, OFFICE) if n < len(scope)]


def visible_rows(table: Any, device_scope: str) -> Any:
    """The condition for rows that a device may see (wire.scope.visible, in SQL)."""
    inside = table.c.scope.startswith(device_scope, autoescape=True)
    around = _prefixes(device_scope)
    return or_(inside, table.c.kind.in_(REFERENCE_KINDS) & table.c.scope.in_(around)) if around else inside


def pull(connection: Connection, device: Device, request: PullRequest, epoch: str, now: int) -> PullResponse:
    """One answer to a pull, within one snapshot.

    Raises:
        CursorAhead: see there.
    """
    mine = feeds_of(device.scope)
    heads = {r.name: r.last_seq for r in connection.execute(select(FEED).where(mine(FEED.c.name)))}
    if any(request.cursor[name] > heads.get(name, 0) for name in request.cursor):
        raise CursorAhead
    cursor = {name: request.cursor.get(name, 0) for name in sorted(heads)}
    budget = min(max(request.most_bytes, 1), PULL_BYTES)
    entries: list[Entry] = []
    for feed in cursor:
        while budget > 0 and cursor[feed] < heads[feed]:
            budget = _read(connection, device, request, feed, cursor, heads[feed], budget, entries)
    more = any(cursor[name] < heads[name] for name in cursor)
    return PullResponse(epoch, entries, cursor, more, now)


def _read(
    connection: Connection,
    device: Device,
    request: PullRequest,
    feed: str,
    cursor: dict[str, int],
    head: int,
    budget: int,
    entries: list[Entry],
) -> int:
    query = (
        select(CHANGE)
        .where(CHANGE.c.feed == feed, CHANGE.c.seq > cursor[feed], CHANGE.c.seq <= head, visible_rows(CHANGE, device.scope))
        .order_by(CHANGE.c.seq)
        .limit(ROWS)
    )
    rows = connection.execute(query).all()
    for r in rows:
        own = r.device_id == device.id and not request.echo_own
        refused = r.refused.split(",") if r.refused else []
        fields = None if own else msgspec.msgpack.decode(r.fields)
        entries.append(
            Entry(feed, r.seq, bytes(r.change_id), bytes(r.record_id), r.kind, r.scope, bytes(r.parent_id), r.version, r.device_id,
                  r.author_id, r.made_at, r.received_at, fields, refused)
        )  # fmt: skip
        cursor[feed] = r.seq
        budget -= ENTRY_OVERHEAD + (0 if own else len(r.fields))
        if budget <= 0:
            return budget
    if len(rows) < ROWS:
        cursor[feed] = head
    return budget


def digest(connection: Connection, device: Device) -> DigestResponse:
    """Digest and count of everything a device may hold, with the cursor at which they hold; one snapshot."""
    mine = feeds_of(device.scope)
    heads = {r.name: int(r.last_seq) for r in connection.execute(select(FEED).where(mine(FEED.c.name)))}
    query = select(RECORD.c.id, RECORD.c.version, RECORD.c.body).where(mine(RECORD.c.feed), visible_rows(RECORD, device.scope))
    count = 0

    def held() -> Any:
        nonlocal count
        for r in connection.execute(query.execution_options(yield_per=2000)):
            count += 1
            yield unpacked(bytes(r.id)), r.version, msgspec.msgpack.decode(r.body)

    return DigestResponse(digest_of(held()), count, heads)

