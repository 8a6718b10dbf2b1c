"""Ledgers as offices keep them, made from sample records, so that what an import should make of each row is known.

Two sheets with different headings in different orders, a title, merged headings, repeated headings, subtotals, blank rows, a note at the
foot, a sheet of instructions. Rows that no import can read carry their fault.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from jusuo_desktop.records.field import FieldType, Value
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.sample import ledger_cells as cells
from jusuo_desktop.sample.case import Family
from jusuo_desktop.sample.chance import chance, pick
from jusuo_desktop.sample.county import County, Office
from jusuo_desktop.sample.families import sample_records
from jusuo_desktop.sample.ledger_cells import Cell, Written
from jusuo_desktop.sample.ledger_layouts import CALLED, LAYOUTS, MEASURES, Column

FAULTY: Final = 0.04
"""The share of rows with something that no import can read."""


OWN_NUMBER: Final = re.compile(r"〔(\d+)〕(.+?)民?[调咨顾]字第(\d+)号")
OLD_STYLE: Final = {"case_number": r"（\1）\2人调字第\3号", "consultation_number": r"\1咨\3"}
"""How numbers were written before the office had this program: theirs and ours are never the same."""


@dataclass(frozen=True, slots=True)
class TrueRow:
    """What stands in one row, known from the record: `row` counts from 1 as the spreadsheet does.

    `values` are stored values by target; a link holds the name of its record. `fault` is empty, or says in a word why the row must be refused,
    and `faulty` names the target.
    """

    sheet: str
    row: int
    record_id: str
    values: Mapping[str, Value]
    fault: str = ""
    faulty: str = ""


@dataclass(slots=True)
class LedgerSheet:
    """One sheet: its rows from the top, and merged areas as (first row, first column, last row, last column), from 0."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ledger:
    """A workbook and the truth about it."""

    kind: str
    sheets: tuple[LedgerSheet, ...]
    truth: tuple[TrueRow, ...]

    @property
    def good(self) -> tuple[TrueRow, ...]:
        """The rows that must come in."""
        return tuple(t for t in self.truth if not t.fault)

    @property
    def faulty(self) -> tuple[TrueRow, ...]:
        """The rows that must be refused."""
        return tuple(t for t in self.truth if t.fault)


