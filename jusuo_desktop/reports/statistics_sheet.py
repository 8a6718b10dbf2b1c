"""The tables as a workbook: official title, bands and groups above the columns, the counting rule and what does not add up below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from jusuo_desktop.reports.rejected import workbook
from jusuo_desktop.reports.statistics import GROUPINGS, Period, Table, scaled
from jusuo_desktop.reports.statistics_checks import LEVELS, Finding
from jusuo_desktop.reports.statistics_columns import FEN, HOURS, Column

SHEET_NAMES: Final = {"mediation": "人民调解", "consultation": "法律咨询", "adviser_visit": "村居法律顾问"}
UNCOUNTED: Final = "—"


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above and below every table."""

    office: str
    period: Period
    rule: str
    who: str
    when: datetime


def write_statistics(path: Path, tables: Sequence[Table], findings: Mapping[str, Sequence[Finding]], heading: Heading) -> None:
    """Writes the workbook, a sheet for each table.

    Raises:
        Refused: the file cannot be written there.
    """
    with workbook(path) as book:
        formats = _formats(book)
        for table in tables:
            _sheet(book.add_worksheet(SHEET_NAMES[table.form.name]), table, findings.get(table.form.name, ()), heading, formats)
        book.set_properties({"title": tables[0].form.title, "author": heading.who, "comments": f"{heading.office} {heading.period.said}"})


def _formats(book: Any) -> dict[str, Any]:
    boxed = {"border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
    return {
        "title": book.add_format({"bold": True, "font_size": 18, "align": "center", "valign": "vcenter"}),
        "line": book.add_format({"align": "left", "valign": "vcenter"}),
        "head": book.add_format({**boxed, "bold": True, "bg_color": "#E8EEF4"}),
        "label": book.add_format({"border": 1, "valign": "vcenter", "text_wrap": True}),
        "whole": book.add_format({**boxed, "num_format": "0;-0;;@"}),
        FEN: book.add_format({**boxed, "num_format": "#,##0.00;-#,##0.00;;@"}),
        HOURS: book.add_format({**boxed, "num_format": "#,##0.0;-#,##0.0;;@"}),
        "total": book.add_format({**boxed, "bold": True, "num_format": "0"}),
        f"total{FEN}": book.add_format({**boxed, "bold": True, "num_format": "#,##0.00"}),
        f"total{HOURS}": book.add_format({**boxed, "bold": True, "num_format": "#,##0.0"}),
        "note": book.add_format({"valign": "top", "text_wrap": True, "font_color": "#505050"}),
    }


def bands(columns: Sequence[Column], of: str) -> list[tuple[str, int, int]]:
    """Neighbouring columns of one band or group: (its name, first place, last place)."""
    found, at = [], 0
    for name, some in groupby(columns, key=lambda c: str(getattr(c, of))):
        width = len(list(some))
        found.append((name, at, at + width - 1))
        at += width
    return found


def _sheet(page: Any, table: Table, findings: Sequence[Finding], heading: Heading, formats: dict[str, Any]) -> None:
    columns, last = table.form.columns, len(table.form.columns)
    page.merge_range(0, 0, 0, last, table.form.title, formats["title"])
    page.set_row(0, 32)
    page.merge_range(1, 0, 1, last, f"填报单位：{heading.office}　　统计期间：{heading.period.said}　　{GROUPINGS[table.by]}", formats["line"])
    top = _headings(page, table, formats)
    for at, row in enumerate((*table.rows, table.total)):
        whole = "total" if row is table.total else "whole"
        page.write_string(top + at, 0, row.label, formats["head" if row is table.total else "label"])
        for place, (column, value) in enumerate(zip(columns, row.cells, strict=True), 1):
            if value is None:
                page.write_string(top + at, place, UNCOUNTED, formats[whole])
            else:
                how = formats[f"total{column.unit}" if row is table.total else column.unit] if column.unit in (FEN, HOURS) else formats[whole]
                page.write_number(top + at, place, float(scaled(value, column.unit)), how)
    _foot(page, top + len(table.rows) + 2, table, findings, heading, formats)
    page.set_column(0, 0, 30)
    page.set_column(1, last, 8)
    page.freeze_panes(top, 1)
    page.set_landscape()
    page.set_paper(8)  # A3: forty-nine columns
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, top - 1)
    page.set_footer(f"&L填表人：{heading.who.replace('&', '&&')}　{heading.when:%Y-%m-%d %H:%M}&R第 &P 页 共 &N 页")


def _headings(page: Any, table: Table, formats: dict[str, Any]) -> int:
    """Band, group and column headings, units; returns the first row below."""
    columns, head = table.form.columns, formats["head"]
    banded = any(c.band for c in columns)
    row = 2
    if banded:
        for name, first, end in bands(columns, "band"):
            _across(page, row, first + 1, row, end + 1, name, head)
        row += 1
    for name, first, end in bands(columns, "group"):
        if name:
            _across(page, row, first + 1, row, end + 1, name, head)
        else:
            for place in range(first, end + 1):
                _across(page, row, place + 1, row + 1, place + 1, columns[place].label, head)
    for place, column in enumerate(columns, 1):
        if column.group:
            page.write_string(row + 1, place, column.label, head)
        page.write_string(row + 2, place, column.unit, head)
    _across(page, 2, 0, row + 2, 0, {"month": "月份", "village": "村（社区）"}.get(table.by, "调委会"), head)
    page.set_row(row + 1, 78)
    return row + 3


def _across(page: Any, first_row: int, first: int, last_row: int, last: int, text: str, how: Any) -> None:
    if (first_row, first) == (last_row, last):
        page.write_string(first_row, first, text, how)
    else:
        page.merge_range(first_row, first, last_row, last, text, how)


def _foot(page: Any, row: int, table: Table, findings: Sequence[Finding], heading: Heading, formats: dict[str, Any]) -> None:
    said = (
        [f"统计口径：按{heading.rule}计入本期；不予受理和已作废的不计。“—”为本程序没有登记、不能统计的项目，不是零。"]
        if table.form.name == "mediation"
        else []
    )
    said += [f"{LEVELS[f.level]}（{f.check}）：{f.said}" for f in findings]
    for at, line in enumerate(said):
        page.merge_range(row + at, 0, row + at, len(table.form.columns), line, formats["note"])
    page.write_string(row + len(said), 0, f"填表人：{heading.who}　　审核人：　　　　　　填表日期：{heading.when:%Y年%m月%d日}", formats["line"])
