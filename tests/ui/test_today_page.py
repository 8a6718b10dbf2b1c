"""今日: what is due stands there with its day, leads to the record, and follows the store; the window's own work goes on beside it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.back_up import backups
from jusuo_desktop.actions.save_record import save
from jusuo_desktop.store.edit import Edit
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.status_bar import contact_line
from jusuo_desktop.ui.theme import AMBER_INK, QUIET, RED
from jusuo_desktop.ui.today_page import TodayPage, day_line, ink_of
from tests.ui.conftest import NOW
from tests.ui.typing_hands import keys
from tests.ui.window_hands import log_in, still, window_on_copy


def test_what_is_due_leads_to_the_record_and_follows_the_store(qtbot: QtBot, desk: Desk) -> None:
    page = TodayPage(desk)
    qtbot.addWidget(page)
    page.resize(1200, 650)
    page.show()
    page.activateWindow()
    page.shown()
    qtbot.waitUntil(lambda: page.isActiveWindow() and not desk.background.busy)
    values = {"registered_on": "2026-02-06", "accepted_on": "2026-02-06", "dispute_type": "2", "title": "逾期的纠纷"}
    overdue = save(desk.session, "mediation", values).record.id
    qtbot.waitUntil(lambda: any("逾期的纠纷" in line for line in page.due.lines))
    line = next(line for line in page.due.lines if "逾期的纠纷" in line)
    assert line[0] == "人民调解"
    assert "超过" in line[2]
    save(desk.session, "consultation", {"consulted_at": "2026-03-09T09:00", "name": "今天来的人"})
    qtbot.waitUntil(lambda: any("今天来的人" in line for line in page.entered.lines))
    page.due.setFocus()
    page.due.setCurrentItem(page.due.topLevelItem(page.due.lines.index(line)))
    with qtbot.waitSignal(desk.record_wanted) as wanted:
        keys(Qt.Key.Key_Return)
    assert wanted.args == ["mediation", overdue]
    qtbot.waitUntil(lambda: page._forms.count() >= 6, timeout=20_000)
    with qtbot.waitSignal(desk.preview_wanted) as preview:
        page._forms.itemAt(0).widget().click()  # type: ignore[attr-defined]
    assert preview.args[1] == ""
    qtbot.waitUntil(lambda: not desk.background.busy)


def test_a_reminder_without_a_record_leads_to_its_part(qtbot: QtBot, desk: Desk) -> None:
    page = TodayPage(desk)
    qtbot.addWidget(page)
    page.resize(1200, 650)
    page.show()
    page.activateWindow()
    values = {"screened_on": "2026-02-10", "screeners": [desk.session.store.user.id], "is_zero_report": True}
    save(desk.session, "dispute_screening", {**values, "village": desk.session.store.find_by_name("village", "新塘村")[0]})
    page.shown()
    qtbot.waitUntil(lambda: any("2月下半月的排查报告" in line for line in page.due.lines))
    line = next(line for line in page.due.lines if "2月下半月的排查报告" in line)
    assert line[2] == "没有报告：东港社区、新塘村"
    page.due.setFocus()
    page.due.setCurrentItem(page.due.topLevelItem(page.due.lines.index(line)))
    with qtbot.waitSignal(desk.part_wanted) as wanted:
        keys(Qt.Key.Key_Return)
    assert wanted.args == ["dispute_screening"]
    qtbot.waitUntil(lambda: not desk.background.busy)


def test_inks_and_lines() -> None:
    today = date(2026, 3, 9)
    assert (ink_of("2026-03-08", today), ink_of("2026-03-11", today), ink_of("2026-03-12", today), ink_of("", today)) == (RED, AMBER_INK, "", QUIET)
    assert day_line(today) == "2026年3月9日  星期一"
    assert contact_line("", NOW) == "尚未与县服务器联系"
    assert contact_line("2026-03-09T08:05:00", NOW) == "上次联系：今天 08:05"
    assert contact_line("2026-03-08T23:59:00", NOW) == "上次联系：昨天 23:59"
    assert contact_line("2026-02-28T10:00:00", NOW) == "上次联系：2月28日 10:00"


def test_the_window_indexes_a_bulk_and_backs_up_by_itself(qtbot: QtBot, office_folder: Path, tmp_path: Path) -> None:
    with window_on_copy(qtbot, office_folder, tmp_path) as window:
        workspace = log_in(qtbot, window)
        store = workspace.desk.session.store
        store.write([Edit("consultation", {"name": f"来访{n}", "consulted_at": "2026-03-01T09:00"}) for n in range(150)], act="import")
        qtbot.waitUntil(lambda: "更改在本机" in workspace.status.unsent and not workspace.desk.background.busy, timeout=20_000)
        qtbot.waitUntil(lambda: store.index_waiting(1) == 0, timeout=20_000)
        assert len(store.search("来访149")) == 1
        workspace.housekeeping.back_up()
        qtbot.waitUntil(lambda: bool(backups(store.folder)), timeout=20_000)
        still(qtbot, workspace)
        workspace.housekeeping.back_up()
        still(qtbot, workspace)
        assert len(backups(store.folder)) == 1


def test_a_reader_is_told_before_typing(qtbot: QtBot, office_folder: Path, tmp_path: Path) -> None:
    from jusuo_desktop.store.edit import User

    with window_on_copy(qtbot, office_folder, tmp_path) as window:
        workspace = log_in(qtbot, window)
        workspace.desk.session.store.user = User("x", "看看", "reader")
        keys(Qt.Key.Key_F2)
        assert "只读" in workspace.bar.sentences[0]
        assert workspace.pages.laid_over == 0
