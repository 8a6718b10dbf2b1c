"""The same dispute on file is shown beside the typing: no focus taken, no key swallowed; opened, taken over, linked and dismissed by one key each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.save_record import Child, save
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.entry_page import EntryPage
from jusuo_desktop.ui.same_dispute_bar import SameDisputeBar, often
from jusuo_desktop.ui.same_dispute_finder import SameDisputeFinder
from tests.ui.typing_hands import commit, focus, keys, name_in_focus, press, shown, unfinished
from tests.ui.typing_hands import save as save_page

ALT = Qt.KeyboardModifier.AltModifier
WU = {"name": "吴秀英", "party_role": "1", "id_card_number": "330424196501011228", "contact_phone": "13800000099"}


@pytest.fixture
def known(desk: Desk) -> Iterator[str]:
    village = desk.session.store.find_by_name("village", "新塘村")[0]
    values = {"registered_on": "2026-01-10", "dispute_type": "2", "village": village, "dispute_summary": "屋檐滴水。"}
    parties = (Child("party", WU), Child("party", {"name": "郑德海", "party_role": "2"}))
    record = save(desk.session, "mediation", values, children=parties).record
    yield record.id
    from jusuo_desktop.actions.void_record import void

    void(desk.session, record.id, "测试完了")


def finder(page: EntryPage) -> SameDisputeFinder:
    found = page.findChild(SameDisputeFinder)
    assert found is not None
    return found


def found_on(qtbot: QtBot, page: EntryPage, record_id: str) -> SameDisputeBar:
    bar = finder(page).bar
    qtbot.waitUntil(lambda: any(one.known.record_id == record_id for one in bar.alike))
    return bar


def test_it_is_shown_while_typing_and_its_parties_are_taken_over(qtbot: QtBot, desk: Desk, known: str) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation", values={"dispute_type": "2"}))
    focus(page, "name", 0)
    unfinished("wuxiuying")
    commit("吴秀英", after=("wu xiu ying",))
    bar = found_on(qtbot, page, known)
    assert name_in_focus() == "name"
    assert bar.isVisible()
    assert bar.alike[0].said.startswith("同一当事人 吴秀英；同为邻里纠纷")
    keys("a", Qt.Key.Key_Backspace)
    assert page.form.tables[0].sets[0].value("name") == "吴秀英"
    press(Qt.Key.Key_I, ALT)
    qtbot.waitUntil(lambda: page.form.tables[0].sets[1].value("name") == "郑德海")
    first = page.form.tables[0].sets[0]
    assert (first.value("id_card_number"), first.value("party_role")) == (WU["id_card_number"], "1")
    assert page.form.tables[0].sets[1].value("party_role") == "2"
    qtbot.waitUntil(lambda: "第2次来调解" in bar.before.text())
    press(Qt.Key.Key_K, ALT)
    qtbot.waitUntil(lambda: not bar.alike)
    assert page.form.fields.value("earlier_mediation") == known
    qtbot.waitUntil(lambda: bar.before.text().startswith("同一纠纷第2次调解；"))
    assert "第2次来调解" in bar.before.text()
    save_page(qtbot, page)
    record = desk.session.store.record(page.record_id)
    assert record is not None
    assert record.values["earlier_mediation"] == known
    qtbot.waitUntil(lambda: not desk.background.busy)


def test_it_opens_by_one_key_and_is_dismissed_by_another(qtbot: QtBot, desk: Desk, known: str) -> None:
    page = shown(qtbot, EntryPage(desk, "consultation"))
    focus(page, "name")
    commit("吴秀英")
    bar = found_on(qtbot, page, known)
    with qtbot.waitSignal(desk.record_wanted) as wanted:
        press(Qt.Key.Key_O, ALT)
    assert wanted.args == ["mediation", bar.alike[0].known.record_id]
    press(Qt.Key.Key_I, ALT)
    qtbot.waitUntil(lambda: page.form.fields.value("contact_phone") == WU["contact_phone"])
    qtbot.waitUntil(lambda: not desk.background.busy)
    marked = bar.marked()
    assert marked is not None
    press(Qt.Key.Key_F, ALT)
    qtbot.waitUntil(lambda: all(one.known.record_id != marked.known.record_id for one in bar.alike))
    qtbot.waitUntil(lambda: not desk.background.busy)


def test_a_screened_matter_is_told_of_the_case_it_already_is(qtbot: QtBot, desk: Desk, known: str) -> None:
    page = shown(qtbot, EntryPage(desk, "dispute_screening"))
    keys(Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: name_in_focus() == "parties")
    commit("吴秀英与郑德海")
    bar = found_on(qtbot, page, known)
    while bar.marked() is not None and bar.marked().known.record_id != known:  # type: ignore[union-attr]
        press(Qt.Key.Key_V, ALT)
    press(Qt.Key.Key_K, ALT)
    row = page.form.tables[0].sets[0]
    assert row.value("mediation") == known
    assert QApplication.focusWidget() is row.cells["parties"].editor
    qtbot.waitUntil(lambda: not desk.background.busy)


def test_how_often_somebody_came_is_said() -> None:
    assert often([]) == ""
    assert often([], 2) == "同一纠纷第3次调解"
    assert often([("张三", 2), ("李四", 1)]) == "张三第3次来调解，李四第2次"
