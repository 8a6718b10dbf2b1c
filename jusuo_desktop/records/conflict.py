"""An open conflict: two people changed one field to different values. It is a record, so that it reaches every device
of the scope by the same road, and its decision is a change like any other (design.md §6). Written by the county server.
It may stand under any kind: records.registry fills its parents in.
"""

from __future__ import annotations

from typing import Final

from jusuo_desktop.records.field import Field, code, integer, long_text, text
from jusuo_desktop.records.kind import RecordKind

LATEST: Final = 2**53


def _at(name: str, label: str) -> Field:
    """A moment in milliseconds since 1970: evidence beside a value, nothing follows from it (S7)."""
    return integer(name, label, most=LATEST)


CONFLICT = RecordKind(
    "conflict",
    "冲突",
    (
        text("field_name", "字段", required=True),
        long_text("kept_value", "现用的值", help="先到达县服务器的值（JSON）"),
        text("kept_author", "现用值的填写人"),
        text("kept_device", "现用值的设备"),
        long_text("other_value", "另一个值", help="后到达的值（JSON）"),
        text("other_author", "另一个值的填写人"),
        text("other_device", "另一个值的设备"),
        text("change_id", "来自更改", max_length=40),
        code("state", "处理情况", "conflict_state", required=True),
        code("decision", "决定", "conflict_decision", help="两个人的决定不同，又是一处冲突"),
        long_text("new_value", "合并后的值", made=True, help="决定合并时写成的值（JSON）；两人写得不同，是那个字段自己的冲突"),
        text("kept_device_name", "现用值的设备名称"),
        _at("kept_made_at", "现用值的填写时间"),
        _at("kept_received_at", "现用值到达县服务器的时间"),
        text("other_device_name", "另一个值的设备名称"),
        _at("other_made_at", "另一个值的填写时间"),
        _at("other_received_at", "另一个值到达县服务器的时间"),
    ),
    title=lambda v: f"冲突：{v.get('field_name', '')}",
)
