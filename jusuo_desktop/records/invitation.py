"""A call to come to a mediation (调解通知书): who, when, where, what to bring. domain/forms.md §2 (12-paper set, S19)."""

from __future__ import annotations

from jusuo_desktop.records.field import date, moment, text
from jusuo_desktop.records.kind import RecordKind

INVITATION = RecordKind(
    "invitation",
    "调解通知",
    (
        text("invited_persons", "被通知人", required=True, listed=True, max_length=500),
        moment("mediated_at", "调解时间", required=True, listed=True),
        text("place", "调解地点", required=True),
        text("to_bring", "应携带的材料", help="身份证明、证据材料等", max_length=500),
        text("contact", "联系人及电话", max_length=100),
        date("sent_on", "通知日期", required=True, listed=True, begins="today"),
    ),
    title=lambda v: f"{v.get('sent_on', '')} 通知{v.get('invited_persons', '')}".strip(),
    parents=("mediation",),
    order="sent_on",
)
