"""A list of records as a workbook: labels as headings, identity numbers as text, and at the foot who took it out, when and why it says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from jusuo_desktop.records.field import FieldType, Sensitivity, Value
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.values import mask, show
from jusuo_desktop.reports.rejected import workbook
from jusuo_desktop.reports.targets import RECORD_ID_HEADING, Target

WIDE: Final = {FieldType.LONG_TEXT: 40, FieldType.ID_CARD: 21, FieldType.TIME: 17, FieldType.DATE: 12, FieldType.PHONE: 15}


@dataclass(frozen=True, slots=True)
class ListLine:
    """One record of the list: its identity and the shown text or amount of each column."""

    record_id: str
    cells: Sequence[str | float]


def shown(target: Target, values: Sequence[Value], name_of: Callable[[str], str], *, masked: bool) -> str | float:
    """The cell of a column; several values (of several parties) are joined as ledgers do. A single amount stays a number, in yuan."""
    if target.field.type in (FieldType.MONEY, FieldType.INTEGER) and len(values) == 1 and isinstance(values[0], int):
        return values[0] / 100 if target.field.type is FieldType.MONEY else values[0]
    texts = [show(target.field, v, links=name_of, masked=masked) for v in values]
    if masked and target.field.type is FieldType.PHONE:
        texts = [mask(t) for t in texts]
    return "、".join(texts)


def heading(target: Target) -> str:
    """The column's heading: the label, whose it is, and the unit of amounts."""
    label = target.label.replace("·", "")
    return f"{label}（元）" if target.field.type is FieldType.MONEY else label


def is_sensitive(target: Target) -> bool:
    """Whether the column is masked unless somebody asks for it in full."""
    return target.field.sensitivity is Sensitivity.SENSITIVE or target.field.type is FieldType.PHONE


def write_list(path: Path, kind: str, columns: Sequence[Target], lines: Iterable[ListLine], *, who: str, when: datetime, masked: bool) -> int:
    """Writes the workbook; returns how many records.

    Raises:
        Refused: the file cannot be written there.
    """
    said = "身份证号和电话已遮盖。" if masked else "含完整身份证号和电话，注意保密，用后及时删除。"
    return write_table(path, f"{KINDS[kind].label}台账", columns, lines, who=who, when=when, said=said)


def write_table(path: Path, label: str, columns: Sequence[Target], lines: Iterable[ListLine], *, who: str, when: datetime, said: str) -> int:
    """Writes a workbook that is called so, with a remark at its foot; returns how many lines.

    Raises:
        Refused: the file cannot be written there.
    """
    mark = f"导出人：{who}　导出时间：{when:%Y-%m-%d %H:%M}　{said}"
    with workbook(path) as book:
        title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        bold = book.add_format({"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "bg_color": "#E8EEF4", "border": 1})
        text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@", "border": 1})
        amount = book.add_format({"valign": "top", "num_format": "#,##0.00", "border": 1})
        whole = book.add_format({"valign": "top", "num_format": "0", "border": 1})
        grey = book.add_format({"font_color": "#707070", "italic": True})
        sheet = book.add_worksheet(label.removesuffix("台账").replace("/", "、")[:31])
        sheet.merge_range(0, 0, 0, max(len(columns), 2) - 1, label, title)
        for at, target in enumerate(columns):
            sheet.write_string(1, at, heading(target), bold)
            sheet.set_column(at, at, WIDE.get(target.field.type, 14))
        sheet.write_string(1, len(columns), RECORD_ID_HEADING, bold)
        sheet.set_column(len(columns), len(columns), 10, None, {"hidden": True})
        row = 1
        for line in lines:
            row += 1
            for at, (target, cell) in enumerate(zip(columns, line.cells, strict=True)):
                if isinstance(cell, str):
                    sheet.write_string(row, at, cell, text)
                else:
                    sheet.write_number(row, at, cell, amount if target.field.type is FieldType.MONEY else whole)
            sheet.write_string(row, len(columns), line.record_id)
        sheet.write_string(row + 1, 0, mark, grey)
        sheet.freeze_panes(2, 0)
        sheet.autofilter(1, 0, max(row, 1), max(len(columns) - 1, 0))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, 1)
        sheet.set_footer(f"&L{mark.replace('&', '&&')}&R第 &P 页 共 &N 页")
        book.set_properties({"title": label, "author": who, "comments": mark})
    return row - 1
