"""The first lines of a ledger as they would be kept: what the clerk looks at before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from jusuo_desktop.actions.name_book import NameBook
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.field import Value
from jusuo_desktop.records.values import show
from jusuo_desktop.reports.judge import Judge, Judged
from jusuo_desktop.reports.ledger_rows import Group, RowClass, filled_down, groups
from jusuo_desktop.reports.plan import Plan
from jusuo_desktop.reports.targets import AGREED, ROLE_OF, Target, targets

PREVIEWED = 20


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line: its row in the spreadsheet, the text of each target, and the sentences about targets (blocking ones refuse it)."""

    sheet: str
    row: int
    cells: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)


def lines_of(plan: Plan, names: NameBook) -> Iterator[tuple[Judge, Group]]:
    """Every row below the headings of the chosen sheets, with the judge of its sheet."""
    for sheet_plan in plan.sheets:
        if sheet_plan.included and sheet_plan.first >= 0:
            sheet = plan.ledger.sheets[sheet_plan.index]
            judge = Judge(plan.kind, sheet, sheet_plan, filled_down(sheet, sheet_plan), names, plan.options, plan.fixed)
            for group in groups(sheet, sheet_plan, plan.kind):
                yield judge, group


def preview(session: Session, plan: Plan, most: int = PREVIEWED) -> list[Judged]:
    """The first lines as they would be kept, with what is wrong with them."""
    return [line for line, _ in _judged(session, plan, most)]


def shown_lines(session: Session, plan: Plan, most: int = PREVIEWED) -> list[ShownLine]:
    """The same for the screen: texts by target, identity numbers masked."""
    return [_shown(plan, line, names) for line, names in _judged(session, plan, most)]


def _judged(session: Session, plan: Plan, most: int) -> Iterator[tuple[Judged, NameBook]]:
    names = NameBook(session, plan.options)
    left = most
    for judge, group in lines_of(plan, names):
        if group.what is RowClass.DATA:
            yield judge.judge(group), names
            left -= 1
            if left <= 0:
                return


def _shown(plan: Plan, line: Judged, names: NameBook) -> ShownLine:
    cells: dict[str, str] = {}
    for target in targets(plan.kind).values():
        texts = [show(target.field, v, links=names.title, masked=True) for v in _values(line, target)]
        if texts:
            cells[target.name] = "、".join(texts)
    problems = {p.field: p.message for p in reversed(line.problems)}
    return ShownLine(plan.sheets[line.sheet].name, line.rows[0] + 1, cells, problems, {p.field: p.message for p in reversed(line.doubts)})


def _values(line: Judged, target: Target) -> list[Value]:
    name = target.field.name
    if not target.holder:
        found = [line.values.get(name)]
    elif target.holder == AGREED:
        found = [line.agreement.get(name)]
    else:
        rows = [p for p in line.parties if p.get("party_role") == ROLE_OF.get(target.holder, p.get("party_role"))]
        found = [p.get(name) or (p.get("organization_name") if name == "name" else None) for p in rows]
    return [v for v in found if v is not None]
