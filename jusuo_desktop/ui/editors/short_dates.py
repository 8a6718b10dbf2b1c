"""Days and times as a clerk types them in a hurry: 3.7, 0307, 260307, 今天, 昨天, 9:30. What is short is written out in full; the rest
is left to records.values.parse.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final

from jusuo_desktop.records.values import halfwidth

WORDS: Final = {"大前天": -3, "前天": -2, "昨天": -1, "今天": 0, "今日": 0, "明天": 1, "后天": 2}
NOW: Final = frozenset({"现在", "刚才"})
MONTH_AND_DAY: Final = re.compile(r"(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?(?![\d\-./年月])")
SHORT_YEAR: Final = re.compile(r"(\d{2})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?(?!\d)")
DIGITS: Final = re.compile(r"(\d{2})?(\d{2})(\d{2})(?!\d)")
LITTLE: Final = timedelta(days=62)
CLOCK: Final = re.compile(r"(上午|下午|晚上)?\s*\d{1,2}\s*([:时点]\s*\d{0,2}\s*分?|点半)")


def full_day(typed: str, today: date, *, ahead: bool = False) -> str:
    """The text with its day written out ('2026-03-07 …'); unchanged where it is long already or no day at all.

    A day without its year lies in the past or a little ahead; `ahead` (a due date): in the future or a little behind.
    """
    text = halfwidth(typed).strip()
    for word, days in WORDS.items():
        if text.startswith(word):
            return _joined(today + timedelta(days=days), text[len(word) :])
    for pattern, found in ((SHORT_YEAR, _with_year), (MONTH_AND_DAY, _without_year), (DIGITS, _from_digits)):
        match = pattern.match(text)
        if match and (day := found(match, today, ahead)) is not None:
            return _joined(day, text[match.end() :])
    return typed


def full_moment(typed: str, now: datetime) -> str:
    """The same for a day with its hour: '9:30' alone is today, '现在' this minute."""
    text = halfwidth(typed).strip()
    if text in NOW:
        return now.strftime("%Y-%m-%d %H:%M")
    if CLOCK.fullmatch(text):
        return _joined(now.date(), text)
    return full_day(typed, now.date())


def _joined(day: date, rest: str) -> str:
    return f"{day.isoformat()} {rest.strip()}".strip()


def _with_year(match: re.Match[str], today: date, ahead: bool) -> date | None:
    return _day(_century(int(match[1]), today), int(match[2]), int(match[3]))


def _from_digits(match: re.Match[str], today: date, ahead: bool) -> date | None:
    if match[1] is None:
        return _likeliest(int(match[2]), int(match[3]), today, ahead)
    return _day(_century(int(match[1]), today), int(match[2]), int(match[3]))


def _without_year(match: re.Match[str], today: date, ahead: bool) -> date | None:
    return _likeliest(int(match[1]), int(match[2]), today, ahead)


def _century(year: int, today: date) -> int:
    """A two-digit year lies in the past hundred years, or the coming ten."""
    full = today.year // 100 * 100 + year
    return full if full <= today.year + 10 else full - 100


def _likeliest(month: int, day: int, today: date, ahead: bool) -> date | None:
    """In January, 12.28 is last year's."""
    days = [d for y in (today.year - 1, today.year, today.year + 1) if (d := _day(y, month, day)) is not None]
    if ahead:
        return next((d for d in days if d >= today - LITTLE), None)
    return next((d for d in reversed(days) if d <= today + LITTLE), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
