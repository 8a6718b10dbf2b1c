"""What waits today: warnings to be reported, mediations and promises that fall due, screening reports that did not come, values in conflict,
records that lack something.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from jusuo_desktop.actions import screening
from jusuo_desktop.actions.early_warning import report_by, time_left
from jusuo_desktop.actions.office_rules import office_rules
from jusuo_desktop.actions.reminder import Reminder, days_left, rows, span
from jusuo_desktop.actions.save_record import lacking
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.today_cases import LOOK_BACK_DAYS, case_reminders
from jusuo_desktop.records.deadlines import Rules, end_of
from jusuo_desktop.records.derived import LETTER
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.listing import Filter, ListQuery

INCOMPLETE_DAYS: Final = 60
INCOMPLETE_LOOKED_AT: Final = 300
"""The newest records of a kind that are looked through for gaps: older ones were complete or are known."""
OPEN_MEDIATION: Final = ("registered", "accepted", "mediating")
OPEN_CONSULTATION: Final = ("open", "referred")
NAMED: Final = 3
"""Villages named in one line."""
MAIN_KINDS: Final = ("mediation", "consultation", "adviser_visit")


def reminders(session: Session, limit: int = 200) -> list[Reminder]:
    """Everything that waits, the longest overdue first, what has no day last."""
    rules = office_rules(session)
    found = [*_mediations(session, rules, limit), *_replies(session, rules, limit), *case_reminders(session, rules, limit)]
    found += [*_conflicts(session, limit), *_incomplete(session)]
    found += [*_warnings(session, rules, limit), *_screenings(session)]
    return sorted(found, key=lambda r: (r.due_on or "9", r.kind, r.record_id))[:limit]


def _open(kind: str, states: tuple[str, ...], field: str, span: tuple[str, str]) -> ListQuery:
    """What is under way and due, oldest first. The state stands first: it is the index that few records match."""
    return ListQuery(kind, (Filter("state", "in", states), Filter(field, "between", span)), descending=False)


def _mediations(session: Session, rules: Rules, limit: int) -> Iterator[Reminder]:
    """Shown from some days before the time limit ends (domain/rules.md P-04)."""
    today = session.today().isoformat()
    due_by = span(session, LOOK_BACK_DAYS, 0)[0], end_of(today, rules.of("mediation_near", today), rules).day
    for row in rows(session, _open("mediation", OPEN_MEDIATION, "due_on", due_by), limit):
        due = str(row.values["due_on"])
        yield Reminder("mediation", row.id, KINDS["mediation"].title(row.values), due, days_left(session, due, "调解期限"))


def _replies(session: Session, rules: Rules, limit: int) -> Iterator[Reminder]:
    for row in rows(session, _open("consultation", OPEN_CONSULTATION, "reply_due_on", span(session, LOOK_BACK_DAYS, 1)), limit):
        due = str(row.values["reply_due_on"])
        what = "来信的答复" if row.values.get("consultation_channel") == LETTER else "约定的答复"
        yield Reminder("consultation", row.id, KINDS["consultation"].title(row.values), due, days_left(session, due, what) + _doubt(rules, due))


def _doubt(rules: Rules, due_on: str) -> str:
    said = rules.calendar.doubt(date.fromisoformat(due_on))
    return f"（{said}）" if said else ""


def _conflicts(session: Session, limit: int) -> Iterator[Reminder]:
    for row in rows(session, ListQuery("conflict", (Filter("state", "=", "open"),)), limit):
        conflict = session.store.record(row.id)
        found = session.store.record(conflict.parent_id) if conflict is not None else None
        if found is None or found.kind not in KINDS:
            continue
        field = KINDS[found.kind].by_name.get(str(row.values.get("field_name", "")))
        top = _top(session, found)
        said = f"{KINDS[found.kind].label}的“{field.label if field else row.values.get('field_name', '')}”有两个不同的内容，请决定用哪一个"
        yield Reminder(top.kind, top.id, KINDS[top.kind].title(top.values), "", said)


def _top(session: Session, record: Record) -> Record:
    parent = session.store.record(record.parent_id) if record.parent_id else None
    return parent if parent is not None and parent.kind in KINDS else record


def _incomplete(session: Session) -> Iterator[Reminder]:
    since = (session.today() - timedelta(days=INCOMPLETE_DAYS)).isoformat()
    for name in MAIN_KINDS:
        kind = KINDS[name]
        query = ListQuery(name, (Filter(kind.order, "between", (since, None)),))
        for row in rows(session, query, INCOMPLETE_LOOKED_AT):
            if lacked := lacking(session, Record(row.id, row.kind, "", row.values)):
                more = f"等 {len(lacked)} 项" if len(lacked) > 3 else ""
                yield Reminder(name, row.id, kind.title(row.values), "", f"还缺：{'、'.join(lacked[:3])}{more}")


def _warnings(session: Session, rules: Rules, limit: int) -> Iterator[Reminder]:
    """A major one counts down to the hour (domain/rules.md S-03)."""
    for row in rows(session, ListQuery("early_warning", (Filter("state", "=", "open"),)), limit):
        until = report_by(row.values, rules)
        said = time_left(until, session.clock()) if until else "还没有报告"
        yield Reminder("early_warning", row.id, KINDS["early_warning"].title(row.values), until or str(row.values.get("warned_at", ""))[:10], said)


def _screenings(session: Session) -> Iterator[Reminder]:
    """The reports of the last period that did not come, a line for each period (domain/rules.md S-01)."""
    late = screening.late(session)
    for period in dict.fromkeys(o.period for o in late):
        names = [o.unit.name for o in late if o.period == period]
        more = f"等{len(names)}个" if len(names) > NAMED else ""
        said = f"没有报告：{'、'.join(names[:NAMED])}{more}"
        yield Reminder("dispute_screening", "", f"{period.said}的排查报告", period.last.isoformat(), said)
