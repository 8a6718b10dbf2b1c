"""The merge: field by field, from what the change was made on, what the county holds and what the device wrote. Pure.

A field that nobody else changed since takes the new value. A field that somebody else did change keeps the value that
arrived first, and the other becomes an open conflict. 'Since' is told by versions and by whose device wrote last,
never by a clock (S7). The county need not keep old values: whoever knew the present value had it as his base.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import msgspec

_exact: Final = msgspec.msgpack.Encoder(order="sorted")


class Mark(NamedTuple):
    """Who set a field last: the record's version by it, the device, and the place of that change in its feed.

    `feed` names that feed where it is not the one in which the record lives now: its village was moved since.
    """

    version: int
    device_id: str
    seq: int = 0
    feed: str = ""


FieldMeta = Mapping[str, Mark]
"""The mark of each field that was ever written."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What one change does to a record.

    `applied` takes effect (None empties a field). `already` are values that stood there before: nothing to do.
    `refused` became conflicts, with the value that was not taken. `left` are values that the program made and that came too late: whoever
    sent them makes them anew from what stands now.
    """

    applied: dict[str, Any]
    already: dict[str, Any]
    refused: dict[str, Any]
    left: dict[str, Any] = field(default_factory=dict)


def same(one: Any, other: Any) -> bool:
    """Whether two values are one and the same; True is not 1, and None stands for an empty field."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list | dict):
        return _exact.encode(one) == _exact.encode(other)
    return bool(one == other)


def knows(mark: Mark | None, base_version: int, device_id: str) -> bool:
    """Whether a change by `device_id` on `base_version` was made knowing the field's present value.

    A device always knows what it wrote itself, also while its base version lags behind: its changes arrive in order.
    """
    return mark is None or mark.version <= base_version or mark.device_id == device_id


def merge(
    held: Mapping[str, Any], meta: FieldMeta, base_version: int, device_id: str, fields: Mapping[str, Any], made: AbstractSet[str] = frozenset()
) -> Merged:
    """Merges the fields of one change made on `base_version` by `device_id` into the values that the county holds. `made` are the fields
    that the program makes: nobody disagrees about them.

    A value that already stands there is not marked anew: if the same device then writes another one, still without having
    seen that somebody else was first, the two people disagree and both values are kept.
    """
    merged = Merged({}, {}, {})
    for name, value in fields.items():
        mark = meta.get(name)
        if mark is not None and same(held.get(name), value):
            merged.already[name] = value
        elif knows(mark, base_version, device_id):
            merged.applied[name] = value
        elif name in made:
            merged.left[name] = value
        else:
            merged.refused[name] = value
    return merged


def three_way(base: Any, held: Any, new: Any) -> tuple[Any, bool]:
    """The classical rule for one value: what stands, and whether the new one was refused.

    `merge` agrees with it wherever both can be asked; the tests hold them against each other.
    """
    if same(new, held) or same(new, base):
        return held, False
    return (new, False) if same(held, base) else (held, True)


def put(values: Mapping[str, Any], applied: Mapping[str, Any]) -> dict[str, Any]:
    """The values after `applied` took effect: a field set, or emptied where it is None."""
    after = {**values, **applied}
    for name, value in applied.items():
        if value is None:
            del after[name]
    return after


def stamped(meta: FieldMeta, applied: Mapping[str, Any], mark: Mark) -> dict[str, Mark]:
    """The field meta after a change took effect."""
    return {**meta, **dict.fromkeys(applied, mark)}
