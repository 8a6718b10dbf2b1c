"""Gives out release codes for devices that locked themselves for want of contact (wire.release_code)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, select

from county_server.failing import Refusal, outside
from county_server.judging import Device
from county_server.schema import COUNTY, DEVICE, KNOWN, RECORD
from jusuo_desktop.records.contact_lock import days_of, parameter_of
from jusuo_desktop.records.county_parameter import COUNTY_PARAMETER, parameter
from jusuo_desktop.records.kind import VOIDED
from jusuo_desktop.records.place import WORKER
from jusuo_desktop.wire.messages import ReleaseRequest, ReleaseResponse
from jusuo_desktop.wire.release_code import MOST_DAYS, BadCode, code_for, device_secret
from jusuo_desktop.wire.scope import OFFICE, feed_of, within

DIRECTOR: Final = "director"
USUAL_DAYS: Final = 7
"""Days that a code grants where the county has set no number of its own."""


def release(connection: Connection, secret: bytes, device_id: str, challenge: str, today: date, days: int = 0) -> ReleaseResponse:
    """The code for a device that shows `challenge`; `days` 0: as many as the county lets a device be without contact, at most a month.

    Raises:
        Refusal: no such device, one that was shut out, or a challenge that was misheard; each with its sentence.
    """
    row = _named(connection, device_id)
    try:
        granted = min(days or _county_s_days(connection, row.scope, today) or USUAL_DAYS, MOST_DAYS)
        return ReleaseResponse(code_for(device_secret(secret, row.id), row.id, challenge, granted), granted, row.name)
    except BadCode as bad:
        raise _cannot(str(bad)) from None


def release_asked(connection: Connection, secret: bytes, device: Device, request: ReleaseRequest, today: date) -> ReleaseResponse:
    """The code that a director asks for at a computer of his office, for a device of that office.

    Raises:
        Refusal: the one who asks is no director there, or the device is not of his office; and those of `release`.
    """
    if len(device.scope) > OFFICE or not _is_director(connection, request.author_id, device):
        raise Refusal(403, "scope", "只有所长能在司法所的电脑上开具解锁码。")
    if not within(_named(connection, request.device_id).scope, device.scope):
        raise outside()
    return release(connection, secret, request.device_id, request.challenge, today, min(max(request.days, 0), MOST_DAYS))


def _named(connection: Connection, device_id: str) -> Any:
    row = connection.execute(select(DEVICE).where(DEVICE.c.id == device_id)).first()
    if row is None:
        raise _cannot(f"没有编号为 {device_id} 的设备，请核对那台电脑上显示的设备编号。")
    if row.revoked_at is not None:
        raise _cannot("那台设备已被县局停用，不能开解锁码。")
    return row


def _cannot(said: str) -> Refusal:
    """About another device than the one that speaks, so with none of the codes that are about itself."""
    return Refusal(409, "content", said)


def _is_director(connection: Connection, author_id: str, device: Device) -> bool:
    try:
        identity = uuid.UUID(author_id).bytes
    except ValueError:
        return False
    home = connection.execute(select(KNOWN.c.home).where(KNOWN.c.id == identity)).scalar() or ""
    row = connection.execute(select(RECORD.c.kind, RECORD.c.scope, RECORD.c.body).where(RECORD.c.feed == home, RECORD.c.id == identity)).first()
    if row is None or row.kind != WORKER.name or not within(row.scope, device.scope):
        return False
    values = msgspec.msgpack.decode(row.body)
    return values.get("access_role") == DIRECTOR and VOIDED.name not in values


def _county_s_days(connection: Connection, scope: str, today: date) -> int:
    county = str(connection.execute(select(COUNTY.c.code)).scalar_one())
    entered = [values for feed in (county, feed_of(scope)) for values in _entered(connection, feed)]
    return days_of(parameter(entered, parameter_of(scope), today.isoformat()))


def _entered(connection: Connection, feed: str) -> Iterator[dict[str, Any]]:
    query = select(RECORD.c.body).where(RECORD.c.feed == feed, RECORD.c.kind == COUNTY_PARAMETER.name).order_by(RECORD.c.id)
    for body in connection.execute(query).scalars():
        values = msgspec.msgpack.decode(body)
        if VOIDED.name not in values:
            yield values
