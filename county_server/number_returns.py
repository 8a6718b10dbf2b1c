"""Numbers that come back unused, blocks that are closed because their device does not, and the list of all blocks.

What comes back from the upper end of a series is given out again, next and in order. What comes back from its middle is not: a low number on a
paper of the autumn looks like a paper dated back, and an inspector accepts a gap that the ledger explains. Closed blocks are never given
out again, for nobody knows how far their device has drawn. A device closes numbers for itself first and gives them back second, so
that nobody can draw them while they are on their way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, or_, select, update

from county_server.failing import malformed, too_large
from county_server.judging import Device
from county_server.schema import DEVICE, NUMBER_LEASE, NUMBER_RETURN, NUMBER_SERIES
from jusuo_desktop.wire.limits import MOST_REASON, MOST_RETURNS, MOST_SERIES
from jusuo_desktop.wire.messages import BlocksRequest, BlocksResponse, NumberBlock, Returned, ReturnRequest, ReturnResponse
from jusuo_desktop.wire.scope import feed_of


def take_back(connection: Connection, device: Device, request: ReturnRequest, now: int) -> ReturnResponse:
    """Notes what a device gives back; the same again changes nothing.

    Raises:
        Refusal: more than a device has, or no numbers at all.
    """
    if len(request.returns) > MOST_RETURNS:
        raise too_large()
    for one in request.returns:
        if len(one.return_id) != 16 or not 0 < len(one.series) <= MOST_SERIES or not 0 < one.first <= one.last:
            raise malformed()
        if len(one.because) > MOST_REASON or not (one.because.isprintable() and one.series.isprintable()):
            raise malformed()
    noted = {}
    for one in sorted(request.returns, key=lambda r: (r.series, -r.first)):  # in one order, so that two devices never wait for each other
        noted[one.return_id] = _taken(connection, device, one, now)
    return ReturnResponse([noted[one.return_id] for one in request.returns])


def _taken(connection: Connection, device: Device, one: Returned, now: int) -> bool:
    series = connection.execute(select(NUMBER_SERIES).where(NUMBER_SERIES.c.series == one.series).with_for_update()).first()
    known = connection.execute(select(NUMBER_RETURN).where(NUMBER_RETURN.c.return_id == one.return_id)).first()
    if known is not None:
        return bool(known.device_id == device.id)
    lease = _lease_of(connection, device, one)
    if lease is None and series is not None and _somebody_s(connection, one):
        return False
    row = {"return_id": one.return_id, "lease_id": lease.request_id if lease is not None else b"", "series": one.series, "first": one.first}
    connection.execute(insert(NUMBER_RETURN).values(**row, last=one.last, device_id=device.id, returned_at=now, because=one.because))
    own = lease is not None and lease.device_id == device.id and lease.closed_at is None
    if own and series is not None and one.last == lease.last == series.last:
        connection.execute(update(NUMBER_SERIES).where(NUMBER_SERIES.c.series == one.series).values(last=one.first - 1))
    return True


def _lease_of(connection: Connection, device: Device, one: Returned) -> Any:
    """The lease that the numbers are of and of which they have not come back yet: this device's, or that of one that was shut out and
    whose store has joined again under another name.
    """
    leases = connection.execute(
        select(NUMBER_LEASE, DEVICE.c.scope, DEVICE.c.revoked_at)
        .join(DEVICE, DEVICE.c.id == NUMBER_LEASE.c.device_id)
        .where(NUMBER_LEASE.c.series == one.series, NUMBER_LEASE.c.first <= one.first, NUMBER_LEASE.c.last >= one.last)
    ).all()
    own = [row for row in leases if row.device_id == device.id]
    former = [row for row in leases if row.revoked_at is not None and feed_of(row.scope) == feed_of(device.scope)]
    for row in [*own, *former]:
        back = select(NUMBER_RETURN.c.return_id).where(NUMBER_RETURN.c.lease_id == row.request_id)
        if connection.execute(back.where(NUMBER_RETURN.c.first <= one.last, NUMBER_RETURN.c.last >= one.first).limit(1)).first() is None:
            return row
    return None


def _somebody_s(connection: Connection, one: Returned) -> bool:
    overlapping = (NUMBER_LEASE.c.series == one.series) & (NUMBER_LEASE.c.first <= one.last) & (NUMBER_LEASE.c.last >= one.first)
    return connection.execute(select(NUMBER_LEASE.c.request_id).where(overlapping).limit(1)).first() is not None


def close_blocks(connection: Connection, device_id: str, now: int, because: str) -> int:
    """Closes every block of a device that does not come back; returns how many were open. They are never given out again."""
    still_open = (NUMBER_LEASE.c.device_id == device_id) & NUMBER_LEASE.c.closed_at.is_(None)
    return int(connection.execute(update(NUMBER_LEASE).where(still_open).values(closed_at=now, because=because)).rowcount)


def blocks(connection: Connection, scope: str, years: Iterable[int] = ()) -> list[NumberBlock]:
    """The blocks of the devices whose scope lies within `scope`, in order; of the series of some years, or of all."""
    query = select(NUMBER_LEASE, DEVICE.c.name).join(DEVICE, DEVICE.c.id == NUMBER_LEASE.c.device_id).where(DEVICE.c.scope.startswith(scope))
    named = [NUMBER_LEASE.c.series.like(f"%/{year:d}/%") for year in years]
    if named:
        query = query.where(or_(*named))
    leases = connection.execute(query.order_by(NUMBER_LEASE.c.series, NUMBER_LEASE.c.first, NUMBER_LEASE.c.leased_at)).all()
    back: dict[bytes, list[list[int]]] = {}
    known = {row.request_id for row in leases}
    for row in connection.execute(select(NUMBER_RETURN).where(NUMBER_RETURN.c.lease_id.in_(query.with_only_columns(NUMBER_LEASE.c.request_id)))):
        if row.lease_id in known:
            back.setdefault(row.lease_id, []).append([row.first, row.last, row.returned_at])
    return [
        NumberBlock(r.series, r.first, r.last, r.device_id, r.name, r.leased_at, r.closed_at or 0, r.because, sorted(back.get(r.request_id, [])))
        for r in leases
    ]


def told(connection: Connection, device: Device, request: BlocksRequest) -> BlocksResponse:
    """The blocks within a device's scope, unless it holds them already.

    Raises:
        Refusal: a year that is none.
    """
    if not 1900 <= request.year <= 9998:
        raise malformed()
    found = blocks(connection, device.scope, (request.year, request.year + 1))
    digest = hashlib.sha256(msgspec.msgpack.encode(found)).digest()[:16]
    return BlocksResponse(request.year, digest, [] if digest == request.digest else found)
