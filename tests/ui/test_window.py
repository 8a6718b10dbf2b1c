"""A clerk's round by keys alone, over the real window and a real store: log in, write, find, lock, go on."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.ui import parts
from jusuo_desktop.ui.entry_page import EntryPage
from jusuo_desktop.ui.list_page import ListPage
from jusuo_desktop.ui.main_window import GEOMETRY
from tests.ui.conftest import PASSPHRASE
from tests.ui.typing_hands import commit, keys, name_in_focus, press, save
from tests.ui.window_hands import log_in, still, window_on_copy

ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape
ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def test_a_round_by_keys_alone(qtbot: QtBot, office_folder: Path, tmp_path: Path) -> None:
    with window_on_copy(qtbot, office_folder, tmp_path) as window:
        assert window.login is not None
        assert QApplication.focusWidget() is window.login.passphrase
        keys("not the phrase", ENTER)
        qtbot.waitUntil(lambda: "口令不对" in window.login.problem.text())  # type: ignore[union-attr]
        assert window.login.passphrase.text() == "not the phrase"
        assert window.login.passphrase.hasSelectedText()
        workspace = log_in(qtbot, window)
        assert workspace.pages.part == "today"

        keys(Qt.Key.Key_F3)
        page = workspace.pages.front
        assert isinstance(page, EntryPage)
        qtbot.waitUntil(lambda: page.ready and name_in_focus() != "")
        still(qtbot, workspace)
        while name_in_focus() != "name":
            keys(ENTER)
        commit("单田芳", after=("shan", "shantian"))
        save(qtbot, page)
        keys(ESC)
        assert workspace.pages.part == "today"
        assert workspace.pages.front is workspace.pages.ground("today")

        press(Qt.Key.Key_3, ALT)
        listed = workspace.pages.front
        assert isinstance(listed, ListPage)
        qtbot.waitUntil(lambda: listed.model.row_at(0) is not None)
        assert "单田芳" in listed.model.row_at(0).texts  # type: ignore[union-attr]
        assert QApplication.focusWidget() is listed.table

        keys("/")
        assert QApplication.focusWidget() is workspace.search
        keys("stf")
        found = workspace.search.found
        qtbot.waitUntil(lambda: found.isVisible() and found.list.count() >= 4)
        titles = [found.list.item(i).text() for i in range(found.list.count())]
        assert titles[0] in ("法律咨询", "工作人员")
        while "咨" not in titles[0] and found.list.currentItem().data(Qt.ItemDataRole.UserRole).hit.kind != "consultation":
            keys(Qt.Key.Key_Down)
        keys(ENTER)
        again = workspace.pages.front
        assert isinstance(again, EntryPage)
        assert again.record_id == page.record_id
        assert not found.isVisible()
        still(qtbot, workspace)


def test_the_lock_hides_everything_closes_the_store_and_keeps_what_is_typed(qtbot: QtBot, office_folder: Path, tmp_path: Path) -> None:
    with window_on_copy(qtbot, office_folder, tmp_path) as window:
        workspace = log_in(qtbot, window)
        press(Qt.Key.Key_3, ALT)
        keys(Qt.Key.Key_F2)
        page = workspace.pages.front
        assert isinstance(page, EntryPage)
        qtbot.waitUntil(lambda: page.ready and name_in_focus() != "")
        while name_in_focus() != "dispute_summary":
            keys(ENTER)
        commit("因排水沟走向发生争执")
        with qtbot.waitSignal(window.locked, timeout=20_000):
            press(Qt.Key.Key_L, CONTROL)
            assert window.workspace is None
            assert window.login is not None
        engine = workspace.desk.session.store._engine
        assert engine.pool.checkedin() == 0  # type: ignore[attr-defined]
        assert "已锁定" in window.login._said.text()

        again = log_in(qtbot, window)
        assert again.pages.part == "consultation"
        drafts = again.desk.session.store.drafts()
        assert [d.kind for d in drafts] == ["mediation"]
        assert "因排水沟走向发生争执" in str(drafts[0].content)
        press(Qt.Key.Key_1, ALT)
        today = again.pages.front
        qtbot.waitUntil(lambda: len(today.drafts.lines) == 1)  # type: ignore[union-attr]
        today.drafts.setFocus()  # type: ignore[union-attr]
        keys(ENTER)
        still(qtbot, again)
        opened = again.pages.front
        assert isinstance(opened, EntryPage)
        qtbot.waitUntil(lambda: opened.ready)
        assert "因排水沟走向发生争执" in str(opened.draft_content())
        today_page = again.pages.ground("today")
        today_page.open_draft(drafts[0])  # type: ignore[attr-defined]
        assert again.pages.front is opened, "one draft is never written on two pages"


def test_quiet_minutes_lock_the_window_and_a_touch_puts_it_off(qtbot: QtBot, office_folder: Path, tmp_path: Path) -> None:
    from PySide6.QtTest import QTest

    with window_on_copy(qtbot, office_folder, tmp_path) as window:
        workspace = log_in(qtbot, window)
        still(qtbot, workspace)
        workspace.idle.set_limit(300)
        before = workspace.idle.still_ms
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Shift)
        assert workspace.idle.still_ms <= before
        with qtbot.waitSignal(window.locked, timeout=20_000):
            pass
        assert window.login is not None


def test_the_window_remembers_its_place_and_nothing_personal(qtbot: QtBot, office_folder: Path, tmp_path: Path) -> None:
    with window_on_copy(qtbot, office_folder, tmp_path) as window:
        log_in(qtbot, window)
        window.resize(1111, 666)
    kept = (tmp_path / "window.ini").read_text(encoding="utf-8")
    assert GEOMETRY.partition("/")[2] in kept
    assert "王建国" not in kept
    assert PASSPHRASE not in kept


def test_closing_the_window_keeps_what_is_typed(qtbot: QtBot, office_folder: Path, tmp_path: Path) -> None:
    from jusuo_desktop.actions.unlock import unlock

    with window_on_copy(qtbot, office_folder, tmp_path) as window:
        workspace = log_in(qtbot, window)
        keys(Qt.Key.Key_F4)
        page = workspace.pages.front
        assert isinstance(page, EntryPage)
        qtbot.waitUntil(lambda: page.ready and name_in_focus() != "")
        while name_in_focus() != "service_content":
            keys(ENTER)
        commit("讲解民法典")
    session = unlock(tmp_path / "store", "王建国", PASSPHRASE)
    try:
        assert "讲解民法典" in str(session.store.drafts()[0].content)
        assert session.store.count(ListQuery("adviser_visit")) == 0
    finally:
        session.store.close()


def test_refusals_stand_on_the_bar_until_they_are_closed(qtbot: QtBot, office_folder: Path, tmp_path: Path) -> None:
    with window_on_copy(qtbot, office_folder, tmp_path) as window:
        workspace = log_in(qtbot, window)
        workspace.desk.refuse("打印机没有纸。")
        workspace.desk.refuse("网络不通。")
        workspace.desk.refuse("打印机没有纸。")
        assert workspace.bar.sentences == ["打印机没有纸。", "网络不通。"]
        assert workspace.bar.isVisible()
        workspace.bar.clear()
        assert not workspace.bar.isVisible()


def test_every_part_opens_by_its_number_and_the_keys_are_told(qtbot: QtBot, office_folder: Path, tmp_path: Path) -> None:
    with window_on_copy(qtbot, office_folder, tmp_path) as window:
        workspace = log_in(qtbot, window)
        for number, (name, _) in enumerate(parts.PARTS, start=1):
            press(Qt.Key(Qt.Key.Key_0.value + number), ALT)
            assert workspace.pages.part == name
            still(qtbot, workspace)
        keys(Qt.Key.Key_F1)
        assert workspace.pages.front is not None
        assert workspace.pages.front.title == "快捷键"
        keys(ESC)
        assert workspace.pages.front is workspace.pages.ground("settings")
        keys(Qt.Key.Key_F9)
        qtbot.waitUntil(lambda: bool(workspace.bar.sentences))
        assert "注册" in workspace.bar.sentences[0]
        still(qtbot, workspace)


class _Strays(QObject):
    """Widgets that became windows of their own for a moment: they flash, and take the focus with them."""

    def __init__(self, window: QWidget) -> None:
        super().__init__()
        self._window = window
        self.found: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow() and watched is not self._window:
            self.found.append(type(watched).__name__)
        return False


def test_no_page_opens_a_stray_window(qtbot: QtBot, office_folder: Path, tmp_path: Path) -> None:
    with window_on_copy(qtbot, office_folder, tmp_path) as window:
        workspace = log_in(qtbot, window)
        strays = _Strays(window)
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(strays)
        try:
            for name, _ in parts.PARTS:
                workspace.pages.show_part(name)
                still(qtbot, workspace)
            for kind in (*parts.LISTS, "village", "worker"):
                workspace.new_record(kind, {}, "")
                still(qtbot, workspace)
            workspace.open_list("worker", ())
            workspace.preview("mediation_record", "")
            workspace.lay_over(parts.import_page(workspace.desk))
            still(qtbot, workspace)
            workspace.lock_wanted.emit()
            qtbot.waitUntil(lambda: window.login is not None and not window.login.busy, timeout=20_000)
        finally:
            application.removeEventFilter(strays)
        assert strays.found == []


def test_no_page_of_the_rail_makes_the_window_larger_than_a_small_screen(qtbot: QtBot, office_folder: Path, tmp_path: Path) -> None:
    with window_on_copy(qtbot, office_folder, tmp_path) as window:
        workspace = log_in(qtbot, window)
        for part in [name for name, _ in parts.PARTS]:
            workspace.show_part(part)
            qtbot.waitUntil(lambda: not workspace.desk.background.busy)
            assert window.minimumSizeHint().height() <= 700, part
        workspace._help()
        assert window.minimumSizeHint().height() <= 700
        assert window.minimumSizeHint().width() <= 1366
