"""Whole records typed by keys alone, Chinese through input-method events, saved and read back from a real store."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.entry_page import EntryPage
from jusuo_desktop.ui.layouts import LAYOUTS
from tests.ui.conftest import commit, keys, press

ENTER, TAB = Qt.Key.Key_Return, Qt.Key.Key_Tab


def shown(qtbot: QtBot, page: EntryPage) -> EntryPage:
    qtbot.addWidget(page)
    page.resize(1216, 658)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(lambda: page.ready and QApplication.focusWidget() is not None)
    qtbot.waitUntil(lambda: not page.desk.background.busy)
    return page


def name_in_focus() -> str:
    return getattr(getattr(QApplication.focusWidget(), "field", None), "name", "")


def save(qtbot: QtBot, page: EntryPage) -> None:
    press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.line.text().startswith("已保存") and not page.saving)


def test_a_whole_mediation_by_keys_alone(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation"))
    assert name_in_focus() == "dispute_type"
    keys("2", ENTER)
    assert name_in_focus() == "case_source"
    commit("当事人", after=("dang", "dangshiren"))
    keys(ENTER)
    assert name_in_focus() == "village"
    keys("xtc", ENTER)
    assert name_in_focus() == "committee"
    keys("xtq", ENTER)
    keys("stf", ENTER)
    keys(ENTER, ENTER)
    assert name_in_focus() == "name"
    commit("欧阳𠀀明", after=("ou",))
    keys(ENTER, ENTER, "330424198506120034", ENTER)
    assert name_in_focus() == "sex"
    keys(ENTER, "13805731234", ENTER)
    press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    commit("新塘村12组8号")
    while name_in_focus() != "name":
        keys(ENTER)
    commit("李四")
    while name_in_focus() != "dispute_summary":
        keys(ENTER)
    commit("双方因排水沟发生争执。")
    keys(ENTER)
    commit("村委会已劝解。")
    keys(TAB)
    assert name_in_focus() == "application_items"
    save(qtbot, page)
    record = desk.session.store.record(page.record_id)
    assert record is not None
    values = dict(record.values)
    assert values["dispute_type"] == "2"
    assert values["case_source"] == "1"
    assert values["registered_on"] == "2026-03-09"
    assert desk.session.store.name_of(str(values["village"])) == "新塘村"
    assert desk.session.store.name_of(str(values["committee"])) == "西塘桥街道人民调解委员会"
    assert [desk.session.store.name_of(i) for i in values["mediators"]] == ["单田芳"]
    assert values["dispute_summary"] == "双方因排水沟发生争执。\n村委会已劝解。"
    assert values["title"] == "欧阳𠀀明与李四邻里纠纷"
    first, second = desk.session.store.children(page.record_id)
    assert first.values == {
        "name": "欧阳𠀀明", "party_role": "1", "id_card_number": "330424198506120034", "sex": "1", "birth_date": "1985-06-12",
        "party_type": "01", "contact_phone": "13805731234", "address": "新塘村12组8号",
    }  # fmt: skip
    assert second.values == {"name": "李四", "party_role": "2"}
    assert desk.session.store.count(ListQuery("mediation")) == 1


@pytest.mark.parametrize("kind", sorted(LAYOUTS))
def test_enter_walks_through_every_field_and_ends_at_saving(qtbot: QtBot, desk: Desk, kind: str) -> None:
    page = shown(qtbot, EntryPage(desk, kind))
    editors = page.form.editors()
    page.form.show_editor(editors[0])
    for editor in editors:
        assert QApplication.focusWidget() is editor
        press(ENTER, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is page.save_button
