"""An inquiry (调查记录) into a dispute: whom was asked, by whom, what was said. Fields: domain/forms.md §2.7."""

from __future__ import annotations

from jusuo_desktop.records.field import link, links, long_text, moment, text
from jusuo_desktop.records.kind import RecordKind

INQUIRY = RecordKind(
    "inquiry",
    "调查记录",
    (
        moment("investigated_at", "时间", required=True, listed=True, begins="now"),
        text("place", "地点", required=True),
        text("participants", "参加人", max_length=1000, required=True),
        text("investigated_person", "被调查人", required=True, listed=True, searched=True),
        long_text("record_text", "记录", required=True, searched=True),
        links("investigators", "调查人", "worker", required=True),
        link("recorder", "记录人", "worker", required=True, begins="user"),
    ),
    title=lambda v: f"{str(v.get('investigated_at', '')).replace('T', ' ')} 调查{v.get('investigated_person', '')}".strip(),
    parents=("mediation",),
    order="investigated_at",
    attached=True,
)
