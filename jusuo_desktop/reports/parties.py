"""The parties that one line of a mediation ledger names, each with what stands beside the name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from jusuo_desktop.records.derived import derived
from jusuo_desktop.records.field import FieldType, Problem, Value
from jusuo_desktop.records.mediation import PARTY
from jusuo_desktop.records.values import BadValue
from jusuo_desktop.reports.cells import damaged, month_only, text_of, value_of
from jusuo_desktop.reports.names import ORDER, Named, named, shared_out, sides
from jusuo_desktop.reports.targets import APPLICANT, BOTH_SIDES, HOLDERS, RESPONDENT, ROLE_OF
from jusuo_desktop.reports.workbook_file import Cell

DETAILS: Final = re.compile(r"^([^()]{2,10})\((.+)\)$")
LEGAL_PERSON: Final = re.compile(r"(公司|集团|医院|学校|银行)$")


@dataclass(slots=True)
class Parties:
    """What was found: child rows, sentences about what was wrong, and what must not be lost though no field holds it."""

    rows: list[dict[str, Value]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The names in order."""
        return [str(r.get("name") or r.get("organization_name")) for r in self.rows]


def parties_of(cells: Mapping[str, Cell], *, blank_damaged: bool = False) -> Parties:
    """The parties of one row; `cells` by target name ('applicant.name' …)."""
    found = Parties()
    both, other = sides(text_of(cells.get("party.name", "")))
    for holder in (APPLICANT, RESPONDENT):
        people = named(text_of(cells.get(f"{holder}.name", "")))
        _add(found, holder, cells, people, [ROLE_OF[holder]] * len(people), blank_damaged)
    if not found.rows:
        _add(found, BOTH_SIDES, cells, both + other, ["1"] * len(both) + ["2"] * len(other), blank_damaged)
    return found


def plain_parties(applicants: list[Named], respondents: list[Named]) -> list[dict[str, Value]]:
    """Child rows with nothing but a name and a role."""
    return [_row(n, "1") for n in applicants] + [_row(n, "2") for n in respondents]


def _row(one: Named, role: str) -> dict[str, Value]:
    if one.organization:
        row: dict[str, Value] = {"organization_name": one.name, "party_role": role}
        if LEGAL_PERSON.search(one.name):
            row["party_type"] = "02"
        return row
    return {"name": one.name, "party_role": role}


def _add(found: Parties, holder: str, cells: Mapping[str, Cell], people: list[Named], roles: list[str], blank_damaged: bool) -> None:
    rows = [_row(n, role) for n, role in zip(people, roles, strict=True)]
    beside = {n.removeprefix(f"{holder}."): raw for n, raw in cells.items() if n.startswith(f"{holder}.") and n != f"{holder}.name" and text_of(raw)}
    if not rows and "organization_name" in beside:
        rows = [{"party_role": ROLE_OF.get(holder, "1")}]
    if not rows and any(f in beside for f in ("id_card_number", "contact_phone")):
        found.problems.append(Problem(f"{holder}.name", f"缺少{HOLDERS[holder]}姓名。"))
    for name, raw in beside.items():
        if rows:
            _share(found, holder, name, raw, rows, blank_damaged)
    for one, row in zip(people, rows, strict=False):
        _from_brackets(row)
        if one.others:
            found.remarks.append(f"{HOLDERS[holder]}原写作“{text_of(cells.get(f'{holder}.name', ''))}”")
    for row in rows:
        _from_id_card(row)
    found.rows += rows


def _share(found: Parties, holder: str, name: str, raw: Cell, rows: list[dict[str, Value]], blank_damaged: bool) -> None:
    of = PARTY.by_name[name]
    if damaged(of, raw) and blank_damaged:
        return
    if doubt := month_only(of, raw):
        found.doubts.append(Problem(f"{holder}.{name}", f"{HOLDERS[holder]}的{doubt}", blocking=False))
        return
    pieces: list[Cell] = [raw]
    if len(rows) > 1 and isinstance(raw, str):
        if of.type is FieldType.TEXT:
            lines = [ORDER.sub("", p.strip()) for p in re.split(r"[;；\n]+", raw) if p.strip()]
            pieces = list(lines) if len(lines) == len(rows) else [raw]
        else:
            shared = shared_out(raw, len(rows))
            if shared is None:
                if of.type is not FieldType.PHONE:
                    said = f"{HOLDERS[holder]}有{len(rows)}人，“{of.label}”却对不上人数，请用顿号或换行与姓名一一对应。"
                    found.problems.append(Problem(f"{holder}.{name}", said))
                    return
                shared = [raw]
            pieces = list(shared)
    for row, piece in zip(rows, pieces, strict=False):
        try:
            value = value_of(of, piece)
        except BadValue as bad:
            found.problems.append(Problem(f"{holder}.{name}", f"{HOLDERS[holder]}的{bad.message}"))
            continue
        if value is not None:
            row[name] = value


def _from_brackets(row: dict[str, Value]) -> None:
    """“张三（男，45岁，13511112222）”: what the bracket says goes into its fields; a bracket that says something else stays."""
    match = DETAILS.match(str(row.get("name", "")))
    if match is None:
        return
    read: dict[str, Value] = {}
    for piece in re.split(r"[,，、;；\s]+", match[2]):
        if piece in ("男", "女"):
            read["sex"] = "1" if piece == "男" else "2"
        elif re.fullmatch(r"\d{17}[\dXx]", piece):
            read["id_card_number"] = piece.upper()
        elif re.fullmatch(r"1\d{10}|0\d{2,3}-?\d{7,8}", piece):
            read["contact_phone"] = piece
        elif age := re.fullmatch(r"(\d{1,3})周?岁", piece):
            read["age"] = int(age[1])
        else:
            return
    row["name"] = match[1]
    for name, value in read.items():
        row.setdefault(name, value)


def _from_id_card(row: dict[str, Value]) -> None:
    for name, value in derived("party", row, changed="id_card_number").items():
        if name in ("sex", "birth_date", "party_type"):
            row.setdefault(name, value)
