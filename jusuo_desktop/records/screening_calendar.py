"""Which committees and villages owe a report of dispute screening for which period (domain/rules.md §8 S-01, S-04). Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from jusuo_desktop.records.county_parameter import MONTH, Parameter
from jusuo_desktop.records.deadlines import NATIONAL_RULES, Rules
from jusuo_desktop.records.field import Values

HALF_MONTH, TEN_DAYS, WEEK = 15, 10, 7
"""Days that mean a part of the calendar: the halves and the thirds (旬) of a month, and the week from Monday."""
PARAMETERS: Final = {"01": "screening_village", "02": "screening_village", "03": "screening_town", "04": "screening_town"}
"""The county parameter that says how often, by code of the list committee_type."""
OTHERS: Final = "screening_other"
EPOCH: Final = date(2024, 1, 1)
"""A Monday, from which periods of other lengths are counted."""
THIRDS: Final = ("上旬", "中旬", "下旬")


@dataclass(frozen=True, slots=True)
class Period:
    """A period of screening, both days included."""

    first: date
    last: date

    @property
    def said(self) -> str:
        """“3月”, “3月上半月”, “3月中旬”, “3月2日至8日”."""
        month = f"{self.first.month}月"
        end = calendar.monthrange(self.last.year, self.last.month)[1]
        if (self.first.year, self.first.month) == (self.last.year, self.last.month):
            parts = {(1, end): "", (1, HALF_MONTH): "上半月", (HALF_MONTH + 1, end): "下半月"}
            parts |= dict(zip(((1, 10), (11, 20), (21, end)), THIRDS, strict=True))
            if (self.first.day, self.last.day) in parts:
                return month + parts[self.first.day, self.last.day]
            return f"{month}{self.first.day}日至{self.last.day}日"
        if self.first.day == 1 and self.last.day == end:
            return f"{month}至{self.last.month}月"
        return f"{month}{self.first.day}日至{self.last.month}月{self.last.day}日"


@dataclass(frozen=True, slots=True)
class Unit:
    """Who owes reports: a committee, or a village that has none."""

    committee: str
    village: str
    committee_type: str
    name: str


@dataclass(frozen=True, slots=True)
class Owed:
    """One report: whose, for which period, what came in (`reports` are ids of dispute_screening), how many matters were found."""

    unit: Unit
    period: Period
    reports: tuple[str, ...]
    found: int
    zero: bool

    @property
    def reported(self) -> bool:
        """Whether anything came in."""
        return bool(self.reports)

    def overdue(self, today: date) -> int:
        """By how many days the report is late; 0 while it may still come, or has come."""
        return 0 if self.reported else max((today - self.period.last).days, 0)


@dataclass(frozen=True, slots=True)
class Report:
    """A stored round of screening, as far as the calendar looks at it."""

    record_id: str
    values: Values
    found: int


def frequency(committee_type: str, day: date, rules: Rules = NATIONAL_RULES) -> Parameter | None:
    """How often a committee of that type screens, as it holds on a day; None when nothing is owed."""
    found = rules.of(PARAMETERS.get(committee_type, OTHERS), day.isoformat())
    return found if found.value > 0 else None


def period_of(day: date, every: Parameter) -> Period:
    """The period in which a day lies."""
    if every.unit == MONTH:
        return _months(day, every.value)
    end = calendar.monthrange(day.year, day.month)[1]
    if every.value == HALF_MONTH:
        return Period(day.replace(day=1), day.replace(day=HALF_MONTH)) if day.day <= HALF_MONTH else Period(day.replace(day=16), day.replace(day=end))
    if every.value == TEN_DAYS:
        third = min((day.day - 1) // 10, 2)
        return Period(day.replace(day=third * 10 + 1), day.replace(day=end if third == 2 else third * 10 + 10))
    begun = day - timedelta(days=(day - EPOCH).days % max(every.value, 1))
    return Period(begun, begun + timedelta(days=max(every.value, 1) - 1))


def _months(day: date, count: int) -> Period:
    since = (day.year * 12 + day.month - 1) // count * count
    year, month = divmod(since, 12)
    last_year, last_month = divmod(since + count - 1, 12)
    return Period(date(year, month + 1, 1), date(last_year, last_month + 1, calendar.monthrange(last_year, last_month + 1)[1]))


def before(period: Period, every: Parameter) -> Period:
    """The period before one."""
    return period_of(period.first - timedelta(days=1), every)


def belongs(report: Values, period: Period) -> bool:
    """Whether a round counts for a period: by the days it says it covers, else by the day of the round."""
    since, until = str(report.get("period_from", "")), str(report.get("period_to", ""))
    if since and until:
        return since <= period.last.isoformat() and period.first.isoformat() <= until
    return period.first.isoformat() <= str(report.get("screened_on", ""))[:10] <= period.last.isoformat()


def of_unit(report: Values, unit: Unit) -> bool:
    """Whether a round is a unit's own: its committee's, or in its village."""
    if unit.committee and report.get("committee"):
        return report["committee"] == unit.committee
    return bool(unit.village) and report.get("village") == unit.village


def owed(units: Iterable[Unit], reports: Sequence[Report], today: date, rules: Rules = NATIONAL_RULES, *, back: int = 0) -> list[Owed]:
    """What each unit owes for the period of today, or for the one `back` periods before; units that owe nothing are left out."""
    found = []
    for unit in units:
        every = frequency(unit.committee_type, today, rules)
        if every is None:
            continue
        period = period_of(today, every)
        for _ in range(back):
            period = before(period, every)
        mine = [r for r in reports if of_unit(r.values, unit) and belongs(r.values, period)]
        matters = sum(r.found for r in mine)
        zero = not matters and any(r.values.get("is_zero_report") for r in mine)
        found.append(Owed(unit, period, tuple(r.record_id for r in mine), matters, zero))
    return found
