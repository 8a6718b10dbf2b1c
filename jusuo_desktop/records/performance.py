"""One item of an agreement and its performance (履行): who owes what to whom, until when, and whether it was done.

Fields: domain/forms.md §2.10 (instalment table) and §2.12 (proof of performance).
"""

from __future__ import annotations

from jusuo_desktop.records.field import Values, code, date, integer, money, text
from jusuo_desktop.records.kind import RecordKind


def _title(values: Values) -> str:
    return " ".join(str(values[n]) for n in ("obligor", "content") if n in values) or "履行事项"


PERFORMANCE = RecordKind(
    "performance",
    "履行事项",
    (
        integer("instalment", "期次", most=999, listed=True),
        text("obligor", "履行人", listed=True, searched=True, max_length=60),
        text("content", "内容", required=True, listed=True, searched=True, max_length=500),
        code("performance_method", "履行方式", "performance_method"),
        money("amount", "金额", listed=True),
        date("due_on", "应履行日期", listed=True),
        date("performed_on", "实际履行日期", listed=True),
        money("performed_amount", "实际履行金额"),
        text("voucher", "凭证", help="收条、汇款单等；扫描件加为附件", max_length=100),
        text("received_by", "收款（接收）人", max_length=60),
        text("remarks", "备注", max_length=500),
    ),
    title=_title,
    parents=("agreement",),
    order="due_on",
    attached=True,
)
