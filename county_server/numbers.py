"""Leases blocks of printed numbers: each number of a series goes to one device, once, for ever (S8)."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from county_server.database import insert_ignoring
from county_server.failing import Refusal, malformed
from county_server.schema import NUMBER_LEASE, NUMBER_SERIES
from jusuo_desktop.wire.limits import MOST_LEASE
from jusuo_desktop.wire.messages import LeaseRequest


def lease(connection: Connection, device_id: str, request: LeaseRequest, now: int) -> tuple[int, int]:
    """The block [first, last]; the same request again gets the same block.

    Raises:
        Refusal: a count or series that nobody needs, or somebody else's request id.
    """
    if not 0 < request.count <= MOST_LEASE or not 0 < len(request.series) <= 200 or len(request.request_id) != 16:
        raise malformed()
    insert_ignoring(connection, NUMBER_SERIES, [{"series": request.series, "last": 0}])
    held = connection.execute(select(NUMBER_SERIES).where(NUMBER_SERIES.c.series == request.series).with_for_update()).one()
    known = connection.execute(select(NUMBER_LEASE).where(NUMBER_LEASE.c.request_id == request.request_id)).first()
    if known is not None:
        if known.device_id != device_id or known.series != request.series:
            raise Refusal(403, "scope", "这个号段已经分给别的设备。")
        return known.first, known.last
    first, last = held.last + 1, held.last + request.count
    connection.execute(update(NUMBER_SERIES).where(NUMBER_SERIES.c.series == request.series).values(last=last))
    connection.execute(
        insert(NUMBER_LEASE).values(
            request_id=request.request_id, series=request.series, device_id=device_id, first=first, last=last, leased_at=now
        )
    )
    return first, last
