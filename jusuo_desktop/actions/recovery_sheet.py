"""To print the recovery key: one sheet to be sealed in an envelope. It is never kept: made, printed, forgotten."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final

from jusuo_desktop.printing import FORMS, Sheet, Template, load, render
from jusuo_desktop.records.field import date as day_field
from jusuo_desktop.records.field import text
from jusuo_desktop.records.kind import RecordKind

SHEET: Final = RecordKind(
    "recovery_sheet",
    "恢复密钥",
    (text("office_name", "单位"), text("user_name", "用户"), text("recovery_key", "恢复密钥"), day_field("made_on", "制作日期")),
    title=lambda v: "恢复密钥",
)
"""What the sheet binds. It is no record: a key must never lie in the store that it opens."""


@cache
def _template() -> Template:
    return load(FORMS / "office" / "recovery_sheet.yaml", {SHEET.name: SHEET})


def recovery_sheet(office_name: str, user_name: str, recovery_key: str, day: date) -> bytes:
    """The PDF of the sheet, one page.

    Raises:
        MissingGlyph: a name has a character that no font has.
    """
    values = {"office_name": office_name, "user_name": user_name, "recovery_key": recovery_key, "made_on": day.isoformat()}
    return render(_template(), Sheet({name: said for name, said in values.items() if said}))
