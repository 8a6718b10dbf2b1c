"""A director makes the code for a locked laptop of his office, on his own computer and through the real county."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.contact_lock import release
from jusuo_desktop.actions.enroll import enroll
from jusuo_desktop.actions.sync_now import sync_now
from jusuo_desktop.store import Edit
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.release_page import ReleasePage
from jusuo_desktop.ui.settings_page import SettingsPage
from tests.running_county import running_county
from tests.sync.offices import OFFICE, VILLAGE, new_session


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[tuple[Desk, Desk]]:
    """The director's computer and a village's laptop of one county."""
    with running_county(tmp_path / "county") as county:
        made = []
        for name, user, scope in (("office", "李所长", OFFICE), ("laptop", "张联络", VILLAGE)):
            session = new_session(tmp_path / name, user)
            if scope == OFFICE:
                session.store.write([Edit("worker", {"access_role": "director"}, session.store.user.id)], act="save")
                session.store.user = replace(session.store.user, role="director")
            enroll(session, county.url, county.enroll(scope))
            sync_now(session)
            made.append(Desk(session))
        yield made[0], made[1]
        for desk in made:
            desk.close()
            desk.session.store.close()


def test_what_is_read_on_the_telephone_opens_the_laptop(qtbot: QtBot, desks: tuple[Desk, Desk]) -> None:
    office, laptop = desks
    page = ReleasePage(office)
    qtbot.addWidget(page)
    page.show()
    page.device.setText(laptop.session.store.device_id.lower())
    page.challenge.setText("1234-5678")
    qtbot.keyClick(page.challenge, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "挑战码有字符听错或输错了" in page.said.text(), timeout=20_000)
    qtbot.waitUntil(page.go.isEnabled)
    page.challenge.setText(laptop.session.store.challenge())
    qtbot.mouseClick(page.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.code.text() != "", timeout=20_000)
    assert release(laptop.session, page.code.text()) == 7
    with office.session.store._reading() as connection:
        noted = connection.exec_driver_sql("SELECT detail FROM audit WHERE act = 'release_code'").scalars().all()
    assert noted == [f"{laptop.session.store.device_id}:7"]


def test_only_a_director_finds_the_way_there(qtbot: QtBot, desks: tuple[Desk, Desk]) -> None:
    for desk, shown in zip(desks, (True, False), strict=True):
        page = SettingsPage(desk)
        qtbot.addWidget(page)
        assert page.release.isVisibleTo(page) is shown
