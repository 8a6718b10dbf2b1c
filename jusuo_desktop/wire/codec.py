"""Messages to bytes and back: msgpack inside one zstd frame that states its inflated size.

Bounded before memory is spent: the stated size is checked first, and a frame that lies about it, is cut, fails its checksum or carries
anything after its end is `Malformed`, as is a message nested beyond the interpreter's recursion limit. How deep a single value may
go is for wire.values to say, change by change, so that one bad change does not block its batch.
"""

from __future__ import annotations

import threading
from typing import Any, Final, TypeVar

import msgspec
import zstandard

from jusuo_desktop.wire.limits import MOST_BODY_BYTES, MOST_INFLATED_BYTES

T = TypeVar("T")

LEVEL: Final = 6
"""Twice the time of zstd's default, a tenth fewer bytes: on a county line the bytes cost more."""

MOST_WINDOW: Final = 64 * 1024 * 1024
"""Bytes of history that a frame may make the decompressor keep."""

_encoder: Final = msgspec.msgpack.Encoder()
_decoders: Final[dict[Any, msgspec.msgpack.Decoder[Any]]] = {}
_own: Final = threading.local()


class Malformed(Exception):
    """The bytes are not a message of this kind: damaged, hostile, or from something that is no county server."""


def encode(message: object) -> bytes:
    """The bytes of a message."""
    return _tools()[0].compress(_encoder.encode(message))


def decode(body: bytes, kind: type[T], *, most: int = MOST_INFLATED_BYTES) -> T:
    """The message of that kind; `most` bounds its inflated bytes.

    Raises:
        Malformed: anything else than an undamaged message within the limits.
    """
    raw = inflated(body, most)
    try:
        return _decoder(kind).decode(raw)  # type: ignore[no-any-return]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(str(error)) from None


def inflated(body: bytes, most: int) -> bytes:
    """The content of the frame that `body` is.

    Raises:
        Malformed: not exactly one whole frame, or larger than `most`, or without a stated size.
    """
    if len(body) > MOST_BODY_BYTES:
        raise Malformed("message too large")
    try:
        size = zstandard.frame_content_size(body)
        if not 0 <= size <= most:
            raise Malformed("size not stated, or too large when inflated")
        return _tools()[1].decompress(body, max_output_size=most, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise Malformed(str(error)) from None


def _tools() -> tuple[zstandard.ZstdCompressor, zstandard.ZstdDecompressor]:
    """This thread's own: the library's contexts do not serve two threads at once, and are dear to make."""
    found: tuple[zstandard.ZstdCompressor, zstandard.ZstdDecompressor] | None = getattr(_own, "tools", None)
    if found is None:
        compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
        found = _own.tools = compressor, zstandard.ZstdDecompressor(max_window_size=MOST_WINDOW)
    return found


def _decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    if kind not in _decoders:
        _decoders[kind] = msgspec.msgpack.Decoder(kind)
    return _decoders[kind]
