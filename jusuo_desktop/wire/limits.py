"""Bounds on everything that comes over the wire, each with its reason. A side that exceeds one is refused, never truncated."""

from __future__ import annotations

from typing import Final

MOST_BODY: Final = 8 * 1024 * 1024
"""Bytes of a request as sent: two minutes on a 512 kbit/s line; refused by its Content-Length before it is read."""

MOST_INFLATED: Final = 32 * 1024 * 1024
"""Bytes of a message after decompression; honest text shrinks about 4-fold, so a full body still fits. Stops zstd bombs."""

MOST_ANSWER: Final = 64 * 1024 * 1024
"""Bytes of an answer after decompression: a pull of MOST_PULL may overshoot by one entry of the largest size."""

MOST_CHANGES: Final = 5_000
"""Changes in one batch: a second or less of the server's time, so that nobody waits long for the feed's lock."""

BATCH_CHANGES: Final = 2_000
"""What a device sends at once on a fast line; it halves from here when a batch takes too long."""

MOST_PULL: Final = 8 * 1024 * 1024
"""Bytes of entries in one answer to a pull, before compression, whatever the device asked for."""

LEAST_PULL: Final = 4 * 1024
"""A device on the worst line still gets a few entries with each answer."""

MOST_FIELDS: Final = 200
"""Fields in one change; the largest kind declares about fifty, and newer versions may know more."""

MOST_NAME: Final = 64
"""Characters of a field's or a kind's name."""

MOST_TEXT: Final = 200_000
"""Characters of one text (records.field.long_text): some 250 printed pages."""

MOST_ITEMS: Final = 500
"""Items of one list value; records.check allows 200 today, newer versions may know better."""

MOST_DEPTH: Final = 4
"""Nesting of a value whose field this side does not know; declared fields nest once, in lists."""

MOST_DEVICE_NAME: Final = 60
"""Characters of the name by which people recognise a device."""

MOST_LEASE: Final = 1_000
"""Numbers in one block: a year's worth for the busiest committee (design.md §1)."""

MOST_SERIES: Final = 120
"""Characters of a number series' name."""

CLOCK_MOST: Final = 1 << 53
"""Milliseconds since 1970 that still travel exactly through JSON; beyond is no clock."""
