"""Paper from the pages: a register from what a list shows, the printer's offset from a measurement, the notice after a changed agreement."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.print_form import prepare, printed
from jusuo_desktop.printing import FORMS
from jusuo_desktop.printing.raster import PagePictures
from jusuo_desktop.store import Edit
from jusuo_desktop.store.listing import Filter
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.entry_page import EntryPage
from jusuo_desktop.ui.list_page import ListPage
from jusuo_desktop.ui.offset_pane import OffsetPane
from jusuo_desktop.ui.preview_page import PreviewPage
from jusuo_desktop.ui.print_choices import SHIFTS
from jusuo_desktop.ui.printer import Order
from jusuo_desktop.ui.printer_sheet import PrinterSheet
from tests.printing import conftest as printing
from tests.printing.office import Office

made_office, office = printing.made_office, printing.office


@pytest.fixture
def desk(office: Office, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(office.session)
    broken: list[object] = []
    made.background.broke.connect(broken.append)
    yield made
    made.close()
    assert not broken


def test_a_register_prints_what_the_list_shows(qtbot: QtBot, desk: Desk, office: Office) -> None:
    other = office.store.write([Edit("mediation", {"title": "王五与赵六借款纠纷", "registered_on": "2026-01-04", "dispute_type": "5"})], act="save")[
        0
    ]
    page = ListPage(desk, "mediation")
    qtbot.addWidget(page)
    page.resize(1216, 668)
    page.show()
    page.shown()
    qtbot.waitUntil(lambda: page._list_button.isVisible())
    page.set_filters((Filter("registered_on", "between", ("2026-02-01", "2026-03-31")),))
    shown: list[PreviewPage] = []
    desk.page_wanted.connect(shown.append)
    page._list_button.click()
    (preview,) = shown
    qtbot.addWidget(preview)
    preview.resize(1216, 668)
    preview.show()
    preview.shown()
    qtbot.waitUntil(lambda: preview.paper is not None and preview.view.drawn)
    assert preview.paper is not None
    said = "".join(PagePictures(preview.paper.pdf).text(0).split())
    assert "人民调解案件登记簿" in said
    assert "登记日期2026-02-01至2026-03-31" in said
    assert "张建国" in said
    assert f"合计{office.store.count(page.query())}件" in said
    assert str(other.values["title"])[:5] not in said


def test_a_list_without_a_register_offers_none(qtbot: QtBot, desk: Desk) -> None:
    page = ListPage(desk, "village")
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: not desk.background.busy, timeout=15000)
    assert page._list_button.isHidden()
    assert (FORMS / "case_register.yaml").is_file()


def test_a_measurement_sets_the_printer_right(qtbot: QtBot, desk: Desk, tmp_path: object) -> None:
    pane = OffsetPane(desk, lambda: "HP")
    qtbot.addWidget(pane)
    pane.show()
    pane.show_shift((3, -2))
    pane.read_right.setValue(51.2)
    pane.read_down.setValue(59.5)
    with qtbot.waitSignal(pane.measured):
        pane.take.click()
    assert pane.shift == (3 - 12, -2 + 5)
    assert (pane.read_right.value(), pane.read_down.value()) == (50.0, 60.0)
    file = f"{tmp_path}/test.pdf"
    with qtbot.waitSignal(desk.said, timeout=15000):
        pane.print_test(Order(file=file, shift=pane.shift, most_dpi=100))
    with open(file, "rb") as made:
        assert len(PagePictures(made.read()).sizes) == 1


def test_the_settings_keep_the_figures_of_each_printer(qtbot: QtBot, desk: Desk) -> None:
    sheet = PrinterSheet(desk)
    qtbot.addWidget(sheet)
    sheet.show()
    sheet._take((["HP", "Canon"], {"Canon": [7, 8]}))
    sheet.pane.right.setValue(1.5)
    sheet.kept.click()
    qtbot.waitUntil(lambda: desk.session.store.get(SHIFTS, {}) == {"Canon": [7, 8], "HP": [15, 0]})
    sheet.printer.setCurrentText("Canon")
    assert sheet.pane.shift == (7, 8)


def test_a_case_changed_after_its_agreement_was_printed_says_so(qtbot: QtBot, desk: Desk, office: Office) -> None:
    agreement = office.ids["agreement"]
    printed(office.session, prepare(office.session, "mediation_agreement", agreement))
    office.store.write([Edit("agreement", {"performance_terms": "分两期付清。"}, agreement)], act="save")
    page = EntryPage(desk, "mediation", record_id=office.ids["mediation"])
    qtbot.addWidget(page)
    page.resize(1216, 668)
    page.show()
    page.shown()
    qtbot.waitUntil(lambda: "此后改了" in page.notice.text, timeout=15000)
    assert "人民调解协议书" in page.notice.text
    assert "履行方式、时限" in page.notice.text
    shown: list[object] = []
    desk.page_wanted.connect(shown.append)
    page.notice.press("看打过的纸")
    assert len(shown) == 1
