"""The refused rows as a workbook with the same headings and a reason beside each, to be corrected and imported again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from jusuo_desktop.reports.bounds import MOST_CELL
from jusuo_desktop.reports.cells import text_of
from jusuo_desktop.reports.plan import Plan, SheetPlan
from jusuo_desktop.reports.targets import REASON_HEADING
from jusuo_desktop.reports.workbook_file import Cell, Ledger, Sheet
from jusuo_desktop.store.refusal import DiskTrouble, Refused

MARKS_SHEET: Final = "导入标记"
"""A hidden sheet: how often each line of the original stood beside the refused ones, so that twins are still told apart.
It holds digests, nothing that a person could read."""
FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]")
"""No sheet of a workbook may have these in its name; a .csv file may."""
WRITER_OPTIONS: Final = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One line that was not taken in. `rows` are its row numbers as the spreadsheet shows them; `field` the target of the first fault."""

    sheet: str
    row: int
    reason: str
    field: str = ""
    rows: tuple[int, ...] = ()


def write_rejected(plan: Plan, refused: Sequence[RefusedRow], marks: Mapping[str, int], path: Path) -> None:
    """Writes the workbook; each cell as text, so that identity numbers stay whole.

    Raises:
        Refused: the file cannot be written there.
    """
    with workbook(path) as book:
        wrap = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@", "border": 1})
        bold = book.add_format({"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "bg_color": "#E8EEF4", "border": 1})
        why = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#A03000", "border": 1})
        for sheet in plan.sheets:
            lines = [r for r in refused if r.sheet == sheet.name]
            if lines:
                _write_sheet(book, plan.ledger.sheets[sheet.index], sheet, lines, (wrap, bold, why))
        hidden = book.add_worksheet(MARKS_SHEET)
        for number, (digest, count) in enumerate(marks.items()):
            hidden.write_string(number, 0, digest)
            hidden.write_number(number, 1, count)
        hidden.very_hidden()


def read_marks(ledger: Ledger) -> dict[str, int]:
    """What the hidden sheet of a rejected workbook says; {} for any other ledger."""
    for sheet in ledger.sheets:
        if sheet.name == MARKS_SHEET and sheet.hidden:
            return {str(row[0]): int(row[1]) for row in sheet.rows if len(row) > 1 and isinstance(row[1], int | float)}
    return {}


def workbook(path: Path) -> Any:
    """A workbook to be written at `path` when its `with` block ends.

    Raises:
        Refused: the file cannot be written there.
    """
    return _Workbook(path)


class _Workbook:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._book = xlsxwriter.Workbook(str(path), WRITER_OPTIONS)

    def __enter__(self) -> xlsxwriter.Workbook:
        return self._book

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if error is not None:
            return
        try:
            self._book.close()
        except (OSError, XlsxWriterException) as trouble:
            said = getattr(trouble, "strerror", None) or str(trouble).split("] ")[-1]
            raise DiskTrouble(f"写不了“{self._path}”：{said}。请先关闭已经打开的同名文件，或换一个位置保存。") from None


def _write_sheet(book: Any, sheet: Sheet, plan: SheetPlan, lines: Sequence[RefusedRow], formats: tuple[Any, Any, Any]) -> None:
    wrap, bold, why = formats
    if len(sheet.rows) and sheet.width >= 16_383:
        raise Refused("这张表的列太多，写不下退回原因。")
    out = book.add_worksheet(FORBIDDEN.sub("", sheet.name)[:31].strip("'") or "台账")
    reason = next((c.index for c in plan.columns if c.heading == REASON_HEADING), sheet.width)
    areas = {(top, left): (bottom, right) for top, left, bottom, right in sheet.merged}
    for row in range(plan.last + 1):
        _write_row(out, row, sheet.rows[row], bold, skip=reason)
    for (top, left), (bottom, right) in areas.items():
        if bottom <= plan.last and (bottom, right) != (top, left) and reason not in range(left, right + 1):
            out.merge_range(top, left, bottom, right, text_of(sheet.rows[top][left]), bold)
    out.write_string(plan.first, reason, REASON_HEADING, bold)
    if plan.last > plan.first:
        out.merge_range(plan.first, reason, plan.last, reason, REASON_HEADING, bold)
    at = plan.last + 1
    for line in lines:
        for offset, row in enumerate(line.rows):
            _write_row(out, at + offset, sheet.rows[row - 1], wrap, skip=reason)
        out.write_string(at, reason, line.reason, why)
        height = len(line.rows)
        for (top, left), (bottom, right) in areas.items():
            if height > 1 and top == line.rows[0] - 1 and bottom > top and left == right:
                out.merge_range(at, left, at + min(bottom - top, height - 1), left, text_of(sheet.rows[top][left]), wrap)
        at += height
    out.set_column(0, max(sheet.width - 1, 0), 14)
    out.set_column(reason, reason, 48)
    out.freeze_panes(plan.last + 1, 0)


def _write_row(out: Any, at: int, cells: Sequence[Cell], style: Any, *, skip: int) -> None:
    for column, cell in enumerate(cells):
        if column != skip:
            out.write_string(at, column, text_of(cell)[:MOST_CELL], style)
