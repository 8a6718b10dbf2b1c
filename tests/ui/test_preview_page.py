"""The print preview: what is seen is what the PDF holds; what is printed and saved is real; nothing is noted that did not go out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinterInfo
from pytestqt.qtbot import QtBot

from jusuo_desktop.printing import Sheet, render, shipped_forms
from jusuo_desktop.printing.marks import MM
from jusuo_desktop.printing.raster import PagePictures, Picture
from jusuo_desktop.printing.sheet_code import read_sheet_code
from jusuo_desktop.store import Edit, Refused
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.preview_page import PreviewPage
from jusuo_desktop.ui.print_choices import BLANK, SHIFTS, VALUES_ONLY
from jusuo_desktop.ui.printer import Order, send
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


def opened(qtbot: QtBot, desk: Desk, form: str, record_id: str) -> PreviewPage:
    page = PreviewPage(desk, form, record_id)
    qtbot.addWidget(page)
    page.resize(1216, 668)
    page.show()
    page.shown()
    qtbot.waitUntil(lambda: page.paper is not None and page.view.drawn)
    return page


def idle(qtbot: QtBot, desk: Desk) -> None:
    qtbot.waitUntil(lambda: not desk.background.busy, timeout=15000)


def rows(picture: Picture) -> list[bytes]:
    return [picture.pixels[top : top + picture.width] for top in range(0, picture.height * picture.stride, picture.stride)]


def first_dark(picture: Picture) -> tuple[int, int]:
    """Column and row where the writing begins."""
    lines = rows(picture)
    return min(next((x for x, p in enumerate(line) if p < 128), picture.width) for line in lines), next(
        y for y, line in enumerate(lines) if min(line) < 128
    )


def codes_on(pdf: bytes) -> list[list[str]]:
    pictures = PagePictures(pdf)
    found = []
    for number in range(len(pictures.sizes)):
        picture = pictures.picture(number, 200)
        pixels = memoryview(b"".join(rows(picture))).cast("B", shape=[picture.height, picture.width])
        found.append([code.text for code in zxingcpp.read_barcodes(pixels, formats=zxingcpp.BarcodeFormat.QRCode)])
    return found


def test_the_paper_is_seen_and_its_family_offered(qtbot: QtBot, desk: Desk, office: Office) -> None:
    page = opened(qtbot, desk, "mediation_record", office.ids["mediation"])
    assert page.title == "打印：人民调解记录"
    assert page.place.text() == "第1页 共2页"
    assert page.list.count() == 12
    assert page.list.currentRow() == 5
    image = page.view.image(0)
    assert image is not None
    assert image.width() == pytest.approx(page.view.places()[0].width(), abs=1.5)
    assert any(image.pixelColor(x, y).lightness() < 100 for x in range(0, image.width(), 2) for y in range(100, 400, 2))
    page.list.setCurrentRow(0)
    qtbot.waitUntil(lambda: page.title == "打印：人民调解受理登记表")
    page.list.setCurrentRow(6)
    qtbot.waitUntil(lambda: page.choices.copies.value() == 3)


def test_the_place_follows_the_scrolling(qtbot: QtBot, desk: Desk, office: Office) -> None:
    page = opened(qtbot, desk, "mediation_record", office.ids["mediation"])
    page.view.verticalScrollBar().setValue(page.view.verticalScrollBar().maximum())
    assert page.place.text() == "第2页 共2页"
    qtbot.waitUntil(lambda: page.view.drawn)


def test_zooming_draws_sharp_again(qtbot: QtBot, desk: Desk, office: Office) -> None:
    page = opened(qtbot, desk, "acceptance_register", office.ids["mediation"])
    fitted = page.view.scale
    page.activateWindow()
    page.view.setFocus()
    qtbot.keyClick(page.view, Qt.Key.Key_Equal, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.view.scale > fitted and page.view.drawn)
    qtbot.keyClick(page.view, Qt.Key.Key_9, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.view.scale < fitted)
    assert page.view.places()[0].height() <= page.view.viewport().height()
    qtbot.keyClick(page.view, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.view.scale == fitted and page.view.drawn)


def test_blank_and_values_only(qtbot: QtBot, desk: Desk, office: Office) -> None:
    page = opened(qtbot, desk, "consultation_register", office.ids["consultation"])
    page.choices.ways[BLANK].setChecked(True)
    qtbot.waitUntil(lambda: page.paper is not None and page.paper.record_id == "")
    page.choices.ways[VALUES_ONLY].setChecked(True)
    qtbot.waitUntil(lambda: page.paper is not None and page.paper.record_id != "")
    assert page.paper is not None
    said = PagePictures(page.paper.pdf).text(0)
    assert "司马俊义" in said
    assert "法律咨询登记表" not in said


def test_without_a_record_every_form_is_offered_blank(qtbot: QtBot, desk: Desk) -> None:
    page = opened(qtbot, desk, "adviser_visit_record", "")
    assert page.list.count() == len(shipped_forms())
    assert page.choices.way == BLANK
    assert page.title == "打印：村（居）法律顾问服务记录表"


def test_saving_writes_the_very_pdf_and_is_noted(qtbot: QtBot, desk: Desk, office: Office, tmp_path: Path) -> None:
    page = opened(qtbot, desk, "acceptance_register", office.ids["mediation"])
    assert page.paper is not None
    pdf = page.paper.pdf
    with qtbot.waitSignal(desk.said):
        page.save_to(tmp_path / "登记表.pdf")
    assert (tmp_path / "登记表.pdf").read_bytes() == pdf
    assert len(office.store.prints(office.ids["mediation"])) == 1
    qtbot.waitUntil(lambda: "打印过1次" in page.remark.text())


def test_a_file_that_cannot_be_written_is_refused_and_not_noted(qtbot: QtBot, desk: Desk, office: Office, tmp_path: Path) -> None:
    page = opened(qtbot, desk, "acceptance_register", office.ids["mediation"])
    with qtbot.waitSignal(desk.refused) as refused:
        page.save_to(tmp_path / "没有这个文件夹" / "登记表.pdf")
    assert refused.args is not None
    assert "没有保存到" in refused.args[0]
    idle(qtbot, desk)
    assert office.store.prints(office.ids["mediation"]) == []


def test_printing_puts_every_page_and_copy_on_paper_and_is_noted(qtbot: QtBot, desk: Desk, office: Office, tmp_path: Path) -> None:
    page = opened(qtbot, desk, "mediation_record", office.ids["mediation_session"])
    out = tmp_path / "out.pdf"
    with qtbot.waitSignal(desk.said, check_params_cb=lambda said: "已送到打印机" in said, timeout=15000):
        page.print_out(Order(file=str(out), copies=2, title="人民调解记录", most_dpi=200))
    printed = out.read_bytes()
    sizes = PagePictures(printed).sizes
    assert [(round(w / MM), round(h / MM)) for w, h in sizes] == [(210, 297)] * 4
    read = [read_sheet_code(code) for (code,) in codes_on(printed)]
    assert [(code.form, code.record_id, code.page) for code in read if code] == [
        ("mediation_record", office.ids["mediation_session"], n) for n in (1, 2, 1, 2)
    ]
    assert len(office.store.prints(office.ids["mediation_session"])) == 1
    idle(qtbot, desk)


def test_printing_is_stopped_with_the_same_button_and_not_noted(qtbot: QtBot, desk: Desk, office: Office, tmp_path: Path) -> None:
    page = opened(qtbot, desk, "mediation_record", office.ids["mediation_session"])
    said: list[str] = []

    def on_said(text: str) -> None:
        said.append(text)
        if len(said) == 1:
            assert page.print_button.text().startswith("停止")
            page.print_button.click()

    desk.said.connect(on_said)
    page.print_out(Order(file=str(tmp_path / "out.pdf"), copies=99, most_dpi=200))
    qtbot.waitUntil(lambda: "已停止打印，没有记为打印过。" in said, timeout=15000)
    idle(qtbot, desk)
    assert page.print_button.text().startswith("打印")
    assert office.store.prints(office.ids["mediation_session"]) == []


def test_half_pages_go_two_on_a_sheet(tmp_path: Path, qtbot: QtBot) -> None:
    pages = PagePictures(render(shipped_forms()["evaluation_consultation"], Sheet()))
    out = tmp_path / "half.pdf"
    assert send(pages, Order(file=str(out), copies=3, most_dpi=200), threading.Event())
    assert [len(codes) for codes in codes_on(out.read_bytes())] == [2, 1]
    assert [(round(w / MM), round(h / MM)) for w, h in PagePictures(out.read_bytes()).sizes] == [(210, 297)] * 2


def test_on_both_sides_each_copy_begins_its_own_sheet(tmp_path: Path, qtbot: QtBot) -> None:
    pages = PagePictures(render(shipped_forms()["consultation_register"], Sheet()))
    out = tmp_path / "both.pdf"
    assert send(pages, Order(file=str(out), copies=2, duplex=True, most_dpi=200), threading.Event())
    assert [len(codes) for codes in codes_on(out.read_bytes())] == [1, 0, 1]


def test_the_offset_moves_what_is_printed(tmp_path: Path, qtbot: QtBot) -> None:
    pages = PagePictures(render(shipped_forms()["consultation_register"], Sheet()))
    places = []
    for name, shift in (("a", (0, 0)), ("b", (55, -30))):
        out = tmp_path / f"{name}.pdf"
        send(pages, Order(file=str(out), shift=shift, most_dpi=254), threading.Event())
        places.append(first_dark(PagePictures(out.read_bytes()).picture(0, 254)))
    (x0, y0), (x1, y1) = places
    assert x1 - x0 == pytest.approx(55, abs=1.5)
    assert y1 - y0 == pytest.approx(-30, abs=1.5)


def test_the_offset_is_remembered_for_each_printer(qtbot: QtBot, desk: Desk, office: Office) -> None:
    office.store.set(SHIFTS, {"前台": [15, -5]})
    page = opened(qtbot, desk, "consultation_register", office.ids["consultation"])
    choices = page.choices
    idle(qtbot, desk)
    choices.printer.setEnabled(True)
    choices.printer.addItems(["前台", "办公室"])
    choices.ways[VALUES_ONLY].setChecked(True)
    choices.printer.setCurrentText("前台")
    assert choices.order("").shift == (15, -5)
    choices.printer.setCurrentText("办公室")
    assert choices.order("").shift == (0, 0)
    choices.right.setValue(-1.2)
    assert choices.order("").shift == (-12, 0)
    idle(qtbot, desk)
    assert office.store.get(SHIFTS) == {"前台": [15, -5], "办公室": [-12, 0]}
    choices.printer.setCurrentText("前台")
    choices.printer.setCurrentText("办公室")
    assert choices.right.value() == -1.2
    idle(qtbot, desk)


def test_stopping_between_two_sheets(tmp_path: Path, qtbot: QtBot) -> None:
    pages = PagePictures(render(shipped_forms()["mediation_agreement"], Sheet()))
    stopped = threading.Event()
    stopped.set()
    assert not send(pages, Order(file=str(tmp_path / "none.pdf")), stopped)


def test_a_printer_that_is_gone_is_said_and_no_other_one_prints(qtbot: QtBot) -> None:
    pages = PagePictures(render(shipped_forms()["consultation_register"], Sheet()))
    with pytest.raises(Refused, match="没有找到打印机“旧打印机”"):
        send(pages, Order(printer="旧打印机"), threading.Event())


@pytest.mark.skipif(bool(QPrinterInfo.availablePrinterNames()), reason="this machine has a printer")
def test_without_a_printer_the_clerk_is_told_what_to_do(qtbot: QtBot, desk: Desk, office: Office) -> None:
    page = opened(qtbot, desk, "acceptance_register", office.ids["mediation"])
    with qtbot.waitSignal(desk.refused) as refused:
        qtbot.mouseClick(page.print_button, Qt.MouseButton.LeftButton)
    assert refused.args is not None
    assert "没有找到打印机" in refused.args[0]
    idle(qtbot, desk)
    assert office.store.prints(office.ids["mediation"]) == []
    assert page.print_button.isEnabled()


def test_a_missing_glyph_is_said_in_place_of_the_paper(qtbot: QtBot, desk: Desk, office: Office) -> None:
    office.store.write([Edit("mediation", {"dispute_summary": "当事人\ue123"}, office.ids["mediation"])], act="save")
    page = PreviewPage(desk, "acceptance_register", office.ids["mediation"])
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(page.trouble.isVisible)
    assert "U+E123" in page.trouble.text()
    assert not page.print_button.isEnabled()
    assert not page.save_button.isEnabled()
    office.store.write([Edit("mediation", {"dispute_summary": "当事人甲"}, office.ids["mediation"])], act="save")
    qtbot.waitUntil(lambda: page.paper is not None)
    assert not page.trouble.isVisible()
    assert page.print_button.isEnabled()
    idle(qtbot, desk)


def test_a_change_made_elsewhere_is_seen_at_once(qtbot: QtBot, desk: Desk, office: Office) -> None:
    page = opened(qtbot, desk, "acceptance_register", office.ids["mediation"])
    idle(qtbot, desk)
    assert page.paper is not None
    before = page.paper.pdf
    office.store.write([Edit("party", {"name": "赵六"}, office.ids["party"])], act="save")
    qtbot.waitUntil(lambda: page.paper is not None and page.paper.pdf != before)
    idle(qtbot, desk)


def test_of_several_sessions_the_latest_is_shown_and_a_new_one_is_offered(qtbot: QtBot, desk: Desk, office: Office) -> None:
    second = {"mediated_at": "2026-03-20T15:00", "place": "镇司法所", "record_text": "第二次调解。", "mediation_result": "3"}
    later = office.store.write([Edit("mediation_session", second, parent_id=office.ids["mediation"])], act="save")[0]
    page = opened(qtbot, desk, "mediation_record", office.ids["mediation"])
    assert page.paper is not None
    assert page.paper.record_id == later.id
    assert page.list.count() == 13
    third = {**second, "mediated_at": "2026-03-28T09:00"}
    office.store.write([Edit("mediation_session", third, parent_id=office.ids["mediation"])], act="save")
    qtbot.waitUntil(lambda: page.list.count() == 14)
    idle(qtbot, desk)
    assert page.paper.record_id == later.id
