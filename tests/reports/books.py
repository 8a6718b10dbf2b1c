"""Ledgers for the tests, written by libraries other than the ones that read: openpyxl for .xlsx, xlwt for .xls, the csv module."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import xlwt

Rows = Sequence[Sequence[Any]]
Merges = Sequence[tuple[int, int, int, int]]
"""First row, first column, last row, last column, from 0."""


def write_book(path: Path, sheets: dict[str, Rows], merges: dict[str, Merges] | None = None) -> Path:
    """Writes the sheets in the format that the name's ending asks for."""
    {".xlsx": _xlsx, ".xls": _xls, ".csv": _csv}[path.suffix](path, sheets, merges or {})
    return path


def _xlsx(path: Path, sheets: dict[str, Rows], merges: dict[str, Merges]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for top, left, bottom, right in merges.get(name, ()):
            sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    book.save(path)


def _xls(path: Path, sheets: dict[str, Rows], merges: dict[str, Merges]) -> None:
    book = xlwt.Workbook()
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        spans = {(top, left): (bottom, right) for top, left, bottom, right in merges.get(name, ())}
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                style = xlwt.easyxf(num_format_str="YYYY-MM-DD") if isinstance(value, date | datetime) else xlwt.Style.default_style
                if (r, c) in spans:
                    bottom, right = spans[r, c]
                    sheet.write_merge(r, bottom, c, right, value, style)
                elif value not in (None, ""):
                    sheet.write(r, c, value, style)
    book.save(str(path))


def _csv(path: Path, sheets: dict[str, Rows], merges: dict[str, Merges]) -> None:
    (rows,) = sheets.values()
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([["" if c is None else c for c in row] for row in rows])
