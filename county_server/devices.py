"""Who may speak to the server: one-time codes redeemed for devices, and devices that can be shut out."""

from __future__ import annotations

import hashlib
import hmac
import random
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, delete, insert, select, update

from county_server import bulk
from county_server.failing import bad_code, revoked, unauthorized
from county_server.judging import Device
from county_server.schema import DEVICE, ENROLL_CODE, WRONG_CODE
from jusuo_desktop.wire.enroll_code import ALPHABET, BadCode, EnrollCode, make, read
from jusuo_desktop.wire.limits import MOST_DEVICE_NAME
from jusuo_desktop.wire.messages import EnrollRequest

CONTACT_EVERY: Final = 60_000
"""`last_contact` is written at most once a minute for a device."""

PERIOD: Final = 600_000
"""Milliseconds over which wrong codes are counted."""

MOST_WRONG: Final = 100
"""Wrong codes in one period for the whole county: at that rate a code of 45 bits stands for millions of years."""

ID_CHARACTERS: Final = 10
"""A device's identity is short because every entry of a feed carries it, and people read it out on the telephone."""


def _digest(code: EnrollCode) -> str:
    return hashlib.sha256(b"jusuo enrolment\n" + code.secret).hexdigest()


def new_code(connection: Connection, scope: str, server_fingerprint: str, expires_at: int) -> str:
    """A fresh one-time code for a scope; only its digest is kept."""
    code = make(server_fingerprint)
    connection.execute(insert(ENROLL_CODE).values(digest=_digest(code), scope=scope, expires_at=expires_at))
    return str(code)


def enrol(connection: Connection, request: EnrollRequest, now: int, chance: random.Random | None = None) -> Device:
    """Redeems a code. The same key with the same code gets the same identity again: its first answer was lost.

    `chance` gives the device its identity, the system's own unless told.

    Raises:
        Refusal: unknown, used or expired code, a key that is none, or a device revoked since.
    """
    try:
        code = read(request.code)
        Ed25519PublicKey.from_public_bytes(request.device_key)
    except (BadCode, ValueError):
        raise bad_code() from None
    row = connection.execute(select(ENROLL_CODE).where(ENROLL_CODE.c.digest == _digest(code)).with_for_update()).first()
    if row is None:
        raise bad_code()
    if row.device_id:
        held = connection.execute(select(DEVICE).where(DEVICE.c.id == row.device_id)).one()
        if not hmac.compare_digest(bytes(held.public_key), request.device_key):
            raise bad_code()
        if held.revoked_at is not None:
            raise revoked()
        return Device(held.id, held.scope)
    if row.expires_at < now:
        raise bad_code()
    draw = chance or random.SystemRandom()
    device_id = "".join(draw.choice(ALPHABET) for _ in range(ID_CHARACTERS))
    name = "".join(c for c in request.device_name if c.isprintable())[:MOST_DEVICE_NAME]
    connection.execute(
        insert(DEVICE).values(id=device_id, name=name, scope=row.scope, public_key=request.device_key, enrolled_at=now, last_contact=now)
    )
    connection.execute(update(ENROLL_CODE).where(ENROLL_CODE.c.digest == row.digest).values(device_id=device_id))
    return Device(device_id, row.scope)


def wrong_codes(connection: Connection, now: int) -> int:
    """How many wrong codes came in the present period."""
    query = select(WRONG_CODE.c.tries).where(WRONG_CODE.c.period == now // PERIOD)
    return int(connection.execute(query).scalar() or 0)


def count_wrong_code(connection: Connection, now: int) -> None:
    """Counts a wrong code, for all workers; older counts are dropped."""
    period = now // PERIOD
    connection.execute(delete(WRONG_CODE).where(WRONG_CODE.c.period < period))
    bulk.add_missing(connection, WRONG_CODE, [{"period": period, "tries": 0}])
    more = update(WRONG_CODE).where(WRONG_CODE.c.period == period)
    connection.execute(more.values(tries=WRONG_CODE.c.tries + 1))


def device_row(connection: Connection, device_id: str) -> Any:
    """The row of a device that may speak.

    Raises:
        Refusal: unknown or revoked.
    """
    row = connection.execute(select(DEVICE).where(DEVICE.c.id == device_id)).first()
    if row is None:
        raise unauthorized()
    if row.revoked_at is not None:
        raise revoked()
    return row


def known_device(connection: Connection, device_id: str) -> Device:
    """The device of that id.

    Raises:
        Refusal: unknown or revoked.
    """
    row = device_row(connection, device_id)
    return Device(row.id, row.scope, scope_number=row.scope_number)


def giving_device(connection: Connection, device_id: str, believed: str | None = None) -> Device:
    """The same, as far as it gives: what was its own before it was given another scope it may still hand over. `believed` is the scope
    that it names itself; None, it is not asked.

    Raises:
        Refusal: unknown or revoked.
    """
    row = device_row(connection, device_id)
    former = row.former_scope and (believed is None or believed == row.former_scope)
    return Device(row.id, row.scope, (row.former_scope,) if former else ())


def rescope(connection: Connection, device_id: str, scope: str) -> bool:
    """Gives a device another scope; false if there is no such device."""
    row = connection.execute(select(DEVICE.c.scope).where(DEVICE.c.id == device_id)).first()
    if row is not None and row.scope != scope:
        told = {"scope": scope, "former_scope": row.scope, "scope_number": DEVICE.c.scope_number + 1}
        connection.execute(update(DEVICE).where(DEVICE.c.id == device_id).values(told))
    return row is not None


def device_name(connection: Connection, device_id: str) -> str:
    """The name under which people know a device; '' where there is none."""
    return str(connection.execute(select(DEVICE.c.name).where(DEVICE.c.id == device_id)).scalar() or "")


def touched(connection: Connection, device_id: str, now: int) -> None:
    """Notes a contact, at most once a minute."""
    stale = (DEVICE.c.id == device_id) & (DEVICE.c.last_contact < now - CONTACT_EVERY)
    connection.execute(update(DEVICE).where(stale).values(last_contact=now))


def revoke(connection: Connection, device_id: str, now: int) -> bool:
    """Shuts a device out; false if there is no such device."""
    known = connection.execute(select(DEVICE.c.revoked_at).where(DEVICE.c.id == device_id)).first()
    if known is not None and known.revoked_at is None:
        connection.execute(update(DEVICE).where(DEVICE.c.id == device_id).values(revoked_at=now))
    return known is not None
