"""What waits in mediations: what is owed today, visits, the court's thirty days, what a court wants to hear, money taken where none may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from jusuo_desktop.actions.cautions import cautions_of
from jusuo_desktop.actions.reminder import Reminder, days_left, rows, span
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.deadlines import Rules, confirmation_due, court_confirm_due, end_of, is_near, risk_visit_due, visit_due
from jusuo_desktop.records.derived import ORAL
from jusuo_desktop.records.field import Values
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.mediation_warnings import NORMAL
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.values import yuan
from jusuo_desktop.store.listing import Filter, ListQuery

LOOK_BACK_DAYS: Final = 366
MOST_UNDER_WAY: Final = 2000
"""Of one office: a year's cases, none of them closed."""
SETTLED: Final = "settled"
ALARMED_DAYS: Final = 60
UNDER_WAY: Final = ("registered", "accepted", "mediating", "suspended", "settled")
LOOKED_AT: Final = 300
"""The newest cases that are looked through for alarms and for visits."""
COURT: Final = "3"
"""Code of the list case_source."""


def case_reminders(session: Session, rules: Rules, limit: int) -> list[Reminder]:
    """Everything that waits in mediations beside their time limit."""
    found = list(_items(session, rules, limit))
    for one in _under_way(session):
        found += [*_agreements(session, rules, one), *_risky(session, rules, one)]
    return [*found, *_courts(session, rules), *_alarms(session, rules)]


def _of(mediation: Record, due_on: str, said: str) -> Reminder:
    return Reminder("mediation", mediation.id, KINDS["mediation"].title(mediation.values), due_on, said)


def owed(item: Values) -> str:
    """Who owes what: “张三应付 5,000 元（第2期）”."""
    amount, instalment = item.get("amount"), item.get("instalment")
    what = f"付 {yuan(amount)} 元" if isinstance(amount, int) else str(item.get("content", "履行"))[:24]
    which = f"（第{instalment}期）" if isinstance(instalment, int) else ""
    return f"{item.get('obligor', '')}应{{when}}{what}{which}"


def _items(session: Session, rules: Rules, limit: int) -> Iterator[Reminder]:
    """Each item of an agreement that is due and not noted as done (domain/rules.md G-07)."""
    today = session.today()
    until = end_of(today.isoformat(), rules.of("mediation_near", today.isoformat()), rules).day
    query = ListQuery("performance", (Filter("due_on", "between", (span(session, LOOK_BACK_DAYS, 0)[0], until)),), sort="due_on", descending=False)
    for row in rows(session, query, limit * 2):
        item = session.store.record(row.id)
        agreement = session.store.record(item.parent_id) if item is not None else None
        case = session.store.record(agreement.parent_id) if agreement is not None else None
        if item is None or agreement is None or case is None or agreement.voided or case.voided or "performed_on" in item.values:
            continue
        if "performed_on" in case.values:
            continue
        due = date.fromisoformat(str(item.values["due_on"]))
        left = (due - today).days
        when = "于今天" if left == 0 else f"于{due.month}月{due.day}日"
        visits = [v for v in session.store.children(case.id, "follow_up") if not v.voided]
        late = f"，已超过 {-left} 天" if left < 0 else ""
        visit = "，应当回访" if visit_due(due.isoformat(), rules).day <= today.isoformat() and not _visited(visits, due.isoformat()) else ""
        yield _of(case, due.isoformat(), owed(item.values).format(when=when) + late + visit)


@dataclass(frozen=True)
class _UnderWay:
    """A case that is not closed, with its children by kind."""

    case: Record
    children: dict[str, list[Record]]

    def of(self, kind: str) -> list[Record]:
        return self.children.get(kind, [])

    @property
    def performed(self) -> bool:
        return "performance_status" in self.case.values or "performed_on" in self.case.values


def _under_way(session: Session) -> Iterator[_UnderWay]:
    """The state stands in an index that few records match: what was closed was performed or visited and is not read again."""
    for row in rows(session, ListQuery("mediation", (Filter("state", "in", UNDER_WAY),)), MOST_UNDER_WAY):
        case = session.store.record(row.id)
        if case is not None:
            children: dict[str, list[Record]] = {}
            for child in session.store.children(case.id):
                if not child.voided:
                    children.setdefault(child.kind, []).append(child)
            yield _UnderWay(case, children)


