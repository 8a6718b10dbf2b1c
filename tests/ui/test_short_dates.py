"""Dates as they are typed in a hurry."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.ui.editors.short_dates import full_day, full_moment

TODAY = date(2026, 3, 9)


@pytest.mark.parametrize(
    ("typed", "full"),
    [
        ("3.7", "2026-03-07"), ("3-7", "2026-03-07"), ("3/7", "2026-03-07"), ("３．７", "2026-03-07"), ("3月7日", "2026-03-07"),
        ("0307", "2026-03-07"),
        ("260307", "2026-03-07"), ("26.3.7", "2026-03-07"), ("85.6.12", "1985-06-12"), ("850612", "1985-06-12"), ("12.28", "2025-12-28"),
        ("今天", "2026-03-09"), ("昨天", "2026-03-08"), ("大前天", "2026-03-06"), ("明天", "2026-03-10"),
        ("2026-3-7", "2026-3-7"), ("20260307", "20260307"), ("2026年3月7日", "2026年3月7日"), ("46000", "46000"), ("13.45", "13.45"),
        ("2.30", "2.30"),
        ("hello", "hello"), ("", ""),
    ],
)  # fmt: skip
def test_days(typed: str, full: str) -> None:
    assert full_day(typed, TODAY) == full


@pytest.mark.parametrize(
    ("typed", "full"),
    [
        ("9:30", "2026-03-09 9:30"), ("9：30", "2026-03-09 9:30"), ("下午3点", "2026-03-09 下午3点"), ("3.7 9:30", "2026-03-07 9:30"),
        ("昨天 下午2点半", "2026-03-08 下午2点半"), ("现在", "2026-03-09 10:30"), ("0307 14:05", "2026-03-07 14:05"),
        ("2026-3-7 9:30", "2026-3-7 9:30"),
    ],
)  # fmt: skip
def test_moments(typed: str, full: str) -> None:
    assert full_moment(typed, datetime(2026, 3, 9, 10, 30)) == full


def test_a_due_date_lies_ahead() -> None:
    assert full_day("7.1", TODAY, ahead=True) == "2026-07-01"
    assert full_day("7.1", TODAY) == "2025-07-01"
    assert full_day("1.5", date(2026, 12, 20)) == "2027-01-05"


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1)), st.integers(-300, 60))
def test_a_day_near_today_is_the_day_meant(today: date, days: int) -> None:
    meant = date.fromordinal(today.toordinal() + days)
    for typed in (f"{meant.month}.{meant.day}", f"{meant:%m%d}", f"{meant.month}月{meant.day}日"):
        assert full_day(typed, today) == meant.isoformat()
