"""The page of a whole case by keys alone: children by a letter, folded sections, the row's second line, steps from a menu."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from jusuo_desktop.store.edit import Edit
from jusuo_desktop.ui.case_cautions import CautionLine
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.entry_page import EntryPage
from tests.ui.typing_hands import commit, focus, keys, name_in_focus, press, save, shown

ENTER, TAB, ALT = Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def case(desk: Desk) -> str:
    """A case with two parties in a real store."""
    write = desk.session.store.write
    made = write([Edit("mediation", {"registered_on": "2026-03-02", "dispute_type": "4", "dispute_summary": "借款未还"})], act="save")[0]
    for name, role in (("张三", "1"), ("李四", "2")):
        write([Edit("party", {"name": name, "party_role": role}, parent_id=made.id)], act="save")
    return made.id


@pytest.mark.parametrize(("letter", "kind"), [(Qt.Key.Key_D, "agent"), (Qt.Key.Key_T, "mediation_session"), (Qt.Key.Key_H, "follow_up")])
def test_alt_and_a_letter_adds_a_child(qtbot: QtBot, desk: Desk, case: str, letter: Qt.Key, kind: str) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation", case))
    with qtbot.waitSignal(desk.page_wanted) as wanted:
        press(letter, ALT)
    over = shown(qtbot, wanted.args[0])
    assert (over.kind, over.parent_id) == (kind, case)
    assert page.form.lists[0].openers == []


def test_a_folded_section_opens_by_its_letter_and_by_what_it_holds(qtbot: QtBot, desk: Desk, case: str) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation", case))
    folded = {s.section.label: s for s in page.form.sections if s.section.folded}
    assert not any(s.unfolded for s in folded.values())
    press(Qt.Key.Key_W, ALT)
    qtbot.waitUntil(lambda: folded["委托移送"].unfolded)
    assert name_in_focus() == "entrusting_body"
    press(Qt.Key.Key_W, ALT)
    qtbot.waitUntil(lambda: not folded["委托移送"].unfolded)
    desk.session.store.write([Edit("", {"refusal_note": "已向法院起诉"}, case)], act="save")
    qtbot.waitUntil(lambda: folded["不予受理、终止"].unfolded)
    folded["不予受理、终止"].unfold(False)
    desk.session.store.write([Edit("", {"refusal_note": "已经起诉"}, case)], act="save")
    qtbot.waitUntil(lambda: page.form.fields.loaded.get("refusal_note") == "已经起诉")
    assert not folded["不予受理、终止"].unfolded, "what the clerk closed stays closed"


def test_an_agent_names_the_parties_of_his_own_case(qtbot: QtBot, desk: Desk, case: str) -> None:
    store = desk.session.store
    other = store.write([Edit("mediation", {"registered_on": "2026-03-02"})], act="save")[0]
    store.write([Edit("party", {"name": "外人"}, parent_id=other.id)], act="save")
    page = shown(qtbot, EntryPage(desk, "agent", parent_id=case))
    focus(page, "principals")
    qtbot.waitUntil(lambda: {c.label for c in page.form.fields.cells["principals"].editor.choices()} == {"张三", "李四"})
    keys("ls", ENTER)
    focus(page, "name")
    commit("王律师")
    save(qtbot, page)
    (li,) = [c.id for c in store.children(case, "party") if c.values["name"] == "李四"]
    saved = store.record(page.record_id)
    assert saved is not None
    assert saved.values["principals"] == [li]
    focus(page, "principals")
    commit("，外人")
    keys(TAB)
    assert "请先在案件页登记" in page.form.fields.cells["principals"].message


def test_an_agreement_and_its_items_are_one_write(qtbot: QtBot, desk: Desk, case: str) -> None:
    page = shown(qtbot, EntryPage(desk, "agreement", parent_id=case))
    assert page.form.fields.value("facts_and_disputed_matters") == "借款未还"
    focus(page, "performance_due_on")
    keys("2026-4-8", ENTER, "10000", ENTER)
    keys(Qt.Key.Key_F7)
    table = page.form.tables[0]
    qtbot.waitUntil(lambda: len(table.sets) == 1 and name_in_focus() == "obligor")
    assert table.sets[0].current() == {"obligor": "李四", "amount": 1_000_000, "due_on": "2026-04-08"}
    focus(page, "amount", 0)
    press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    keys("4000", TAB, Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: len(table.sets) == 2)
    assert table.sets[1].current()["amount"] == 600_000
    focus(page, "content", 1)
    commit("归还余款")
    press(Qt.Key.Key_F7, Qt.KeyboardModifier.ControlModifier)
    assert name_in_focus() == "instalment"
    keys(Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: len(table.sets) == 3)
    focus(page, "content", 2)
    press(Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    assert len(table.sets) == 2
    save(qtbot, page)
    items = [c.values for c in desk.session.store.children(page.record_id, "performance")]
    assert [(i["amount"], i["due_on"]) for i in items] == [(400_000, "2026-04-08"), (600_000, "2026-05-08")]
    assert len(desk.session.store.history(page.record_id)) == 1


def test_the_steps_are_taken_from_a_menu(qtbot: QtBot, desk: Desk, case: str) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation", case))
    focus(page, "accepted_on")
    commit("今天")
    keys(TAB)
    qtbot.waitUntil(lambda: page.steps.buttons["accept"].isEnabled())
    keys(Qt.Key.Key_F6)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    said = [line.text() for line in menu.actions()]
    assert said[0] == "&1  受理"
    assert "不予受理理由" in said[1]
    QTest.keyClick(menu, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: page.steps.state == "● 已受理")


def test_what_to_look_up_for_stands_on_an_amber_line(qtbot: QtBot, desk: Desk, case: str) -> None:
    page = shown(qtbot, EntryPage(desk, "agreement", parent_id=case))
    (line,) = page.findChildren(CautionLine)
    assert not line.isVisible()
    focus(page, "agreement_form")
    keys("1")
    focus(page, "agreement_amount")
    keys("500", TAB)
    qtbot.waitUntil(line.isVisible)
    assert "人民调解工作若干规定第34条" in line.text.text()
    focus(page, "agreement_content")
    commit("双方各付调解费一百元。")
    qtbot.waitUntil(lambda: len(line.told) == 2)
    assert "第4条" in line.text.text()
    assert line.text.text().index("第4条") < line.text.text().index("第34条"), "what alarms stands first"
    line.text.linkActivated.emit("agreement_form")
    assert name_in_focus() == "agreement_form"
