"""A mediator replaced (更换调解员): because a party objects, because of an interest of his own, or for the work's sake. rules.md M-11."""

from __future__ import annotations

from jusuo_desktop.records.field import code, date, links, text
from jusuo_desktop.records.kind import RecordKind

MEDIATOR_CHANGE = RecordKind(
    "mediator_change",
    "更换调解员",
    (
        date("changed_on", "更换日期", required=True, listed=True, begins="today"),
        links("former_mediators", "原调解员", "worker", required=True, listed=True),
        links("new_mediators", "新调解员", "worker", required=True, listed=True),
        code("change_reason", "更换理由", "mediator_change_reason", required=True, listed=True),
        text("requested_by", "提出人", max_length=100),
        text("remarks", "说明", max_length=500),
    ),
    title=lambda v: f"{v.get('changed_on', '')} 更换调解员".strip(),
    parents=("mediation",),
    order="changed_on",
)
