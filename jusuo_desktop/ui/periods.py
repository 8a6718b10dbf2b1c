"""The customary stretches of time of an office: this week, last month, this quarter. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

Span = tuple[str | None, str | None]

NAMES: Final = ("今天", "本周", "本月", "上月", "本季度", "今年", "去年")


def span_of(name: str, today: date) -> Span:
    """First and last day of a named stretch, 'YYYY-MM-DD'."""
    first_of_month = today.replace(day=1)
    match name:
        case "今天":
            first = last = today
        case "本周":
            first = today - timedelta(days=today.weekday())
            last = first + timedelta(days=6)
        case "本月":
            first, last = first_of_month, _month_end(first_of_month)
        case "上月":
            last = first_of_month - timedelta(days=1)
            first = last.replace(day=1)
        case "本季度":
            first = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
            last = _month_end(first.replace(month=first.month + 2))
        case "今年":
            first, last = today.replace(month=1, day=1), today.replace(month=12, day=31)
        case "去年":
            first, last = date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
        case _:
            raise KeyError(name)
    return first.isoformat(), last.isoformat()


def _month_end(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def said(span: Span) -> str:
    """A stretch in words."""
    first, last = span
    if first and last:
        return first if first == last else f"{first} 至 {last}"
    return f"{first} 起" if first else f"至 {last}" if last else ""
