"""What a value may be on the wire, whichever version wrote it: text, whole number, yes or no, or a list of texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jusuo_desktop.wire.limits import MOST_FIELDS, MOST_NAME, MOST_VALUE_BYTES


def fault(fields: Mapping[str, Any]) -> str | None:
    """What is wrong with the fields of a change whatever their kind, None when nothing is. Known fields are checked by records.check."""
    if len(fields) > MOST_FIELDS:
        return f"一次更改的字段多于{MOST_FIELDS}个。"
    for name, value in fields.items():
        if not isinstance(name, str) or not 0 < len(name) <= MOST_NAME:
            return "更改里有不合规的字段名。"
        if isinstance(value, str):
            if len(value) * 3 > MOST_VALUE_BYTES and len(value.encode()) > MOST_VALUE_BYTES:
                return f"字段“{name}”的内容过长。"
        elif isinstance(value, list):
            if len(value) > 1000 or not all(isinstance(v, str) and len(v) <= 1000 for v in value):
                return f"字段“{name}”的内容不合规。"
        elif isinstance(value, int):
            if not -(2**53) < value < 2**53:
                return f"字段“{name}”的数字过大。"
        elif value is not None:
            return f"字段“{name}”的内容不合规。"
    return None
