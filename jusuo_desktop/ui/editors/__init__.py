"""One editor per field type. All speak alike: put, put_typed, value, touched, raw, put_raw, settle; signals typed, settled, onward."""

from __future__ import annotations

from typing import Final

from jusuo_desktop.records.field import Field, FieldType
from jusuo_desktop.ui.editors.choice_editor import ChoiceEditor
from jusuo_desktop.ui.editors.day_editor import DayEditor
from jusuo_desktop.ui.editors.id_editor import IdEditor
from jusuo_desktop.ui.editors.line_editor import LineEditor
from jusuo_desktop.ui.editors.link_editor import LinkEditor, LinkNames
from jusuo_desktop.ui.editors.long_text_editor import LongTextEditor
from jusuo_desktop.ui.editors.row_editor import RowEditor

FieldEditor = LineEditor | LongTextEditor | RowEditor
ROW: Final = "row"
"""The style in which all choices stand side by side."""


def editor_for(field: Field, names: LinkNames, *, style: str = "", lines: int = 3) -> FieldEditor:
    """The editor of a field."""
    match field.type:
        case FieldType.LONG_TEXT:
            return LongTextEditor(field, lines)
        case FieldType.DATE | FieldType.TIME:
            return DayEditor(field, names.desk.session.clock)
        case FieldType.BOOLEAN:
            return RowEditor(field)
        case FieldType.CODE | FieldType.CODES:
            return RowEditor(field) if style == ROW else ChoiceEditor(field)
        case FieldType.LINK | FieldType.LINKS:
            return LinkEditor(field, names)
        case FieldType.ID_CARD:
            return IdEditor(field)
        case _:
            return LineEditor(field)


__all__ = ["FieldEditor", "LineEditor", "LinkNames", "LongTextEditor", "RowEditor", "editor_for"]
