"""Search as you type: an input method's unfinished text starts nothing, what is committed is searched once, keys choose and open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.save_record import save
from jusuo_desktop.store.search import Hit
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.search_box import DatedHit, SearchBox, grouped, matches
from tests.ui.typing_hands import commit, keys, unfinished


@pytest.fixture
def box(qtbot: QtBot, desk: Desk) -> Iterator[SearchBox]:
    over = QWidget()
    qtbot.addWidget(over)
    made = SearchBox(desk, over)
    layout = QVBoxLayout(over)
    layout.addWidget(made)
    layout.addStretch(1)
    over.resize(900, 600)
    over.show()
    over.activateWindow()
    qtbot.waitUntil(over.isActiveWindow)
    made.setFocus()
    yield made
    qtbot.waitUntil(lambda: not desk.background.busy)


@pytest.fixture(scope="module", autouse=True)
def people(session: object) -> None:
    for name, phone in (("张三", "13805730001"), ("张三丰", "13805730002"), ("单雄信", "13805730003")):
        save(session, "consultation", {"name": name, "contact_phone": phone, "consulted_at": "2026-03-01T09:00"})  # type: ignore[arg-type]


def _lines(box: SearchBox) -> list[str]:
    return [box.found.list.item(i).text() for i in range(box.found.list.count())]


def test_unfinished_text_searches_nothing_and_the_committed_text_once(qtbot: QtBot, box: SearchBox) -> None:
    for one in ("z", "zh", "zhang", "zhang s", "zhang san"):
        unfinished(one)
    assert box.searches == 0
    assert box.text() == ""
    commit("张三")
    qtbot.waitUntil(box.found.isVisible)
    assert box.searches == 1
    assert {"张三", "张三丰"} <= set(_lines(box))


def test_shortcut_letters_inside_unfinished_text_stay_there(qtbot: QtBot, box: SearchBox) -> None:
    unfinished("/")
    unfinished("")
    assert QApplication.focusWidget() is box
    assert box.searches == 0


def test_initials_digits_and_keys_to_a_record(qtbot: QtBot, box: SearchBox) -> None:
    keys("sxx")
    qtbot.waitUntil(lambda: box.found.isVisible() and "单雄信" in _lines(box))
    box.clear()
    keys("573000")
    qtbot.waitUntil(lambda: len(_lines(box)) == 4)
    keys(Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up)
    chosen = box.found.list.currentItem().data(Qt.ItemDataRole.UserRole)
    assert chosen.day == "2026-03-01"
    with qtbot.waitSignal(box.opened) as opened:
        keys(Qt.Key.Key_Return)
    assert opened.args == ["consultation", chosen.hit.id]
    assert box.text() == ""
    assert not box.found.isVisible()


def test_escape_gives_the_focus_back_and_nothing_found_says_so(qtbot: QtBot, box: SearchBox) -> None:
    commit("查无此人")
    qtbot.waitUntil(box.found.isVisible)
    assert "没有找到“查无此人”" in box.found.foot.text()
    with qtbot.waitSignal(box.left):
        keys(Qt.Key.Key_Escape)
    assert not box.found.isVisible()


def test_a_slow_answer_to_an_older_text_is_not_shown(qtbot: QtBot, box: SearchBox) -> None:
    keys("573000")
    box.setText("单雄信")
    qtbot.waitUntil(lambda: box.found.isVisible() and not box._desk.background.busy)
    assert _lines(box)[1:] == ["单雄信"]


def test_places_and_groups() -> None:
    assert matches("王小明与李四纠纷", "李四 王") == [(4, 2), (0, 1)]
    assert matches("Ａ栋301", "a栋") == [(0, 2)]
    hits = [DatedHit(Hit(str(n), kind, "", "", ""), "") for n, kind in enumerate(("a", "b", "a"))]
    assert [(kind, [one.hit.id for one in some]) for kind, some in grouped(hits)] == [("a", ["0", "2"]), ("b", ["1"])]
