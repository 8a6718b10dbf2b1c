"""A change of a mediation's time limit (期限变更): longer with the parties' consent, suspended, gone on with. rules.md P-05, P-06."""

from __future__ import annotations

from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.field import Values, code, date, text, yes_no
from jusuo_desktop.records.kind import RecordKind


def _title(values: Values) -> str:
    kind = code_list("period_change").label_of(str(values["change_kind"])) if "change_kind" in values else "期限变更"
    return f"{values.get('decided_on', '')} {kind}".strip()


PERIOD_CHANGE = RecordKind(
    "period_change",
    "期限变更",
    (
        code("change_kind", "变更", "period_change", required=True, listed=True),
        date("decided_on", "决定日期", required=True, listed=True, begins="today"),
        text("reason", "理由", required=True, listed=True, max_length=500),
        yes_no("parties_agreed", "各方当事人同意", help="延长期限须经当事人同意"),
        date("new_due_on", "新的办理期限", listed=True),
    ),
    title=_title,
    parents=("mediation",),
    order="decided_on",
)
