"""People already on file, offered under the field while a name, a number or a phone is typed. Typing on ignores them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer

from jusuo_desktop.actions.known_people import KnownPerson, known_people
from jusuo_desktop.records.field import FieldType
from jusuo_desktop.records.values import mask, show
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.editors import LineEditor
from jusuo_desktop.ui.field_set import FieldSet

LEAST: Final = {FieldType.TEXT: 2, FieldType.ID_CARD: 6, FieldType.PHONE: 4}
"""Characters typed before anybody is offered."""
PAUSE_MS: Final = 120


class PersonOffer(QObject):
    """Watches the naming fields of a record that holds a person."""

    def __init__(self, desk: Desk, fields: FieldSet) -> None:
        super().__init__(fields)
        self._desk, self._fields = desk, fields
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._ask)
        self._editor: LineEditor | None = None
        self._asked = ""
        for name, cell in fields.cells.items():
            if isinstance(cell.editor, LineEditor) and (name == "name" or cell.field.type in (FieldType.ID_CARD, FieldType.PHONE)):
                cell.editor.textEdited.connect(lambda text, editor=cell.editor: self._typed(editor))

    def _typed(self, editor: LineEditor) -> None:
        self._editor = editor
        editor.drop.leave(editor)
        if not editor.composing:
            self._timer.start()

    def _ask(self) -> None:
        editor = self._editor
        if editor is None or editor.composing or not editor.hasFocus():
            return
        typed = editor.typed_text().strip()
        if len(typed) < LEAST.get(editor.field.type, 2):
            return
        session = self._desk.session
        self._desk.background.run(
            self, lambda reins: known_people(session, typed), done=lambda people: self._offer(editor, typed, people), key="people"
        )

    def _offer(self, editor: LineEditor, typed: str, people: list[KnownPerson]) -> None:
        if editor.composing or not editor.hasFocus() or editor.typed_text().strip() != typed or editor.isReadOnly():
            return
        here = self._fields.current()
        others = [p for p in people if any(here.get(n) != v for n, v in p.values.items() if n in self._fields.kind.by_name)]
        editor.drop.offer(editor, [self.said(p) for p in others], lambda row: self._take(editor, others[row]))

    def said(self, person: KnownPerson) -> str:
        """A person in a line, the number masked; the case in which they were last seen."""
        fields = self._fields.kind.by_name
        parts = [person.name]
        for name in ("sex", "id_card_number", "contact_phone", "address"):
            if name in person.values and name in fields:
                text = show(fields[name], person.values[name])
                parts.append(mask(text) if name == "id_card_number" else text)
        return "　".join(parts) + f"　（{person.seen_in}）"

    def _take(self, editor: LineEditor, person: KnownPerson) -> None:
        editor.drop.leave(editor)
        self._fields.fill({n: v for n, v in person.values.items() if n in self._fields.kind.by_name})
