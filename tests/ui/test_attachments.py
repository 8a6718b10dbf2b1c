"""Attachments on a record's page: dropped, pasted, waiting for a record that cannot be saved yet; walked, described, voided, looked at, copied."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.attach import attach, attachments
from jusuo_desktop.actions.save_record import save as save_record
from jusuo_desktop.actions.session import Session
from jusuo_desktop.ui.attaching import Coming
from jusuo_desktop.ui.attachment_page import AttachmentPage
from jusuo_desktop.ui.attachment_shelf import AttachmentShelf
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.entry_page import EntryPage
from tests.pictures.images import encoded, pdf, photograph, scan, sheet
from tests.pictures.images import opened as picture_of
from tests.ui.typing_hands import commit, focus, keys, press, shown
from tests.ui.window_hands import still, window_entered

SHEET = encoded(sheet(size=(310, 438)), "JPEG")
SCAN = scan(3)


@pytest.fixture
def case(session: Session) -> str:
    return save_record(session, "mediation", {"registered_on": "2026-03-02", "dispute_type": "2"}).record.id


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, case: str) -> EntryPage:
    return shown(qtbot, EntryPage(desk, "mediation", case))


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "1签字页.jpg").write_bytes(SHEET)
    (tmp_path / "2坏照片.jpg").write_bytes(SHEET[:900])
    (tmp_path / "3扫描.tif").write_bytes(SCAN)
    (tmp_path / "4录音.mp3").write_bytes(b"ID3\x04" + bytes(900))
    (tmp_path / "5文件夹").mkdir()
    return tmp_path


def shelf_of(page: EntryPage) -> AttachmentShelf:
    assert page.form.shelf is not None
    return page.form.shelf


def drop(over: QWidget, mime: QMimeData) -> bool:
    """As the desktop does it: in over a page or a field, and let go."""
    entering = QDragEnterEvent(over.rect().center(), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(over, entering)
    if not entering.isAccepted():
        return False
    at = QPointF(over.rect().center())
    QApplication.sendEvent(over, QDropEvent(at, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))
    return True


def dropped(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def settled(qtbot: QtBot, page: EntryPage) -> None:
    """Until nothing is on its way any more."""
    assert page.attaching is not None
    qtbot.waitUntil(lambda: not page.desk.background.busy and shelf_of(page).working.isHidden(), timeout=30_000)


def names(page: EntryPage) -> list[str]:
    strip = shelf_of(page).strip
    return [strip.item(row).text() for row in range(strip.count())]


# -- in -------------------------------------------------------------------------


def test_files_are_dropped_one_bad_one_is_said_and_the_others_go_in(qtbot: QtBot, page: EntryPage, files: Path) -> None:
    assert drop(page, dropped(*sorted(files.iterdir())))
    qtbot.waitUntil(lambda: len(names(page)) == 3, timeout=30_000)
    settled(qtbot, page)
    assert names(page) == ["1签字页.jpg", "3扫描.pdf", "4录音.mp3"]
    said = shelf_of(page).problems.text().split("\n")
    assert len(said) == 2
    assert said[0].startswith("“2坏照片.jpg”已经损坏")
    assert "“5文件夹”是文件夹" in said[1]
    assert [r.values["pages"] for r in attachments(page.desk.session, page.record_id) if "pages" in r.values] == [1, 3]
    assert "附件（3）" in shelf_of(page)._heading.text()


def test_what_is_neither_file_nor_picture_is_not_taken(page: EntryPage) -> None:
    mime = QMimeData()
    mime.setText("一段文字")
    assert not drop(page, mime)


@pytest.mark.parametrize("name", ["dispute_summary", "accepted_on"])
def test_a_file_let_go_over_a_field_goes_to_the_page_and_does_not_become_its_text(qtbot: QtBot, page: EntryPage, files: Path, name: str) -> None:
    editor = focus(page, name)
    assert drop(editor.viewport() if hasattr(editor, "viewport") else editor, dropped(files / "4录音.mp3"))
    qtbot.waitUntil(lambda: names(page) == ["4录音.mp3"], timeout=30_000)
    settled(qtbot, page)
    assert page.form.fields.cells[name].editor.raw_text() == ""


def test_a_picture_of_the_clipboard_is_pasted_by_key(qtbot: QtBot, page: EntryPage) -> None:
    image = QImage()
    image.loadFromData(SHEET)
    QGuiApplication.clipboard().setImage(image)
    press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: names(page) == ["粘贴0309-1030.jpg"], timeout=30_000)
    settled(qtbot, page)
    QGuiApplication.clipboard().clear()
    press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert "剪贴板里没有图片" in page.foot.said


def test_files_given_to_a_new_record_wait_until_it_can_be_saved(qtbot: QtBot, desk: Desk, files: Path) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation"))
    focus(page, "registered_on")
    page.form.fields.cells["registered_on"].editor.selectAll()
    commit("不是日子")
    drop(page, dropped(files / "1签字页.jpg"))
    qtbot.waitUntil(lambda: "有1个文件等着" in shelf_of(page).problems.text())
    assert page.record_id == ""
    page.form.fields.cells["registered_on"].editor.selectAll()
    commit("2026-3-2")
    press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: names(page) == ["1签字页.jpg"], timeout=30_000)
    assert shelf_of(page).problems.isHidden()
    settled(qtbot, page)
    assert len(attachments(desk.session, page.record_id)) == 1


def test_files_given_to_a_new_record_that_can_be_saved_save_it(qtbot: QtBot, desk: Desk, files: Path) -> None:
    page = shown(qtbot, EntryPage(desk, "consultation", values={"name": "单雄信"}))
    drop(page, dropped(files / "1签字页.jpg"))
    qtbot.waitUntil(lambda: bool(page.record_id) and names(page) == ["1签字页.jpg"], timeout=30_000)
    settled(qtbot, page)


def test_adding_is_stopped_between_two_files(qtbot: QtBot, page: EntryPage) -> None:
    shelf, attaching = shelf_of(page), page.attaching
    assert attaching is not None

    under_way = threading.Event()

    def first() -> list[tuple[str, bytes]]:
        assert under_way.wait(10), "the button is there once the page knows of the work"
        shelf.stop_wanted.emit()  # somebody presses 停止 while the first file is read
        return [("一.mp3", b"ID3\x04" + bytes(50))]

    attaching.add([Coming("一.mp3", first), Coming("二.mp3", lambda: [("二.mp3", b"ID3\x04" + bytes(60))])])
    under_way.set()
    settled(qtbot, page)
    qtbot.waitUntil(lambda: "已停止，还有1个文件没有添加" in shelf.problems.text())


# -- on the shelf -----------------------------------------------------------------


@pytest.fixture
def filled(qtbot: QtBot, desk: Desk, case: str) -> EntryPage:
    attach(desk.session, case, "签字页.jpg", SHEET)
    attach(desk.session, case, "扫描.tif", SCAN)
    attach(desk.session, case, "录音.mp3", b"ID3\x04" + bytes(900))
    return shown(qtbot, EntryPage(desk, "mediation", case))


def test_small_pictures_are_walked_described_and_voided_by_keys(qtbot: QtBot, filled: EntryPage) -> None:
    page, shelf = filled, shelf_of(filled)
    settled(qtbot, page)
    shelf.strip.setFocus()
    shelf.strip.setCurrentRow(0)
    keys(Qt.Key.Key_Right, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not shelf.strip)
    editor = QApplication.focusWidget()
    assert editor is not None
    editor.selectAll()  # type: ignore[attr-defined]
    commit("调解协议书")
    keys(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: attachments(page.desk.session, page.record_id)[1].values.get("description") == "调解协议书")
    settled(qtbot, page)
    assert names(page) == ["签字页.jpg", "调解协议书", "录音.mp3"]
    shelf.strip.setFocus()
    keys(Qt.Key.Key_Delete)
    assert QApplication.focusWidget() is shelf.void_bar.reason
    keys(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "理由" in shelf.problems.text())
    commit("重新扫描")
    keys(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(page) == ["签字页.jpg", "录音.mp3"])
    assert shelf.void_bar.isHidden()


def test_the_small_pictures_show_what_is_in_them_in_colour(qtbot: QtBot, filled: EntryPage) -> None:
    settled(qtbot, filled)
    strip = shelf_of(filled).strip
    icons = [strip.item(row).icon().pixmap(strip.iconSize()).toImage() for row in range(3)]
    reds = [sum(1 for x in range(i.width()) for y in range(i.height()) if i.pixelColor(x, y).red() > i.pixelColor(x, y).green() + 60) for i in icons]
    assert reds[0] > 8
    assert reds[1:] == [0, 0]
    assert all(sum(i.pixelColor(x, 60).lightness() > 230 for x in range(i.width())) / i.width() > 0.2 for i in icons)


def test_several_become_one(qtbot: QtBot, filled: EntryPage) -> None:
    settled(qtbot, filled)
    shelf = shelf_of(filled)
    shelf.strip.setCurrentRow(0)
    QTest.keyClick(shelf.strip, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert len(shelf.chosen()) == 2
    shelf.merge_wanted.emit(shelf.chosen())
    qtbot.waitUntil(lambda: len(names(filled)) == 2, timeout=30_000)
    assert [r.values.get("pages") for r in attachments(filled.desk.session, filled.record_id)] == [None, 4]


def test_space_says_of_which_paper_it_is_the_signed_scan(qtbot: QtBot, filled: EntryPage) -> None:
    settled(qtbot, filled)
    shelf, session = shelf_of(filled), filled.desk.session
    shelf.strip.setFocus()
    shelf.strip.setCurrentRow(0)
    keys(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu), timeout=10_000)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    chosen = menu.actions()[0].text().removeprefix("&1  签署件：")
    QTest.keyClick(menu, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: attachments(session, filled.record_id)[0].values.get("purpose") == "1", timeout=10_000)
    settled(qtbot, filled)
    assert names(filled)[0] == f"{chosen}（签署件）"
    assert attachments(session, filled.record_id)[0].values["of_form"]


def test_a_voided_record_only_shows_them(qtbot: QtBot, desk: Desk, case: str) -> None:
    from jusuo_desktop.actions.void_record import void

    attach(desk.session, case, "签字页.jpg", SHEET)
    void(desk.session, case, "重复登记")
    page = EntryPage(desk, "mediation", case)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.ready and not desk.background.busy)
    assert shelf_of(page).add_button.isHidden()
    assert shelf_of(page).buttons == []
    assert not drop(page, dropped(Path(__file__)))


# -- as large as the window ----------------------------------------------------------


@pytest.fixture
def laid_over(qtbot: QtBot, filled: EntryPage) -> Iterator[AttachmentPage]:
    settled(qtbot, filled)
    wanted: list[AttachmentPage] = []
    filled.desk.page_wanted.connect(wanted.append)
    shelf = shelf_of(filled)
    shelf.strip.setFocus()
    shelf.strip.setCurrentRow(0)
    keys(Qt.Key.Key_Return)
    (over,) = wanted
    qtbot.addWidget(over)
    over.resize(1216, 658)
    over.show()
    over.activateWindow()
    drawn(qtbot, over)
    yield over
    over.hide()


def drawn(qtbot: QtBot, over: AttachmentPage) -> None:
    qtbot.waitUntil(lambda: over.seen is not None and not over.desk.background.busy and (over.seen.pages is None or over.view.drawn), timeout=20_000)
    over.view.setFocus()


def test_the_next_the_one_before_and_what_cannot_be_shown(qtbot: QtBot, laid_over: AttachmentPage) -> None:
    over = laid_over
    assert over.title == "签字页.jpg"
    assert over.place.text() == "附件1/3"
    press(Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: over.title == "扫描.pdf")
    drawn(qtbot, over)
    assert over.place.text() == "第1页 共3页　附件2/3"
    press(Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: over.title == "录音.mp3")
    assert "另存" in over.trouble.text()
    assert not over.print_button.isEnabled()
    over.after.click()
    over.before.click()
    qtbot.waitUntil(lambda: over.title == "扫描.pdf")


def test_a_page_is_turned_and_moved_and_stays_so(qtbot: QtBot, laid_over: AttachmentPage) -> None:
    over, session = laid_over, laid_over.desk.session
    over.step(1)
    qtbot.waitUntil(lambda: over.title == "扫描.pdf")
    drawn(qtbot, over)
    over.view.go_to(1)
    press(Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: over.seen is not None and over.seen.record.values.get("arrangement") == "1 2:90 3", timeout=10_000)
    drawn(qtbot, over)
    assert over.place.text().startswith("第2页"), "the page that was turned is still in view"
    over.move_on(-1)
    qtbot.waitUntil(lambda: over.seen is not None and over.seen.record.values.get("arrangement") == "2:90 1 3", timeout=10_000)
    drawn(qtbot, over)
    assert over.place.text().startswith("第1页")
    over.leave_out()
    qtbot.waitUntil(lambda: over.seen is not None and over.seen.pages is not None and len(over.seen.pages.sizes) == 2, timeout=10_000)
    drawn(qtbot, over)
    over.as_it_came()
    qtbot.waitUntil(lambda: over.seen is not None and "arrangement" not in over.seen.record.values, timeout=10_000)
    assert len(session.store.history(over.seen.record.id)) == 5  # type: ignore[union-attr]


def test_it_prints_and_is_copied_and_both_are_noted(qtbot: QtBot, laid_over: AttachmentPage, tmp_path: Path) -> None:
    from jusuo_desktop.printing.raster import PagePictures
    from jusuo_desktop.ui.printer import Order

    over, said = laid_over, []
    over.desk.said.connect(said.append)
    over.print_out(Order(file=str(tmp_path / "out.pdf"), most_dpi=100))
    qtbot.waitUntil(lambda: "已送到打印机。" in said, timeout=20_000)
    assert [tuple(map(round, size)) for size in PagePictures((tmp_path / "out.pdf").read_bytes()).sizes] == [(595, 842)]
    over.save_to(tmp_path / "副本.jpg")
    qtbot.waitUntil(lambda: (tmp_path / "副本.jpg").exists() and not over.desk.background.busy)
    assert picture_of((tmp_path / "副本.jpg").read_bytes()).size == (310, 438)
    with over.desk.session.store._reading() as connection:
        record_id = over.seen.record.id  # type: ignore[union-attr]
        acts = connection.exec_driver_sql("SELECT act FROM audit WHERE record_id = ? AND act IN ('print', 'export')", (record_id,)).scalars().all()
    assert sorted(acts) == ["export", "print"]


def test_wherever_an_attachment_is_opened_from_it_opens_as_its_picture(qtbot: QtBot, opened: Callable[[], Session], tmp_path: Path) -> None:
    session = opened()
    case = save_record(session, "mediation", {"registered_on": "2026-03-02", "dispute_type": "2"}).record.id
    made = attach(session, case, "签字页.jpg", SHEET)
    with window_entered(qtbot, session, tmp_path) as workspace:
        workspace.desk.open_record("attachment", made.id)
        qtbot.waitUntil(lambda: any(p.isVisible() and p.seen for p in workspace.findChildren(AttachmentPage)), timeout=10_000)
        still(qtbot, workspace)
        assert workspace.findChildren(EntryPage) == []


def test_one_voided_elsewhere_while_it_is_shown_says_so(qtbot: QtBot, laid_over: AttachmentPage) -> None:
    from jusuo_desktop.actions.void_record import void

    void(laid_over.desk.session, laid_over.seen.record.id, "拍糊了")  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: "已经作废" in laid_over.trouble.text())


def test_pictures_of_every_kind_look_right_in_the_large(qtbot: QtBot, desk: Desk, case: str) -> None:
    for name, data in (("照片.jpg", encoded(photograph((800, 600)), "JPEG")), ("判决书.pdf", pdf(2))):
        made = attach(desk.session, case, name, data)
        over = AttachmentPage(desk, case, made.id)
        qtbot.addWidget(over)
        over.resize(900, 700)
        over.show()
        drawn(qtbot, over)
        image = over.view.image(0)
        assert image is not None
        colours = {image.pixelColor(x, image.height() // 2).name() for x in range(0, image.width(), 7)}
        assert len(colours) > 3
        over.hide()
