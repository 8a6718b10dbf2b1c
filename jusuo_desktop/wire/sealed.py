"""What a device seals when it may not hold it any more: the rows of its tables and the bytes of its papers, in files that only the county opens.

A file is a bundle (wire.bundle), signed by the device, sealed to the county's key. What is large goes into several files of one serial.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

SUFFIX: Final = ".sealed"
FOLDER: Final = "sealed"
MOST_PART: Final = 24 * 1024 * 1024
"""Bytes after which the next file begins."""


class Piece(msgspec.Struct, frozen=True, array_like=True):
    """Bytes of a scan or a printed paper, named by the SHA-256 (hex) of the whole, beginning at byte `at`."""

    sha256: str
    at: int
    data: bytes


class Sealed(msgspec.Struct, frozen=True, array_like=True):
    """One file. `rows` are (table, row by column) as they lay in the store; `scope` is what the device might hold from then on."""

    scope: str
    part: int
    rows: list[tuple[str, dict[str, Any]]]
    pieces: list[Piece]
