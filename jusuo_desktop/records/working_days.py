"""The official working-day calendar: weekends, public holidays and make-up working days (design.md §4). Pure; a year that is not known says so."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from jusuo_desktop.records.calendar_year import CALENDAR_YEAR, days
from jusuo_desktop.records.check import check
from jusuo_desktop.records.field import Values

CALENDAR_FILE: Final = Path(__file__).parents[2] / "resources" / "calendar.toml"
ONE_DAY: Final = timedelta(days=1)
SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Year:
    """What was announced for one year; everything else in it is an ordinary week."""

    days_off: frozenset[date]
    days_worked: frozenset[date]
    source: str


def _year(year: int, told: Values) -> Year:
    return Year(days(year, str(told["days_off"])), days(year, str(told.get("days_worked", ""))), str(told.get("source", "")))


@cache
def announced() -> Mapping[int, Year]:
    """The years of resources/calendar.toml."""
    with CALENDAR_FILE.open("rb") as file:
        table = tomllib.load(file)
    return MappingProxyType({int(y): _year(int(y), told) for y, told in table.items()})


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The calendar of the years that are known."""

    years: Mapping[int, Year] = field(default_factory=announced)

    def known(self, year: int) -> bool:
        """Whether that year's days off have been announced and entered."""
        return year in self.years

    def is_working_day(self, day: date) -> bool:
        """Whether offices and courts work on that day; in an unknown year only weekends are off."""
        for told in (self.years.get(day.year), self.years.get(day.year + 1)):  # a notice may begin in the last days of the year before
            if told is not None and day in told.days_worked:
                return True
            if told is not None and day in told.days_off:
                return False
        return day.weekday() < SATURDAY

    def next_working_day(self, day: date) -> date:
        """That day if it is a working day, else the first one after it (民事诉讼法第85条)."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The last of `count` working days after `day`, which is not counted itself (民事诉讼法第85条)."""
        for _ in range(count):
            day = self.next_working_day(day + ONE_DAY)
        return day

    def doubt(self, *dates: date) -> str:
        """What must be said beside a day that was counted through an unknown year; '' where all is known."""
        unknown = sorted({d.year for d in dates} - set(self.years))
        return f"{'、'.join(map(str, unknown))}年的放假安排还没有公布，按周末推算" if unknown else ""


def working_days(entered: Iterable[Values]) -> WorkingDays:
    """The calendar of the file with the `calendar_year` records laid over it, the last of a year standing; what is unfinished is left out."""
    years = dict(announced())
    for told in entered:
        year = told.get("year")
        if not isinstance(year, int) or "days_off" not in told or any(p.blocking for p in check(CALENDAR_YEAR, told)):
            continue
        try:
            years[year] = _year(year, told)
        except ValueError:  # 29 February of an ordinary year
            continue
    return WorkingDays(MappingProxyType(years))
