"""A sample ledger as a workbook of today."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from jusuo_desktop.sample.ledgers import Ledger


def write_xlsx(made: Ledger, path: Path) -> None:
    """Saves it as a new Excel workbook."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        plain, title = book.add_format({"border": 1, "valign": "vcenter"}), book.add_format({"bold": True, "align": "center", "valign": "vcenter"})
        days, moments = book.add_format({"num_format": "yyyy/m/d"}), book.add_format({"num_format": "yyyy/m/d h:mm"})
        for sheet in made.sheets:
            page = book.add_worksheet(sheet.name)
            for first_row, first, last_row, last in sheet.merges:
                page.merge_range(first_row, first, last_row, last, "", title)
            for r, row in enumerate(sheet.rows):
                for c, cell in enumerate(row):
                    match cell:
                        case None | "":
                            pass
                        case datetime():
                            page.write_datetime(r, c, cell, moments)
                        case date():
                            page.write_datetime(r, c, datetime(cell.year, cell.month, cell.day), days)
                        case str():
                            page.write_string(r, c, cell, title if any(m[0] == r and m[1] == c for m in sheet.merges) else plain)
                        case _:
                            page.write_number(r, c, cell, plain)
