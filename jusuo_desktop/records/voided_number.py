"""A printed number that was given up with a reason: it is never given out again, on any device, and the ledger of numbers tells why (S8)."""

from __future__ import annotations

from jusuo_desktop.records.field import date, text
from jusuo_desktop.records.kind import RecordKind

VOIDED_NUMBER = RecordKind(
    "voided_number",
    "作废的文号",
    (
        text("number", "文号", required=True, listed=True, max_length=60),
        text("numbered_kind", "记录种类", required=True, max_length=40),
        text("numbered_record", "原来的记录", required=True, max_length=40),
        text("reason", "作废原因", required=True, listed=True, max_length=500),
        date("voided_on", "作废日期", required=True, listed=True),
    ),
    title=lambda v: f"{v.get('number', '')}（作废）",
    order="number",
)