def _agreements(session: Session, rules: Rules, one: _UnderWay) -> Iterator[Reminder]:
    """Of an agreement not noted as performed: that it is due, where it has no items that say so (C-01); that the time for judicial
    confirmation runs out, silent once it is asked for (J-01). domain/rules.md.
    """
    today = session.today().isoformat()
    for agreement in one.of("agreement") if not one.performed else ():
        due = str(agreement.values.get("performance_due_on", ""))
        if due and due <= today and not any(not c.voided for c in session.store.children(agreement.id, "performance")):
            wanted = visit_due(due, rules).day <= today and not _visited(one.of("follow_up"), due)
            yield _of(one.case, due, days_left(session, due, "协议履行") + ("，应当回访" if wanted else ""))
        effective = agreement.values.get("effective_on")
        if effective is None or agreement.values.get("agreement_form") == ORAL or one.of("judicial_confirmation"):
            continue
        last = confirmation_due(str(effective), rules)
        if today <= last.day and is_near(last.day, today, rules):
            yield _of(one.case, last.day, days_left(session, last.day, "申请司法确认的期限") + (f"（{last.doubt}）" if last.doubt else ""))


def _risky(session: Session, rules: Rules, one: _UnderWay) -> Iterator[Reminder]:
    """A settled case that may get worse, not visited for long (domain/rules.md C-02)."""
    risk = str(one.case.values.get("risk_forecast", NORMAL))
    if one.case.values.get("state") != SETTLED or risk == NORMAL:
        return
    seen = [str(v.values["visited_at"]) for v in one.of("follow_up") if "visited_at" in v.values]
    seen += [str(a.values["agreed_on"]) for a in one.of("agreement") if "agreed_on" in a.values]
    last = max(seen, default="")
    if last and (due := risk_visit_due(last, rules).day) <= session.today().isoformat():
        label = code_list("risk_forecast").label_of(risk)
        yield _of(one.case, due, f"{label}，上次回访（协议）是{last[:10]}，应当再回访")


def _courts(session: Session, rules: Rules) -> Iterator[Reminder]:
    """What a court entrusted waits for yes or no (domain/rules.md A-09); what was referred waits for an answer (A-08)."""
    for row in rows(session, ListQuery("mediation", (Filter("state", "=", "registered"), Filter("case_source", "=", COURT))), LOOKED_AT):
        case = session.store.record(row.id)
        if case is not None and "referral_received_on" in case.values:
            due = court_confirm_due(str(case.values["referral_received_on"]), rules)
            yield _of(case, due.day, days_left(session, due.day, "向法院确认是否受理") + (f"（{due.doubt}）" if due.doubt else ""))
    referred = (Filter("case_source", "in", ("3", "4", "5", "6", "7")), Filter("registered_on", "between", span(session, LOOK_BACK_DAYS, 0)))
    for row in rows(session, ListQuery("mediation", referred), LOOKED_AT):
        case = session.store.record(row.id)
        if case is None or "referral_reply_due_on" not in case.values or "referral_replied_on" in case.values:
            continue
        due_on = str(case.values["referral_reply_due_on"])
        if is_near(due_on, session.today().isoformat(), rules):
            yield _of(case, due_on, days_left(session, due_on, "回函"))


def _alarms(session: Session, rules: Rules) -> Iterator[Reminder]:
    """Money taken, harm threatened: said each day until it is mended (domain/rules.md M-01, P-09). Cases under way are looked through;
    of those that ended, what people said when they were asked.
    """
    cases = [row.id for row in rows(session, ListQuery("mediation", (Filter("state", "in", UNDER_WAY),)), LOOKED_AT)]
    asked = ListQuery("evaluation", (Filter("evaluated_on", "between", span(session, ALARMED_DAYS, 0)),))
    for row in rows(session, asked, LOOKED_AT):
        told = session.store.record(row.id)
        if told is not None and told.values.get("fee_charged") is True and told.parent_id:
            cases.append(told.parent_id)
    for case_id in dict.fromkeys(cases):
        case = session.store.record(case_id)
        one = next((c for c in cautions_of(session, case_id, rules) if c.alarm), None)
        if case is not None and one is not None:
            yield _of(case, "", one.sentence)


def _visited(visits: Iterable[Record], since: str) -> bool:
    return any(str(v.values.get("visited_at", "")) >= since for v in visits)
