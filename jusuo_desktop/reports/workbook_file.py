"""A workbook from outside as plain rows: .xlsx, .xls, .ods through calamine, .csv in the encodings that offices have. Bounded, never half read."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from jusuo_desktop.reports.bounds import MOST_CELL, MOST_SHEETS, BadWorkbook, check_rectangle, check_size, check_xlsx
from jusuo_desktop.reports.old_workbook import check_xls
from jusuo_desktop.reports.reading_apart import read_apart

Cell = str | int | float | bool | date | datetime | time | timedelta
"""What stands in a cell; '' where nothing does."""
Area = tuple[int, int, int, int]
"""A merged area: first row, first column, last row, last column, counted from 0, the ends included."""

ZIP: Final = b"PK\x03\x04"
OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
HTML: Final = re.compile(rb"<(!doctype\s+html|html|head|table|meta|\?xml)", re.IGNORECASE)
MOST_MERGED_ROWS: Final = 1_000_000
"""Rows of all merged areas together."""
ENCODINGS: Final = ("utf-8-sig", "gb18030")
UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class Sheet:
    """One worksheet: all rows from the first on, each as wide as the sheet. Merged areas lie inside it and do not overlap."""

    name: str
    rows: list[list[Cell]]
    merged: tuple[Area, ...] = ()
    hidden: bool = False
    width: int = field(default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "merged", _sound(self.merged, len(self.rows), self.width))


@dataclass(frozen=True)
class Ledger:
    """A workbook as it was read."""

    path: Path
    sheets: tuple[Sheet, ...]


def _sound(areas: tuple[Area, ...], height: int, width: int) -> tuple[Area, ...]:
    """The areas cut to the rows and columns in use; one that overlaps an earlier one is left out, as are all beyond a bound."""
    taken: dict[int, list[tuple[int, int]]] = {}
    sound: list[Area] = []
    left_over = MOST_MERGED_ROWS
    for top, left, bottom, right in areas:
        bottom, right = min(bottom, height - 1), min(right, width - 1)
        left_over -= bottom - top + 1
        if left_over < 0:
            break
        rows = range(top, bottom + 1)
        if top > bottom or left > right or (top, left) == (bottom, right):
            continue
        if any(a <= right and left <= b for r in rows for a, b in taken.get(r, ())):
            continue
        for row in rows:
            taken.setdefault(row, []).append((left, right))
        sound.append((top, left, bottom, right))
    return tuple(sound)


def read_ledger(path: Path) -> Ledger:
    """Reads a workbook whole.

    Raises:
        BadWorkbook: one sentence: what is wrong with the file and what to do.
    """
    path = Path(path)
    check_size(path)
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as trouble:
        raise BadWorkbook(f"打不开“{path.name}”：{trouble.strerror}。请先关闭正在使用它的程序，再试一次。") from None
    if head.startswith(ZIP):
        check_xlsx(path)
    elif head.startswith(OLE):
        if ENCRYPTED in path.read_bytes():
            raise _encrypted(path)
        check_xls(path)
    elif HTML.search(head.lstrip()[:512]):
        raise BadWorkbook(f"“{path.name}”其实是网页格式的文件。请用Excel或WPS打开它，另存为“Excel 工作簿（*.xlsx）”，再导入。")
    elif head.startswith(b"%PDF") or (b"\0" in head and not head.startswith(UTF16)):
        raise BadWorkbook(f"“{path.name}”不是表格文件。请选择 .xlsx、.xls 或 .csv 文件。")
    else:
        return Ledger(path, (_read_csv(path),))
    return Ledger(path, read_apart(_read_workbook, path))


def _encrypted(path: Path) -> BadWorkbook:
    return BadWorkbook(f"“{path.name}”设了打开密码。请用Excel或WPS打开，取消密码后另存，再导入。")


def _read_workbook(path: Path) -> tuple[Sheet, ...]:
    try:
        with CalamineWorkbook.from_path(path) as book:
            listed = [m for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
            if len(listed) > MOST_SHEETS:
                raise BadWorkbook(f"“{path.name}”有{len(listed)}张工作表，超过{MOST_SHEETS}张，请拆成几个文件。")
            return tuple(_read_sheet(book, path, m.name, m.visible != SheetVisibleEnum.Visible) for m in listed)
    except PasswordError:
        raise _encrypted(path) from None
    except CalamineError as trouble:
        raise BadWorkbook(f"“{path.name}”已经损坏，或者不是Excel表格，打不开。请用Excel或WPS打开后另存为 .xlsx，再导入。") from trouble


def _read_sheet(book: CalamineWorkbook, path: Path, name: str, hidden: bool) -> Sheet:
    sheet = book.get_sheet_by_name(name)
    if sheet.end is None:
        return Sheet(name, [], hidden=hidden)
    check_rectangle(path.name, name, sheet.end[0] + 1, sheet.end[1] + 1)
    rows = [[_cell(c) for c in row] for row in sheet.to_python(skip_empty_area=False)]
    merged = tuple((top[0], top[1], end[0], end[1]) for top, end in sheet.merged_cell_ranges or ())
    return Sheet(name, rows, merged, hidden, max((len(r) for r in rows), default=0))


def _cell(raw: Cell) -> Cell:
    if isinstance(raw, str):
        text = ESCAPED.sub(lambda m: chr(int(m[1], 16)), raw) if "_x" in raw else raw
        return text[: MOST_CELL + 1]
    return raw


def _read_csv(path: Path) -> Sheet:
    raw = path.read_bytes()
    for encoding in ("utf-16",) if raw.startswith(UTF16) else ENCODINGS:
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise BadWorkbook(f"“{path.name}”的文字看不懂，可能不是表格，或者已经损坏。请用Excel或WPS另存为 .xlsx，再导入。")
    first = text.partition("\n")[0]
    rows: list[list[Cell]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter="\t" if first.count("\t") > first.count(",") else ","):
            rows.append([cell.removeprefix("\ufeff") for cell in row])
            check_rectangle(path.name, "", len(rows), len(row))
    except csv.Error as trouble:
        raise BadWorkbook(f"“{path.name}”第{len(rows) + 1}行读不懂。请用Excel或WPS打开后另存为 .xlsx，再导入。") from trouble
    width = max((len(r) for r in rows), default=0)
    return Sheet(path.stem, [r + [""] * (width - len(r)) for r in rows], width=width)
