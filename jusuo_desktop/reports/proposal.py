"""A first reading of a ledger: the headings of each sheet and what its columns most likely hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from jusuo_desktop.records.field import FieldType
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.values import plain
from jusuo_desktop.reports.headings import DEEPEST, LOOK_IN, Heading, bare, filled, flatten, looks_like_data, spread, unit_in, year_of
from jusuo_desktop.reports.matching import LEAST, SEQUENCE_WORDS, candidates, is_running_number, score, split_holder
from jusuo_desktop.reports.plan import Column, Plan, SheetPlan
from jusuo_desktop.reports.targets import AGREED, IMPORTED_KINDS, NOTED, REASON_HEADING, RECORD_ID, RECORD_ID_HEADING, takes_notes, targets
from jusuo_desktop.reports.workbook_file import Cell, Ledger, Sheet

SAMPLED: Final = 60
"""Rows looked at to judge what a column holds."""
EXAMPLES: Final = 3
LEAST_COLUMNS: Final = 2
"""A heading names at least two things, or it is a title."""

Remembered = Mapping[str, Mapping[str, str]]
"""Signature of a heading to {heading text: target}, as people set it before."""


def propose_plan(ledger: Ledger, kind: str, remembered: Remembered | None = None) -> Plan:
    """What to do with the ledger, as far as it tells by itself."""
    sheets = tuple(_sheet(ledger, i, kind, remembered or {}) for i in range(len(ledger.sheets)))
    fits = {s.index for s in sheets if s.included}
    judged = []
    for sheet in sheets:
        better = _better_kind(ledger, sheet, kind) if sheet.included else ""
        if better:
            sheet = replace(sheet, included=False, why=f"更像“{KINDS[better].label}”，没有选中")
            fits.discard(sheet.index)
        judged.append(sheet)
    return Plan(ledger, kind, tuple(judged))


def guess_kind(ledger: Ledger) -> str:
    """The kind that most of the ledger's columns fit."""
    totals = {k: sum(_strength(s) for s in propose_plan(ledger, k).sheets if s.first >= 0) for k in IMPORTED_KINDS}
    return max(IMPORTED_KINDS, key=lambda k: totals[k])


def _strength(sheet: SheetPlan) -> float:
    return sum(c.confidence for c in sheet.columns if c.target not in ("", NOTED))


def _better_kind(ledger: Ledger, sheet: SheetPlan, kind: str) -> str:
    own = _strength(sheet)
    for other in IMPORTED_KINDS:
        if other != kind and _strength(_sheet(ledger, sheet.index, other, {})) > own + 1.5:
            return other
    return ""


def _sheet(ledger: Ledger, index: int, kind: str, remembered: Remembered) -> SheetPlan:
    sheet = ledger.sheets[index]
    rows = spread(sheet, LOOK_IN + DEEPEST)
    place = _find_headings(sheet, rows, kind)
    if place is None:
        why = "空表" if not any(filled(r) for r in sheet.rows) else "没有找到表头"
        return SheetPlan(index, sheet.name, False, -1, -1, (), None, why)
    first, last = place
    headings = flatten(sheet, rows, first, last)
    below = sheet.rows[last + 1 :]
    columns = _columns(kind, headings, below, _unit_above(rows[:first]))
    title = [c for row in rows[:first] for c in row]
    plan = SheetPlan(
        index, sheet.name, not sheet.hidden, first, last, columns, year_of(title) or year_of([sheet.name]) or year_of([ledger.path.stem])
    )
    plan = _recall(plan, kind, remembered)
    count = sum(1 for row in below if filled(row))
    why = "隐藏的工作表，没有选中" if sheet.hidden else "" if count else "表头下面没有内容"
    return replace(plan, rows=count, why=why, included=not why)


