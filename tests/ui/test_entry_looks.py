"""Whatever the width, nothing is cut off at the side, nothing lies on anything else, and what is needed every time needs no scrolling."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from jusuo_desktop.ui import theme
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.editors import LongTextEditor
from jusuo_desktop.ui.entry_page import EntryPage
from jusuo_desktop.ui.layouts import LAYOUTS
from tests.ui.typing_hands import commit, focus, keys, shown

WIDTHS = (750, 943, 1216, 1770)
"""750 is what a 1366 screen leaves with everything enlarged by half."""
IN_THE_WINDOW_AT_1366 = (1208, 655)
"""What the window leaves for a page on a screen of 1366 by 768, rail, search line and status bar taken off."""

EVERY_DAY = ("mediation", "consultation", "adviser_visit", "evaluation", "dispute_screening", "screened_dispute", "early_warning")


@pytest.fixture
def dressed(qapp: QApplication) -> None:
    theme.apply(qapp)


def boxes(page: EntryPage) -> dict[str, QRect]:
    """Where every editor and every label stands on the sheet."""
    sheet = page.form.widget()
    found: dict[str, QRect] = {}
    for place, cell in enumerate(page.form.cells()):
        for what, widget in (("editor", cell.editor), ("label", cell.label)):
            if widget.isVisible():
                found[f"{place} {cell.field.name} {what}"] = box(widget, sheet)
    return found


def box(widget: QWidget, sheet: QWidget) -> QRect:
    return QRect(widget.mapTo(sheet, QPoint(0, 0)), widget.size())


@pytest.mark.parametrize("kind", sorted(LAYOUTS))
def test_nothing_is_cut_off_or_overlaps_at_any_width(qtbot: QtBot, desk: Desk, dressed: None, kind: str) -> None:
    page = shown(qtbot, EntryPage(desk, kind))
    for section in page.form.sections:
        section.unfold()
    for table in page.form.tables:
        for fields in table.sets:
            assert fields.build is not None
            fields.build("")
    for width in WIDTHS:
        page.resize(width, 900)
        qtbot.waitUntil(lambda width=width: page.width() == width)
        for _ in range(4):  # columns follow the width, heights the columns
            QApplication.processEvents()
        placed = boxes(page)
        sheet = page.form.viewport().width()
        assert not [name for name, one in placed.items() if one.right() > sheet or one.left() < 0], f"cut off at {width}"
        names = list(placed)
        over = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :] if placed[a].intersects(placed[b])]
        assert not over, f"overlap at {width}"


def spread(qtbot: QtBot, page: EntryPage) -> None:
    """Waits until the long texts have their room."""
    qtbot.waitUntil(lambda: not page.form._spreading.isActive())
    QApplication.processEvents()


def given(page: EntryPage) -> list[int]:
    """The lines beyond those of the layout, of every long text."""
    return [c.editor.more for c in page.form.cells() if isinstance(c.editor, LongTextEditor)]


@pytest.mark.parametrize(
    "kind", ["mediation", "consultation", "adviser_visit", "evaluation", "dispute_screening", "screened_dispute", "early_warning"]
)
def test_what_is_needed_every_time_is_on_one_screen(qtbot: QtBot, desk: Desk, dressed: None, kind: str) -> None:
    page = shown(qtbot, EntryPage(desk, kind))
    page.resize(*IN_THE_WINDOW_AT_1366)
    for _ in range(4):
        QApplication.processEvents()
    viewport = page.form.viewport()
    spread(qtbot, page)
    once = given(page)
    for _ in range(3):
        page.form._spreading.start()
        spread(qtbot, page)
    assert given(page) == once  # asked again and again it stays as it is
    hidden = [c.field.name for c in page.form.cells() if c.editor.isVisible() and box(c.editor, viewport).bottom() > viewport.height()]
    assert not hidden


def test_a_long_text_grows_as_it_is_written(qtbot: QtBot, desk: Desk, dressed: None) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation"))
    page.resize(*IN_THE_WINDOW_AT_1366)
    editor = focus(page, "dispute_summary")
    before = editor.height()
    commit("双方因宅基地相邻处排水沟的走向发生争执，" * 40)
    qtbot.waitUntil(lambda: editor.height() > before + 60)
    keys("ok")
    assert editor.verticalScrollBar().maximum() == 0
