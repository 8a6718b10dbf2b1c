"""The merge: field by field, from what the change was made on, what the county holds and what the device wrote. Pure.

A field that nobody else changed since takes the new value. A field that somebody else did change keeps the value that arrived first, and the
other becomes an open conflict. 'Since' is told by versions and by whose device wrote last, never by a clock (S7). A device always
knows its own earlier changes, because it sends them in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FieldMeta = Mapping[str, tuple[int, str, str]]
"""For each field that was ever written: the version at which it was written last, by which device, by which author."""


@dataclass(frozen=True, slots=True)
class Merged:
    """`applied` are the fields that take effect; `refused` those that became conflicts, with the value that was not taken."""

    applied: dict[str, Any]
    refused: dict[str, Any]


def merge(held: Mapping[str, Any], meta: FieldMeta, base_version: int, device_id: str, fields: Mapping[str, Any]) -> Merged:
    """Merges the fields of one change made on `base_version` by `device_id` into the values that the county holds."""
    applied: dict[str, Any] = {}
    refused: dict[str, Any] = {}
    for name, value in fields.items():
        written, by, _ = meta.get(name, (0, "", ""))
        if written <= base_version or by == device_id or held.get(name) == value:
            applied[name] = value
        else:
            refused[name] = value
    return Merged(applied, refused)


def three_way(base: Any, held: Any, new: Any) -> tuple[Any, Any | None]:
    """The classical rule for one value: (what stands, what is kept as the other side of a conflict or None).

    `merge` must agree with it wherever both can be asked; the tests hold them against each other.
    """
    if new in (held, base):
        return held, None
    return (new, None) if held == base else (held, new)


def stamped(meta: FieldMeta, applied: Mapping[str, Any], version: int, device_id: str, author_id: str) -> dict[str, tuple[int, str, str]]:
    """The field meta after a change took effect at `version`."""
    return {**meta, **{name: (version, device_id, author_id) for name in applied}}
