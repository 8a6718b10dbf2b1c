"""What a value may be on the wire, whichever version wrote it: text, whole number, yes or no, or a list of texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from jusuo_desktop.wire.limits import MOST_FIELDS, MOST_ITEM, MOST_ITEMS, MOST_NAME, MOST_VALUE_BYTES, MOST_WHOLE

NAME: Final = re.compile(rf"[A-Za-z][A-Za-z0-9_]{{0,{MOST_NAME - 1}}}")
"""Names of fields and kinds."""

AUTHOR: Final = re.compile(rf"[A-Za-z0-9_.:-]{{0,{MOST_NAME}}}")
"""The identity of a worker record; empty for an act of the program itself."""


def fault(fields: Mapping[str, Any]) -> str | None:
    """What is wrong with the fields of a change whatever their kind, as a sentence; None when nothing is.

    Declared fields are checked further by records.check.
    """
    if len(fields) > MOST_FIELDS:
        return f"一次更改的字段多于{MOST_FIELDS}个。"
    for name, value in fields.items():
        if not NAME.fullmatch(name):
            return "更改里有不合规的字段名。"
        if isinstance(value, str):
            if not value or "\0" in value or (len(value) * 4 > MOST_VALUE_BYTES and len(value.encode()) > MOST_VALUE_BYTES):
                return f"字段“{name}”的内容为空、过长或不能显示。"
        elif isinstance(value, list):
            if not 0 < len(value) <= MOST_ITEMS or not all(isinstance(v, str) and 0 < len(v) <= MOST_ITEM for v in value):
                return f"字段“{name}”的内容不合规。"
        elif isinstance(value, int):
            if not -MOST_WHOLE < value < MOST_WHOLE:
                return f"字段“{name}”的数字过大。"
        elif value is not None:
            return f"字段“{name}”的内容不合规。"
    return None
