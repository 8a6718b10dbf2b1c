"""To count: the tables of a period from the store, each with the records behind its cells; and to take them out as a workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Final

from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.records.kind import Record
from jusuo_desktop.reports import facts
from jusuo_desktop.reports.progress import FreeReins, Progress, Reins
from jusuo_desktop.reports.statistics import COMMITTEE, VILLAGE, Period, Table, tabulate
from jusuo_desktop.reports.statistics_checks import Finding, consultation_checks, mediation_checks, visit_checks
from jusuo_desktop.reports.statistics_columns import T1, T4, T7
from jusuo_desktop.reports.statistics_sheet import Heading, write_statistics
from jusuo_desktop.store.refusal import Refused

RULE: Final = "statistics_rule"
"""Setting: by which day a mediation counts (reports.facts.RULES); the county decides (statistics.md T1c)."""
STEP: Final = 2000


@dataclass(frozen=True)
class Report:
    """The tables by name (mediation, consultation, adviser_visit) and what does not add up in them."""

    period: Period
    by: str
    rule: str
    office: str
    made_at: datetime
    tables: Mapping[str, Table]
    findings: Mapping[str, tuple[Finding, ...]]

    def behind(self, table: str, column: str, key: str | None = None) -> list[str]:
        """The ids of the records that a cell counts; of the total row without a key."""
        return self.tables[table].behind(column, key)


def statistics(session: Session, period: Period, by: str = COMMITTEE, *, rule: str = "", reins: Reins | None = None) -> Report:
    """Counts everything of the period. Consultations and visits have no committee and go by village instead.

    Raises:
        Refused: the period ends before it begins, or the counting was stopped.
    """
    if period.first and period.last and period.first > period.last:
        raise Refused(f"起日{period.first}在止日{period.last}之后，请核对。")
    store, reins = session.store, reins or FreeReins()
    rule = rule or str(store.get(RULE, facts.CLOSED))
    committees = sorted(store.each_record("mediation_committee"), key=_committee_order)
    villages = sorted(store.each_record("village"), key=lambda r: str(r.values.get("division_code", "")))
    labels = {
        COMMITTEE: {r.id: str(r.values.get("name", "")) for r in committees},
        VILLAGE: {r.id: str(r.values.get("name", "")) for r in villages},
    }
    types = {r.id: str(r.values.get("committee_type", "")) for r in committees}
    agreements = facts.agreements_by_case(_each(session, "agreement", reins))
    cases = facts.cases(_each(session, "mediation", reins), agreements, _party_count(session, reins), types, rule)
    committee_of = {str(r.values["village"]): r.id for r in reversed(committees) if "village" in r.values}
    rounds = facts.screenings(_each(session, "dispute_screening", reins), committee_of)
    averted = facts.averted(_each(session, "early_warning", reins), committee_of)
    mediation = tabulate(T1, chain(cases, rounds, averted), period, by, labels.get(by))
    place = VILLAGE if by == COMMITTEE else by
    asked = tabulate(T4, facts.consultations(_each(session, "consultation", reins)), period, place, labels.get(place))
    visited = tabulate(T7, facts.visits(_each(session, "adviser_visit", reins)), period, place, labels.get(place))
    today = session.today().isoformat()
    past = [m for m in period.months if m < today[:7]]
    return Report(
        period,
        by,
        rule,
        _office_name(session),
        session.clock(),
        {T1.name: mediation, T4.name: asked, T7.name: visited},
        {
            T1.name: tuple(mediation_checks(mediation)),
            T4.name: tuple(consultation_checks(asked)),
            T7.name: tuple(visit_checks(visited, past, labels[VILLAGE])),
        },
    )


def export_statistics(session: Session, report: Report, path: Path) -> Path:
    """Writes the report into a workbook, one sheet a table; noted in the audit chain before the file is written.

    Raises:
        Refused: the file cannot be written there.
    """
    session.store.audit_note("export", "", f"statistics:{report.period.said}:{report.by}")
    heading = Heading(report.office, report.period, facts.RULES[report.rule], session.store.user.name, session.clock())
    write_statistics(path, [report.tables[n] for n in (T1.name, T4.name, T7.name)], report.findings, heading)
    return path


def _each(session: Session, kind: str, reins: Reins) -> Iterator[Record]:
    for read, record in enumerate(session.store.each_record(kind)):
        if read % STEP == 0:
            if reins.stopped.is_set():
                raise Refused("统计已停止。")
            reins.tell(Progress("正在统计", read, 0))
        yield record


def _party_count(session: Session, reins: Reins) -> Callable[[str], int]:
    """How many parties a mediation has; they are only read when the first one is asked for."""

    @cache
    def counted() -> Counter[str]:
        return Counter(r.parent_id for r in _each(session, "party", reins))

    return lambda record_id: counted()[record_id]


def _committee_order(record: Record) -> tuple[int, str, str]:
    """The township's first, then those of trades, then the villages' in the order of their names."""
    kind = str(record.values.get("committee_type", ""))
    return {"03": 0, "04": 0, "05": 1, "06": 1, "99": 1}.get(kind, 2), kind, str(record.values.get("name", ""))


def _office_name(session: Session) -> str:
    office = session.store.record(place_id("judicial_office", session.store.scope[:9]))
    return str(office.values.get("name", "")) if office is not None else ""
