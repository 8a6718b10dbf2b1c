"""When a thing is due: pure functions of a day, the county's parameters and the working-day calendar, each citing its rule."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from jusuo_desktop.records.county_parameter import DAY, HOUR, MONTH, Parameter, parameter
from jusuo_desktop.records.field import Values
from jusuo_desktop.records.working_days import WorkingDays


@dataclass(frozen=True, slots=True)
class Rules:
    """What the county has set, and the calendar; without anything, what holds in the whole country."""

    parameters: Sequence[Values] = ()
    calendar: WorkingDays = field(default_factory=WorkingDays)

    def of(self, name: str, day: str) -> Parameter:
        """The parameter of that name as it holds on a day."""
        return parameter(self.parameters, name, day[:10])


NATIONAL_RULES: Final = Rules()


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day, and what must be said beside it where it was counted through a year whose days off are not known."""

    day: str
    doubt: str = ""


def months_later(day: date, count: int) -> date:
    """The same day of a later month, or its last day where it has none ('2026-01-31' → '2026-02-28')."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_later_day(day: str, count: int) -> str:
    """The same of days as they are stored."""
    return months_later(date.fromisoformat(day[:10]), count).isoformat()


def end_of(start: str, period: Parameter, rules: Rules) -> Deadline:
    """The last day of a period that begins after `start`, which is not counted itself (民事诉讼法第85条)."""
    first = date.fromisoformat(start[:10])
    if period.unit == MONTH:
        return Deadline(months_later(first, period.value).isoformat())
    if period.unit == HOUR:
        return Deadline((first + timedelta(days=-(-period.value // 24))).isoformat())
    if period.unit == DAY:
        return Deadline((first + timedelta(days=period.value)).isoformat())
    last = rules.calendar.add_working_days(first, period.value)
    return Deadline(last.isoformat(), rules.calendar.doubt(first, last))


def mediation_due(accepted_on: str, rules: Rules = NATIONAL_RULES) -> Deadline:
    """One month from acceptance (人民调解工作若干规定第33条, domain/rules.md P-04); longer only with the parties' consent, which the clerk types."""
    return end_of(accepted_on, rules.of("mediation_period", accepted_on), rules)


REFERRED: Final = MappingProxyType({"1": "referral_before_filing", "2": "referral_ordinary", "3": "referral_summary"})
"""The county's parameter by code of the list referral_kind."""


def referral_due(referral_kind: str, received_on: str, rules: Rules = NATIONAL_RULES) -> Deadline:
    """What a court entrusts has a time limit of its own, from the receipt of its papers (特邀调解的规定第27条, domain/rules.md P-08)."""
    return end_of(received_on, rules.of(REFERRED[referral_kind], received_on), rules)


def court_confirm_due(received_on: str, rules: Rules = NATIONAL_RULES) -> Deadline:
    """By when the acceptance of what a court entrusts online is confirmed (人民法院在线调解规则第12条, domain/rules.md A-09)."""
    return end_of(received_on, rules.of("court_confirm", received_on), rules)


def reply_due(received_on: str, rules: Rules = NATIONAL_RULES) -> Deadline | None:
    """By when the body that referred a dispute hears of it; None while the county has set nothing (domain/rules.md A-08)."""
    period = rules.of("referral_reply", received_on)
    return end_of(received_on, period, rules) if period.value else None


def confirmation_due(effective_on: str, rules: Rules = NATIONAL_RULES) -> Deadline:
    """The last day on which the parties may jointly ask the court to confirm an agreement: 30 days from the day it takes effect, that day
    not counted, moved to the next working day where it falls on a day off (民事诉讼法第205条、第85条, domain/rules.md J-01).
    """
    counted = end_of(effective_on, rules.of("confirmation_period", effective_on), rules)
    last = date.fromisoformat(counted.day)
    moved = rules.calendar.next_working_day(last)
    return Deadline(moved.isoformat(), counted.doubt or rules.calendar.doubt(last, moved))


def letter_due(received_on: str, rules: Rules = NATIONAL_RULES) -> Deadline:
    """By when a consultation that came by letter is answered: seven working days (法律咨询服务指南, domain/rules.md L-01)."""
    return end_of(received_on, rules.of("letter_period", received_on), rules)


def is_near(due_on: str, today: str, rules: Rules = NATIONAL_RULES) -> bool:
    """Whether a last day is so near that it is shown, or past (domain/rules.md P-04)."""
    return due_on <= end_of(today, rules.of("mediation_near", today), rules).day


def visit_due(performance_due_on: str, rules: Rules = NATIONAL_RULES) -> Deadline:
    """When to ask whether an agreement was performed (domain/rules.md C-02)."""
    return end_of(performance_due_on, rules.of("visit_after", performance_due_on), rules)


def risk_visit_due(last_seen_on: str, rules: Rules = NATIONAL_RULES) -> Deadline:
    """When a case that may get worse is visited again (domain/rules.md C-02, a proposal)."""
    return end_of(last_seen_on, rules.of("risk_visit", last_seen_on), rules)
