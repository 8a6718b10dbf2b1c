"""When things happen: seasons, working hours, and how a clerk writes a day."""

from __future__ import annotations

import random
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from jusuo_desktop.sample.chance import Weighted, pick

WEEK: Final = (1.15, 1.05, 1.0, 1.0, 0.95, 0.3, 0.2)
"""Monday to Sunday: villages mediate at weekends as well."""
HOLIDAYS: Final = frozenset({(1, 1), (5, 1), (5, 2), (5, 3), *((10, d) for d in range(1, 8))})
"""Days on which hardly anything is recorded; the festivals of the moon calendar are left out."""
HOURS: Final = Weighted([(8, 8), (9, 20), (10, 18), (11, 3), (14, 14), (15, 18), (16, 10), (17, 2), (19, 4)])
TIMES_OF_DAY: Final = ("上午8时许", "上午9时许", "上午10时许", "中午", "下午2时许", "下午3时许", "下午4时许", "傍晚", "晚上7时许", "晚上8时许")


@lru_cache(maxsize=4096)
def in_words(day: date) -> str:
    """2026年3月7日."""
    return f"{day.year}年{day.month}月{day.day}日"


@lru_cache(maxsize=8192)
def iso(day: date) -> str:
    """2026-03-07."""
    return day.isoformat()


def hour(draw: random.Random) -> str:
    """A time of day in working hours, as 'T09:30'."""
    return f"T{HOURS.draw(draw):02d}:{pick(draw, ('00', '10', '20', '30', '40', '50'))}"


def working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    over = day.weekday() - 4
    return day + timedelta(days=3 - over) if over > 0 else day


@lru_cache(maxsize=4096)
def month_later(day: date) -> date:
    """The same day of the next month, or its last day."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def spread(total: float, year: int, months: list[float]) -> Iterator[tuple[date, int]]:
    """The days of a year, each with its share of `total` events: whole numbers whose sum is near the total."""
    days = [date(year, 1, 1) + timedelta(days=i) for i in range(366 if monthrange(year, 2)[1] == 29 else 365)]
    weights = [(0.15 if (d.month, d.day) in HOLIDAYS else WEEK[d.weekday()]) * months[d.month - 1] for d in days]
    factor = total / sum(weights)
    owed = 0.0
    for day, weight in zip(days, weights, strict=True):
        owed += weight * factor
        if owed >= 1:
            whole = int(owed)
            owed -= whole
            yield day, whole
