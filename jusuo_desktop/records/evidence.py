"""A piece of evidence (证据材料) in a dispute; its scan is an attachment. Fields: domain/forms.md §2.8."""

from __future__ import annotations

from jusuo_desktop.records.field import code, date, integer, text, yes_no
from jusuo_desktop.records.kind import RecordKind

EVIDENCE = RecordKind(
    "evidence",
    "证据材料",
    (
        text("evidence_name", "证据名称", required=True, listed=True, searched=True),
        code("evidence_kind", "证据种类", "evidence_kind", required=True, listed=True),
        text("provided_by", "来源（提供人）", listed=True, searched=True),
        date("collected_on", "收到日期", listed=True, begins="today"),
        integer("pages", "页数", most=10_000),
        integer("copies", "份数", most=99),
        yes_no("is_original", "原件"),
        text("description", "证明什么", max_length=1000, searched=True),
        text("remarks", "备注", max_length=500),
    ),
    title=lambda v: str(v.get("evidence_name", "")),
    parents=("mediation",),
    order="collected_on",
    attached=True,
)
