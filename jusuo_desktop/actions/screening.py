"""The screening calendar: who owes a report for which period, what is late, and the zero report of one or many villages in one act.

domain/rules.md §8 S-01 (how often), S-04 (nothing found is reported too).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from jusuo_desktop.actions.office_rules import office_rules
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.field import Value
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.screening_calendar import Owed, Report, Unit, belongs, of_unit, owed
from jusuo_desktop.store.edit import Edit
from jusuo_desktop.store.listing import Filter, ListQuery
from jusuo_desktop.store.refusal import NotAllowed, Refused

LIAISON: Final = "liaison"
VILLAGE_COMMITTEE: Final = "01"
OF_VILLAGES: Final = frozenset({"", "01", "02"})
"""Codes of the list committee_type that a village or community may have, or none chosen."""
MOST_PLACES: Final = 2000
MOST_REPORTS: Final = 5000
DONE: Final = ("1", "3", "4")
"""Codes of the list screening_outcome after which the village has nothing more to do: settled, made a case, handed over."""


def units(session: Session) -> list[Unit]:
    """Whoever may owe reports: every committee, and the villages that have none. A liaison sees those of the own village."""
    villages = {v.id: session.store.name_of(v.id) for v in _rows(session, "village")}
    found = [_unit(session, committee, villages) for committee in _rows(session, "mediation_committee")]
    known = {unit.village for unit in found if unit.village}
    found += [Unit("", village, VILLAGE_COMMITTEE, name) for village, name in villages.items() if village not in known]
    if session.store.user.role == LIAISON:
        village, committee = _own(session)
        found = [u for u in found if (village and u.village == village) or (committee and u.committee == committee)]
    return sorted(found, key=lambda u: (u.committee_type in OF_VILLAGES, u.name))


def calendar(session: Session, *, back: int = 0) -> list[Owed]:
    """What is owed for the present period, or for the one `back` periods before, by unit."""
    rules, today, who = office_rules(session), session.today(), units(session)
    bare = owed(who, (), today, rules, back=back)
    if not bare:
        return []
    return owed(who, _reports(session, min(o.period.first for o in bare)), today, rules, back=back)


def late(session: Session) -> list[Owed]:
    """Reports of the last period that have not come; none for the time before the office began to keep them here."""
    first = session.store.rows(session.store.keys(ListQuery("dispute_screening", descending=False), 1))
    if not first:
        return []
    begun = date.fromisoformat(str(first[0].values.get("screened_on") or session.today().isoformat())[:10])
    return [o for o in calendar(session, back=1) if not o.reported and o.period.last >= begun]


def zero_report(session: Session, of: Sequence[Owed]) -> list[Record]:
    """Writes down that nothing was found, for each of these units and periods, in one act; who has reported already is passed over.

    Raises:
        Refused: nobody is left to report for.
        NotAllowed: a liaison reports for the own village alone.
    """
    mine = {(u.committee, u.village) for u in units(session)} if session.store.user.role == LIAISON else None
    if mine is not None and any((o.unit.committee, o.unit.village) not in mine for o in of):
        raise NotAllowed("联络员只能报告本村（社区）的排查情况。")
    held = _reports(session, min((o.period.first for o in of), default=session.today()))
    left = [one for one in of if not any(of_unit(r.values, one.unit) and belongs(r.values, one.period) for r in held)]
    if not left:
        raise Refused("选中的单位本期都已经报告过了。")
    return session.store.write([Edit("dispute_screening", _zero(session, one)) for one in left], act="zero_report")


def _zero(session: Session, one: Owed) -> dict[str, Value]:
    values: dict[str, Value] = {
        "screened_on": session.today().isoformat(),
        "screeners": [session.store.user.id],
        "is_zero_report": True,
        "period_from": one.period.first.isoformat(),
        "period_to": one.period.last.isoformat(),
        "screening_content": f"{one.period.said}没有发现矛盾纠纷。",
    }
    for name, value in (("village", one.unit.village), ("committee", one.unit.committee)):
        if value:
            values[name] = value
    return values


def open_disputes(session: Session, limit: int = 200) -> list[Record]:
    """What was found in the last year and is neither settled nor made a case, newest first."""
    since = (session.today() - timedelta(days=366)).isoformat()
    query = ListQuery("dispute_screening", (Filter("screened_on", "between", (since, None)),))
    found: list[Record] = []
    for row in _listed(session, query, MOST_REPORTS):
        for child in session.store.children(row.id, "screened_dispute") if not row.values.get("is_zero_report") else ():
            if not child.voided and not child.values.get("mediation") and child.values.get("screening_outcome") not in DONE:
                found.append(child)
        if len(found) >= limit:
            break
    return found[:limit]


def _reports(session: Session, since: date) -> list[Report]:
    query = ListQuery("dispute_screening", (Filter("screened_on", "between", (since.isoformat(), None)),))
    found = []
    for row in _listed(session, query, MOST_REPORTS):
        matters = sum(1 for c in session.store.children(row.id, "screened_dispute") if not c.voided)
        found.append(Report(row.id, row.values, matters))
    return found


def _listed(session: Session, query: ListQuery, limit: int) -> list[Record]:
    rows = session.store.rows(session.store.keys(query, limit))
    return [Record(r.id, r.kind, "", r.values) for r in rows]


def _rows(session: Session, kind: str) -> list[Record]:
    return _listed(session, ListQuery(kind, descending=False), MOST_PLACES)


def _unit(session: Session, committee: Record, villages: Mapping[str, str]) -> Unit:
    """A village's committee is called by its village, and is of a village's type where nobody has chosen one. Where nobody has said whose
    it is, its name does.
    """
    name, village = session.store.name_of(committee.id), str(committee.values.get("village", ""))
    committee_type = str(committee.values.get("committee_type", ""))
    if not village and committee_type in OF_VILLAGES:
        village = max((v for v, called in villages.items() if called in name), key=lambda v: len(villages[v]), default="")
    return Unit(committee.id, village, committee_type or (VILLAGE_COMMITTEE if village else ""), villages.get(village, name))


def _own(session: Session) -> tuple[str, str]:
    user = session.store.record(session.store.user.id)
    values = user.values if user is not None else {}
    return str(values.get("village", "")), str(values.get("committee", ""))
