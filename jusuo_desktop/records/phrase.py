"""A paragraph of the office's own (常用语), with blanks to fill in, offered by dispute type and inserted by a few letters."""

from __future__ import annotations

from jusuo_desktop.records.field import codes, integer, long_text, text
from jusuo_desktop.records.kind import RecordKind

PHRASE = RecordKind(
    "phrase",
    "常用语",
    (
        text("name", "名称", required=True, listed=True, searched=True, max_length=60),
        text("letters", "字母", listed=True, searched=True, max_length=20, help="打这几个字母就能插入；不填用名称的拼音首字母"),
        codes("dispute_types", "用于纠纷类型", "dispute_type", listed=True, help="不选则各类都可用"),
        codes("places", "用在哪里", "phrase_place", listed=True, help="不选则各处都可用"),
        long_text("wording", "内容", required=True, listed=True, searched=True, help="要填的地方写成【　】，如“于【日期】前付清”"),
        integer("rank", "排列", most=9999),
    ),
    title=lambda v: str(v.get("name", "")),
    order="rank",
    reference=True,
)
