"""Bounds on everything that comes from outside, checked before it is parsed. Each has its reason."""

from __future__ import annotations

from typing import Final

MOST_BODY_BYTES: Final = 16 * 1024 * 1024
"""One message as sent: a few seconds on any line that deserves batches this large."""

MOST_INFLATED_BYTES: Final = 64 * 1024 * 1024
"""One message after decompression: bounds a zstd bomb and the memory of a worker."""

MOST_DEPTH: Final = 16
"""Nesting of a message: ours have five levels."""

MOST_CHANGES: Final = 5_000
"""Changes in one push: bounds the time for which a feed's lock is held."""

MOST_FIELDS: Final = 400
"""Fields in one change: the largest record has thirty."""

MOST_NAME: Final = 64
"""Characters of a field, kind or scope name."""

MOST_VALUE_BYTES: Final = 1_000_000
"""One value, encoded: the longest account is 200,000 characters."""

PULL_BYTES: Final = 4 * 1024 * 1024
"""What a pull may ask for at most, before compression."""

MOST_LEASE: Final = 10_000
"""Numbers in one lease: more than an office prints in a year."""
