"""A scan, photograph or file that belongs to a record; its bytes are named by their content (promise S9).

Its parents are the kinds declared `attached`: records.registry fills them in.
"""

from __future__ import annotations

from jusuo_desktop.records.field import code, integer, moment, text
from jusuo_desktop.records.kind import RecordKind

ATTACHMENT = RecordKind(
    "attachment",
    "附件",
    (
        text("file_name", "文件名", required=True, listed=True, searched=True),
        text("media_type", "类型", required=True, max_length=100),
        text("sha256", "内容校验值", required=True, max_length=64),
        integer("size_bytes", "大小（字节）", required=True, most=2**40),
        code("purpose", "用途", "attachment_purpose", listed=True),
        text("of_form", "签署的文书", max_length=100, help="扫描件是哪一张打印文书签名盖章后的样子"),
        text("description", "说明", searched=True, listed=True, max_length=500),
        moment("taken_at", "拍摄（扫描）时间"),
        integer("pages", "页数", most=10_000),
        text("arrangement", "页的次序和方向", max_length=3000, help="例如“2 1:90”：先是第2页，再是向右转了90度的第1页；空着就是原来的样子"),
        text("original_sha256", "原文件校验值", max_length=64, help="压缩以前的文件，用来认出添加过两次的"),
    ),
    title=lambda v: str(v.get("description") or v.get("file_name", "")),
    order="taken_at",
)
