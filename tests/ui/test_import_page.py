"""The import wizard as a clerk uses it: with the keyboard, with a real store, and with the window alive meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.session import Session
from jusuo_desktop.reports.targets import NOTED
from jusuo_desktop.store import ListQuery
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.import_page import ImportPage
from tests.reports.books import write_book

HEAD = ["序号", "日期", "申请人", "被申请人", "纠纷类型", "谁调的", "简要情况", "金额（万元）"]
PATIENCE = 15_000


def line(number: int, day: str = "2025.3.7") -> list[object]:
    return [number, day, f"张三{chr(0x4E00 + number % 9000)}", "李四", "邻里", "单田芳", f"第{number}件", 0.5]


@pytest.fixture
def own_desk(qtbot: QtBot, opened: Callable[[], Session]) -> Iterator[Desk]:
    """A desk over a store of its own: imports write."""
    made = Desk(opened())
    broken: list[Exception] = []
    made.background.broke.connect(broken.append)
    yield made
    made.close()
    assert not broken, broken


@pytest.fixture
def page(qtbot: QtBot, own_desk: Desk) -> ImportPage:
    made = ImportPage(own_desk)
    qtbot.addWidget(made)
    made.resize(1196, 650)
    with qtbot.waitExposed(made):
        made.show()
    return made


def opened_page(qtbot: QtBot, page: ImportPage, path: Path) -> None:
    page.open_file(path)
    qtbot.waitUntil(lambda: page.step == 1 and page.mapping.lines.rowCount() > 0, timeout=PATIENCE)


def checked(qtbot: QtBot, page: ImportPage) -> None:
    page.go_on()
    qtbot.waitUntil(lambda: page.report is not None and page.report.dry, timeout=PATIENCE)
    qtbot.waitUntil(lambda: page.next_button.isEnabled() or page.back_button.isEnabled(), timeout=PATIENCE)


def test_from_the_file_to_the_list_with_the_keyboard(qtbot: QtBot, page: ImportPage, own_desk: Desk, tmp_path: Path) -> None:
    opened_page(qtbot, page, write_book(tmp_path / "a.xlsx", {"一": [["台账"], HEAD, line(1), line(2, "昨天"), line(3)]}))
    assert page.mapping.kind.currentData() == "mediation"
    assert [c.target for c in page.plan.sheets[0].columns][5] == NOTED  # type: ignore[union-attr]
    combo = page.mapping.columns.combos[5]
    combo.setFocus()
    combo.lineEdit().selectAll()
    typed = QInputMethodEvent("", [])
    typed.setCommitString("调解员")
    QApplication.sendEvent(combo.lineEdit(), typed)
    QTest.keyClick(combo.lineEdit(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.plan.sheets[0].columns[5].target == "mediators")  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: "调解员" in [page.mapping.lines.horizontalHeaderItem(i).text() for i in range(page.mapping.lines.columnCount())])
    assert page.mapping.lines.item(1, 1).text().startswith("登记日期“昨天”")
    QTest.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.report is not None and page.next_button.isEnabled(), timeout=PATIENCE)
    assert page.report is not None
    assert (page.report.added, len(page.report.refused)) == (2, 1)
    assert own_desk.session.store.count(ListQuery("mediation")) == 0
    assert page.result.reasons.item(0, 1).text() == "4"
    QTest.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.step == 3 and page.report is not None and not page.report.dry and page.next_button.isEnabled(), timeout=PATIENCE)
    rows = own_desk.session.store.rows(own_desk.session.store.keys(ListQuery("mediation")))
    assert len(rows) == 2
    assert [own_desk.session.store.name_of(m) for m in rows[0].values["mediators"]] == ["单田芳"]  # type: ignore[union-attr]
    with qtbot.waitSignals([page.closed, own_desk.list_wanted], timeout=PATIENCE):
        QTest.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_the_refused_rows_are_saved_and_come_back_corrected(qtbot: QtBot, page: ImportPage, own_desk: Desk, tmp_path: Path) -> None:
    opened_page(qtbot, page, write_book(tmp_path / "a.xls", {"一": [HEAD, line(1), line(2, "昨天")]}))
    checked(qtbot, page)
    with qtbot.waitSignal(own_desk.said, timeout=PATIENCE):
        page.save_refused(tmp_path / "退回.xlsx")
    book = openpyxl.load_workbook(tmp_path / "退回.xlsx")
    sheet = book["一"]
    assert "昨天" in str(sheet["I2"].value)
    sheet["B2"] = "2025.3.9"
    book.save(tmp_path / "改好.xlsx")
    opened_page(qtbot, page, tmp_path / "改好.xlsx")
    checked(qtbot, page)
    assert page.report is not None
    assert (page.report.added, page.report.refused) == (1, ())
    assert not page.result.reasons.isVisible()


def test_a_file_that_is_dropped_is_read(qtbot: QtBot, page: ImportPage, tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.csv", {"一": [HEAD, line(1)]})
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    page.choose.dropEvent(event)
    qtbot.waitUntil(lambda: page.step == 1, timeout=PATIENCE)
    assert page.file.text() == "a.csv"


def test_a_bad_file_is_one_sentence_and_the_page_stays(qtbot: QtBot, page: ImportPage, own_desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04 nothing")
    with qtbot.waitSignal(own_desk.refused, timeout=PATIENCE) as told:
        page.open_file(tmp_path / "坏.xlsx")
    assert "坏.xlsx" in told.args[0]
    assert page.step == 0
    opened_page(qtbot, page, write_book(tmp_path / "好.xlsx", {"一": [HEAD, line(1)]}))


def test_another_kind_is_another_reading(qtbot: QtBot, page: ImportPage, tmp_path: Path) -> None:
    opened_page(qtbot, page, write_book(tmp_path / "a.xlsx", {"一": [["姓名", "电话", "内容"], ["张三", "13812345678", "问遗产"]]}))
    at = page.mapping.kind.findData("consultation")
    page.mapping.kind.setCurrentIndex(at)
    page.mapping.kind.activated.emit(at)
    qtbot.waitUntil(lambda: page.plan is not None and page.plan.kind == "consultation", timeout=PATIENCE)
    assert [c.target for c in page.plan.sheets[0].columns] == ["name", "contact_phone", "consultation_content"]  # type: ignore[union-attr]


def test_options_sheets_and_a_committee_for_all_change_the_plan(qtbot: QtBot, page: ImportPage, own_desk: Desk, tmp_path: Path) -> None:
    opened_page(qtbot, page, write_book(tmp_path / "a.xlsx", {"一": [HEAD, line(1)], "二": [HEAD, line(2)]}))
    page.mapping.options["register_workers"].setChecked(False)
    page.mapping.sheets.item(1).setCheckState(Qt.CheckState.Unchecked)
    page.mapping.committee.setCurrentIndex(1)
    page.mapping.committee.activated.emit(1)
    assert page.plan is not None
    assert not page.plan.options.register_workers
    assert [s.included for s in page.plan.sheets] == [True, False]
    checked(qtbot, page)
    page.go_on()
    qtbot.waitUntil(lambda: page.report is not None and not page.report.dry, timeout=PATIENCE)
    [row] = own_desk.session.store.rows(own_desk.session.store.keys(ListQuery("mediation")))
    assert own_desk.session.store.name_of(str(row.values["committee"])) == page.mapping.committee.currentText()


def test_an_import_is_stopped_and_done_again(qtbot: QtBot, page: ImportPage, own_desk: Desk, tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", {"一": [HEAD, *[line(i) for i in range(2400)]]})
    opened_page(qtbot, page, path)
    checked(qtbot, page)
    page.go_on()
    assert page.step == 3
    assert not page.may_close()
    qtbot.waitUntil(lambda: page.result.bar.maximum() > 0, timeout=PATIENCE)
    page.result.cancel_button.click()
    qtbot.waitUntil(lambda: page.report is not None and not page.report.dry and page.back_button.isEnabled(), timeout=PATIENCE)
    assert page.report is not None
    assert page.report.stopped
    assert 0 < page.report.added < 2400
    assert page.may_close()
    first = page.report.added
    page.back()
    checked(qtbot, page)
    assert page.report is not None
    assert (page.report.added, page.report.known) == (2400 - first, first)


def test_stopped_before_it_began_nothing_is_written(qtbot: QtBot, page: ImportPage, own_desk: Desk, tmp_path: Path) -> None:
    opened_page(qtbot, page, write_book(tmp_path / "a.xlsx", {"一": [HEAD, *[line(i) for i in range(400)]]}))
    checked(qtbot, page)
    page.go_on()
    page.result.cancel_button.click()
    qtbot.waitUntil(lambda: page.report is not None and page.report.stopped and page.back_button.isEnabled(), timeout=PATIENCE)
    assert page.report is not None
    assert own_desk.session.store.count(ListQuery("mediation")) == page.report.added <= 200
