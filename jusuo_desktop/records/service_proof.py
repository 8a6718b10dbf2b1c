"""Proof that a paper was handed over (送达回证): which paper, to whom, how and when. Field list: proposal (domain/forms.md names the paper only)."""

from __future__ import annotations

from jusuo_desktop.records.field import code, date, link, moment, text
from jusuo_desktop.records.kind import RecordKind

SERVICE_PROOF = RecordKind(
    "service_proof",
    "送达回证",
    (
        text("document_names", "送达文书", required=True, listed=True, max_length=500),
        text("recipient", "受送达人", required=True, listed=True, searched=True, max_length=100),
        code("service_method", "送达方式", "service_method", required=True, listed=True),
        text("place", "送达地点"),
        date("sent_on", "填发日期", required=True, listed=True, begins="today"),
        moment("served_at", "送达时间", listed=True),
        text("received_by", "代收人及与受送达人关系", max_length=100),
        text("refusal_note", "拒收事由和见证人", max_length=500),
        link("server", "送达人", "worker", begins="user"),
        text("remarks", "备注", max_length=500),
    ),
    title=lambda v: f"{v.get('sent_on', '')} 送达{v.get('recipient', '')}".strip(),
    parents=("mediation",),
    order="sent_on",
    attached=True,
)
