"""Who may speak to the server: one-time codes, device keys, sessions that expire, revocation checked on every request."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import struct
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, insert, select, update

from county_server.failing import bad_code, revoked, unauthorized
from county_server.push import Device
from county_server.schema import DEVICE, ENROLL_CODE
from jusuo_desktop.records.identity import new_id
from jusuo_desktop.wire.enroll_code import BadCode, EnrollCode, make, read
from jusuo_desktop.wire.messages import EnrollRequest, SessionRequest
from jusuo_desktop.wire.receipt import challenge_text

SESSION_SECONDS: Final = 12 * 3600
CHALLENGE_SECONDS: Final = 120
CONTACT_EVERY: Final = 60_000
"""`last_contact` is written at most once a minute for a device: a pull should not cost a write."""


def _digest(code: EnrollCode) -> str:
    return hashlib.sha256(b"jusuo enrolment\n" + code.secret).hexdigest()


def new_code(connection: Connection, scope: str, server_fingerprint: str, expires_at: int) -> str:
    """A fresh one-time code for a scope; only its digest is kept."""
    code = make(server_fingerprint)
    connection.execute(insert(ENROLL_CODE).values(digest=_digest(code), scope=scope, expires_at=expires_at))
    return str(code)


def enrol(connection: Connection, request: EnrollRequest, now: int) -> tuple[str, str]:
    """Redeems a code: (device id, scope). The same key with the same code gets the same identity again: its answer was lost.

    Raises:
        Refusal: unknown, used or expired code, or a key that is none.
    """
    try:
        code = read(request.code[:100])
        Ed25519PublicKey.from_public_bytes(request.device_key)
    except (BadCode, ValueError):
        raise bad_code() from None
    row = connection.execute(select(ENROLL_CODE).where(ENROLL_CODE.c.digest == _digest(code)).with_for_update()).first()
    if row is None or row.expires_at < now:
        raise bad_code()
    if row.device_id:
        held = connection.execute(select(DEVICE).where(DEVICE.c.id == row.device_id)).first()
        if held is not None and hmac.compare_digest(bytes(held.public_key), request.device_key):
            return held.id, held.scope
        raise bad_code()
    device_id = new_id()
    name = "".join(c for c in request.device_name[:80] if c.isprintable())
    connection.execute(
        insert(DEVICE).values(id=device_id, name=name, scope=row.scope, public_key=request.device_key, enrolled_at=now, last_contact=now)
    )
    connection.execute(update(ENROLL_CODE).where(ENROLL_CODE.c.digest == row.digest).values(device_id=device_id))
    return device_id, row.scope


def _sealed(secret: bytes, purpose: bytes, content: bytes) -> bytes:
    return hmac.new(secret, purpose + content, hashlib.sha256).digest()


def challenge(secret: bytes, device_id: str, now: int) -> bytes:
    """A nonce that only this server can have made, for this device, for two minutes."""
    content = struct.pack(">Q", now + CHALLENGE_SECONDS * 1000) + secrets.token_bytes(16)
    return content + _sealed(secret, b"challenge", content + device_id.encode())


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


def open_session(connection: Connection, secret: bytes, epoch: str, request: SessionRequest, now: int) -> tuple[str, str]:
    """A bearer token and the device's scope, for a signed challenge.

    Raises:
        Refusal: wrong signature, old challenge, revoked device.
    """
    row = device_row(connection, request.device_id)
    content, seal = request.challenge[:24], request.challenge[24:]
    genuine = len(request.challenge) == 56 and hmac.compare_digest(seal, _sealed(secret, b"challenge", content + request.device_id.encode()))
    if not genuine or struct.unpack(">Q", content[:8])[0] < now:
        raise unauthorized()
    try:
        Ed25519PublicKey.from_public_bytes(bytes(row.public_key)).verify(request.signature, challenge_text(epoch, request.challenge))
    except (InvalidSignature, ValueError):
        raise unauthorized() from None
    expires = now + SESSION_SECONDS * 1000
    body = f"{request.device_id}.{expires}"
    return f"{body}.{_sealed(secret, b'session', body.encode()).hex()}", row.scope


def device_of(connection: Connection, secret: bytes, token: str, now: int) -> Device:
    """The device that holds this token.

    Raises:
        Refusal: forged or expired token, revoked device.
    """
    body, _, seal = token[:400].rpartition(".")
    device_id, _, expires = body.partition(".")
    genuine = hmac.compare_digest(seal.encode(), _sealed(secret, b"session", body.encode()).hex().encode())
    if not genuine or not expires.isdigit() or int(expires) < now:
        raise unauthorized()
    row = device_row(connection, device_id)
    return Device(row.id, row.scope)


def touched(connection: Connection, device_id: str, now: int) -> None:
    """Notes a contact, at most once a minute."""
    stale = (DEVICE.c.id == device_id) & (DEVICE.c.last_contact < now - CONTACT_EVERY)
    connection.execute(update(DEVICE).where(stale).values(last_contact=now))


def revoke(connection: Connection, device_id: str, now: int) -> bool:
    """Shuts a device out; false if there is no such device."""
    return bool(connection.execute(update(DEVICE).where(DEVICE.c.id == device_id).values(revoked_at=now)).rowcount)
