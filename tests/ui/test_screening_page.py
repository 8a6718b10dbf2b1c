"""排查预警 in the real window, by keys alone: zero reports for ticked villages, a round typed, its matter turned into a case, a warning begun."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.entry_page import EntryPage
from jusuo_desktop.ui.screening_page import ScreeningPage
from jusuo_desktop.ui.workspace import Workspace
from tests.ui.typing_hands import commit, focus, keys, name_in_focus, press, shown
from tests.ui.window_hands import log_in, still, window_on_copy

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def screening(qtbot: QtBot, workspace: Workspace) -> ScreeningPage:
    press(Qt.Key.Key_5, ALT)
    still(qtbot, workspace)
    page = workspace.pages.front
    assert isinstance(page, ScreeningPage)
    qtbot.waitUntil(lambda: bool(page.units.owed) and page.units.hasFocus())
    return page


def entry(qtbot: QtBot, workspace: Workspace, kind: str) -> EntryPage:
    qtbot.waitUntil(lambda: getattr(workspace.pages.front, "kind", "") == kind)
    page = workspace.pages.front
    assert isinstance(page, EntryPage)
    qtbot.waitUntil(lambda: page.ready and page.form.isAncestorOf(QApplication.focusWidget() or page))
    still(qtbot, workspace)
    return page


def test_from_the_calendar_to_the_case_by_keys(qtbot: QtBot, office_folder: Path, tmp_path: Path) -> None:
    with window_on_copy(qtbot, office_folder, tmp_path) as window:
        workspace = log_in(qtbot, window)
        store = workspace.desk.session.store
        page = screening(qtbot, workspace)
        assert [o.unit.name for o in page.units.owed] == ["西塘桥街道人民调解委员会", "东港社区", "新塘村"]
        keys(Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Space)
        assert "（2个）" in page.zero_button.text()
        press(Qt.Key.Key_0, CTRL)
        qtbot.waitUntil(lambda: [o.zero for o in page.units.owed] == [True, True, False])
        assert store.count(ListQuery("dispute_screening")) == 2
        keys(Qt.Key.Key_End, Qt.Key.Key_Return)
        round_ = entry(qtbot, workspace, "dispute_screening")
        assert round_.form.fields.value("period_from") == page.units.owed[2].period.first.isoformat()
        keys(Qt.Key.Key_F7)
        qtbot.waitUntil(lambda: getattr(getattr(QApplication.focusWidget(), "field", None), "name", "") == "parties")
        commit("周建国与李和平")
        keys(Qt.Key.Key_Return, "2", Qt.Key.Key_Return)
        focus(round_, "summary", 0)
        commit("砌墙占了通道。")
        press(Qt.Key.Key_F10)
        case = entry(qtbot, workspace, "mediation")
        assert [f.value("name") for f in case.form.tables[0].sets] == ["周建国", "李和平"]
        assert case.form.fields.value("case_source") == "2"
        assert case.form.fields.value("dispute_summary") == "砌墙占了通道。"
        press(Qt.Key.Key_E, ALT)
        warning = entry(qtbot, workspace, "early_warning")
        assert warning.form.fields.value("mediation") == case.record_id
        assert warning.form.fields.value("people") == "周建国、李和平"
        keys(Qt.Key.Key_Escape, Qt.Key.Key_Escape)
        entry(qtbot, workspace, "dispute_screening")
        press(Qt.Key.Key_F10)
        entry(qtbot, workspace, "mediation")
        assert store.count(ListQuery("mediation")) == 1
        assert round_.form.tables[0].sets[0].value("screening_outcome") == "3"
        still(qtbot, workspace)


def test_a_found_matter_waits_on_the_page_and_becomes_a_case_there(qtbot: QtBot, office_folder: Path, tmp_path: Path) -> None:
    from jusuo_desktop.actions.save_record import Child, save

    with window_on_copy(qtbot, office_folder, tmp_path) as window:
        workspace = log_in(qtbot, window)
        session = workspace.desk.session
        page = screening(qtbot, workspace)
        found = Child("screened_dispute", {"parties": "甲某、乙某", "dispute_type": "2", "summary": "滴水"})
        save(session, "dispute_screening", {"screened_on": session.today().isoformat(), "screeners": [session.store.user.id]}, children=(found,))
        qtbot.waitUntil(lambda: bool(page.disputes.lines))
        page.disputes.setFocus()
        press(Qt.Key.Key_E, ALT)
        assert entry(qtbot, workspace, "early_warning").form.fields.value("people") == "甲某、乙某"
        keys(Qt.Key.Key_Escape)
        press(Qt.Key.Key_F10)
        case = entry(qtbot, workspace, "mediation")
        assert case.title == "甲某与乙某邻里纠纷"
        keys(Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: not page.disputes.lines)
        this = page.units.owed[0].period
        press(Qt.Key.Key_B, CTRL)
        qtbot.waitUntil(lambda: bool(page.units.owed) and (this.first - page.units.owed[0].period.last).days == 1)
        still(qtbot, workspace)


def test_a_round_that_found_something_is_no_zero_report(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, EntryPage(desk, "dispute_screening"))
    zero = page.form.fields.cells["is_zero_report"]
    focus(page, "is_zero_report")
    keys("y")
    assert zero.message == ""
    keys(Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: name_in_focus() == "parties")
    commit("甲某、乙某")
    keys(Qt.Key.Key_Return)
    assert "应当选“否”" in zero.message
    focus(page, "is_zero_report")
    keys("n")
    assert zero.message == ""
    qtbot.waitUntil(lambda: not desk.background.busy)


def test_a_liaison_reports_for_the_own_village_alone(qtbot: QtBot, office_folder: Path, tmp_path: Path) -> None:
    import pytest

    from jusuo_desktop.actions.screening import calendar, zero_report
    from jusuo_desktop.actions.session import Session
    from jusuo_desktop.store.edit import User
    from jusuo_desktop.store.refusal import NotAllowed

    with window_on_copy(qtbot, office_folder, tmp_path) as window:
        workspace = log_in(qtbot, window)
        session = workspace.desk.session
        everybody = calendar(session)
        village = session.store.find_by_name("village", "新塘村")[0]
        liaison = session.store.write([edit(village)], act="save")[0]
        session.store.user = User(liaison.id, "联络员", "liaison")
        own = Session(session.store, session.clock)
        assert [o.unit.name for o in calendar(own)] == ["新塘村"]
        with pytest.raises(NotAllowed, match="本村"):
            zero_report(own, everybody)
        assert zero_report(own, calendar(own))[0].values["village"] == village


def edit(village: str) -> object:
    from jusuo_desktop.store.edit import Edit

    return Edit("worker", {"name": "联络员", "worker_roles": ["5"], "village": village, "access_role": "liaison"})
