"""How the marks of a record's fields are kept: one mark for all that were set together, and the exceptions.

Most records are written once, so most marks cost a few bytes however many fields there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from jusuo_desktop.wire.merge import FieldMeta, Mark

_Kept = tuple[Mark, dict[str, Mark]]
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Kept).decode


def pack_marks(marks: FieldMeta, values: Mapping[str, Any]) -> bytes:
    """The bytes of the marks. Fields that hold a value and are not named among the exceptions carry the common mark."""
    common = min((marks[name] for name in values), default=Mark(0, "", 0))
    return _encode((common, {name: mark for name, mark in marks.items() if mark != common or name not in values}))


def pack_one_mark(marks: FieldMeta) -> bytes:
    """The same for fields that one change set together and that all hold a value."""
    return _encode((next(iter(marks.values())), {}))


def unpack_marks(raw: bytes, values: Mapping[str, Any]) -> dict[str, Mark]:
    """The marks of a record that holds `values`."""
    common, exceptions = _decode(raw)
    return {**dict.fromkeys(values, common), **exceptions}
