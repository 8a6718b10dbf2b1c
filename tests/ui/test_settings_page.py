"""The settings page: users, pass phrase, numbers, lock, backup; each refusal in place with what was typed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.back_up import backups
from jusuo_desktop.actions.number import PATTERNS
from jusuo_desktop.actions.unlock import unlock, user_names
from jusuo_desktop.store.edit import Edit
from jusuo_desktop.ui import theme
from jusuo_desktop.ui.about_page import components, licences
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.settings_page import SettingsPage
from jusuo_desktop.ui.workspace import LOCK_SETTING
from jusuo_desktop.wire.messages import Entry
from tests.ui.conftest import OFFICE, PASSPHRASE

OFFICE_CODE = OFFICE["division_code"]


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, tmp_path: Path) -> Iterator[SettingsPage]:
    window = QWidget()
    window.memory = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)  # type: ignore[attr-defined]
    qtbot.addWidget(window)
    made = SettingsPage(desk)
    made.setParent(window)
    window.resize(1200, 700)
    window.show()
    made.shown()
    qtbot.waitUntil(lambda: not desk.background.busy)
    yield made
    qtbot.waitUntil(lambda: not desk.background.busy)


def test_it_shows_what_the_office_has(page: SettingsPage) -> None:
    assert page.office_button.text() == "本所资料（西塘桥司法所）"
    assert page._lists["village"].text() == "村（社区） 2"
    assert page.numbers._examples["agreement"].text().startswith("例：〔")


def test_a_user_is_added_and_logs_in(qtbot: QtBot, desk: Desk, page: SettingsPage) -> None:
    sheet = page.users
    sheet.name.setText("仇大伟")
    sheet.role.setCurrentIndex(sheet.role.findData("liaison"))
    for field in (sheet.passphrase, sheet.again):
        field.setText("another phrase")
    sheet.own.setText("wrong one")
    sheet.add.click()
    qtbot.waitUntil(lambda: "口令不对" in sheet.said.text(), timeout=20_000)
    assert sheet.name.text() == "仇大伟"
    sheet.own.setText(PASSPHRASE)
    sheet.add.click()
    qtbot.waitUntil(lambda: "可以用自己的口令" in sheet.said.text(), timeout=20_000)
    folder = desk.session.store.folder
    assert "仇大伟" in user_names(folder)
    assert sheet.own.text() == ""
    workers = desk.session.store.find_by_name("worker", "仇大伟")
    assert len(workers) == 1, "the worker on file, not a second one"


def test_the_own_passphrase_is_changed(qtbot: QtBot, desk: Desk, page: SettingsPage) -> None:
    sheet = page.passphrase
    sheet.old.setText(PASSPHRASE)
    sheet.new.setText("a new phrase")
    sheet.again.setText("another")
    sheet.change.click()
    assert "不一样" in sheet.said.text()
    sheet.again.setText("a new phrase")
    sheet.change.click()
    qtbot.waitUntil(lambda: "已修改" in sheet.said.text(), timeout=20_000)
    folder = desk.session.store.folder
    sheet.old.setText("a new phrase")
    for field in (sheet.new, sheet.again):
        field.setText(PASSPHRASE)
    sheet.change.click()
    qtbot.waitUntil(lambda: sheet.old.text() == "", timeout=20_000)
    assert user_names(folder)[0] == "王建国"


def test_number_patterns(qtbot: QtBot, desk: Desk, page: SettingsPage) -> None:
    sheet = page.numbers
    field = sheet.fields["mediation"]
    field.setText("{short_name}调〔{year}〕{seq:3}号")
    assert sheet._examples["mediation"].text().endswith("〕012号")
    field.setText("{nothing}{seq}")
    sheet.save.click()
    assert "nothing" in sheet.said.text()
    field.setText("{short_name}调〔{year}〕{seq}号")
    sheet.save.click()
    qtbot.waitUntil(lambda: "已保存" in sheet.said.text())
    assert desk.session.store.get(PATTERNS) == {"mediation": "{short_name}调〔{year}〕{seq}号"}


def test_lock_minutes_and_scale(qtbot: QtBot, desk: Desk, page: SettingsPage) -> None:
    sheet = page.display
    assert sheet.minutes.currentData() == 15
    sheet.minutes.setCurrentIndex(sheet.minutes.findData(30))
    with qtbot.waitSignal(desk.changed):
        sheet.minutes.activated.emit(sheet.minutes.currentIndex())
    assert desk.session.store.get(LOCK_SETTING) == 30
    sheet.scale.setCurrentIndex(sheet.scale.findData("1.5"))
    sheet.scale.activated.emit(sheet.scale.currentIndex())
    assert page.window().memory.value(theme.SCALE) == "1.5"  # type: ignore[attr-defined]
    assert "下次打开" in sheet.said.text()


def test_backup_and_check(qtbot: QtBot, desk: Desk, page: SettingsPage, tmp_path: Path) -> None:
    page.backup.back_up(tmp_path / "stick")
    qtbot.waitUntil(lambda: "已备份" in page.backup.said.text(), timeout=20_000)
    page.backup.now.click()
    qtbot.waitUntil(lambda: page.backup.held.text().startswith("最近的备份"), timeout=20_000)
    held = backups(desk.session.store.folder)
    assert len(held) == 1
    page.backup.verify()
    qtbot.waitUntil(lambda: "完整" in page.backup.said.text(), timeout=20_000)
    session = unlock(held[0].folder, "王建国", PASSPHRASE)
    session.store.close()


def test_licences_name_what_is_shipped() -> None:
    names = {line.partition(" ")[0].lower() for line in components()}
    assert {"pyside6_essentials", "sqlalchemy", "cryptography", "argon2-cffi"} <= names
    assert "SIL OPEN FONT LICENSE" in licences().upper()


def test_attachments_that_the_county_holds_are_cleared_on_wish(qtbot: QtBot, desk: Desk) -> None:
    store = desk.session.store
    parent = store.write([Edit("consultation", {"consulted_at": "2026-03-09T09:00"})], act="save")[0].id
    sha256 = store.keep_content(b"x" * 100_000)
    values = {"file_name": "照片.jpg", "media_type": "image/jpeg", "sha256": sha256, "size_bytes": 100_000}
    store.write([Edit("attachment", values, parent_id=parent)], act="save")
    page = SettingsPage(desk)
    qtbot.addWidget(page)
    page.show()
    page.shown()
    sheet = page.contents
    qtbot.waitUntil(lambda: sheet.line.text() != "")
    assert not sheet.go.isEnabled(), "nothing here is at the county yet"
    changes = store.waiting(10_000, 2**30)
    entries = [  # the feed brings everything back
        Entry(OFFICE_CODE, n, c.change_id, c.record_id, c.kind, c.scope, c.parent_id, 1, store.device_id, c.author_id, 0, 0, None)
        for n, c in enumerate(changes, 1)
    ]
    store.apply(entries, {OFFICE_CODE: len(entries)})
    store.note_content_sent(sha256)
    sheet.read()
    qtbot.waitUntil(lambda: sheet.go.isEnabled())
    sheet.keep.setCurrentIndex(sheet.keep.count() - 1)
    qtbot.mouseClick(sheet.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not sheet.go.isEnabled() and not desk.background.busy)
    assert not store.has_content(sha256)
