"""Leases blocks of printed numbers: each number of a series goes to one device, once, for ever (S8)."""

from __future__ import annotations

import uuid

from sqlalchemy import Connection, insert, select, update

from county_server import bulk
from county_server.failing import malformed, outside
from county_server.judging import Device, is_reference
from county_server.restoring import floor_of
from county_server.schema import KNOWN, NUMBER_LEASE, NUMBER_SERIES, RECORD
from jusuo_desktop.wire.limits import MOST_LEASE, MOST_NUMBER, MOST_SERIES
from jusuo_desktop.wire.messages import LeaseRequest
from jusuo_desktop.wire.scope import visible


def lease(connection: Connection, device: Device, request: LeaseRequest, now: int) -> tuple[int, int]:
    """The block [first, last]; the same request again gets the same block. It begins behind what the office gave out by itself.

    A series is 'committee id/year/kind'; a committee of another area is refused, one that the county does not know yet is not.

    Raises:
        Refusal: a count or series that nobody needs, somebody else's series or request.
    """
    series = request.series
    if not 0 < request.count <= MOST_LEASE or not 0 <= request.after <= MOST_NUMBER or len(request.request_id) != 16:
        raise malformed()
    if not 0 < len(series) <= MOST_SERIES or not series.isprintable():
        raise malformed()
    if not _may_number(connection, device, series.partition("/")[0]):
        raise outside()
    bulk.add_missing(connection, NUMBER_SERIES, [{"series": series, "last": floor_of(connection, series)}])
    row = connection.execute(select(NUMBER_SERIES).where(NUMBER_SERIES.c.series == series).with_for_update()).one()
    query = select(NUMBER_LEASE).where(NUMBER_LEASE.c.request_id == request.request_id)
    known = connection.execute(query).first()
    if known is not None:
        if known.device_id != device.id or known.series != series:
            raise outside()
        return known.first, known.last
    first = max(row.last, request.after) + 1
    last = first + request.count - 1
    connection.execute(update(NUMBER_SERIES).where(NUMBER_SERIES.c.series == series).values(last=last))
    connection.execute(
        insert(NUMBER_LEASE).values(request_id=request.request_id, series=series, device_id=device.id, first=first, last=last, leased_at=now)
    )
    return first, last


def _may_number(connection: Connection, device: Device, committee: str) -> bool:
    try:
        identity = uuid.UUID(committee).bytes
    except ValueError:
        return True
    home = connection.execute(select(KNOWN.c.home).where(KNOWN.c.id == identity)).scalar() or ""
    row = connection.execute(select(RECORD.c.scope, RECORD.c.kind).where(RECORD.c.feed == home, RECORD.c.id == identity)).first()
    return row is None or visible(row.scope, device.scope, reference=is_reference(row.kind))
