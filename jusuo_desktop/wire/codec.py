"""Bytes of a message: msgpack (msgspec), compressed as one zstd frame that states its inflated size.

Decoding is bounded before memory is spent: the frame's stated size is checked first, and a frame that lies about it,
carries anything after its end, or nests beyond the interpreter's recursion limit is `Malformed`.
"""

from __future__ import annotations

import threading
from typing import Any, Final, TypeVar

import msgspec
import zstandard

from jusuo_desktop.wire.limits import MOST_ANSWER

LEVEL: Final = 3
"""zstd's own default: on our messages level 9 saves 4 % of the bytes for three times the time."""

MOST_WINDOW: Final = 64 * 1024 * 1024
"""Bytes of history a frame may ask the decompressor to keep."""

Message = TypeVar("Message")

_encoder: Final = msgspec.msgpack.Encoder()
_decoders: Final[dict[Any, msgspec.msgpack.Decoder[Any]]] = {}
_own: Final = threading.local()


class Malformed(Exception):
    """The bytes are no message of the expected type: cut, too large, nested too deeply, or of other content."""


def encode(message: msgspec.Struct) -> bytes:
    """The bytes of a message."""
    return _tools()[0].compress(_encoder.encode(message))


def decode(raw: bytes, kind: type[Message], *, most: int = MOST_ANSWER) -> Message:
    """The message in `raw`, which inflates to at most `most` bytes.

    Raises:
        Malformed: it is not one.
    """
    inflated = inflate(raw, most)
    try:
        return _decoder(kind).decode(inflated)  # type: ignore[no-any-return]
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Malformed("no such message") from error


def inflate(raw: bytes, most: int) -> bytes:
    """The content of one zstd frame of at most `most` bytes.

    Raises:
        Malformed: no whole frame, more than one, no stated size, or larger.
    """
    try:
        size = zstandard.frame_content_size(raw)
        if not 0 <= size <= most:
            raise Malformed("size not stated or too large")
        return _tools()[1].decompress(raw, max_output_size=most, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise Malformed("no zstd frame") from error


def _tools() -> tuple[zstandard.ZstdCompressor, zstandard.ZstdDecompressor]:
    """This thread's own: the library's contexts are not for two threads at once."""
    found: tuple[zstandard.ZstdCompressor, zstandard.ZstdDecompressor] | None = getattr(_own, "tools", None)
    if found is None:
        found = zstandard.ZstdCompressor(level=LEVEL), zstandard.ZstdDecompressor(max_window_size=MOST_WINDOW)
        _own.tools = found
    return found


def _decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    if kind not in _decoders:
        _decoders[kind] = msgspec.msgpack.Decoder(kind)
    return _decoders[kind]
