"""A clerk's hands on the whole window, by keys and input method alone: nothing is clicked, no widget is told anything.

What is on the screen is read (which field has the focus, which line is marked), because a clerk looks; everything done is a key event to the
widget that has the focus. A field is reached by Tab and Shift+Tab, a folded group or a kind of paper by its letter, a record by the search.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

from jusuo_desktop.records.field import FieldType
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.values import parse
from jusuo_desktop.ui.child_list import ChildList
from jusuo_desktop.ui.editors import LongTextEditor, RowEditor
from jusuo_desktop.ui.editors.choice_editor import ChoiceEditor
from jusuo_desktop.ui.editors.day_editor import DayEditor
from jusuo_desktop.ui.editors.link_editor import LinkEditor
from jusuo_desktop.ui.entry_page import EntryPage
from jusuo_desktop.ui.field_set import FieldSet
from jusuo_desktop.ui.search_box import HIT
from jusuo_desktop.ui.section_view import SectionView
from jusuo_desktop.ui.workspace import Workspace
from tests.ui.typing_hands import commit

PATIENCE_MS = 30_000
MOST_TABS = 300
"""More than there are places on any page."""
CONTROL, SHIFT, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier


class Clerk:
    """Sits before one window."""

    def __init__(self, qtbot: QtBot, workspace: Workspace) -> None:
        self.qtbot, self.workspace = qtbot, workspace

    # -- looking -----------------------------------------------------------------

    @property
    def front(self) -> EntryPage:
        """The record's page in front."""
        page = self.workspace.pages.front
        assert isinstance(page, EntryPage), page
        return page

    def wait(self, until: Callable[[], object], what: str = "") -> None:
        """Looks at the screen until something is there."""

        try:
            self.qtbot.waitUntil(lambda: bool(until()), timeout=PATIENCE_MS)
        except QtTimeout:
            raise AssertionError(f"{what or 'not there'}; {self._seen()}") from None

    def _seen(self) -> str:
        focus = QApplication.focusWidget()
        page = self.workspace.pages.front
        where = getattr(getattr(focus, "field", None), "name", "")
        said = page.foot.said if isinstance(page, EntryPage) else ""
        return f"page {page.title if page is not None else None}, focus {type(focus).__name__} {where}, said “{said}”"

    def still(self) -> None:
        """Waits until the window has nothing under way."""
        page = self.workspace.pages.front
        self.wait(lambda: not self.workspace.desk.background.busy, "the window is busy")
        if isinstance(page, EntryPage):
            self.wait(lambda: page.ready and not page.saving, "the page is not ready")
            self.wait(lambda: self._to_page() or (self._in(page) and not self.workspace.desk.background.busy), "the page has no focus")

    def _in(self, page: QWidget) -> bool:
        self._wake()
        focus = QApplication.focusWidget()
        return focus is not None and page.isAncestorOf(focus)

    # -- keys ----------------------------------------------------------------------

    def press(self, key: Qt.Key | str, modifier: Qt.KeyboardModifier = NONE, many: int = 1) -> None:
        """A key; a name like 'Ctrl+S' as well."""
        if isinstance(key, str):
            combined = QKeySequence(key)[0]
            key, modifier = combined.key(), combined.keyboardModifiers()
        for _ in range(many):
            QTest.keyClick(self._focus(), key, modifier)

    def _focus(self) -> QWidget:
        if QApplication.activePopupWidget() is None and QApplication.focusWidget() is None:
            self.wait(lambda: self._wake() or QApplication.activePopupWidget() or QApplication.focusWidget(), "nothing has the focus")
        widget = QApplication.activePopupWidget() or QApplication.focusWidget()
        assert widget is not None
        return widget

    def write(self, text: str) -> None:
        """Text into the field with the focus: letters and digits by keys, the rest as an input method commits it."""
        for place, line in enumerate(text.split("\n")):
            if place:
                self.press(Qt.Key.Key_Return)
            if line.isascii():
                QTest.keyClicks(self._focus(), line)
            else:
                commit(line)

    # -- fields --------------------------------------------------------------------

    def fill(self, typed: Mapping[str, str], fields: FieldSet | None = None) -> None:
        """Types values into the fields of the page, or of one of its rows, in their order."""
        for name, text in typed.items():
            of = fields or self.front.form.fields
            self.go_to(of, name)
            self._type_over(text)

    def go_to(self, fields: FieldSet, name: str) -> None:
        """Tab by Tab to a field; what hides it is opened first."""
        page = self.front
        if name not in fields.cells or not fields.cells[name].isVisibleTo(page):
            self._open(fields, name)
        wanted = fields.cells[name].editor
        order = page.form.editors()
        focus = QApplication.focusWidget()
        forward = focus not in order or order.index(wanted) >= order.index(focus)
        self._tab_until(lambda: QApplication.focusWidget() is wanted, name, forward)

    def _open(self, fields: FieldSet, name: str) -> None:
        page = self.front
        if fields is page.form.fields:
            section = next(s for s in page.form.sections if name in s.section.fields)
            self._unfold(section)
            return
        first = next(iter(fields.cells))
        self.go_to(fields, first)
        self.press(Qt.Key.Key_F7, CONTROL)
        self.wait(lambda: name in fields.cells and fields.cells[name].isVisibleTo(page), f"{name} does not show")

    def _unfold(self, section: SectionView) -> None:
        assert section.section.key, f"no key opens “{section.section.label}”"
        self.press(f"Alt+{section.section.key}")
        self.wait(lambda: section.unfolded, f"{section.section.label} does not open")

    def _tab_until(self, there: Callable[[], bool], what: str, forward: bool = True) -> None:
        for _ in range(MOST_TABS):
            if there():
                return
            self._shut_list()
            self.press(Qt.Key.Key_Tab if forward else Qt.Key.Key_Backtab, NONE if forward else SHIFT)
        raise AssertionError(f"Tab never comes to {what}")

    def _shut_list(self) -> None:
        """A list of people already known lies open under a name: Esc, they are others."""
        focus = QApplication.focusWidget()
        if getattr(focus, "offering", False) and not isinstance(focus, ChoiceEditor):
            self.press(Qt.Key.Key_Escape)

    def _type_over(self, text: str) -> None:
        editor = QApplication.focusWidget()
        if isinstance(editor, RowEditor):
            self._choose(editor, text)
        elif isinstance(editor, LongTextEditor):
            if editor.toPlainText() != text:
                self.press("Ctrl+A")
                self.write(text)
        elif isinstance(editor, LinkEditor):
            self._name(editor, text)
        elif isinstance(editor, ChoiceEditor):
            self._pick(editor, text)
        else:
            shown = text.replace(" ", " ") if isinstance(editor, DayEditor) else text
            if editor.typed_text() != shown:  # type: ignore[union-attr]
                self.press("Ctrl+A")
                self.write(shown)

    def _choose(self, editor: RowEditor, text: str) -> None:
        """Choices side by side: by their key, else by arrows and the space bar."""
        wanted = parse(editor.field, text)
        several = wanted if isinstance(wanted, list) else [wanted]
        chosen = editor.value()
        held = chosen if isinstance(chosen, list) else [chosen]
        for one in [c for c in several if c not in held] + [c for c in held if c is not None and c not in several and editor.several]:
            place = next(i for i, c in enumerate(editor._choices) if parse(editor.field, c.label) in (one, [one]))
            if key := editor._keys[place]:
                QTest.keyClicks(editor, key)
            else:
                self.press(Qt.Key.Key_Right, many=(place - editor._mark) % len(editor._choices))
                self.press(Qt.Key.Key_Space)

    def _pick(self, editor: ChoiceEditor, text: str) -> None:
        """One or several of a list: by number where they have one, else by name."""
        wanted = parse(editor.field, text)
        if editor.value() == wanted:
            return
        codes = wanted if isinstance(wanted, list) else [wanted]
        by_code = {c.code: c for c in editor.choices()}
        self.press("Ctrl+A")
        self.press(Qt.Key.Key_Delete)
        if editor.field.type is FieldType.BOOLEAN:
            self.write(text)
            return
        for place, code in enumerate(codes):
            choice = by_code[str(code)]
            if place:
                self.write("、")
            self.write(choice.number or choice.label)
            if editor.offering and choice.label in editor.drop.currentItem().text():
                self.press(Qt.Key.Key_Escape)

    def _name(self, editor: LinkEditor, text: str) -> None:
        """Colleagues, villages, committees: by name, as far as the list knows them."""
        if editor.typed_text() == text:
            return
        self.wait(lambda: editor.choices(), f"nothing is offered for {editor.field.name}")
        self.press("Ctrl+A")
        self.write(text)
        if editor.offering:
            self.press(Qt.Key.Key_Escape)

    # -- acts ------------------------------------------------------------------------

    def save(self) -> None:
        """Ctrl+S, and the look at the foot of the page."""
        page = self.front
        self._shut_list()
        self.press("Ctrl+S")
        self.wait(lambda: not page.saving, "it is not saved")
        assert page.foot.said.startswith(("已保存", "没有改动")), page.foot.said
        self.still()

    def step(self, label: str) -> None:
        """F6, the step from the menu, Enter."""
        page = self.front
        before = page.steps.state
        self.wait(lambda: any(b.text() == label and b.isEnabled() for b in page.steps.buttons.values()), f"{label}: {page.steps.lacking}")
        self.press(Qt.Key.Key_F6)
        self.wait(lambda: isinstance(QApplication.activePopupWidget(), QMenu), "no menu of steps")
        self._choose_in(QApplication.activePopupWidget(), label)
        self.wait(lambda: page.steps.state != before, f"{label} was not taken: {page.foot.said}")
        self.still()

    def add(self, kind: str) -> None:
        """A new paper of a case: Alt and its letter."""
        page = self.front
        adder = next(one.adders[kind] for one in page.form.lists if kind in one.adders)
        letter = adder.text().partition("&")[2]
        assert letter, f"no key adds a {kind}"
        self.press(f"Alt+{letter}")
        self.wait(lambda: self.workspace.pages.front is not page, f"no new {kind}")
        self.still()
        assert self.front.kind == kind

    def open_child(self, record: Record) -> None:
        """A paper that is there: Alt+U, down to its line, Enter."""
        page = self.front
        self.press("Alt+U")
        self.wait(lambda: isinstance(QApplication.activePopupWidget(), QMenu), "no menu of papers")
        self._choose_in(QApplication.activePopupWidget(), f"{KINDS[record.kind].label}：{ChildList.said(record)}".split("（")[0])
        self.wait(lambda: self.workspace.pages.front is not page, "the line does not open")
        self.still()

    def _to_page(self) -> None:
        """Esc out of the search field, where Qt may leave the focus when the window was not active for a moment."""
        if self.workspace.search.hasFocus():
            self.press(Qt.Key.Key_Escape)

    def _quiet(self) -> None:
        self.wait(lambda: not self.workspace.desk.background.busy, "the window is busy")
        self._to_page()

    def back(self) -> None:
        """Esc: to the page beneath."""
        page = self.workspace.pages.front
        self.press(Qt.Key.Key_Escape)
        self.wait(lambda: self.workspace.pages.front is not page, f"Esc does not leave {page}")
        self.still()

    def search(self, text: str, kind: str) -> None:
        """Ctrl+F, the words, down to the first hit of that kind, Enter."""
        box = self.workspace.search
        self.press("Ctrl+F")
        self.wait(box.hasFocus)
        self.press("Ctrl+A")
        self.write(text)

        def hits() -> list[object]:
            return [box.found.list.item(i).data(HIT) for i in range(box.found.list.count())] if box.found.isVisible() else []

        self.wait(lambda: not self.workspace.desk.background.busy)
        self.wait(lambda: any(h is not None and h.hit.kind == kind for h in hits()), f"“{text}” is not found")  # type: ignore[attr-defined]
        for _ in hits():
            chosen = box.found.list.currentItem().data(HIT)
            if chosen.hit.kind == kind:
                break
            self.press(Qt.Key.Key_Down)
        self.press(Qt.Key.Key_Return)
        self.wait(lambda: isinstance(self.workspace.pages.front, EntryPage) and self.front.kind == kind, "the hit does not open")
        self.still()

    def _choose_in(self, menu: QWidget | None, title: str) -> None:
        """Down to the line that says so, Enter."""
        assert isinstance(menu, QMenu)
        for _ in menu.actions():
            active = menu.activeAction()
            if active is not None and active.text().split("  ", 1)[-1].split("（")[0] == title:
                break
            self.press(Qt.Key.Key_Down)
        self.press(Qt.Key.Key_Return)
        self._window_again()

    def _window_again(self) -> None:
        """A dialog or a menu has closed."""
        self.wait(lambda: QApplication.activeModalWidget() is None and QApplication.activePopupWidget() is None, "a dialog stays")
        self.wait(lambda: self._wake() or QApplication.focusWidget() is not None, "no focus after the dialog")

    def _wake(self) -> None:
        """Off screen no window manager makes the window active again when a dialog or a menu has closed."""
        closed = QApplication.activeModalWidget() is None and QApplication.activePopupWidget() is None
        if closed and QApplication.activeWindow() is None:
            self.workspace.window().activateWindow()
