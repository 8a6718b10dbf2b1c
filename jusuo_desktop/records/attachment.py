"""A scan, photograph or file that belongs to a record; its bytes are named by their content (promise S9).

Its parents are the kinds declared `attached`: records.registry fills them in.
"""

from __future__ import annotations

from jusuo_desktop.records.field import integer, moment, text
from jusuo_desktop.records.kind import RecordKind

ATTACHMENT = RecordKind(
    "attachment",
    "附件",
    (
        text("file_name", "文件名", required=True, listed=True, searched=True),
        text("media_type", "类型", required=True, max_length=100),
        text("sha256", "内容校验值", required=True, max_length=64),
        integer("size_bytes", "大小（字节）", required=True, most=2**40),
        text("description", "说明", searched=True, listed=True, max_length=500),
        moment("taken_at", "拍摄（扫描）时间"),
    ),
    title=lambda v: str(v.get("description") or v.get("file_name", "")),
    order="taken_at",
)
