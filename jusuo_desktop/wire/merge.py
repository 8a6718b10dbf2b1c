"""The three-way merge by field, pure: no clock, no disk. The server calls it; the simulation proves it.

The server does not keep old values to compare with: of each field it keeps the `Mark` of the change that last set it. A device that made its
change on version b, or that set the field itself, knew that value; so its base is the present value and its own one stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec


class Mark(NamedTuple):
    """Who last set a field: the record's version that did, the device, and the place of that change in its feed."""

    version: int
    device_id: str
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Merged:
    """A record after a change. `refused` are the fields whose new value conflicts: they stayed as they were."""

    values: dict[str, Any]
    marks: dict[str, Mark]
    refused: tuple[str, ...]


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same value; True is not 1, and None stands for an empty field."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list | dict):
        return _exact.encode(one) == _exact.encode(other)
    return bool(one == other)


_exact = msgspec.json.Encoder(order="deterministic")


def three_way(base: Any, theirs: Any, ours: Any) -> tuple[Any, bool]:
    """The value that stands after both sides changed `base`, and whether ours was refused: the first to arrive stays."""
    if same(ours, theirs) or same(ours, base):
        return theirs, False
    if same(theirs, base):
        return ours, False
    return theirs, True


def knows(mark: Mark | None, base_version: int, device_id: str) -> bool:
    """Whether a change made by `device_id` on `base_version` was made knowing the field's present value.

    A device always knows what it set itself, also while its base version lags behind: its changes arrive in order.
    """
    return mark is None or mark.version <= base_version or mark.device_id == device_id


def merge(
    values: Mapping[str, Any], marks: Mapping[str, Mark], fields: Mapping[str, Any], base_version: int, at: Mark
) -> Merged:
    """The record after a change that sets `fields` (None empties one), made on `base_version` and arriving as `at`.

    A value that is already there changes nothing, not even the mark: both people typed it, and the next one of either is judged
    against whoever was first.
    """
    after, marked = dict(values), dict(marks)
    refused = []
    for name, ours in fields.items():
        theirs = values.get(name)
        if same(ours, theirs) and (name in marks or ours is None):
            continue
        base = theirs if knows(marks.get(name), base_version, at.device_id) else _CHANGED
        stands, lost = three_way(base, theirs, ours)
        if lost:
            refused.append(name)
            continue
        marked[name] = at
        if stands is None:
            after.pop(name, None)
        else:
            after[name] = stands
    return Merged(after, marked, tuple(refused))


class _Changed:
    """Stands for a base that is neither value: somebody else changed the field since."""


_CHANGED = _Changed()
