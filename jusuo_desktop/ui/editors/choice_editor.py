"""One or several of a list: type a number, the beginning, or initials; Down opens the whole list. Several stand with '、' between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionFrame

from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.field import Field, FieldType, Value
from jusuo_desktop.records.values import SEPARATORS, BadValue, parse
from jusuo_desktop.ui.editors.choices import TRUTH, Choice, choices_of, matching, meant
from jusuo_desktop.ui.editors.line_editor import LineEditor
from jusuo_desktop.ui.theme import QUIET

ARROW = 16
TICKED, UNTICKED = "☑ ", "☐ "
JOIN = "、"


class ChoiceEditor(LineEditor):
    """CODE, CODES and BOOLEAN fields; the line of a link is a subclass."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.several = field.type in (FieldType.CODES, FieldType.LINKS)
        self.setTextMargins(0, 0, ARROW, 0)
        self._offered: list[Choice] = []
        self._ticking = False

    def choices(self) -> Sequence[Choice]:
        """Everything that can be chosen."""
        if self.field.type is FieldType.BOOLEAN:
            return [Choice(c, label, c) for c, label in TRUTH]
        return choices_of(code_list(self.field.code_list))

    def meaning(self, part: str) -> Choice | None:
        """The one choice that a typed part means beyond doubt."""
        return meant(self.choices(), part)

    # -- reading -----------------------------------------------------------

    def read(self, text: str) -> Value | None:
        """Exact wordings first, as everywhere; then what the list would have offered."""
        try:
            return parse(self.field, text)
        except BadValue:
            written = JOIN.join(self._whole(part) for part in self.parts(text))
            if written == text:
                raise
            return parse(self.field, written)

    def parts(self, text: str) -> list[str]:
        """The single choices that a text names."""
        if not self.several:
            return [text.strip()] if text.strip() else []
        return [part for part in SEPARATORS.split(text) if part]

    def _whole(self, part: str) -> str:
        found = self.meaning(part)
        return found.label if found is not None else part

    # -- the list ------------------------------------------------------------

    def open_list(self) -> bool:
        self._ticking = self.several
        self._offer("")
        return True

    def _on_typed(self) -> None:
        super()._on_typed()
        self._ticking = False
        if self.composing or not self._last_part():
            self.drop.leave(self)
        else:
            self._offer(self._last_part())

    def _last_part(self) -> str:
        text = self.typed_text()
        if not self.several:
            return text.strip()
        return SEPARATORS.split(text)[-1] if text else ""

    def _offer(self, typed: str) -> None:
        self._offered = matching(self.choices(), typed)
        here = set(self.parts(self.typed_text()))
        lines = [(TICKED if c.label in here else UNTICKED) + c.line if self._ticking else c.line for c in self._offered]
        current = 0 if typed else next((i for i, c in enumerate(self._offered) if c.label in here), 0)
        self.drop.offer(self, lines, self._take, current)

    def _take(self, row: int) -> None:
        if self._ticking:
            self._tick(row)
            return
        parts = self.parts(self.typed_text())
        label = self._offered[row].label
        if not self.several:
            parts = [label]
        elif self._last_part():
            parts[-1] = label
        else:
            parts.append(label)
        self._replace(list(dict.fromkeys(parts)), self._offered[row])
        self.drop.leave(self)

    def _tick(self, row: int) -> None:
        choice = self._offered[row]
        parts = self.parts(self.typed_text())
        parts = [p for p in parts if p != choice.label] if choice.label in parts else [*parts, choice.label]
        self._replace(parts, choice)
        self._offer("")
        self.drop.setCurrentRow(row)

    def _replace(self, parts: list[str], taken: Choice) -> None:
        self.show_text(JOIN.join(parts))
        self._dirty = True
        self.typed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._ticking and self.offering and not self.composing and event.key() == Qt.Key.Key_Space and self.drop.currentRow() >= 0:
            self._tick(self.drop.currentRow())
            event.accept()
        elif self._ticking and self.offering and not self.composing and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not any(p == self._offered[self.drop.currentRow()].label for p in self.parts(self.typed_text())):
                self._tick(self.drop.currentRow())
            self.drop.leave(self)
            self.onward.emit(not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            event.accept()
        else:
            super().keyPressEvent(event)

    # -- the arrow -----------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if self.isReadOnly() or event.button() != Qt.MouseButton.LeftButton:
            return
        if event.position().x() >= self.width() - ARROW - 6 or not self.typed_text():
            if self.offering:
                self.drop.leave(self)
            else:
                self.open_list()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.isReadOnly():
            return
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        inside = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(QUIET), 1.4))
        x, y = inside.right() - 9, inside.center().y()
        painter.drawLine(x, y - 1, x + 4, y + 3)
        painter.drawLine(x + 4, y + 3, x + 8, y - 1)
        painter.end()

    def put_raw(self, raw: Any) -> None:
        self.show_text(str(raw))
