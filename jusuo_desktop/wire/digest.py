"""A digest over a set of records that does not depend on their order and can be kept up to date change by change.

Each record gives sha256 over its identity, version and values; the set gives their sum modulo 2^256. A record that changes moves the
sum by the difference, so the server answers for a million records without reading one.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec


WIDTH: Final = 32
_MODULUS: Final = 1 << 256
_canonical: Final = msgspec.json.Encoder(order="deterministic")
EMPTY: Final = bytes(WIDTH)
"""The digest of no records."""


def record_digest(record_id: bytes, version: int, values: Mapping[str, Any]) -> bytes:
    """32 bytes for one record: sha256 over its 16 identity bytes, its version and its values as JSON with sorted keys."""
    return hashlib.sha256(record_id + version.to_bytes(8, "big") + _canonical.encode(values)).digest()


def moved(total: bytes, *, out: Iterable[bytes] = (), into: Iterable[bytes] = ()) -> bytes:
    """The digest of a set after the record digests `out` left it and `into` came."""
    number = int.from_bytes(total, "big")
    number += sum(int.from_bytes(d, "big") for d in into) - sum(int.from_bytes(d, "big") for d in out)
    return (number % _MODULUS).to_bytes(WIDTH, "big")


def digest_of(records: Iterable[tuple[str | bytes, int, Mapping[str, Any]]]) -> tuple[bytes, int]:
    """Digest and count of a set of (identity, version, values)."""
    total = count = 0
    for record_id, version, values in records:
        total += int.from_bytes(record_digest(record_id if isinstance(record_id, bytes) else uuid.UUID(record_id).bytes, version, values), "big")
        count += 1
    return (total % _MODULUS).to_bytes(WIDTH, "big"), count
