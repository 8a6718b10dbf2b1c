"""List forms: the sheet bears many rows of one kind (a register, a ledger, a payment sheet) instead of one record.

What stands around the rows is the `LIST` sheet's: whose list it is, what it holds, when it was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from jusuo_desktop.records.field import date, integer, text
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.registry import KINDS

LIST: Final = RecordKind(
    "list",
    "清单",
    (
        text("unit_name", "单位"),
        text("about", "范围", max_length=500),
        text("summary", "合计", max_length=600),
        integer("row_count", "条数"),
        date("made_on", "制表日期"),
        text("made_by", "制表人"),
    ),
    title=lambda v: str(v.get("about", "")),
)
"""Never stored: a list is made anew each time."""


def list_kinds(rows: RecordKind, kinds: Mapping[str, RecordKind] = KINDS) -> dict[str, RecordKind]:
    """The kinds that a list form may name: all, and the rows as child rows of the list."""
    return {**kinds, LIST.name: LIST, rows.name: replace(rows, parents=(*rows.parents, LIST.name))}
