"""What it adds up to: tables over facts, with a total, and for every cell the records behind it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from jusuo_desktop.reports.facts import Fact
from jusuo_desktop.reports.statistics_columns import FEN, HOURS, Column, TableForm

COMMITTEE, VILLAGE, MONTH = "committee", "village", "month"
GROUPINGS: Final = {COMMITTEE: "按调委会", VILLAGE: "按村（社区）", MONTH: "按月份"}
NOWHERE: Final = {COMMITTEE: "（未填调委会）", VILLAGE: "（未填村居）", MONTH: "（未填日期）"}
TOTAL: Final = ""
"""The key of the total row where one cell is named."""


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both included; '' is an open end."""

    first: str = ""
    last: str = ""

    def holds(self, day: str) -> bool:
        """Whether the day lies inside."""
        return self.first <= day and (not self.last or day <= self.last)

    @property
    def months(self) -> list[str]:
        """Every month that it touches, 'YYYY-MM'; [] with an open end."""
        if not (self.first and self.last) or self.first > self.last:
            return []
        first, last = date.fromisoformat(self.first), date.fromisoformat(self.last)
        count = (last.year - first.year) * 12 + last.month - first.month + 1
        return [f"{first.year + (first.month - 1 + i) // 12}-{(first.month - 1 + i) % 12 + 1:02d}" for i in range(count)]

    @property
    def said(self) -> str:
        """In words."""
        if self.first and self.last:
            return f"{self.first} 至 {self.last}"
        return f"{self.first} 起" if self.first else f"至 {self.last}" if self.last else "全部时间"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; a cell without a figure is None, which is not 0."""

    key: str
    label: str
    cells: tuple[int | None, ...]


@dataclass(frozen=True)
class Table:
    """A counted table with the facts behind it."""

    form: TableForm
    by: str
    rows: tuple[Row, ...]
    total: Row
    facts: tuple[Fact, ...]

    @property
    def own_facts(self) -> tuple[Fact, ...]:
        """The facts of the kind that the table is about."""
        return tuple(f for f in self.facts if f.kind == self.form.kind)

    def cell(self, column: str, key: str = TOTAL) -> int:
        """One figure; of the total row unless told.

        Raises:
            KeyError: no such row or column, or no figure there.
        """
        place = [c.name for c in self.form.columns].index(column)
        row = self.total if key == TOTAL else next(r for r in self.rows if r.key == key)
        value = row.cells[place]
        if value is None:
            raise KeyError(column)
        return value

    def behind(self, column: str, key: str | None = None) -> list[str]:
        """The ids of the records that a cell counts, in order of days; the whole column without a key."""
        counted = self.form.by_name[column]
        formula, kind = counted.formula, self.form.kind_of(counted)
        if formula is None:
            return []
        found = [f for f in self.facts if f.kind == kind and (key is None or group_of(f, self.by) == key) and formula(f)]
        return [f.id for f in sorted(found, key=lambda f: (f.day, f.id))]


def group_of(fact: Fact, by: str) -> str:
    """The row to which a fact belongs."""
    return fact.committee if by == COMMITTEE else fact.village if by == VILLAGE else fact.month


def tabulate(form: TableForm, facts: Iterable[Fact], period: Period, by: str, labels: Mapping[str, str] | None = None) -> Table:
    """Counts the facts of the period. Every group of `labels` has a row, counted or not; others follow as they turn up."""
    kept = tuple(f for f in facts if period.holds(f.day))
    groups: dict[str, list[Fact]] = {m: [] for m in period.months} if by == MONTH else {key: [] for key in labels or {}}
    for fact in kept:
        groups.setdefault(group_of(fact, by), []).append(fact)
    keys = sorted(groups) if by == MONTH else list(groups)
    rows = tuple(Row(key, _label(key, by, labels or {}), count(form, groups[key])) for key in keys)
    return Table(form, by, rows, Row(TOTAL, "合计", _sums(form.columns, rows)), kept)


def _label(key: str, by: str, labels: Mapping[str, str]) -> str:
    if by == MONTH and key:
        return f"{key[:4]}年{int(key[5:7])}月"
    return labels.get(key) or (NOWHERE[by] if not key else "（不在本机登记）")


def count(form: TableForm, facts: Sequence[Fact]) -> tuple[int | None, ...]:
    """The cells of one line."""
    by_kind: dict[str, list[Fact]] = {}
    for fact in facts:
        by_kind.setdefault(fact.kind, []).append(fact)
    return tuple(None if c.formula is None else sum(map(c.formula, by_kind.get(form.kind_of(c), ()))) for c in form.columns)


def _sums(columns: Sequence[Column], rows: Sequence[Row]) -> tuple[int | None, ...]:
    return tuple(None if c.formula is None else sum(row.cells[i] or 0 for row in rows) for i, c in enumerate(columns))


def scaled(value: int, unit: str) -> Decimal | int:
    """A figure in the unit of its column: fen as 万元 (two decimals, halves up), minutes as hours (one decimal)."""
    if unit == FEN:
        return (Decimal(value) / 1_000_000).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if unit == HOURS:
        return (Decimal(value) / 60).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return value


def shown(value: int | None, unit: str) -> str:
    """A figure as people read it; '—' where there is none, nothing for a zero, so that the eye finds what is there."""
    if value is None:
        return "—"
    return "" if value == 0 else f"{scaled(value, unit):,}"


def share(part: int, whole: int) -> str:
    """A percentage with one decimal (statistics.md T10); '—' of nothing."""
    return f"{(Decimal(part) * 100 / whole).quantize(Decimal('0.1'), ROUND_HALF_UP)}%" if whole else "—"