def ledger(county: County, office: Office, kind: str = "mediation", *, count: int = 120, year: int = 2025, seed: int = 1) -> Ledger:
    """A ledger of `count` rows of one office and year."""
    draw = chance("ledger", seed, office.code, kind, year)
    names = {r.id: str(r.values["name"]) for r in office.records()}
    chosen = (f for f in sample_records(county, office, years=(year,), until=date(year, 12, 31)) if f.record.kind == kind)
    kept = [f for f in chosen if _ledger_worthy(f)]
    families = [kept[i * len(kept) // count] for i in range(min(count, len(kept)))]
    half = sum(str(f.record.values[KINDS[kind].order])[5:7] < "07" for f in families)
    sheets, truth = [], []
    for layout, part, name in zip(LAYOUTS[kind], (families[:half], families[half:]), ("上半年", "下半年"), strict=True):
        maker = _Sheet(draw, kind, layout, office, year, name, names)
        maker.fill(part)
        sheets.append(maker.sheet)
        truth += maker.truth
    hints: list[list[Cell]] = [["填表说明"], ["1. 每月5日前由各村报送上月台账。"], ["2. 金额保留整数；没有金额的不填。"], ["3. 本表一式两份。"]]
    return Ledger(kind, (*sheets, LedgerSheet("填表说明", hints)), tuple(truth))


def _ledger_worthy(family: Family) -> bool:
    values = family.record.values
    return "name" in values if family.record.kind == "consultation" else values.get("state") not in ("registered", "accepted", "refused", "withdrawn")


def true_values(family: Family, columns: Sequence[Column], names: Mapping[str, str]) -> dict[str, Value]:
    """What the columns would hold of a record, by target."""
    parts: dict[str, Mapping[str, Value]] = {"": family.record.values}
    for child in family.children:
        if child.kind == "party":
            parts.setdefault("applicant" if child.values["party_role"] == "1" else "respondent", child.values)
        elif child.kind == "agreement":
            parts["agreement"] = child.values
    found: dict[str, Value] = {}
    for column in columns:
        holder, _, name = column.target.rpartition(".")
        values = parts.get(holder, {})
        if name == "name" and "organization_name" in values:
            name = "organization_name"
        value = values.get(name)
        if value is not None and name in OLD_STYLE:
            value = OWN_NUMBER.sub(OLD_STYLE[name], str(value))
        if value is not None:
            target = f"{holder}.{name}" if holder else name
            found[target] = [names[v] for v in value] if isinstance(value, list) and value[0] in names else names.get(str(value), value)
    return found


class _Sheet:
    """Writes one sheet from the top."""

    def __init__(
        self, draw: random.Random, kind: str, layout: tuple[Column, ...], office: Office, year: int, name: str, names: Mapping[str, str]
    ) -> None:
        self.draw, self.kind, self.layout, self.office, self.year, self.names = draw, kind, layout, office, year, names
        self.sheet = LedgerSheet(name)
        self.truth: list[TrueRow] = []

    def fill(self, families: list[Family]) -> None:
        """Title, headings, rows, what stands between them, and the foot."""
        self._whole(f"{self.year}年{self.sheet.name}{self.office.town}{CALLED[self.kind]}")
        self._whole(f"填报单位：{self.office.record.values['name']}          填报时间：{self.year}年12月{20 + int(self.draw.random() * 10)}日")
        self._headings()
        month = ""
        for number, family in enumerate(families, 1):
            self._row(number, family)
            ended = str(family.record.values[KINDS[self.kind].order])[:7]
            if month and ended != month:
                self._between()
            month = ended
        self._sum("合计", len(families))
        self.sheet.rows.append([])
        self._whole(f"填表人：{self.office.clerk.values['name']}      审核人：{self.office.director.values['name']}", merged=False)

    def _whole(self, text: str, *, merged: bool = True) -> None:
        if merged:
            at = len(self.sheet.rows)
            self.sheet.merges.append((at, 0, at, len(self.layout) - 1))
        self.sheet.rows.append([text])

    def _headings(self) -> None:
        top = len(self.sheet.rows)
        grouped = any(c.group for c in self.layout)
        if not grouped:
            self.sheet.rows.append([c.heading for c in self.layout])
            return
        upper: list[Cell] = []
        lower: list[Cell] = []
        for i, column in enumerate(self.layout):
            upper.append(column.group or column.heading if not column.group or self.layout[i - 1].group != column.group else None)
            lower.append(column.heading if column.group else None)
            if not column.group:
                self.sheet.merges.append((top, i, top + 1, i))
            elif self.layout[i - 1].group != column.group:
                last = max(j for j in range(i, len(self.layout)) if all(c.group == column.group for c in self.layout[i : j + 1]))
                if last > i:
                    self.sheet.merges.append((top, i, top, last))
        self.sheet.rows += [upper, lower]

    def _between(self) -> None:
        happens = self.draw.random()
        if happens < 0.4:
            self._sum("小计", 0)
        elif happens < 0.6:
            self.sheet.rows.append([])
        elif happens < 0.75:
            self._headings()

    def _sum(self, word: str, count: int) -> None:
        row: list[Cell] = [word] + [None] * (len(self.layout) - 1)
        for i, column in enumerate(self.layout):
            if column.target.endswith("amount"):
                row[i] = 12.36 if column.unit > 1 else 123600
        if row[-1] is None and count:
            row[-1] = f"{count}件"
        self.sheet.rows.append(row)

    def _row(self, number: int, family: Family) -> None:
        truth = true_values(family, self.layout, self.names)
        broken = self._fault(truth) if self.draw.random() < FAULTY else ("", Written(None))
        row: list[Cell] = []
        for column in self.layout:
            holder, _, name = column.target.rpartition(".")
            target = column.target
            if name == "name" and f"{holder}.organization_name" in truth:
                target = f"{holder}.organization_name"
            if not column.target:
                row.append(number)
            elif target == broken[0]:
                row.append(broken[1].cell)
            else:
                row.append(self._cell(column, name, truth.get(target)).cell)
        self.sheet.rows.append(row)
        self.truth.append(TrueRow(self.sheet.name, len(self.sheet.rows), family.record.id, truth, broken[1].fault, broken[0]))

    def _fault(self, truth: Mapping[str, Value]) -> tuple[str, Written]:
        order = KINDS[self.kind].order
        faults: list[tuple[str, Callable[[], Written]]] = [(order, lambda: cells.no_such_day(self.draw, str(truth[order])))]
        card = "applicant.id_card_number"
        if card in truth:
            faults.append((card, lambda: cells.damaged_number(self.draw, str(truth[card]))))
        if "agreement.agreement_amount" in truth:
            faults.append(("agreement.agreement_amount", lambda: cells.no_amount(self.draw)))
        if "dispute_type" in truth:
            faults.append(("dispute_type", lambda: Written(pick(self.draw, ("打官司", "吵嘴", "？")), "no such code")))
        target, make = pick(self.draw, faults)
        return target, make()

    def _cell(self, column: Column, name: str, value: Value | None) -> Written:
        draw = self.draw
        if value is None:
            return Written(pick(draw, (None, None, None, "")))
        declared = _declared(self.kind, column.target)
        match declared.type:
            case FieldType.DATE:
                return cells.day(draw, str(value))
            case FieldType.TIME:
                return cells.moment(draw, str(value))
            case FieldType.ID_CARD:
                return cells.identity_number(draw, str(value))
            case FieldType.PHONE:
                return cells.phone(draw, str(value))
            case FieldType.MONEY:
                return cells.amount(draw, int(str(value)), column.unit)
            case FieldType.CODE:
                return cells.label(draw, declared.code_list, str(value))
            case FieldType.CODES if isinstance(value, list):
                return cells.several(draw, [str(cells.label(draw, declared.code_list, v).cell).strip() for v in value])
            case FieldType.LINKS if isinstance(value, list):
                return cells.several(draw, value)
            case FieldType.INTEGER:
                return cells.number(draw, int(str(value)), MEASURES.get(name, ""))
            case _:
                return Written(str(value))


def _declared(kind: str, target: str) -> Any:
    holder, _, name = target.rpartition(".")
    of = {"": kind, "applicant": "party", "respondent": "party", "agreement": "agreement"}[holder]
    return KINDS[of].by_name[name]
