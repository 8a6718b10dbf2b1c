"""Early warnings: begun from a case or a screened matter with what is known of it, and until when a major one must be reported.

domain/rules.md P-09 (人民调解法第25条), S-03 (major information within hours that the county sets).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from jusuo_desktop.actions.save_record import existing
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.county_parameter import HOUR
from jusuo_desktop.records.deadlines import Rules, end_of
from jusuo_desktop.records.field import Value, Values
from jusuo_desktop.records.kind import Record

MAJOR: Final = "3"
"""Code of the list warning_level."""
ORDINARY: Final = "1"
"""Code of the list risk_forecast: 正常."""
WARNED_OF: Final = ("mediation", "screened_dispute")
END_OF_DAY: Final = "T23:59"


def warning_values(session: Session, record_id: str) -> dict[str, Value]:
    """What a warning about that mediation or screened dispute begins with.

    Raises:
        Refused: no such record.
    """
    record = existing(session, record_id)
    if record.kind not in WARNED_OF:
        return {}
    values: dict[str, Value] = {record.kind: record.id}
    if record.kind == "screened_dispute" and record.values.get("mediation"):
        values["mediation"] = record.values["mediation"]
    top = session.store.record(record.parent_id) if record.parent_id else record
    if top is not None and "village" in top.values:
        values["village"] = top.values["village"]
    if people := _people(session, record):
        values["people"] = people
    if record.values.get("people_involved"):
        values["people_involved"] = record.values["people_involved"]
    if content := _content(record):
        values["content"] = content
    risk = record.values.get("risk_forecast")
    if risk and risk != ORDINARY:
        values["risk_forecast"] = risk
    return values


def _people(session: Session, record: Record) -> str:
    if record.kind == "screened_dispute":
        return str(record.values.get("parties", ""))
    children = [c for c in session.store.children(record.id, "party") if not c.voided]
    names = [str(c.values.get("name") or c.values.get("organization_name", "")) for c in children]
    return "、".join(n for n in names if n)


def _content(record: Record) -> str:
    kind = str(record.values.get("dispute_type", ""))
    named = code_list("dispute_type").label_of(kind) if kind else ""
    summary = str(record.values.get("dispute_summary") or record.values.get("summary", ""))
    return f"{named}：{summary}" if named and summary else named or summary


def report_by(warning: Values, rules: Rules) -> str:
    """Until when a warning must be reported: 'YYYY-MM-DDTHH:MM' for a major one, '' for others."""
    warned = str(warning.get("warned_at", ""))
    if warning.get("warning_level") != MAJOR or len(warned) < 16:
        return ""
    limit = rules.of("warning_report", warned)
    if limit.unit == HOUR:
        return (datetime.fromisoformat(warned[:16]) + timedelta(hours=limit.value)).strftime("%Y-%m-%dT%H:%M")
    return end_of(warned, limit, rules).day + END_OF_DAY


def time_left(until: str, now: datetime) -> str:
    """“还有3小时20分须报告”, “报告时限已过2小时5分”."""
    minutes = round((datetime.fromisoformat(until) - now.replace(second=0, microsecond=0)).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    span = f"{hours}小时{rest}分" if hours and rest else f"{hours}小时" if hours else f"{rest}分钟"
    return f"还有{span}须报告" if minutes >= 0 else f"报告时限已过{span}"
