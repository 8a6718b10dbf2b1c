"""Hands on a page: shows it, waits for it, types, saves."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from jusuo_desktop.ui.entry_page import EntryPage


def shown(qtbot: QtBot, page: EntryPage) -> EntryPage:
    """The page in front, its record read, the focus in its first field."""
    qtbot.addWidget(page)
    page.resize(1216, 658)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(lambda: page.ready and page.form.isAncestorOf(QApplication.focusWidget() or page))
    qtbot.waitUntil(lambda: not page.desk.background.busy)
    return page


def name_in_focus() -> str:
    """The field that has the focus."""
    return getattr(getattr(QApplication.focusWidget(), "field", None), "name", "")


def save(qtbot: QtBot, page: EntryPage) -> None:
    """Ctrl+S, and the wait for it."""
    page.say("")
    press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.foot.said.startswith("已保存") and not page.saving)


def focus(page: EntryPage, name: str, row: int | None = None) -> QWidget:
    """Puts the focus into a field of the record, or of a row of its table."""
    fields = page.form.fields if row is None else page.form.tables[0].sets[row]
    editor = fields.cells[name].editor
    page.form.show_editor(editor)
    return editor


def unfinished(text: str) -> None:
    """Pre-edit text of an input method."""
    widget = QApplication.focusWidget()
    assert widget is not None
    QApplication.sendEvent(widget, QInputMethodEvent(text, []))


def commit(text: str, *, after: tuple[str, ...] = ()) -> None:
    """Types through an input method: the pre-edit texts `after`, then the committed text."""
    for one in after:
        unfinished(one)
    done = QInputMethodEvent("", [])
    done.setCommitString(text)
    widget = QApplication.focusWidget()
    assert widget is not None
    QApplication.sendEvent(widget, done)


def keys(*pressed: str | Qt.Key) -> None:
    """Types ASCII text and presses keys wherever the focus is."""
    for one in pressed:
        widget = QApplication.focusWidget()
        assert widget is not None, "nothing has the focus"
        if isinstance(one, str):
            QTest.keyClicks(widget, one)
        else:
            QTest.keyClick(widget, one)


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """One key with a modifier."""
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the focus"
    QTest.keyClick(widget, key, modifier)
