"""Others work on the same record, people are known already, readers may only read."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jusuo_desktop.store.edit import Edit, User
from jusuo_desktop.store.store import Store
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.editors.drop_list import DropList
from jusuo_desktop.ui.entry_page import EntryPage
from tests.ui.typing_hands import commit, focus, keys, name_in_focus, press, save, shown

ENTER = Qt.Key.Key_Return
OLD = {
    "name": "张建国",
    "party_role": "1",
    "id_card_number": "330424198506120034",
    "sex": "1",
    "contact_phone": "13805731234",
    "address": "新塘村8号",
}


@pytest.fixture
def mediation(desk: Desk) -> str:
    store = desk.session.store
    values = {"title": "张建国与李四邻里纠纷", "dispute_summary": "旧", "place": "村委会", "state": "registered"}
    record = store.write([Edit("mediation", values)], act="save")[0]
    store.write([Edit("party", OLD, parent_id=record.id), Edit("party", {"name": "李四", "party_role": "2"}, parent_id=record.id)], act="save")
    return record.id


def test_a_change_by_somebody_else_stands_beside_what_is_typed(qtbot: QtBot, desk: Desk, mediation: str) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation", mediation))
    focus(page, "place")
    page.form.fields.cells["place"].editor.selectAll()
    commit("镇调解室")
    focus(page, "contact_phone", 0)
    page.form.tables[0].sets[0].cells["contact_phone"].editor.selectAll()
    keys("13900000000")
    store = desk.session.store
    party = store.children(mediation, "party")[0]
    store.write(
        [Edit("", {"place": "东港社区", "dispute_summary": "改过"}, mediation), Edit("", {"contact_phone": "13711111111"}, party.id)], act="save"
    )
    place = page.form.fields.cells["place"]
    qtbot.waitUntil(lambda: "王建国刚改成：东港社区" in place.message)
    assert place.editor.raw() == "镇调解室"
    assert "13711111111" in page.form.tables[0].sets[0].cells["contact_phone"].message
    assert page.form.fields.cells["dispute_summary"].editor.raw() == "改过"
    assert "调解地点、联系方式" in page.notice.text
    save(qtbot, page)
    saved = store.record(mediation)
    assert saved is not None
    assert (saved.values["place"], saved.values["dispute_summary"]) == ("镇调解室", "改过")
    assert store.children(mediation, "party")[0].values["contact_phone"] == "13900000000"
    assert place.message == ""


def test_a_stale_saving_is_refused_once_with_both_values_in_sight(qtbot: QtBot, desk: Desk, mediation: str) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation", mediation))
    focus(page, "place")
    page.form.fields.cells["place"].editor.selectAll()
    commit("镇调解室")
    desk.changed.disconnect(page._on_changed)  # the other change comes in the very moment of saving
    desk.session.store.write([Edit("", {"place": "东港社区"}, mediation)], act="save")
    press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    place = page.form.fields.cells["place"]
    qtbot.waitUntil(lambda: "刚改成：东港社区" in place.message)
    assert page.foot.said.startswith("没有保存：“调解地点”刚刚被别人改过")
    assert place.editor.raw() == "镇调解室"
    assert page.draft_content()["values"] == {"place": "镇调解室"}
    save(qtbot, page)
    saved = desk.session.store.record(mediation)
    assert saved is not None
    assert saved.values["place"] == "镇调解室"


def test_rows_of_others_come_and_go_under_the_typed_ones(qtbot: QtBot, desk: Desk, mediation: str) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation", mediation))
    store = desk.session.store
    _, second = store.children(mediation, "party")
    store.write(
        [Edit("party", {"name": "王五", "party_role": "4"}, parent_id=mediation), Edit("", {"voided_reason": "录入有误"}, second.id)], act="save"
    )
    qtbot.waitUntil(lambda: [f.current().get("name") for f in page.form.tables[0].sets] == ["张建国", "王五"])
    assert not page.form.touched


def offered(qtbot: QtBot, page: EntryPage) -> DropList:
    """The list of known people, once it is there."""
    editor = QApplication.focusWidget()
    qtbot.waitUntil(lambda: DropList.of(editor).is_open_for(editor))
    return DropList.of(editor)


@pytest.mark.parametrize(("name", "typed"), [("name", "张建"), ("name", "zjg"), ("id_card_number", "19850612"), ("contact_phone", "1380573")])
def test_a_known_person_is_offered_and_taken_whole(qtbot: QtBot, desk: Desk, mediation: str, name: str, typed: str) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation"))
    focus(page, name, 0)
    commit(typed)
    drop = offered(qtbot, page)
    assert drop.count() == 1
    said = drop.item(0).text()
    assert "张建国" in said
    assert "330*************34" in said
    assert "邻里纠纷" in said
    keys(Qt.Key.Key_Down, ENTER)
    assert {n: v for n, v in page.form.tables[0].sets[0].current().items() if n in OLD} == OLD
    assert not drop.isVisible()
    assert name_in_focus() != name


def test_typing_on_or_escape_ignores_the_offer(qtbot: QtBot, desk: Desk, mediation: str) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation"))
    focus(page, "name", 0)
    commit("张建")
    drop = offered(qtbot, page)
    commit("华")
    assert not drop.isVisible()
    keys(ENTER)
    assert name_in_focus() == "party_role"
    focus(page, "contact_phone", 0)
    keys("1380573")
    drop = offered(qtbot, page)
    keys(Qt.Key.Key_Escape)
    assert not drop.isVisible()
    assert page.form.tables[0].sets[0].current() == {"name": "张建华", "party_role": "1", "contact_phone": "1380573"}


def test_a_name_that_is_not_there_can_be_added_on_the_spot(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation"))
    focus(page, "village")
    commit("西沟村")
    drop = DropList.of(page.form.fields.cells["village"].editor)
    assert [drop.item(i).text() for i in range(drop.count())] == ["＋ 新增村（社区）“西沟村”…"]
    with qtbot.waitSignal(desk.new_record_wanted) as wanted:
        keys(Qt.Key.Key_Down, ENTER)
    assert wanted.args[:2] == ["village", {"name": "西沟村"}]
    focus(page, "place")
    assert "还没有登记" in page.form.fields.cells["village"].message
    desk.session.store.write([Edit("village", {"name": "西沟村", "division_code": "330424103209"})], act="save")
    field = page.form.fields.cells["village"].field
    qtbot.waitUntil(lambda: any(c.label == "西沟村" for c in page.form.names.of(field)))
    qtbot.waitUntil(lambda: page.form.fields.cells["village"].message == "")
    assert desk.session.store.name_of(str(page.form.fields.value("village"))) == "西沟村"


def test_a_closed_case_masks_identity_numbers_and_notes_a_look(qtbot: QtBot, desk: Desk, mediation: str) -> None:
    store = desk.session.store
    for state in ("withdrawn", "closed"):
        store.write([Edit("", {"state": state, "closed_on": "2026-03-09"}, mediation)], act="step")
    page = shown(qtbot, EntryPage(desk, "mediation", mediation))
    editor = page.form.tables[0].sets[0].cells["id_card_number"].editor
    assert editor.text() == "330*************34"
    noted = views(store)
    focus(page, "id_card_number", 0)
    assert editor.text() == "330424198506120034"
    qtbot.waitUntil(lambda: views(store) == noted + 1)
    assert not page.form.touched


def views(store: Store) -> int:
    """How many looks the audit chain holds."""
    with store._reading() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM audit WHERE act = 'view'").scalar_one())


def test_a_reader_sees_and_cannot_type(qtbot: QtBot, desk: Desk, mediation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.session.store, "user", User(desk.session.store.user.id, "李所长", "reader"))
    page = shown(qtbot, EntryPage(desk, "mediation", mediation))
    assert page.locked
    focus(page, "place")
    commit("不能写")
    assert page.form.fields.cells["place"].editor.text() == "村委会"
    assert not page.save_button.isEnabled()
    assert not page.steps.buttons
