"""Somebody who takes part in a mediation and is neither a party nor the mediator: another committee, an invited lawyer, adviser or expert,
a relative or neighbour; with the parties' consent (人民调解法第20条, domain/rules.md M-12).
"""

from __future__ import annotations

from jusuo_desktop.records.field import code, date, phone, text, yes_no
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.place import PERSON_NAME

PARTICIPANT = RecordKind(
    "participant",
    "参与人",
    (
        PERSON_NAME,
        code("participant_role", "身份", "participant_role", required=True, listed=True),
        text("organization_name", "单位", searched=True, listed=True, help="联合调解的调委会、律师事务所、部门等"),
        phone("contact_phone", "联系电话"),
        yes_no("consent_obtained", "已征得当事人同意", help="邀请他人参与调解应当征得当事人同意（人民调解法第20条）"),
        date("invited_on", "邀请日期", listed=True, begins="today"),
        text("remarks", "备注", max_length=500),
    ),
    title=lambda v: " ".join(str(v[n]) for n in ("organization_name", "name") if n in v),
    parents=("mediation",),
    order="invited_on",
)
