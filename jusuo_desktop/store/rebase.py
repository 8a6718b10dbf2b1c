"""What the device shows, from what the server holds and what is still unsent. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def put(values: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The values after a change: a field set, or emptied where it is None."""
    after = dict(values)
    for name, value in fields.items():
        if value is None:
            after.pop(name, None)
        else:
            after[name] = value
    return after


def rebase(base: Mapping[str, Any], unsent: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The server's values with the fields of the unsent changes on top, in the order in which they were made."""
    shown = dict(base)
    for fields in unsent:
        shown = put(shown, fields)
    return shown


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that differ, with their new values; None for emptied ones."""
    return {n: after.get(n) for n in {**before, **after} if before.get(n) != after.get(n)}
