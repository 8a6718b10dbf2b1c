"""The days off and the make-up working days of one year, as the State Council announces them each autumn.

A record of the county or office, so that whoever enters next year's notice enters it for every device; resources/calendar.toml
holds the years that were known when the program was made. Both are written as the notice writes them: “1月1日至3日、2月15日至23日”.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from jusuo_desktop.records.field import Value, Values, integer, text
from jusuo_desktop.records.kind import RecordKind

ONE: Final = r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日"
SPAN: Final = re.compile(ONE + r"(?:[至到—-](?:(?:(\d{4})年)?(\d{1,2})月)?(\d{1,2})日)?")
BETWEEN: Final = re.compile(r"[、，,；;。\s]+")
LEAP_YEAR: Final = 2000
"""Days are checked without their year: 29 February may stand."""
LONGEST: Final = timedelta(days=60)


def days(year: int, said: str) -> frozenset[date]:
    """Every day that a notice names; days without a year of their own are that year's.

    Raises:
        ValueError: the part that is no day, as written.
    """
    whole: set[date] = set()
    for part in filter(None, BETWEEN.split(said.strip())):
        told = SPAN.fullmatch(part)
        if told is None or (told[4] and not told[1]):
            raise ValueError(part)
        first_year = int(told[1] or year)
        first = _day(first_year, told[2], told[3], part)
        last = _day(int(told[4] or first_year), told[5] or told[2], told[6], part) if told[6] else first
        if not first <= last <= first + LONGEST:
            raise ValueError(part)
        whole |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return frozenset(whole)


def _day(year: int, month: str, day: str, part: str) -> date:
    try:
        return date(year, int(month), int(day))
    except ValueError:
        raise ValueError(part) from None


def _written_as_days(value: Value) -> str | None:
    try:
        days(LEAP_YEAR, str(value))
    except ValueError as part:
        return f"“{part}”看不懂，请写成“1月1日至3日、2月15日至23日”这样的形式，跨年的写“2026年12月31日至2027年1月2日”。"
    return None


def _title(values: Values) -> str:
    return f"{values['year']}年放假安排" if "year" in values else "放假安排"


AS_ANNOUNCED: Final = "照通知写，如：1月1日至3日、2月15日至23日"

CALENDAR_YEAR = RecordKind(
    "calendar_year",
    "放假安排",
    (
        integer("year", "年份", required=True, listed=True, least=2000, most=2199),
        text("source", "依据", required=True, listed=True, searched=True, help="如：国务院办公厅关于2027年部分节假日安排的通知"),
        text("days_off", "放假的日子", required=True, listed=True, max_length=1000, check=_written_as_days, help=AS_ANNOUNCED),
        text("days_worked", "上班的周六周日", listed=True, max_length=1000, check=_written_as_days, help="调休上班的日子，如：1月4日、2月14日"),
    ),
    title=_title,
    order="year",
    reference=True,
)
