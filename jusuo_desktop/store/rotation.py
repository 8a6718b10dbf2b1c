"""Which backups stay: the newest of each of seven days, four weeks and twelve months. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

DAYS: Final = 7
WEEKS: Final = 4
MONTHS: Final = 12

_PERIODS: Final[tuple[tuple[int, Callable[[datetime], tuple[int, ...]]], ...]] = (
    (DAYS, lambda made: (made.year, made.month, made.day)),
    (WEEKS, lambda made: tuple(made.isocalendar()[:2])),
    (MONTHS, lambda made: (made.year, made.month)),
)


def kept(made: Iterable[datetime]) -> set[datetime]:
    """The times of the backups that stay: of each of the latest days, weeks and months that have any, the newest one."""
    newest_first = sorted(set(made), reverse=True)
    staying: set[datetime] = set()
    for most, period in _PERIODS:
        first: dict[tuple[int, ...], datetime] = {}
        for one in newest_first:
            first.setdefault(period(one), one)
        staying.update(list(first.values())[:most])
    return staying
