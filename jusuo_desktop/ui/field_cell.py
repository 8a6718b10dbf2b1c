"""A field on the page: its label, its editor, and what is wrong or odd about it right beneath."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from jusuo_desktop.records.check import check_field
from jusuo_desktop.records.field import Field
from jusuo_desktop.records.values import BadValue
from jusuo_desktop.ui.editors import FieldEditor
from jusuo_desktop.ui.theme import RED, label

PROBLEM, DOUBT = "problem", "doubt"
WHILE_PRESSED_MS: Final = 120
"""A remark that moves what lies below waits until the mouse button is up, so that a click lands where it was aimed."""


class FieldCell(QWidget):
    """`label` stands where the layout puts it. A `note` about somebody else's change stays until the record is saved."""

    said = Signal()
    """What is shown beneath has changed."""

    def __init__(self, field: Field, editor: FieldEditor, *, apart: bool = False) -> None:
        """With `apart` the sentence is shown by whoever listens to `said`, where there is more room than beneath the editor."""
        super().__init__()
        self._apart = apart
        self.field, self.editor = field, editor
        self.note = ""
        self._said: tuple[str, str] = ("", "")
        self._message: QLabel | None = None
        self.label = label("")
        self._label(required=False)
        if field.required:
            self._label(required=True)
        self.label.setParent(self)
        self.label.hide()  # until a layout takes it
        self.label.setBuddy(editor)
        self.label.setToolTip(field.help)
        editor.setToolTip(field.help)
        editor.setAccessibleName(field.label)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(1)
        box.addWidget(editor)
        self.setFocusProxy(editor)
        editor.typed.connect(self._on_typed)

    def _label(self, *, required: bool) -> None:
        star = f'<span style="color:{RED}">*</span>' if required else ""
        self.label.setText(f"{star}{self.field.label}")
        self.label.setTextFormat(Qt.TextFormat.RichText if required else Qt.TextFormat.PlainText)

    def judge(self) -> str:
        """Shows what is wrong with what stands here; returns the sentence if no write would take it."""
        self.editor.settle()
        try:
            value = self.editor.value()
        except BadValue as bad:
            self.say(bad.message, PROBLEM)
            return bad.message
        doubt = next((p.message for p in check_field(self.field, value) if not p.blocking), "") if value is not None else ""
        self.say(doubt, DOUBT)
        return ""

    def say(self, text: str, kind: str) -> None:
        """Shows a sentence beneath the editor; '' takes it away."""
        said = (text, kind if text else "")
        if said == self._said:
            return
        self._said = said
        if QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            QTimer.singleShot(WHILE_PRESSED_MS, self, self._show)
        else:
            self._show()

    def set_note(self, text: str) -> None:
        """Notes a change by somebody else; '' forgets it."""
        if text != self.note:
            self.note = text
            self._show()

    @property
    def message(self) -> str:
        """The sentence shown, with the note before it."""
        return " ".join(part for part in (self.note, self._said[0]) if part)

    @property
    def message_kind(self) -> str:
        """PROBLEM or DOUBT; '' while all is well."""
        return self._said[1] or (DOUBT if self.note else "")

    def _on_typed(self) -> None:
        if self._said[1] == PROBLEM:
            self.say("", "")

    def _show(self) -> None:
        text, kind = self.message, self.message_kind
        restyle(self.editor, "problem", {PROBLEM: "true", DOUBT: "doubt"}.get(kind, "false") if text else "false")
        self.said.emit()
        if self._apart:
            return
        if self._message is None:
            if not text:
                return
            self._message = label("", kind)
            self._message.setWordWrap(True)
            self.layout().addWidget(self._message)
        self._message.setText(text)
        self._message.setVisible(bool(text))
        restyle(self._message, "kind", kind)


def restyle(widget: QWidget, name: str, value: str) -> None:
    """Gives a widget a property that the style sheet looks at."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()
