"""The list page against plain queries of the same store: order, filters, place, columns, and how much is read of a long list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from jusuo_desktop.actions.save_record import save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.void_record import void
from jusuo_desktop.store.listing import Filter, ListQuery
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.exporting import export_to
from jusuo_desktop.ui.list_model import MOST_KEPT, RUN
from jusuo_desktop.ui.list_page import ListPage
from tests.ui.typing_hands import keys

LONG = 100_000
COPY = (
    "INSERT INTO record (id, kind, scope, parent_id, version, voided, body)"
    " SELECT lower(hex(randomblob(16))), kind, scope, '', 0, 0, body FROM record"
)


@pytest.fixture(scope="module", autouse=True)
def records(session: Session) -> list[str]:
    """Forty mediations of two types over forty days; the oldest is voided."""
    made = []
    for day in range(40):
        on = (date(2026, 3, 9) - timedelta(days=day)).isoformat()
        values = {"registered_on": on, "dispute_type": "12"[day % 2], "title": f"第{day}件纠纷", "dispute_summary": f"排水沟{day}"}
        made.append(save(session, "mediation", values).record.id)
    void(session, made[-1], "重复登记")
    return made


@pytest.fixture
def page(qtbot: QtBot, desk: Desk) -> Iterator[ListPage]:
    made = ListPage(desk, "mediation")
    qtbot.addWidget(made)
    made.resize(1200, 600)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    settled(qtbot, made)
    yield made
    qtbot.waitUntil(lambda: not desk.background.busy)


def settled(qtbot: QtBot, page: ListPage) -> None:
    """Until the list shows what it was asked for, and nothing is under way."""
    qtbot.waitUntil(
        lambda: (
            page.model.query == page.query()
            and not page.desk.background.busy
            and not page.filters._timer.isActive()
            and not page.model._look.isActive()
        ),
        timeout=20_000,
    )


def shown(page: ListPage) -> list[str]:
    rows = [page.model.row_at(place) for place in range(page.model.rowCount())]
    return [row.id if row is not None else "" for row in rows]


def asked(page: ListPage) -> list[str]:
    """The same list by plain queries."""
    store = page.desk.session.store
    return [row.id for row in store.rows(store.keys(page.query()))]


def cell(page: ListPage, place: int, name: str) -> str:
    column = next(n for n, field in enumerate(page.model.columns, start=1) if field.name == name)
    return page.model.text(place, column)


def test_the_list_is_what_plain_queries_say(qtbot: QtBot, page: ListPage) -> None:
    assert page._count.text() == "共 39 条"
    assert shown(page) == asked(page)
    assert cell(page, 0, "title") == "第0件纠纷"
    assert cell(page, 0, "dispute_type") == "婚姻家庭纠纷"
    page.filters.voided.setChecked(True)
    settled(qtbot, page)
    assert page._count.text() == f"共 {page.desk.session.store.count(page.query())} 条"
    assert page.model.text(page.model.rowCount() - 1, 0) == "作废"
    page.set_filters((Filter("dispute_type", "in", ("2",)), Filter("registered_on", "between", ("2026-02-20", "2026-03-05"))))
    settled(qtbot, page)
    assert shown(page) == asked(page)
    assert {cell(page, n, "dispute_type") for n in range(page.model.rowCount())} == {"邻里纠纷"}
    page.set_filters(())
    settled(qtbot, page)
    assert page.model.rowCount() == 39


def test_a_condition_without_a_control_is_a_chip_that_can_be_taken_away(qtbot: QtBot, page: ListPage) -> None:
    page.set_filters((Filter("case_number", "empty"), Filter("title", "=", "第3件纠纷")))
    settled(qtbot, page)
    assert page.model.rowCount() == 1
    chips = [page.filters._chips.itemAt(n).widget() for n in range(page.filters._chips.count())]
    assert [c.text() for c in chips] == ["案号：未填  ×", "纠纷名称：第3件纠纷  ×"]  # type: ignore[attr-defined]
    chips[1].click()  # type: ignore[attr-defined]
    settled(qtbot, page)
    assert page.model.rowCount() == 39


def test_letters_typed_in_the_list_filter_it_and_enter_goes_back_and_opens(qtbot: QtBot, page: ListPage) -> None:
    page.table.setFocus()
    keys("3")
    assert page.filters.text_field.hasFocus()
    page.filters.text_field.setText("排水沟17")
    settled(qtbot, page)
    assert [cell(page, n, "title") for n in range(page.model.rowCount())] == ["第17件纠纷"]
    keys(Qt.Key.Key_Return)
    assert page.table.hasFocus()
    with qtbot.waitSignal(page.desk.record_wanted) as wanted:
        keys(Qt.Key.Key_Return)
    assert wanted.args == ["mediation", shown(page)[0]]


def test_headings_sort_and_the_choice_of_columns_is_kept(qtbot: QtBot, desk: Desk, page: ListPage) -> None:
    place = next(n for n, field in enumerate(page.model.columns, start=1) if field.name == "registered_on")
    page.table.horizontalHeader().sectionClicked.emit(place)
    settled(qtbot, page)
    assert shown(page) == asked(page)
    assert cell(page, 0, "registered_on") < cell(page, 38, "registered_on")
    acts = {act.text(): act for act in page.menu_of_columns().actions()}
    acts["调解员"].setChecked(False)
    acts["案件来源"].setChecked(True)
    assert [f.name for f in page.model.columns][:5] == ["case_number", "title", "registered_on", "dispute_type", "case_source"]
    page.table.horizontalHeader().resizeSection(2, 333)
    page.may_close()
    qtbot.waitUntil(lambda: not desk.background.busy)
    again = ListPage(desk, "mediation")
    qtbot.addWidget(again)
    again.show()
    settled(qtbot, again)
    assert [f.name for f in again.model.columns] == [f.name for f in page.model.columns]
    assert again.table.columnWidth(2) == 333
    assert not again.columns.descending
    acts["恢复默认"].trigger()
    page.may_close()
    settled(qtbot, page)


def test_a_change_keeps_the_place(qtbot: QtBot, desk: Desk, page: ListPage) -> None:
    page.table.choose(20)
    chosen = page.model.row_at(20)
    assert chosen is not None
    added = save(desk.session, "mediation", {"registered_on": "2026-03-09", "dispute_type": "3", "title": "新来的纠纷"}).record.id
    qtbot.waitUntil(lambda: page.model.rowCount() == 40)
    settled(qtbot, page)
    assert page.table.current_place() == 21
    assert page.model.row_at(21).id == chosen.id  # type: ignore[union-attr]
    save(desk.session, "mediation", {"title": "改了名的纠纷"}, record_id=added)
    qtbot.waitUntil(lambda: "改了名的纠纷" in {cell(page, n, "title") for n in range(3)})
    void(desk.session, added, "登错了")
    qtbot.waitUntil(lambda: page.model.rowCount() == 39)
    settled(qtbot, page)
    assert page.table.current_place() == 20


def test_the_list_goes_out_as_a_workbook(qtbot: QtBot, desk: Desk, page: ListPage, tmp_path: Path) -> None:
    page.set_filters((Filter("dispute_type", "=", "2"),))
    settled(qtbot, page)
    with qtbot.waitSignal(desk.said) as said:
        export_to(page, tmp_path / "台账.xlsx")
    assert f"已导出 {page.model.rowCount():,} 条" in said.args[0]
    sheet = load_workbook(tmp_path / "台账.xlsx").active
    titles = {str(v) for row in sheet.iter_rows(values_only=True) for v in row if v and str(v).endswith("件纠纷")}
    assert titles == {cell(page, n, "title") for n in range(page.model.rowCount())}


def test_a_hundred_thousand_rows_scroll_without_being_read(qtbot: QtBot, desk: Desk, page: ListPage) -> None:
    store = desk.session.store
    with store._writing() as connection:
        while (held := connection.execute(text("SELECT count(*) FROM record WHERE kind = 'mediation' AND voided = 0")).scalar_one()) < LONG:
            connection.execute(text(f"{COPY} WHERE kind = 'mediation' AND voided = 0 LIMIT {LONG - held}"))
    try:
        page.refresh()
        qtbot.waitUntil(lambda: page.model.rowCount() == LONG, timeout=20_000)
        settled(qtbot, page)
        before = page.model.fetches
        bar = page.table.verticalScrollBar()
        for step in range(1, 21):
            bar.setValue(bar.maximum() * step // 20)
        settled(qtbot, page)
        assert page.model.row_at(LONG - 1) is not None
        assert page.model.fetches - before <= 23, "pages passed over on the way are not all read"
        keys_there = store.keys(ListQuery("mediation"))
        assert page.model.key_at(LONG // 2) == keys_there[LONG // 2]
        page.table.choose(LONG // 2)
        settled(qtbot, page)
        assert page.model.row_at(LONG // 2).id == store.rows([keys_there[LONG // 2]])[0].id  # type: ignore[union-attr]
        for step in range(0, LONG, RUN * 12):
            bar.setValue(step)
            settled(qtbot, page)
        assert len(page.model._rows) <= MOST_KEPT + RUN
    finally:
        with store._writing() as connection:
            connection.execute(text("DELETE FROM record WHERE length(id) = 32"))
