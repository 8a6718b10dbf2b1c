"""Who holds what: division codes as scopes, by prefix, and the feeds in which changes are ordered.

A scope is a division code: 6 digits county, 9 judicial office, 12 village (records.place). A device of scope S holds the records whose
scope starts with S, and of reference kinds also those whose scope is a prefix of S.
"""

from __future__ import annotations

from typing import Final

WIDTHS: Final = (6, 9, 12)
"""Digits of a county's, an office's and a village's code."""


def is_scope(code: str) -> bool:
    """Whether `code` can be a scope."""
    return len(code) in WIDTHS and code.isascii() and code.isdigit()


def feed_of(scope: str) -> str:
    """The feed that orders a record's changes: its office's code, or the county's for county-wide records."""
    return scope[:9]


def within(record_scope: str, device_scope: str) -> bool:
    """Whether a record lies in a device's own area, where it may also write."""
    return record_scope.startswith(device_scope)


def visible(reference: bool, record_scope: str, device_scope: str) -> bool:
    """Whether a device holds a record; `reference` is records.kind.RecordKind.reference of its kind."""
    return record_scope.startswith(device_scope) or (reference and device_scope.startswith(record_scope))


def follows(feed: str, device_scope: str) -> bool:
    """Whether a feed can hold anything for a device."""
    return feed.startswith(device_scope) or device_scope.startswith(feed)
