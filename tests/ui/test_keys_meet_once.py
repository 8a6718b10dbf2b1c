"""No key has two meanings on one page: where two shortcuts are the same, Qt gives the key to neither and it is mute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.save_record import save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.ui import parts
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.entry_page import EntryPage
from jusuo_desktop.ui.layouts import LAYOUTS
from jusuo_desktop.ui.page import Page
from jusuo_desktop.ui.volume_page import VolumePage
from jusuo_desktop.ui.workspace import Workspace
from tests.ui.window_hands import still, window_entered


def keys_of(page: QWidget, workspace: Workspace) -> Counter[str]:
    """Every key that does something while the focus is on the page: its own, the window's, and the letters of what can be pressed."""
    held = [s for s in workspace.window().findChildren(QShortcut) if s.isEnabled() and _page_of(s) in (None, page)]
    found = Counter(s.key().toString() for s in held)
    buttons = [b for b in page.findChildren(QAbstractButton) if b.isVisibleTo(page) and b.isEnabled()]
    return found + Counter(text for b in buttons if (text := QKeySequence.mnemonic(b.text()).toString()))


def _page_of(one: QObject) -> Page | None:
    """The page that a shortcut belongs to; None for one of the window."""
    while one is not None and not isinstance(one, Page):
        one = one.parent()
    return one


def twice(page: QWidget, workspace: Workspace) -> list[str]:
    return sorted(key for key, many in keys_of(page, workspace).items() if key and many > 1)


def test_no_key_has_two_meanings(qtbot: QtBot, opened: object, tmp_path: Path) -> None:
    session: Session = opened()  # type: ignore[operator]
    case = save(session, "mediation", {"registered_on": "2026-03-09", "dispute_type": "2", "case_source": "3"}).record.id
    found: dict[str, list[str]] = {}
    with window_entered(qtbot, session, tmp_path) as workspace:
        desk = workspace.desk
        for part, _ in parts.PARTS:
            workspace.pages.show_part(part)
            still(qtbot, workspace)
            found[part] = twice(workspace.pages.ground(part), workspace)
        workspace.pages.show_part("mediation")
        for name, make in _pages(desk, case).items():
            page = make()
            workspace.pages.lay_over(page)
            still(qtbot, workspace)
            if isinstance(page, EntryPage):
                qtbot.waitUntil(lambda page=page: page.ready)
                for section in page.form.sections:
                    section.unfold()
            found[name] = twice(page, workspace)
            workspace.pages.take_away(page)
    assert {name: keys for name, keys in found.items() if keys} == {}


def _pages(desk: Desk, case: str) -> dict[str, Callable[[], Page]]:
    found: dict[str, Callable[[], Page]] = {}
    for kind in LAYOUTS:
        found[f"new {kind}"] = partial(EntryPage, desk, kind, parent_id=case if "mediation" in KINDS[kind].parents else "")
    return {
        **found,
        "case": partial(EntryPage, desk, "mediation", case),
        "preview": partial(parts.preview_page, desk, "acceptance_register", case),
        "volume": partial(VolumePage, desk, case),
        "numbers": partial(parts.number_ledger_page, desk),
        "subsidy": partial(parts.subsidy_page, desk),
    }


def test_the_look_finds_a_key_that_is_given_twice(qtbot: QtBot, opened: object, tmp_path: Path) -> None:
    session: Session = opened()  # type: ignore[operator]
    with window_entered(qtbot, session, tmp_path) as workspace:
        page = workspace.pages.ground("today")
        before = twice(page, workspace)
        page.add_keys("Ctrl+F", lambda: None)
        assert twice(page, workspace) == [*before, "Ctrl+F"]


pytestmark = pytest.mark.filterwarnings("error")
