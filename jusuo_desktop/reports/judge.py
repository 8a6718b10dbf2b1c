"""One line of a ledger as a record with its child rows, or the sentences that say why it is none. Pure: names are looked up by the caller."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from jusuo_desktop.records.check import check
from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.derived import title_of_mediation
from jusuo_desktop.records.field import Field, Problem, Value
from jusuo_desktop.records.mediation import AGREEMENT, PARTY
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.values import BadValue, find_code, halfwidth
from jusuo_desktop.reports.cells import NOTHING, damaged, month_only, text_of, value_of
from jusuo_desktop.reports.ledger_rows import Group
from jusuo_desktop.reports.names import sides_of_title
from jusuo_desktop.reports.parties import Parties, parties_of, plain_parties
from jusuo_desktop.reports.plan import Column, Options, SheetPlan
from jusuo_desktop.reports.targets import AGREED, NOTED, RECORD_ID, ROLE_OF, Target, targets
from jusuo_desktop.reports.workbook_file import Cell, Sheet

PEOPLE: Final = ("applicant", "respondent", "party")
IDENTITY: Final[dict[str, tuple[str, ...]]] = {
    "mediation": ("registered_on", "accepted_on", "closed_on", "dispute_type", "dispute_summary", "title"),
    "consultation": ("consulted_at", "name", "consultation_content"),
    "adviser_visit": ("served_on", "village", "adviser", "service_mode", "service_content", "started_at"),
    "village": ("name", "division_code"),
    "mediation_committee": ("name",),
    "worker": ("name", "committee", "firm_name", "phone", "id_card_number"),
}
"""What makes two lines without a number the same line."""
NEEDED: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "mediation": (("title",), "当事人或者纠纷名称"),
    "consultation": (("name", "consultation_content"), "咨询人或者咨询内容"),
    "adviser_visit": (("served_on",), "服务日期"),
    "village": (("name",), "村（社区）名称"),
    "mediation_committee": (("name",), "调委会名称"),
    "worker": (("name",), "姓名"),
}


class Names(Protocol):
    """Looks up the places and people that a ledger names."""

    def find(self, of: Field, name: str) -> str | None:
        """The id of the record that `name` means in that field; None when there is none and none may be made."""


@dataclass(slots=True)
class Judged:
    """One line: what it holds, what makes it known again, what is wrong with it (`problems` refuse it, `doubts` do not)."""

    sheet: int
    rows: tuple[int, ...]
    values: dict[str, Value] = field(default_factory=dict)
    parties: list[dict[str, Value]] = field(default_factory=list)
    agreement: dict[str, Value] = field(default_factory=dict)
    identity: str = ""
    record_id: str = ""
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)

    @property
    def children(self) -> list[tuple[str, dict[str, Value]]]:
        """The child rows, parties first."""
        return [("party", p) for p in self.parties] + ([("agreement", self.agreement)] if self.agreement else [])


class Judge:
    """Judges the lines of one sheet."""

    def __init__(
        self, kind: str, sheet: Sheet, plan: SheetPlan, down: Mapping[tuple[int, int], Cell], names: Names, options: Options, fixed: Mapping[str, str]
    ) -> None:
        self._kind, self._sheet, self._plan, self._down = kind, sheet, plan, down
        self._names, self._options, self._fixed = names, options, fixed
        self._targets = targets(kind)
        self._columns = [(c, self._targets[c.target]) for c in plan.columns if c.target in self._targets]
        self._noted = [c for c in plan.columns if c.target == NOTED]
        self._id_column = plan.by_target.get(RECORD_ID)

    def judge(self, group: Group) -> Judged:
        """The line as a record."""
        judged = Judged(self._plan.index, group.rows)
        said: dict[str, str] = {}
        self._own_fields(judged, group, said)
        if self._kind == "mediation":
            self._mediation(judged, group, said)
        self._note(judged, group)
        _default_state(self._kind, judged.values)
        if self._id_column is not None:
            judged.record_id = text_of(self._cell(group.rows[0], self._id_column)).strip()
        self._complete(judged)
        judged.identity = self._identity(judged, said)
        return judged

    def _cell(self, row: int, column: Column, *, down: bool = True) -> Cell:
        cells = self._sheet.rows[row]
        raw = cells[column.index] if column.index < len(cells) else ""
        return self._down.get((row, column.index), raw) if down and raw == "" else raw

    def _own_fields(self, judged: Judged, group: Group, said: dict[str, str]) -> None:
        for column, target in self._columns:
            if target.holder in PEOPLE:
                continue
            raws = list(dict.fromkeys(c for r in group.rows if text_of(c := self._cell(r, column)) != ""))
            if len(raws) > 1 and all(isinstance(r, str) for r in raws):
                raws = ["\n".join(str(r) for r in raws)]
            raw = raws[0] if raws else ""
            if text_of(raw) == "" and target.name in self._fixed:
                raw = self._fixed[target.name]
            self._take(judged, target, raw, column.unit, said)
        mapped = {t.name for _, t in self._columns}
        for name, words in self._fixed.items():
            if name not in mapped and name in self._targets and self._targets[name].holder not in PEOPLE:
                self._take(judged, self._targets[name], words, 1, said)

    def _take(self, judged: Judged, target: Target, raw: Cell, unit: int, said: dict[str, str]) -> None:
        if damaged(target.field, raw) and self._options.blank_damaged_id_cards:
            return
        said[target.name] = _tidied(text_of(raw))
        if doubt := month_only(target.field, raw):
            judged.doubts.append(Problem(target.name, doubt, blocking=False))
            return
        try:
            value = value_of(target.field, raw, unit=unit, year=self._plan.year, find=self._names.find)
        except BadValue as bad:
            judged.problems.append(Problem(target.name, bad.message))
            return
        if value is None:
            return
        if target.holder == "agreement":
            judged.agreement[target.field.name] = value
        else:
            judged.values[target.field.name] = value
        if not target.field.link:
            said[target.name] = _tidied(str(value))

    def _mediation(self, judged: Judged, group: Group, said: dict[str, str]) -> None:
        held = [(c, t) for c, t in self._columns if t.holder in PEOPLE]
        found = Parties()
        for row in group.rows:
            cells = {t.name: raw for c, t in held if text_of(raw := self._cell(row, c, down=len(group.rows) == 1))}
            one = parties_of(cells, blank_damaged=self._options.blank_damaged_id_cards)
            found.rows += [r for r in one.rows if r not in found.rows]
            found.problems += one.problems
            found.doubts += one.doubts
            found.remarks += one.remarks
        title = str(judged.values.get("title", ""))
        if not found.rows and title:
            applicants, respondents, kind_text = sides_of_title(title)
            found.rows = plain_parties(applicants, respondents)
            if "dispute_type" not in judged.values and (code := find_code(code_list("dispute_type"), kind_text)) is not None:
                judged.values["dispute_type"] = code
        if not title and (made := title_of_mediation(found.rows, str(judged.values.get("dispute_type", "")))):
            judged.values["title"] = made
        _remark(judged, found.remarks)
        if set(judged.agreement) <= {"agreement_amount"} and not judged.agreement.get("agreement_amount"):
            judged.agreement.clear()
        judged.parties, judged.problems = found.rows, judged.problems + found.problems
        judged.doubts += found.doubts
        said["parties"] = "、".join(sorted(found.names))

    def _note(self, judged: Judged, group: Group) -> None:
        """What no field holds goes into the remarks, each with its heading."""
        notes = []
        for column in self._noted:
            texts = list(dict.fromkeys(t for r in group.rows if (t := text_of(self._cell(r, column)).strip()) and t not in NOTHING))
            if texts:
                said = " ".join("、".join(texts).split())
                notes.append(f"{column.heading}：{said}")
        _remark(judged, notes)

    def _complete(self, judged: Judged) -> None:
        needed, words = NEEDED[self._kind]
        if not judged.problems and not any(n in judged.values for n in needed):
            judged.problems.append(Problem(needed[0], f"看不出是一条记录：缺少{words}。"))
        holders = {role: holder for holder, role in ROLE_OF.items()}
        parts = [("", KINDS[self._kind], judged.values), (f"{AGREED}.", AGREEMENT, judged.agreement)]
        parts += [(f"{holders[str(p['party_role'])]}.", PARTY, p) for p in judged.parties]
        for before, kind, values in parts:
            for p in check(kind, values):
                (judged.problems if p.blocking else judged.doubts).append(Problem(before + p.field, p.message, p.blocking))

    def _identity(self, judged: Judged, said: Mapping[str, str]) -> str:
        kind = KINDS[self._kind]
        number = said.get(kind.number, "") if kind.number else ""
        if number:
            return json.dumps(["number", number, said.get(kind.order, "")[:4]], ensure_ascii=False)
        parts: Sequence[str] = [said.get(name, "") for name in IDENTITY[self._kind]]
        return json.dumps([*parts, said.get("parties", "")], ensure_ascii=False)


def _remark(judged: Judged, notes: Sequence[str]) -> None:
    before = str(judged.values.get("remarks", ""))
    if notes:
        judged.values["remarks"] = "；".join([before] * bool(before) + list(notes))


def _tidied(text: str) -> str:
    return re.sub(r"\s+", "", halfwidth(text))


def _default_state(kind: str, values: dict[str, Value]) -> None:
    """Where a line without a state of its own stands, from what it tells about the outcome."""
    if kind == "mediation" and "state" not in values:
        result = values.get("mediation_result")
        if "closed_on" in values and result in ("1", "2"):
            values["state"] = "closed"
        elif result in ("1", "2", "3"):
            values["state"] = {"1": "settled", "2": "failed", "3": "mediating"}[str(result)]
        elif "accepted_on" in values:
            values["state"] = "accepted"
    if kind == "consultation" and "state" not in values and "reply_opinion" in values:
        values["state"] = "closed" if "handling_method" in values else "answered"
