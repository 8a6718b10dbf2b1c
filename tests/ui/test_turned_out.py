"""What the clerk sees when the county shuts the machine out, when a post ends, and when a village has gone to another office."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.enroll import enroll
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.sync_now import sync_now
from jusuo_desktop.actions.unlock import unlock
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.store import Edit, FirstRun, create_store
from jusuo_desktop.ui.main_window import MainWindow
from jusuo_desktop.ui.sync_page import SyncPage
from jusuo_desktop.ui.workspace import Workspace
from tests.running_county import RunningCounty, running_county
from tests.sync.offices import OFFICE, PASSPHRASE, VILLAGE, consult
from tests.ui.window_hands import window_entered

WAIT = 30_000
OTHER_OFFICE = "990101002"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCounty]:
    with running_county(tmp_path_factory.mktemp("county"), tls=False) as made:
        yield made


def store_of(folder: Path, code: str = OFFICE) -> str:
    """Makes an office's store; returns its recovery key."""
    place = {"name": f"{code}司法所", "division_code": code, "county_name": "清溪县", "short_name": "清溪"}
    villages = [{"name": "东村", "division_code": VILLAGE}] if code == OFFICE else []
    store, recovery = create_store(folder, FirstRun(office=place, villages=villages, user_name="王内勤", passphrase=PASSPHRASE))
    store.close()
    return recovery


def joined(folder: Path, county: RunningCounty, code: str = OFFICE) -> Session:
    session = unlock(folder, "王内勤", PASSPHRASE)
    enroll(session, county.url, county.enroll(code))
    sync_now(session)
    return session


def sync_page(qtbot: QtBot, workspace: Workspace) -> SyncPage:
    workspace.show_part("sync")
    qtbot.waitUntil(lambda: isinstance(workspace.pages.front, SyncPage), timeout=WAIT)
    page = workspace.pages.front
    assert isinstance(page, SyncPage)
    return page


def test_a_machine_that_is_shut_out_locks_and_joins_again(qtbot: QtBot, county: RunningCounty, tmp_path: Path) -> None:
    """One clear sentence on the log-in page; with the recovery key, what was not sent is listed beside the form to join anew."""
    recovery = store_of(tmp_path / "store")
    session = joined(tmp_path / "store", county)
    with window_entered(qtbot, session, tmp_path) as workspace:
        window = workspace.window()
        assert isinstance(window, MainWindow)
        consult(session.store, "没有上报的")
        county.revoke(session.store.device_id)
        page = sync_page(qtbot, workspace)
        with qtbot.waitSignal(window.locked, timeout=WAIT):
            qtbot.mouseClick(page.now, Qt.MouseButton.LeftButton)
        login = window.login
        assert login is not None
        assert "停用" in login._said.text()
        assert not login.user.isVisible()
        assert login.recovery_key.isVisible()
        login.recovery_key.setText(recovery)
        for one in (login.new_passphrase, login.again):
            one.setText("两个黄鹂鸣翠柳啊")
        with qtbot.waitSignal(window.entered, timeout=WAIT):
            qtbot.mouseClick(login.unlock, Qt.MouseButton.LeftButton)
        assert window.workspace is not None
        page = sync_page(qtbot, window.workspace)
        qtbot.waitUntil(lambda: page.form.isVisible() and page.queue.model.rowCount() > 0, timeout=WAIT)
        assert not page.now.isVisible()
        assert page.form.url.text() == county.url
        page.form.code.setText(county.enroll(OFFICE))
        qtbot.mouseClick(page.form.go, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not page.form.isVisible() and not page.syncing.running and "没有上报" not in page.standing.text(), timeout=WAIT)
        qtbot.waitUntil(lambda: window.workspace is not None and window.workspace.desk.session.store.unsent_count() == 0, timeout=WAIT)


def test_whoever_left_his_post_is_out_of_the_window(qtbot: QtBot, county: RunningCounty, tmp_path: Path) -> None:
    """The window locks with the reason, and his name is no longer among the users."""
    store_of(tmp_path / "store")
    session = joined(tmp_path / "store", county)
    session.store.write([Edit("worker", {"left_on": "2026-03-31"}, session.store.user.id)], act="save")
    with window_entered(qtbot, session, tmp_path) as workspace:
        window = workspace.window()
        assert isinstance(window, MainWindow)
        page = sync_page(qtbot, workspace)
        with qtbot.waitSignal(window.locked, timeout=WAIT):
            qtbot.mouseClick(page.now, Qt.MouseButton.LeftButton)
        assert window.login is not None
        assert "离岗" in window.login._said.text()
        assert window.login.user.count() == 0


def test_a_village_that_went_is_told_on_the_sync_page(qtbot: QtBot, county: RunningCounty, tmp_path: Path) -> None:
    """How many records of which kind were sealed, in the outcome and in a line that stays."""
    store_of(tmp_path / "other", OTHER_OFFICE)
    joined(tmp_path / "other", county, OTHER_OFFICE).store.close()
    store_of(tmp_path / "store")
    session = joined(tmp_path / "store", county)
    consult(session.store, "东村的", village=place_id("village", VILLAGE))
    sync_now(session)
    county.say("move-village", VILLAGE, OTHER_OFFICE + "009")
    with window_entered(qtbot, session, tmp_path) as workspace:
        page = sync_page(qtbot, workspace)
        qtbot.mouseClick(page.now, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "已封存" in page.sealed.text(), timeout=WAIT)
        assert page.sealed.isVisible()
        assert "法律咨询" in page.sealed.text()
