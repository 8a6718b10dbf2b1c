"""The ledger of numbers on the screen: looked through, one number voided with a reason, saved as a PDF."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.number import draw
from jusuo_desktop.actions.save_record import save
from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.number_ledger_page import NumberLedgerPage
from tests.actions.test_number_blocks import LEASE, OWNER
from tests.actions.test_number_blocks import Desk as Office
from tests.actions.test_number_returns import swap
from tests.county_server.counties import founded


def numbered(desk: Desk, count: int) -> list[str]:
    store = desk.session.store
    committee = store.rows(store.keys(ListQuery("mediation_committee", descending=False)))[0].id
    values = {"committee": committee, "registered_on": desk.session.today().isoformat()}
    made = [save(desk.session, "mediation", {**values, "title": f"第{n}件纠纷"}).record.id for n in range(count)]
    return [str(draw(desk.session, one).values["case_number"]) for one in made]


def opened(qtbot: QtBot, desk: Desk) -> NumberLedgerPage:
    page = NumberLedgerPage(desk)
    qtbot.addWidget(page)
    page.resize(1216, 658)
    page.show()
    page.shown()
    qtbot.waitUntil(lambda: page.ledger is not None)
    return page


def test_a_number_is_voided_with_a_reason_typed_on_the_page(qtbot: QtBot, desk: Desk) -> None:
    numbers = numbered(desk, 3)
    page = opened(qtbot, desk)
    index = next(n for n, row in enumerate(page.model.rows) if row.number == numbers[1])
    page.table.selectRow(index)
    qtbot.mouseClick(page.void_button, Qt.MouseButton.LeftButton)
    assert page.void_bar.isVisible()
    page.void_bar.reason.insert("打印时纸张损坏")  # as an input method does
    qtbot.keyClick(page.void_bar.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.model.rows[index].said == "文号作废：打印时纸张损坏")
    assert not page.void_bar.isVisible()
    assert not page.void_button.isEnabled(), "a voided number is not voided again"
    page.table.selectRow(index - 1)
    assert page.void_button.isEnabled()
    assert "文号作废 1 个" in page.summary.text()


def test_another_kind_year_and_owner(qtbot: QtBot, desk: Desk) -> None:
    numbered(desk, 1)
    page = opened(qtbot, desk)
    first = page.ledger
    page.kind.setCurrentIndex(page.kind.findData("consultation"))
    page.kind.activated.emit(page.kind.currentIndex())
    qtbot.waitUntil(lambda: page.ledger is not first)
    assert page.ledger is not None
    assert (page.ledger.kind, page.model.rowCount(), page.owner.count()) == ("consultation", 0, 1)
    assert "还没有编过号" in page.summary.text()
    assert not page.void_button.isEnabled()


def test_enter_opens_the_record_and_the_paper_is_saved(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    numbered(desk, 2)
    page = opened(qtbot, desk)
    with qtbot.waitSignal(desk.record_wanted) as wanted:
        page.table.activated.emit(page.model.index(0, 0))
    assert wanted.args == ["mediation", page.model.rows[0].record_id]
    page.save_to(tmp_path / "台账.pdf")
    qtbot.waitUntil(lambda: (tmp_path / "台账.pdf").exists() and not desk.background.busy)
    assert (tmp_path / "台账.pdf").read_bytes().startswith(b"%PDF")
    with qtbot.waitSignal(desk.refused) as refused:
        page.save_to(tmp_path / "没有这个文件夹" / "台账.pdf")
    assert "写不了文件" in str(refused.args)


def test_the_blocks_are_listed_and_the_key_gives_back_what_is_left(qtbot: QtBot, tmp_path: Path) -> None:
    with founded(tmp_path / "county") as county:
        office = Office(county, tmp_path / "front", "王内勤")
        office.join()
        swap(office)
        office.number()
        desk = Desk(office.session)
        page = opened(qtbot, desk)
        page.owner.setCurrentIndex(page.owner.findData(OWNER))
        page.read()
        qtbot.waitUntil(lambda: page.blocks.rowCount() == 1)
        assert page.blocks.data(page.blocks.index(0, 0)) == f"第1—{LEASE}号"
        assert page.blocks.data(page.blocks.index(0, 2)) == "本机"
        assert page.blocks.data(page.blocks.index(0, 3)) == "第1号"
        page.return_button.click()
        assert page.return_bar.isVisible()
        page.return_bar.sure.click()
        qtbot.waitUntil(lambda: "退回" in page.blocks.data(page.blocks.index(0, 4)))
        assert office.session.store.free_series() == []
        swap(office)
        assert office.session.store.returns_to_note(10) == []
        desk.close()
        office.session.store.close()


def test_an_office_that_stands_alone_sees_no_blocks(qtbot: QtBot, desk: Desk) -> None:
    numbered(desk, 1)
    page = opened(qtbot, desk)
    assert not page.block_table.isVisible()
    assert not page.return_button.isVisible()
