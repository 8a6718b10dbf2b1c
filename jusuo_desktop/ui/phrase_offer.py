"""The office's paragraphs in long texts: Ctrl+K, or “/” and letters, offers them beside the cursor; Enter inserts, Tab goes on to the blanks.

It watches the editor from outside and takes keys only while its own list is open or blanks are left; while an input method composes, none at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRegularExpression, Qt
from PySide6.QtGui import QContextMenuEvent, QInputMethodEvent, QKeyEvent, QTextCursor, QTextDocument

from jusuo_desktop.records.phrase_choice import Phrase
from jusuo_desktop.ui.editors.drop_list import DropList
from jusuo_desktop.ui.editors.line_editor import ENTER
from jusuo_desktop.ui.editors.long_text_editor import LongTextEditor

SLASH: Final = re.compile(r"(?:^|[^\w/]|[\u3400-\u9fff])/([A-Za-z]{1,12})$", re.MULTILINE)
"""“/” with letters behind it, but not inside “1/2” or a path."""
BLANK: Final = QRegularExpression("【[^【】]*】")
"""A place to fill in: “于【日期】前付清”."""
NONE: Final = "这里还没有常用语：选中一段文字，按 Ctrl+Shift+K 存为常用语"
MOST_TYPED: Final = 20
MOVES: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
TAKING: Final = (*ENTER, Qt.Key.Key_Tab)
TABS: Final = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class PhraseOffer(QObject):
    """For one editor. `choose` tells what is offered for what was typed, `keep` takes a text that shall become a paragraph of the office."""

    def __init__(self, editor: LongTextEditor, choose: Callable[[str], list[Phrase]], keep: Callable[[str], None]) -> None:
        super().__init__(editor)
        self._editor, self._choose, self._keep = editor, choose, keep
        self._anchor = -1
        """Where what is typed for the list begins; -1 while none is wanted."""
        self._filling = False
        self._offered: list[Phrase] = []
        self._preedit = ""
        editor.installEventFilter(self)
        editor.textChanged.connect(self._typed)
        editor.cursorPositionChanged.connect(self._moved)

    @property
    def open(self) -> bool:
        """Whether the list is shown."""
        return self._drop.is_open_for(self._editor)

    @property
    def _drop(self) -> DropList:
        return DropList.of(self._editor)

    # -- keys --------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._ours(event):
            event.accept()
            return True
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._ours(event):
            self._act(event)
            return True
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in TABS and self._editor.composing:
            return True  # half a word is no place to leave the field from
        if kind == QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            self._preedit = event.preeditString()
            if self._anchor >= 0 and self._preedit:
                self._offer(self._typed_text())
        elif kind == QEvent.Type.FocusOut:
            self._leave()
            self._filling = False
        elif kind == QEvent.Type.ContextMenu and isinstance(event, QContextMenuEvent):
            self._show_menu(event)
            return True
        return False

    def _ours(self, event: QKeyEvent) -> bool:
        editor = self._editor
        if editor.composing or editor.isReadOnly():
            return False
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Qt.Key.Key_K and held in (CONTROL, CONTROL | SHIFT):
            return True
        if self.open and (key == Qt.Key.Key_Escape or (not held and (key in MOVES or key in TAKING))):
            return True
        return self._filling and (key == Qt.Key.Key_Backtab or (key == Qt.Key.Key_Tab and not held)) and self._next_blank(key) is not None

    def _act(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_K:
            self.keep_selected() if event.modifiers() & SHIFT else self.start()
        elif self.open and key in MOVES:
            self._drop.move_by(MOVES[Qt.Key(key)])
        elif self.open and key in TAKING:
            self._drop.take_current()
        elif self.open:
            self._leave()
        elif (blank := self._next_blank(key)) is not None:
            self._select(blank)

    def start(self) -> None:
        """Offers everything that fits here; what is typed now narrows it, and a selected text is what gets replaced."""
        self._anchor = self._editor.textCursor().selectionStart()
        self._offer("")
        if not self._offered:
            self._drop.offer(self._editor, [NONE], lambda row: self._leave(), at=self._spot())

    def keep_selected(self) -> None:
        """Makes a paragraph of the office of the selected text, of all of it when nothing is selected."""
        self._leave()
        selected = self._editor.textCursor().selectedText().replace("\u2029", "\n") or self._editor.toPlainText()
        if selected.strip():
            self._keep(selected)

    # -- what is typed -------------------------------------------------------------

    def _typed_text(self) -> str:
        return self._between(self._anchor, self._editor.textCursor().selectionStart())

    def _between(self, begin: int, end: int) -> str:
        """The text between two places of the document, which counts a rare character as two where Python counts one."""
        cursor = QTextCursor(self._editor.document())
        cursor.setPosition(begin)
        cursor.setPosition(max(begin, end), QTextCursor.MoveMode.KeepAnchor)
        return cursor.selectedText().replace("\u2029", "\n")

    def _typed(self) -> None:
        editor = self._editor
        if not editor.hasFocus() or editor.isReadOnly():
            return
        if self._anchor < 0:
            cursor = editor.textCursor()
            if (found := SLASH.search(self._between(cursor.block().position(), cursor.position()))) is None:
                return
            self._anchor = cursor.position() - len(found[1]) - 1
        self._narrow()

    def _narrow(self) -> None:
        typed = self._typed_text()
        if self._editor.textCursor().selectionStart() < self._anchor or "\n" in typed or len(typed) > MOST_TYPED:
            self._leave()
        else:
            self._offer(typed)

    def _moved(self) -> None:
        if self._anchor >= 0 and not (self._editor.composing or self._preedit) and not self._anchor <= self._editor.textCursor().selectionStart():
            self._leave()

    def _offer(self, typed: str) -> None:
        unfinished = re.sub(r"[^A-Za-z]", "", self._preedit)  # its letters count before the input method has made characters of them
        self._offered = self._choose(typed.lstrip("/") + unfinished)
        if self._offered:
            self._drop.offer(self._editor, [one.line() for one in self._offered], self._take, 0, at=self._spot())
        else:
            self._drop.leave(self._editor)

    def _spot(self) -> QRect:
        """Where the cursor stands, in the editor."""
        place = self._editor.cursorRect()
        return QRect(self._editor.viewport().mapTo(self._editor, place.topLeft()) - QPoint(4, 0), place.size())

    def _leave(self) -> None:
        self._anchor, self._preedit = -1, ""
        self._offered = []
        self._drop.leave(self._editor)

    # -- inserting -----------------------------------------------------------------

    def _take(self, row: int) -> None:
        if not 0 <= row < len(self._offered):
            return
        wording, begin = self._offered[row].wording, self._anchor
        cursor = self._editor.textCursor()
        end = max(cursor.selectionEnd(), begin)
        self._leave()
        cursor.setPosition(begin)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(wording)  # one step: Ctrl+Z brings back what was typed
        self._editor.setTextCursor(cursor)
        self._filling = True
        first = self._editor.document().find(BLANK, begin)
        if not first.isNull() and first.position() <= cursor.position():
            self._select(first)

    def _next_blank(self, key: int) -> QTextCursor | None:
        cursor, document = self._editor.textCursor(), self._editor.document()
        if key == Qt.Key.Key_Backtab:
            found = document.find(BLANK, cursor.selectionStart(), QTextDocument.FindFlag.FindBackward)
        else:
            found = document.find(BLANK, cursor.selectionEnd())
        return None if found.isNull() else found

    def _select(self, blank: QTextCursor) -> None:
        self._editor.setTextCursor(blank)
        self._editor.ensureCursorVisible()

    def _show_menu(self, event: QContextMenuEvent) -> None:
        editor = self._editor
        menu = editor.createStandardContextMenu(event.pos())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if not editor.isReadOnly():
            menu.addSeparator()
            menu.addAction("插入常用语\tCtrl+K").triggered.connect(self.start)
        if editor.textCursor().hasSelection():
            menu.addAction("存为常用语\tCtrl+Shift+K").triggered.connect(self.keep_selected)
        menu.popup(event.globalPos())
