"""Which rows of a sheet are records: subtotals, blank rows, headings repeated on each page and notes are set aside, merged rows belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from jusuo_desktop.records.field import FieldType
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.values import halfwidth, plain
from jusuo_desktop.reports.headings import bare, filled
from jusuo_desktop.reports.matching import SEQUENCE_WORDS
from jusuo_desktop.reports.plan import SheetPlan
from jusuo_desktop.reports.targets import targets
from jusuo_desktop.reports.workbook_file import Cell, Sheet

TOTAL: Final = re.compile(
    r"(?:本页|本月|本季度?|本年|全年|上半年|下半年|\d{1,2}月份?|第?[一二三四1-4]季度|[^\d\s]{0,12})?(?:小计|合计|总计|累计|共计|总数)[:：]?"
)
SIGNED: Final = (
    "注", "备注", "说明", "填表说明", "填表人", "制表", "制表人", "填报人", "填报单位", "填报日期", "填报时间", "审核", "审核人", "负责人",
    "单位负责人", "统计人", "联系人", "联系电话", "单位", "日期", "报送单位", "打印日期", "制表日期",
)  # fmt: skip
NOTE: Final = re.compile(f"(?:{'|'.join(SIGNED)})" + r"(?:\((?:盖章|签字|签章)\))?[:：]")
MARK: Final = re.compile(r"导出人:.*导出时间:")
"""The last line of our own exports."""


class RowClass(Enum):
    """What a row is, as the report counts it."""

    DATA = "记录"
    BLANK = "空行"
    TOTAL = "小计、合计"
    HEADING = "重复的表头"
    NOTE = "标题、说明"


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that make one record (nearly always one), or one row that makes none. Row numbers from 0."""

    what: RowClass
    rows: tuple[int, ...]


def groups(sheet: Sheet, plan: SheetPlan, kind: str) -> Iterator[Group]:
    """The rows below the headings, in order."""
    above = [r for r in range(plan.last + 1) if r >= plan.first or len(filled(sheet.rows[r])) > 1]  # a merged heading may begin above `first`
    heading = {r: [bare(plain(c)) for c in sheet.rows[r]] for r in above}
    titles = {_one_text(sheet.rows[r]) for r in range(plan.first)} - {""}
    joined = _joined(sheet, plan, kind)
    row = plan.last + 1
    while row < len(sheet.rows):
        end = joined.get(row, row)
        what = _classify(sheet.rows[row], plan, kind, list(heading.values()), titles)
        if what is RowClass.DATA:
            yield Group(what, tuple(r for r in range(row, end + 1) if r == row or filled(sheet.rows[r])))
            row = end + 1
        else:
            yield Group(what, (row,))
            row += 1


def filled_down(sheet: Sheet, plan: SheetPlan) -> dict[tuple[int, int], Cell]:
    """What a merged area says to the rows that it spans below its first: (row, column) to the value."""
    found: dict[tuple[int, int], Cell] = {}
    for top, left, bottom, right in sheet.merged:
        if top > plan.last and bottom > top and left == right and left < len(sheet.rows[top]):
            for row in range(top + 1, min(bottom, len(sheet.rows) - 1) + 1):
                found[row, left] = sheet.rows[top][left]
    return found


def _joined(sheet: Sheet, plan: SheetPlan, kind: str) -> dict[int, int]:
    """First row to last row of records that span several: their running number or their number is one merged cell."""
    if kind != "mediation":
        return {}
    counted = {c.index for c in plan.columns if not c.target and bare(c.heading) in SEQUENCE_WORDS}
    number = plan.by_target.get(KINDS[kind].number)
    counted |= {number.index} if number is not None else set()
    return {top: min(bottom, len(sheet.rows) - 1) for top, left, bottom, _ in sheet.merged if left in counted and top > plan.last and bottom > top}


def _classify(row: list[Cell], plan: SheetPlan, kind: str, heading: list[list[str]], titles: set[str]) -> RowClass:
    used = filled(row)
    if not used:
        return RowClass.BLANK
    first = halfwidth(plain(row[used[0]])).replace(" ", "").replace("\n", "")
    if any(TOTAL.fullmatch(halfwidth(plain(row[i])).replace(" ", "")) for i in used[:3]) and not _names_somebody(row, plan, kind, used):
        return RowClass.TOTAL
    texts = [bare(plain(c)) for c in row]
    if len(used) >= 2 and any(sum(1 for i in used if i < len(h) and texts[i] == h[i]) >= max(2, 0.8 * len(used)) for h in heading):
        return RowClass.HEADING
    if len(used) >= 3 and [plain(row[i]) for i in used] == [str(n) for n in range(1, len(used) + 1)]:
        return RowClass.HEADING
    if NOTE.match(first) or MARK.search(first) or _one_text(row) in titles:
        return RowClass.NOTE
    mapped = {c.index: c.target for c in plan.columns if c.target}
    if not any(i in mapped for i in used):
        return RowClass.BLANK if _only_counts(row, plan, used) else RowClass.NOTE
    if all(_counts(kind, mapped.get(i, "")) for i in used) and all(isinstance(row[i], int | float) for i in used):
        return RowClass.TOTAL
    return RowClass.DATA


def _names_somebody(row: list[Cell], plan: SheetPlan, kind: str, used: list[int]) -> bool:
    """Whether a row that says 合计 somewhere is a record all the same: it has a date, a code or a long text of its own."""
    words = [c for c in plan.columns if c.target in targets(kind) and not _counts(kind, c.target) and c.index in used]
    return sum(not TOTAL.fullmatch(halfwidth(plain(row[c.index])).replace(" ", "")) for c in words) >= 3


def _counts(kind: str, target: str) -> bool:
    """Whether a column holds an amount or a count, which a total sums up."""
    return target in targets(kind) and targets(kind)[target].field.type in (FieldType.MONEY, FieldType.INTEGER)


def _one_text(row: list[Cell]) -> str:
    texts = {plain(c) for c in row if plain(c)}
    return texts.pop() if len(texts) == 1 else ""


def _only_counts(row: list[Cell], plan: SheetPlan, used: list[int]) -> bool:
    counted = {c.index for c in plan.columns if bare(c.heading) in SEQUENCE_WORDS}
    return all(i in counted for i in used)
