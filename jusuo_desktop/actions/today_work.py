"""What waits today: warnings to be reported, mediations and promises that fall due, screening reports that did not come, values in conflict,
records that lack something.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from jusuo_desktop.actions import screening
from jusuo_desktop.actions.early_warning import report_by, time_left
from jusuo_desktop.actions.office_rules import office_rules
from jusuo_desktop.actions.save_record import lacking
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.deadlines import Rules, confirmation_due, end_of, is_near, visit_due
from jusuo_desktop.records.derived import LETTER, ORAL
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.listing import Filter, ListQuery, ListRow

LOOK_BACK_DAYS: Final = 366
CONFIRMATION_DAYS: Final = 120
"""How far back agreements are looked at that may still be confirmed: thirty days, the signatures that came later, a holiday."""
INCOMPLETE_DAYS: Final = 60
INCOMPLETE_LOOKED_AT: Final = 300
"""The newest records of a kind that are looked through for gaps: older ones were complete or are known."""
OPEN_MEDIATION: Final = ("registered", "accepted", "mediating")
OPEN_CONSULTATION: Final = ("open", "referred")
NAMED: Final = 3
"""Villages named in one line."""
MAIN_KINDS: Final = ("mediation", "consultation", "adviser_visit")


@dataclass(frozen=True, slots=True)
class Reminder:
    """One thing to do: the record, its title, the day it is due ('' for none), and what is said in one line. Without a record it is
    about the whole part of the rail that is named like the kind.
    """

    kind: str
    record_id: str
    title: str
    due_on: str
    said: str


def reminders(session: Session, limit: int = 200) -> list[Reminder]:
    """Everything that waits, the longest overdue first, what has no day last."""
    rules = office_rules(session)
    found = [*_mediations(session, rules, limit), *_replies(session, rules, limit), *_performances(session, rules, limit)]
    found += [*_confirmations(session, rules, limit), *_conflicts(session, limit), *_incomplete(session)]
    found += [*_warnings(session, rules, limit), *_screenings(session)]
    return sorted(found, key=lambda r: (r.due_on or "9", r.kind, r.record_id))[:limit]


def _rows(session: Session, query: ListQuery, limit: int) -> list[ListRow]:
    return session.store.rows(session.store.keys(query, limit))


def _span(session: Session, before: int, after: int) -> tuple[str, str]:
    today = session.today()
    return (today - timedelta(days=before)).isoformat(), (today + timedelta(days=after)).isoformat()


def _open(kind: str, states: tuple[str, ...], field: str, span: tuple[str, str]) -> ListQuery:
    """What is under way and due, oldest first. The state stands first: it is the index that few records match."""
    return ListQuery(kind, (Filter("state", "in", states), Filter(field, "between", span)), descending=False)


def _days(session: Session, due_on: str, what: str) -> str:
    left = (date.fromisoformat(due_on[:10]) - session.today()).days
    if left < 0:
        return f"{what}已超过 {-left} 天"
    return f"{what}今天到期" if left == 0 else f"{what}还有 {left} 天到期"


def _mediations(session: Session, rules: Rules, limit: int) -> Iterator[Reminder]:
    """Shown from some days before the time limit ends (domain/rules.md P-04)."""
    today = session.today().isoformat()
    span = _span(session, LOOK_BACK_DAYS, 0)[0], end_of(today, rules.of("mediation_near", today), rules).day
    for row in _rows(session, _open("mediation", OPEN_MEDIATION, "due_on", span), limit):
        due = str(row.values["due_on"])
        yield Reminder("mediation", row.id, KINDS["mediation"].title(row.values), due, _days(session, due, "调解期限"))


def _replies(session: Session, rules: Rules, limit: int) -> Iterator[Reminder]:
    for row in _rows(session, _open("consultation", OPEN_CONSULTATION, "reply_due_on", _span(session, LOOK_BACK_DAYS, 1)), limit):
        due = str(row.values["reply_due_on"])
        what = "来信的答复" if row.values.get("consultation_channel") == LETTER else "约定的答复"
        yield Reminder("consultation", row.id, KINDS["consultation"].title(row.values), due, _days(session, due, what) + _doubt(rules, due))


def _performances(session: Session, rules: Rules, limit: int) -> Iterator[Reminder]:
    """Agreements that should be performed by now, of mediations that say nothing about it: visit and ask (domain/rules.md C-01)."""
    span = _span(session, LOOK_BACK_DAYS, 0)
    query = ListQuery("agreement", (Filter("performance_due_on", "between", span),), sort="performance_due_on")
    shown = 0
    for row in _rows(session, query, limit * 5):
        agreement = session.store.record(row.id)
        mediation = session.store.record(agreement.parent_id) if agreement is not None else None
        if mediation is None or mediation.voided or _performed(mediation):
            continue
        due = str(row.values["performance_due_on"])
        said = _days(session, due, "协议履行") + ("，应当回访" if visit_due(due, rules).day <= session.today().isoformat() else "")
        yield Reminder("mediation", mediation.id, KINDS["mediation"].title(mediation.values), due, said)
        shown += 1
        if shown >= limit:
            return


def _confirmations(session: Session, rules: Rules, limit: int) -> Iterator[Reminder]:
    """Written agreements not yet performed whose time for judicial confirmation runs out (domain/rules.md J-01)."""
    today = session.today().isoformat()
    query = ListQuery("agreement", (Filter("agreed_on", "between", _span(session, CONFIRMATION_DAYS, 0)),), sort="agreed_on")
    shown = 0
    for row in _rows(session, query, limit * 5):
        agreement = session.store.record(row.id)
        if agreement is None or agreement.values.get("agreement_form") == ORAL or "effective_on" not in agreement.values:
            continue
        due = confirmation_due(str(agreement.values["effective_on"]), rules)
        mediation = session.store.record(agreement.parent_id)
        if not (today <= due.day and is_near(due.day, today, rules)) or mediation is None or mediation.voided or _performed(mediation):
            continue
        said = _days(session, due.day, "申请司法确认的期限") + (f"（{due.doubt}）" if due.doubt else "")
        yield Reminder("mediation", mediation.id, KINDS["mediation"].title(mediation.values), due.day, said)
        shown += 1
        if shown >= limit:
            return


def _performed(mediation: Record) -> bool:
    return "performance_status" in mediation.values or "performed_on" in mediation.values


def _doubt(rules: Rules, due_on: str) -> str:
    said = rules.calendar.doubt(date.fromisoformat(due_on))
    return f"（{said}）" if said else ""


def _conflicts(session: Session, limit: int) -> Iterator[Reminder]:
    for row in _rows(session, ListQuery("conflict", (Filter("state", "=", "open"),)), limit):
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
        for row in _rows(session, query, INCOMPLETE_LOOKED_AT):
            if lacked := lacking(session, Record(row.id, row.kind, "", row.values)):
                more = f"等 {len(lacked)} 项" if len(lacked) > 3 else ""
                yield Reminder(name, row.id, kind.title(row.values), "", f"还缺：{'、'.join(lacked[:3])}{more}")


def _warnings(session: Session, rules: Rules, limit: int) -> Iterator[Reminder]:
    """A major one counts down to the hour (domain/rules.md S-03)."""
    for row in _rows(session, ListQuery("early_warning", (Filter("state", "=", "open"),)), limit):
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