def _find_headings(sheet: Sheet, rows: list[list[str]], kind: str) -> tuple[int, int] | None:
    best, place = 0.0, None
    for first in range(min(LOOK_IN, len(rows))):
        for last in range(first, min(first + DEEPEST, len(rows))):
            block = rows[first : last + 1]
            if any(looks_like_data(r) for r in block) or any(len({c for c in r if c.strip()}) < 2 for r in block):
                break
            found: dict[str, float] = {}
            for heading in flatten(sheet, rows, first, last):
                fits = candidates(kind, heading)
                if fits:
                    name = max(fits, key=lambda n: fits[n])
                    found[name] = max(found.get(name, 0), fits[name])
            total = sum(v for v in found.values() if v >= LEAST) - 0.4 * (last - first) - 0.01 * first
            if total > best and len(found) >= LEAST_COLUMNS:
                best, place = total, (first, last)
    return place


def _columns(kind: str, headings: list[Heading], below: list[list[Cell]], sheet_unit: int | None) -> tuple[Column, ...]:
    sampled = [row for row in below if len(filled(row)) > 1][:SAMPLED]
    values = [[row[i] for row in sampled if i < len(row)] for i in range(len(headings))]
    offers: list[tuple[float, int, str]] = []
    beside = ""
    for i, heading in enumerate(headings):
        special = _special(heading)
        beside = (split_holder(heading.bare)[0] if kind == "mediation" else "") or beside
        if beside == AGREED:
            beside = ""
        if special is not None:
            offers += [(2.0, i, special)] if special else []
            continue
        for name, words in candidates(kind, heading, beside).items():
            if name == KINDS[kind].number and is_running_number(values[i]):
                continue
            offers.append((score(targets(kind)[name], words, values[i]), i, name))
    taken: dict[int, tuple[str, float]] = {}
    used: set[str] = set()
    for how, i, name in sorted(offers, key=lambda o: (-o[0], o[1])):
        if how >= LEAST and i not in taken and name not in used:
            taken[i] = (name, min(how, 1.0))
            used.add(name)
    for i, heading in enumerate(headings):
        if i not in taken and takes_notes(kind) and _worth_noting(heading, values[i]):
            taken[i] = (NOTED, 0.0)
    return tuple(
        Column(
            i,
            heading.text,
            *taken.get(i, ("", 0.0)),
            unit=_unit(kind, taken.get(i, ("", 0.0))[0], heading, sheet_unit),
            examples=tuple(dict.fromkeys(plain(v) for v in values[i] if plain(v)))[:EXAMPLES],
        )
        for i, heading in enumerate(headings)
        if heading.parts or any(plain(v) for v in values[i])
    )


def _worth_noting(heading: Heading, values: list[Cell]) -> bool:
    """Whether a column that no field holds says something all the same, and not only counts its rows."""
    return (
        bool(heading.bare)
        and heading.bare[-1] not in SEQUENCE_WORDS
        and any(map(plain, values))
        and _special(heading) is None
        and not is_running_number(values)
    )


def _special(heading: Heading) -> str | None:
    last = heading.bare[-1] if heading.bare else ""
    if last == bare(RECORD_ID_HEADING):
        return RECORD_ID
    return "" if last == bare(REASON_HEADING) else None


def _unit(kind: str, target: str, heading: Heading, sheet_unit: int | None) -> int:
    if target not in targets(kind) or targets(kind)[target].field.type is not FieldType.MONEY:
        return 1
    return heading.unit or sheet_unit or 1


def _unit_above(rows: list[list[str]]) -> int | None:
    return next((u for row in rows for c in row if "单位" in c and (u := unit_in(c)) is not None), None)


def _recall(plan: SheetPlan, kind: str, remembered: Remembered) -> SheetPlan:
    known = remembered.get(plan.signature)
    if known is None:
        return plan
    offered = {*targets(kind), RECORD_ID, NOTED, ""}
    columns = []
    for c in plan.columns:
        target = known.get(c.heading, c.target)
        columns.append(replace(c, target=target, confidence=1.0, remembered=True) if target in offered else c)
    return replace(plan, columns=tuple(columns))
