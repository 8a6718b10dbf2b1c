"""One cell of a ledger on its way to a value: the marks for nothing, the unit of its column, a date without its year; the rest is `parse`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from jusuo_desktop.records.field import Field, FieldType, Value
from jusuo_desktop.records.values import BadValue, halfwidth, parse, plain
from jusuo_desktop.reports.names import named
from jusuo_desktop.reports.workbook_file import Cell

NOTHING: Final = frozenset({"/", "\\", "-", "--", "—", "——", "－", "_", "、", "…", "#N/A", "#REF!", "#VALUE!"})
"""Marks for an empty cell, whatever the column."""
NONE_WORDS: Final = frozenset({"无", "没有", "不详", "未知", "不明", "未提供", "拒绝提供", "暂无", "不愿提供", "待定", "未填", "空"})
"""Words for an empty cell where a date, a number, an amount or a name is meant."""
EXACT: Final = frozenset({FieldType.ID_CARD, FieldType.PHONE, FieldType.DATE, FieldType.TIME, FieldType.MONEY, FieldType.INTEGER})
WORDY: Final = frozenset({FieldType.TEXT, FieldType.LONG_TEXT})
SHORT_YEAR: Final = re.compile(r"\d{1,2}\s*[.\-/年]\s*\d{1,2}\s*[.\-/月]\s*\d")
MONTH: Final = re.compile(r"(?:19|20)\d{2}(?:\s*[-./年]\s*\d{1,2}\s*月?|\d{2})")
YEARLESS: Final = re.compile(r"(\d{1,2})\s*[月.\-/]\s*(\d{1,2})\s*[日号]?")

Find = Callable[[Field, str], str | None]
"""The id of the record that a name in a link field means."""


def text_of(raw: Cell) -> str:
    """The cell as people see it, times included."""
    if isinstance(raw, time):
        return f"{raw.hour}:{raw.minute:02d}"
    if isinstance(raw, timedelta):
        minutes = int(raw.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02d}"
    return plain(raw)


def value_of(field: Field, raw: Cell, *, unit: int = 1, year: int | None = None, find: Find | None = None) -> Value | None:
    """The stored value of a cell; None when it says nothing.

    Raises:
        BadValue: with the sentence.
    """
    text = halfwidth(text_of(raw)).strip()
    if not text or text in NOTHING:
        return None
    links = (lambda _, name: find(field, name)) if find is not None else None
    if field.type in (FieldType.LINK, FieldType.LINKS):
        people = [n.name for n in named(text)] if field.link == "worker" else [text.replace(" ", "")]
        people = [p for p in people if p not in NONE_WORDS]
        if not people:
            return None
        if field.type is FieldType.LINK and len(people) > 1:
            people = people[:1]
        return parse(field, "、".join(people), links=links)
    if field.type in EXACT and text in NONE_WORDS:
        return None
    try:
        return _typed(field, raw, text, unit, year)
    except BadValue:
        if field.type not in WORDY and text in NONE_WORDS:
            return None
        raise


def _typed(field: Field, raw: Cell, text: str, unit: int, year: int | None) -> Value | None:
    match field.type:
        case FieldType.MONEY if unit != 1 and isinstance(raw, int | float) and not isinstance(raw, bool):
            return parse(field, str((Decimal(str(raw)) * unit).quantize(Decimal("0.01"))))
        case FieldType.MONEY if unit != 1 and re.fullmatch(r"[\d,，]*\.?\d+", text):
            return parse(field, str(Decimal(re.sub("[,，]", "", text)) * unit))
        case FieldType.DATE | FieldType.TIME if year is not None and not isinstance(raw, date | datetime | time) and YEARLESS.match(text):
            month = YEARLESS.match(text)
            if (
                month is not None
                and int(month[1]) <= 12
                and (isinstance(raw, str) or "." in text)
                and not re.match(r"\d{1,2}[.\-/]\d{1,2}[.\-/]\d", text)
            ):
                return parse(field, f"{year}-{month[1]}-{month[2]}{text[month.end() :]}")
            return parse(field, raw)
        case FieldType.TEXT | FieldType.LONG_TEXT:
            return parse(field, text_of(raw) if not isinstance(raw, str) else raw)
        case FieldType.ID_CARD | FieldType.PHONE if "**" in text:
            return None  # a masked number out of an export says nothing
        case _:
            return parse(field, raw)


def month_only(field: Field, raw: Cell) -> str:
    """The sentence about a birth of which a ledger keeps the month alone (出生年月): no reason to refuse the line; '' for anything else."""
    text = halfwidth(text_of(raw)).strip()
    if field.name != "birth_date" or not MONTH.fullmatch(text):
        return ""
    return f"{field.label}“{text}”没有写日，这一项没有导入。"


def damaged(field: Field, raw: Cell) -> bool:
    """Whether the cell is an identity number that a spreadsheet turned into a number and so cut."""
    text = text_of(raw)
    return field.type is FieldType.ID_CARD and ((isinstance(raw, float) and raw > 1e15) or re.fullmatch(r"\d(\.\d+)?[eE]\+?1\d", text) is not None)
