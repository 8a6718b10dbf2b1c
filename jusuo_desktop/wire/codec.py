"""Messages to bytes and back: msgpack inside zstd, bounded in size, depth and inflated size before anything is built."""

from __future__ import annotations

from typing import Final, TypeVar

import msgspec
import zstandard

from jusuo_desktop.wire.limits import MOST_BODY_BYTES, MOST_DEPTH, MOST_INFLATED_BYTES

T = TypeVar("T")

LEVEL: Final = 3
"""zstd's own default: higher levels cost more time than the bytes save on a county line."""


class Malformed(Exception):
    """The bytes are not a message of this kind: damaged, hostile, or from something that is no county server."""


def encode(message: object) -> bytes:
    """The bytes of a message."""
    return zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress(msgspec.msgpack.encode(message))


def decode(body: bytes, kind: type[T]) -> T:
    """The message of that kind.

    Raises:
        Malformed: anything else than an undamaged message within the limits.
    """
    if len(body) > MOST_BODY_BYTES:
        raise Malformed("message too large")
    try:
        raw = _inflate(body)
        _measure_depth(raw)
        return msgspec.msgpack.decode(raw, type=kind)
    except (zstandard.ZstdError, msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(str(error)) from None


def _inflate(body: bytes) -> bytes:
    inflater = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj(read_across_frames=False)
    pieces: list[bytes] = []
    size = 0
    for start in range(0, len(body), 65536):
        piece = inflater.decompress(body[start : start + 65536])
        size += len(piece)
        if size > MOST_INFLATED_BYTES:
            raise Malformed("message too large when inflated")
        pieces.append(piece)
    if not inflater.eof or inflater.unused_data:
        raise Malformed("message cut short or followed by something")
    return b"".join(pieces)


def _measure_depth(raw: bytes) -> None:
    """msgspec bounds recursion by the interpreter's limit, which is far deeper than a message of ours may go."""
    depth, run = 0, 0
    for byte in raw[: MOST_DEPTH * 4]:
        nested = 0x90 <= byte <= 0x9F or 0x80 <= byte <= 0x8F or byte in (0xDC, 0xDD, 0xDE, 0xDF)
        run = run + 1 if nested else 0
        depth = max(depth, run)
    if depth > MOST_DEPTH:
        raise Malformed("message nested too deeply")
