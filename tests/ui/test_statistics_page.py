"""The statistics page on a real store: figures, the way from a figure to its records, changes of period and grouping, export."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.sample_office import make_sample_office
from jusuo_desktop.actions.save_record import save
from jusuo_desktop.actions.statistics import RULE
from jusuo_desktop.reports.statistics import GROUPINGS
from jusuo_desktop.ui.behind_page import BehindPage
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.statistics_page import StatisticsPage

PATIENCE = 20_000
"""Milliseconds for a slow machine; nothing waits that long when all is well."""
NOW = datetime(2026, 6, 30, 9, 0)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    session = make_sample_office(tmp_path_factory.mktemp("page") / "office", mediations=80, clock=lambda: NOW)
    yield session
    session.store.close()


@pytest.fixture
def page(qtbot: QtBot, office: object) -> Iterator[StatisticsPage]:
    desk = Desk(office)  # type: ignore[arg-type]
    broken: list[Exception] = []
    desk.background.broke.connect(broken.append)
    made = StatisticsPage(desk)
    qtbot.addWidget(made)
    made.resize(1216, 640)
    made.show()
    made.shown()
    settled(qtbot, made)
    yield made
    desk.close()
    assert not broken, broken


def settled(qtbot: QtBot, page: StatisticsPage) -> None:
    qtbot.waitUntil(lambda: page.report is not None and not page.desk.background.busy, timeout=PATIENCE)


def column(page: StatisticsPage, name: str) -> int:
    return [c.name for c in page.model.columns].index(name)


def test_the_sum_line_stands_first_and_equals_the_rows(page: StatisticsPage) -> None:
    place = column(page, "cases_total")
    assert page.model.label(0) == "合计"
    shown = [int(page.model.index(row, place).data() or 0) for row in range(page.model.rowCount())]
    assert shown[0] == sum(shown[1:]) > 20
    assert f"<b>{shown[0]}</b>" in page.line.text()
    assert "西塘镇" in [page.model.label(row) for row in range(page.model.rowCount())]
    assert page.model.index(0, column(page, "disputes_prevented")).data() == "—"


def test_a_figure_leads_to_its_records_and_each_opens(qtbot: QtBot, page: StatisticsPage) -> None:
    place = column(page, "type_2")
    row = next(r for r in range(1, page.model.rowCount()) if page.model.index(r, place).data())
    page.table.setCurrentIndex(page.model.index(row, place))
    with qtbot.waitSignal(page.desk.page_wanted, timeout=PATIENCE) as laid:
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    behind = laid.args[0]
    assert isinstance(behind, BehindPage)
    qtbot.addWidget(behind)
    behind.resize(1200, 600)
    behind.show()
    qtbot.waitUntil(lambda: behind.model.row_at(0) is not None and not page.desk.background.busy, timeout=PATIENCE)
    assert behind.model.rowCount() == int(page.model.index(row, place).data())
    with qtbot.waitSignal(page.desk.record_wanted, timeout=PATIENCE) as wanted:
        behind.open_place(0)
    kind, record_id = wanted.args
    record = page.desk.session.store.record(record_id)
    assert kind == "mediation"
    assert record is not None
    assert record.values["dispute_type"] == "2"


def test_a_column_that_is_not_counted_says_why(qtbot: QtBot, page: StatisticsPage) -> None:
    with qtbot.waitSignal(page.desk.said, timeout=PATIENCE) as said:
        page.open_behind(0, column(page, "disputes_prevented"))
    assert "由人工填报" in said.args[0]


def test_grouping_period_and_tabs_change_what_is_shown(qtbot: QtBot, page: StatisticsPage) -> None:
    page.by.setCurrentIndex(list(GROUPINGS).index("month"))
    settled(qtbot, page)
    assert [page.model.label(r) for r in range(page.model.rowCount())][:3] == ["合计", "2026年1月", "2026年2月"]
    page.period.set_span(("2026-03-01", "2026-04-30"))
    page.period.changed.emit()
    settled(qtbot, page)
    assert [page.model.label(r) for r in range(page.model.rowCount())] == ["合计", "2026年3月", "2026年4月"]
    page.tabs.setCurrentIndex(1)
    assert page.model.columns[0].name == "consultations_total"
    assert not page.rule.isVisible()
    page.tabs.setCurrentIndex(0)
    assert page.rule.isVisible()


def test_the_bars_are_the_rows_of_the_chosen_column(qtbot: QtBot, page: StatisticsPage) -> None:
    place = column(page, "cases_succeeded")
    page.table.setCurrentIndex(page.model.index(2, place))
    drawn = page.chart.accessibleDescription().split("；")
    shown = [f"{page.model.label(r)} {page.model.index(r, place).data() or '0'}" for r in range(1, page.model.rowCount())]
    assert drawn == shown
    assert page.chart.accessibleName().startswith("调解成功")
    width = page.chart.width()
    assert page.chart.bar_at(13) == 0
    assert page.chart.bar_at(width + 500) == -1
    qtbot.mouseClick(page.chart, Qt.MouseButton.LeftButton, pos=page.chart.rect().center())
    assert page.table.currentIndex().column() == place
    assert page.table.currentIndex().row() == page.chart.bar_at(page.chart.rect().center().x()) + 1


def test_the_rule_is_kept_for_the_office(qtbot: QtBot, page: StatisticsPage) -> None:
    page.rule.setCurrentIndex(page.rule.findData("accepted"))
    settled(qtbot, page)
    assert page.report is not None
    assert page.report.rule == "accepted"
    assert page.desk.session.store.get(RULE) == "accepted"
    page.rule.setCurrentIndex(page.rule.findData("closed"))
    settled(qtbot, page)


def test_what_does_not_add_up_is_said_with_the_records_behind(qtbot: QtBot, page: StatisticsPage) -> None:
    store = page.desk.session.store
    wrong = next(r for r in store.each_record("mediation") if str(r.values.get("closed_on", "")) >= "2026-01-01")
    kind, source = wrong.values["dispute_type"], wrong.values["case_source"]
    save(page.desk.session, "mediation", {"dispute_type": None}, record_id=wrong.id)
    qtbot.waitUntil(lambda: page.report is not None and bool(page.report.findings["mediation"]), timeout=PATIENCE)
    looks: list[QPushButton] = []

    def offered() -> bool:
        looks[:] = [b for b in page.findChildren(QPushButton) if b.text() == "看这1条" and b.isVisible()]
        return len(looks) == 1

    qtbot.waitUntil(offered, timeout=PATIENCE)
    with qtbot.waitSignal(page.desk.page_wanted, timeout=PATIENCE) as laid:
        looks[0].click()
    behind = laid.args[0]
    qtbot.addWidget(behind)
    qtbot.waitUntil(lambda: behind.model.rowCount() == 1, timeout=PATIENCE)
    save(page.desk.session, "mediation", {"dispute_type": kind, "case_source": source}, record_id=wrong.id)
    qtbot.waitUntil(lambda: page.report is not None and not page.report.findings["mediation"], timeout=PATIENCE)
    settled(qtbot, page)


def test_export_writes_the_tables_and_says_where(qtbot: QtBot, page: StatisticsPage, tmp_path: Path) -> None:
    with qtbot.waitSignal(page.desk.said, timeout=PATIENCE) as said:
        page.export_to(tmp_path / "统计.xlsx")
    assert "统计.xlsx" in said.args[0]
    assert openpyxl.load_workbook(tmp_path / "统计.xlsx").sheetnames[0] == "人民调解"
    settled(qtbot, page)
    with qtbot.waitSignal(page.desk.refused, timeout=PATIENCE):
        page.export_to(tmp_path / "无此文件夹" / "统计.xlsx")
    qtbot.waitUntil(page.export.isEnabled, timeout=PATIENCE)
