"""Record identities: UUIDv7 made on the device, so that they sort by the time of making and never collide offline."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uuid6

SIZE = 16
"""Bytes of an identity."""


_fresh: Callable[[], uuid.UUID] = uuid6.uuid7


def new_id() -> str:
    """A fresh identity, 36 characters, lower case."""
    return str(_fresh())


@contextmanager
def identities_from(source: Callable[[], uuid.UUID]) -> Iterator[None]:
    """Makes identities from `source` instead of from the machine's clock and chance, so that a simulated run can be repeated exactly."""
    global _fresh
    before, _fresh = _fresh, source
    try:
        yield
    finally:
        _fresh = before


def packed(identity: str) -> bytes:
    """The 16 bytes of an identity, as it travels; b'' for ''.

    Raises:
        ValueError: not an identity.
    """
    raw = bytes.fromhex(identity.replace("-", ""))  # uuid.UUID does the same five times slower
    if len(raw) not in (0, SIZE):
        raise ValueError("not an identity")
    return raw


def unpacked(raw: bytes) -> str:
    """The text of 16 bytes; '' for b''.

    Raises:
        ValueError: not 16 bytes.
    """
    if len(raw) not in (0, SIZE):
        raise ValueError("not 16 bytes")
    h = raw.hex()
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}" if h else ""


PLACES = uuid.UUID("6f1d3c52-4b0e-5d0a-9c57-2f6a1e8d7b30")


def place_id(kind: str, division_code: str) -> str:
    """The identity of an office or a village: the same on every device that sets it up, so that two first runs make one record."""
    return str(uuid.uuid5(PLACES, f"{kind}/{division_code}"))


def imported_id(key: str, row: int = 0) -> str:
    """The identity of what an imported line makes: the same on every device that imports that line, so that two imports make one record.

    It begins with zeros, so that it sorts before whatever is added to the record later; `row` counts the rows of one line.
    """
    raw = bytearray(4) + hashlib.sha256(key.encode()).digest()[:10] + row.to_bytes(2, "big")
    raw[6], raw[8] = 0x80 | raw[6] & 0x0F, 0x80 | raw[8] & 0x3F  # version 8, RFC 9562
    return str(uuid.UUID(bytes=bytes(raw)))
