"""A machine locked for want of contact, in the real window: the one page, and each way to open it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.enroll import enroll
from jusuo_desktop.actions.sync_now import sync_now
from jusuo_desktop.actions.unlock import unlock
from jusuo_desktop.records.field import Value
from jusuo_desktop.store import Edit
from jusuo_desktop.ui.lock_page import LockPage
from jusuo_desktop.ui.main_window import MainWindow
from jusuo_desktop.ui.workspace import Workspace
from tests.running_county import RunningCounty, running_county
from tests.sync.offices import OFFICE, PASSPHRASE, new_store
from tests.ui.typing_hands import keys
from tests.ui.window_hands import still, window_on

DAYS = 10
USER = "王内勤"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCounty]:
    with running_county(tmp_path_factory.mktemp("county") / "county") as made:
        yield made


@pytest.fixture
def locked(county: RunningCounty, tmp_path: Path) -> Path:
    """A store that had its last contact twelve days ago where ten are allowed."""
    folder = tmp_path / "store"
    new_store(folder).close()
    then = datetime.now() - timedelta(days=12)
    session = unlock(folder, USER, PASSPHRASE, lambda: then)
    enroll(session, county.url, county.enroll(OFFICE))
    sync_now(session)
    values: dict[str, Value | None] = {"parameter": "contact_office", "holds_from": "2020-01-01", "value": DAYS, "unit": "day", "basis": "县局通知"}
    session.store.write([Edit("county_parameter", values)], act="save")
    session.store.close()
    return folder


def sign_in(qtbot: QtBot, window: MainWindow, kind: type[QWidget]) -> QWidget:
    """With the right pass phrase."""
    assert window.login is not None
    qtbot.waitUntil(lambda: not window.login.busy)  # type: ignore[union-attr]
    window.login.passphrase.setText(PASSPHRASE)
    qtbot.mouseClick(window.login.unlock, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(window.centralWidget(), kind), timeout=60_000)
    return window.centralWidget()


def shut(qtbot: QtBot, window: MainWindow) -> LockPage:
    """Signed in, and only the lock page is there."""
    page = sign_in(qtbot, window, LockPage)
    assert isinstance(page, LockPage)
    assert window.workspace is None
    qtbot.waitUntil(lambda: page.challenge.text() != "")
    return page


def test_the_code_from_the_telephone_opens_and_a_wrong_one_is_told(qtbot: QtBot, county: RunningCounty, locked: Path, tmp_path: Path) -> None:
    with window_on(qtbot, locked, tmp_path) as window:
        page = shut(qtbot, window)
        assert "已有12天没有与县服务器联系" in page.why.text()
        page.code.setFocus()
        keys("ABC", Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: "解锁码应为10个" in page.said.text())
        qtbot.waitUntil(lambda: not page.busy)
        said = county.say("release", page.device.text(), page.challenge.text(), "--days", "5")
        page.code.clear()
        page.code.setFocus()
        keys(said.partition("解锁码：")[2].partition("，")[0], Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: window.workspace is not None, timeout=20_000)
        still(qtbot, window.workspace)  # type: ignore[arg-type]


def test_a_sync_opens_and_going_back_closes_the_store(qtbot: QtBot, locked: Path, tmp_path: Path) -> None:
    with window_on(qtbot, locked, tmp_path) as window:
        page = shut(qtbot, window)
        page.leave.click()
        qtbot.waitUntil(lambda: window.login is not None, timeout=20_000)
        page = shut(qtbot, window)
        page.sync.click()
        qtbot.waitUntil(lambda: window.workspace is not None, timeout=30_000)
        still(qtbot, window.workspace)  # type: ignore[arg-type]


def test_without_the_county_the_page_says_why_and_stays(qtbot: QtBot, county: RunningCounty, locked: Path, tmp_path: Path) -> None:
    county.stop()
    try:
        with window_on(qtbot, locked, tmp_path) as window:
            page = shut(qtbot, window)
            page.sync.click()
            qtbot.waitUntil(lambda: "拒绝连接" in page.said.text() and not page.busy, timeout=60_000)
            page.export_to(tmp_path)
            qtbot.waitUntil(lambda: "已导出" in page.said.text() or not page.busy, timeout=20_000)
            qtbot.waitUntil(lambda: not page.busy)
            assert window.workspace is None
    finally:
        county.start()


def test_some_days_before_the_status_line_and_today_tell(qtbot: QtBot, county: RunningCounty, locked: Path, tmp_path: Path) -> None:
    session = unlock(locked, USER, PASSPHRASE)
    set_by_others = [r for r in session.store.each_record("county_parameter") if r.values["parameter"] == "contact_office"]
    session.store.write([Edit("county_parameter", {"value": 14}, one.id) for one in set_by_others], act="save")
    session.store.close()
    with window_on(qtbot, locked, tmp_path) as window:
        workspace = sign_in(qtbot, window, Workspace)
        assert isinstance(workspace, Workspace)
        today = workspace.pages.front
        qtbot.waitUntil(lambda: "再过2天将锁定" in today.warning.text(), timeout=20_000)  # type: ignore[union-attr]
        assert today.warning.isVisible()  # type: ignore[union-attr]
        still(qtbot, workspace)
