"""One number for the state of many records: equal on two devices when they hold the same, whatever the order (promise S2).

It is a sum modulo 2^256, so it can be kept up to date change by change: the county server answers for a million records
without reading one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

SIZE: Final = 32
MODULUS: Final = 1 << (8 * SIZE)

_canonical: Final = msgspec.msgpack.Encoder(order="sorted")


def record_digest(record_id: str, version: int, values: Mapping[str, Any]) -> int:
    """The number of one record as the county holds it: sha256 over msgpack of (id, version, values with sorted names)."""
    return number_of(record_id, version, canonical(values))


def canonical(values: Mapping[str, Any]) -> bytes:
    """The one encoding of a record's values that its number is made from."""
    return _canonical.encode(values)


def number_of(record_id: str, version: int, encoded: bytes) -> int:
    """`record_digest` of values that are encoded already."""
    head = _canonical.encode((record_id, version))
    return int.from_bytes(hashlib.sha256(b"\x93" + head[1:] + encoded).digest(), "big")


def combined(numbers: Iterable[int]) -> bytes:
    """The sum of record numbers: no order, and a record can be taken out again."""
    return (sum(numbers) % MODULUS).to_bytes(SIZE, "big")


def moved(total: bytes, by: int) -> bytes:
    """The digest of a set whose record numbers changed by `by` in sum (negative too)."""
    return ((int.from_bytes(total, "big") + by) % MODULUS).to_bytes(SIZE, "big")


def digest_of(records: Iterable[tuple[str, int, Mapping[str, Any]]]) -> bytes:
    """The digest of records given as (id, version, values)."""
    return combined(record_digest(*record) for record in records)
