"""Writes a sample ledger as an old .xls workbook; only tests need it, so xlwt stays a test dependency."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import xlwt

from jusuo_desktop.sample.ledgers import Ledger


def write_xls(made: Ledger, path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    days, moments = xlwt.easyxf(num_format_str="YYYY-MM-DD"), xlwt.easyxf(num_format_str="YYYY-MM-DD HH:MM")
    for sheet in made.sheets:
        page = book.add_sheet(sheet.name)
        merged = {(r, c): (r1, c1) for r, c, r1, c1 in sheet.merges}
        for r, row in enumerate(sheet.rows):
            for c, cell in enumerate(row):
                if (r, c) in merged:
                    page.write_merge(r, merged[r, c][0], c, merged[r, c][1], cell)
                elif cell is not None:
                    style = moments if isinstance(cell, datetime) else days if isinstance(cell, date) else xlwt.Style.default_style
                    page.write(r, c, cell, style)
    book.save(str(path))
