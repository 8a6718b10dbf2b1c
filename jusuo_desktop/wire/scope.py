"""Who holds what: scopes are division codes, and a longer code lies inside a shorter one (design.md §4, S5)."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

COUNTY: Final = 6
OFFICE: Final = 9
VILLAGE: Final = 12


@lru_cache(10_000)
def is_scope(scope: str) -> bool:
    """Whether this is the code of a county, an office or a village."""
    return len(scope) in (COUNTY, OFFICE, VILLAGE) and scope.isascii() and scope.isdigit()


def feed_of(scope: str) -> str:
    """The feed whose order a record of that scope belongs to: its office's, or the county's."""
    return scope[:OFFICE] if len(scope) >= OFFICE else scope[:COUNTY]


def feeds_of(device_scope: str) -> tuple[str, ...]:
    """The feeds of an office or a village, the county's first; none for a county, which follows whatever feeds there are."""
    return (device_scope[:COUNTY], device_scope[:OFFICE]) if len(device_scope) >= OFFICE else ()


def follows(feed: str, device_scope: str) -> bool:
    """Whether a feed can hold anything for a device."""
    return feed.startswith(device_scope) or device_scope.startswith(feed)


def within(scope: str, device_scope: str) -> bool:
    """Whether a scope or feed lies wholly inside a device's scope."""
    return scope.startswith(device_scope)


def visible(record_scope: str, device_scope: str, *, reference: bool) -> bool:
    """Whether a device may hold a record: it lies inside the device's scope, or it is a place or person of an area around it."""
    return record_scope.startswith(device_scope) or (reference and device_scope.startswith(record_scope))


def writable(record_scope: str, device_scope: str) -> bool:
    """Whether a device may create or change a record: only inside its scope. The places and people of an office lie around a village,
    not in it: a village's laptop reads them and leaves them alone.
    """
    return within(record_scope, device_scope)
