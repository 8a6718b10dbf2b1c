"""Challenges and session tokens that any worker can check and none has to remember: sealed with the county's secret."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import struct
from typing import Final

from county_server.failing import unauthorized
from jusuo_desktop.wire.limits import MOST_NAME
from jusuo_desktop.wire.receipt import challenge_text, signature_holds

SESSION_SECONDS: Final = 12 * 3600
"""One working day; a revoked device is refused at once all the same."""

CHALLENGE_SECONDS: Final = 120
"""Time for two round trips on the worst line."""

_CHALLENGE: Final = 24
_SEAL: Final = 32


def challenge(secret: bytes, device_id: str, now: int) -> bytes:
    """A nonce that only this county can have made, for this device, for two minutes."""
    content = struct.pack(">Q", now + CHALLENGE_SECONDS * 1000) + secrets.token_bytes(_CHALLENGE - 8)
    return content + _seal(secret, b"challenge", content + device_id.encode())


def answered(secret: bytes, epoch: str, device_id: str, key: bytes, asked: bytes, signature: bytes, now: int) -> None:
    """Checks that a device signed a fresh challenge of ours.

    Raises:
        Refusal: forged or old challenge, wrong signature.
    """
    content, seal = asked[:_CHALLENGE], asked[_CHALLENGE:]
    ours = hmac.compare_digest(seal, _seal(secret, b"challenge", content + device_id.encode()))
    if not ours or len(asked) != _CHALLENGE + _SEAL or struct.unpack(">Q", content[:8])[0] < now:
        raise unauthorized()
    if not signature_holds(key, signature, challenge_text(epoch, asked)):
        raise unauthorized()


def token(secret: bytes, device_id: str, now: int) -> str:
    """A bearer token."""
    content = f"{device_id}.{now + SESSION_SECONDS * 1000}"
    return f"{content}.{_seal(secret, b'session', content.encode()).hex()}"


def device_in(secret: bytes, presented: str, now: int) -> str:
    """The device id that a token was given to.

    Raises:
        Refusal: none, forged or expired.
    """
    content, _, seal = presented[: MOST_NAME * 4].rpartition(".")
    device_id, _, expires = content.rpartition(".")
    genuine = _seal(secret, b"session", content.encode(errors="replace")).hex().encode()
    if not hmac.compare_digest(seal.encode(errors="replace"), genuine):
        raise unauthorized()
    if int(expires) < now:
        raise unauthorized()
    return device_id


def _seal(secret: bytes, purpose: bytes, content: bytes) -> bytes:
    return hmac.new(secret, purpose + b"\n" + content, hashlib.sha256).digest()
