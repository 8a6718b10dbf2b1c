"""Bounds on everything that comes over the wire, each with its reason. What exceeds one is refused, never cut."""

from __future__ import annotations

from typing import Final

MOST_BODY_BYTES: Final = 16 * 1024 * 1024
"""One message as sent: minutes on a county line; a larger request is refused by its length before it is read."""

MOST_INFLATED_BYTES: Final = 64 * 1024 * 1024
"""One message after decompression: bounds a zstd bomb and the memory of a worker."""

MOST_CHANGES: Final = 5_000
"""Changes in one push: bounds the time for which a feed's lock is held to about a second."""

MOST_FIELDS: Final = 400
"""Fields in one change: the largest record has thirty, a newer version may know more."""

MOST_NAME: Final = 64
"""Characters of a field, kind, author or device identity."""

MOST_VALUE_BYTES: Final = 1_000_000
"""One value, encoded: the longest account is 200,000 characters."""

MOST_ITEMS: Final = 1_000
"""Items of one list value; records.check allows fewer today."""

MOST_ITEM: Final = 1_000
"""Characters of one item of a list."""

MOST_WHOLE: Final = 2**53
"""Whole numbers beyond it do not survive every JSON reader."""

PULL_BYTES: Final = 4 * 1024 * 1024
"""What a pull may ask for at most, before compression."""

MOST_LEASE: Final = 10_000
"""Numbers in one lease: more than an office prints in a year."""

MOST_NUMBER: Final = 1_000_000
"""The highest number of a series that an office may claim to have given out by itself."""

MOST_SERIES: Final = 120
"""Characters of a number series' name: an identity, a year and a kind of paper."""

MOST_RETURNS: Final = 500
"""Runs of numbers given back in one message: all the series of an office."""

MOST_REASON: Final = 100
"""Characters of why numbers are given back or closed."""

MOST_CONTENT: Final = 100 * 1024 * 1024
"""One attachment: what the store keeps as well."""

MOST_PIECE: Final = 1024 * 1024
"""A piece of an attachment in one message: lost again when the line is cut."""

MOST_CONTENTS: Final = 500
"""Contents asked about in one message."""

MOST_DEVICE_NAME: Final = 60
"""Characters of the name by which people recognise a device."""
