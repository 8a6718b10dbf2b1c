"""Whole records typed by keys alone, Chinese through input-method events, saved and read back from a real store."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from jusuo_desktop.store.edit import Edit
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.entry_page import EntryPage
from jusuo_desktop.ui.layouts import LAYOUTS
from jusuo_desktop.ui.steps_bar import field_named
from tests.ui.typing_hands import commit, focus, keys, name_in_focus, press, save, shown, unfinished

ENTER, TAB = Qt.Key.Key_Return, Qt.Key.Key_Tab


def walk_to(name: str) -> None:
    """Enter from field to field; at most once through the page."""
    for _ in range(40):
        if name_in_focus() == name:
            return
        keys(ENTER)
    raise AssertionError(f"Enter never reached {name}")


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
    walk_to("name")
    commit("李四")
    walk_to("dispute_summary")
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


@pytest.mark.parametrize("kind", sorted(LAYOUTS))
def test_enter_walks_through_every_field_and_ends_at_saving(qtbot: QtBot, desk: Desk, kind: str) -> None:
    page = shown(qtbot, EntryPage(desk, kind))
    editors = page.form.editors()
    page.form.show_editor(editors[0])
    for editor in editors:
        assert QApplication.focusWidget() is editor
        press(ENTER, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is page.save_button


def test_a_consultation_in_the_order_of_the_talk(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, EntryPage(desk, "consultation"))
    assert name_in_focus() == "consultation_channel"
    keys("1", ENTER, ENTER)
    assert name_in_focus() == "name"
    commit("单雄信")
    keys(ENTER, "0573-86021234", ENTER, "33042419500101002x", ENTER, ENTER)
    assert name_in_focus() == "address"
    focus(page, "crowd_types")
    keys("6", ENTER)
    assert name_in_focus() == "matter_type"
    keys("1", ENTER)
    commit("赡养费")
    keys(ENTER)
    assert name_in_focus() == "consultation_content"
    commit("儿子三年不付赡养费，怎么办？")
    keys(TAB)
    commit("可以申请人民调解，也可以申请法律援助起诉。")
    keys(TAB)
    commit("现在")
    keys(ENTER)
    commit("代书")
    keys(ENTER, "3.20", ENTER, "y", ENTER, "5", ENTER)
    save(qtbot, page)
    record = desk.session.store.record(page.record_id)
    assert record is not None
    assert dict(record.values) == {
        "state": "open", "consulted_at": "2026-03-09T10:30", "consultation_channel": "1", "received_by": desk.session.store.user.id,
        "name": "单雄信", "contact_phone": "0573-86021234", "id_card_number": "33042419500101002X", "sex": "2", "birth_date": "1950-01-01",
        "address": "浙江省嘉兴市海盐县", "crowd_types": ["2", "4", "6"], "matter_type": "1", "cause_of_action": "M0111",
        "consultation_content": "儿子三年不付赡养费，怎么办？", "reply_opinion": "可以申请人民调解，也可以申请法律援助起诉。",
        "replied_at": "2026-03-09T10:30", "handling_method": "3", "reply_due_on": "2026-03-20", "told_legal_aid": True, "satisfaction_grade": "5",
    }  # fmt: skip


def test_an_adviser_visit(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, EntryPage(desk, "adviser_visit"))
    assert name_in_focus() == "village"
    keys("dg", ENTER, "cls", ENTER, "1", ENTER, "9:30", ENTER)
    commit("11：00")
    keys(ENTER)
    assert name_in_focus() == "duration_minutes"
    keys(ENTER)
    commit("文化礼堂")
    keys(ENTER, "28", ENTER, ENTER)
    commit("讲解民法典婚姻家庭编，发放资料50份。")
    keys(TAB, TAB, TAB, "40", ENTER)
    save(qtbot, page)
    record = desk.session.store.record(page.record_id)
    assert record is not None
    values = dict(record.values)
    assert desk.session.store.name_of(str(values.pop("village"))) == "东港社区"
    assert desk.session.store.name_of(str(values.pop("adviser"))) == "陈律师"
    assert values == {
        "served_on": "2026-03-09", "service_mode": "1", "started_at": "9:30", "ended_at": "11:00", "duration_minutes": 90, "place": "文化礼堂",
        "service_types": ["2", "8"], "service_content": "讲解民法典婚姻家庭编，发放资料50份。", "lecture_attendance": 40,
    }  # fmt: skip
    assert page.foot.said == "已保存。"


def test_grades_by_single_keys_under_a_mediation(qtbot: QtBot, desk: Desk) -> None:
    parent = desk.session.store.write([Edit("mediation", {"title": "张三与李四邻里纠纷", "state": "registered"})], act="save")[0]
    page = shown(qtbot, EntryPage(desk, "evaluation", parent_id=parent.id))
    assert "张三与李四邻里纠纷" in page.title
    focus(page, "service_attitude")
    keys("5", ENTER, "4", ENTER, "3", ENTER, "2", ENTER, "n", ENTER, "1", ENTER, "4", ENTER)
    focus(page, "survey_method")
    keys("2")
    save(qtbot, page)
    record = desk.session.store.record(page.record_id)
    assert record is not None
    assert record.parent_id == parent.id
    assert dict(record.values) == {
        "evaluated_on": "2026-03-09", "evaluation_subject": "1", "survey_method": "2", "service_attitude": "5", "impartiality": "4",
        "service_efficiency": "3", "service_competence": "2", "fee_charged": False, "performance": "1", "overall_satisfaction": "4",
    }  # fmt: skip


def test_an_unfinished_input_method_text_moves_nothing(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation"))
    for name, row in (("dispute_type", None), ("name", 0), ("id_card_number", 0), ("dispute_summary", None), ("mediators", None)):
        editor = focus(page, name, row)
        unfinished("zhang'san")
        for key in (ENTER, Qt.Key.Key_Down, Qt.Key.Key_F7, Qt.Key.Key_F12, Qt.Key.Key_Escape):
            keys(key)
        press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        assert QApplication.focusWidget() is editor
        assert not editor.drop.isVisible() if hasattr(editor, "drop") else True
        assert len(page.form.tables[0].sets) == 2
        assert not page.saving
        assert not page.record_id
        unfinished("")
    assert not page.record_id
    assert not page.draft_content()


def test_a_wrong_value_says_so_beside_the_field_and_stays(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation"))
    focus(page, "accepted_on")
    keys("13.45", ENTER)
    cell = page.form.fields.cells["accepted_on"]
    assert "不是日期" in cell.message
    assert cell.editor.raw() == "13.45"
    focus(page, "case_source")
    commit("随便写的")
    keys(TAB)
    press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert name_in_focus() == "case_source"
    assert page.foot.said.startswith("有2处填写有误")
    assert page.form.fields.cells["case_source"].editor.raw() == "随便写的"
    assert not page.record_id
    focus(page, "id_card_number", 0)
    keys("330424198506120035", ENTER)
    row = page.form.tables[0].sets[0]
    assert "校验位不对" in row.cells["id_card_number"].message
    assert not row.cells["id_card_number"].judge()
    for name, text in (("accepted_on", "3.7"), ("case_source", "1")):
        focus(page, name)
        press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        keys(text, ENTER)
    assert page.form.fields.cells["accepted_on"].message == ""
    save(qtbot, page)
    record = desk.session.store.record(page.record_id)
    assert record is not None
    assert record.values["accepted_on"] == "2026-03-07"
    assert record.values["due_on"] == "2026-04-07"
    assert desk.session.store.children(page.record_id)[0].values["id_card_number"] == "330424198506120035"


def test_an_incomplete_record_is_saved_and_says_what_it_lacks(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation"))
    focus(page, "name", 0)
    commit("张三")
    save(qtbot, page)
    qtbot.waitUntil(lambda: "纠纷类型" in page.foot.lacking)
    assert "纠纷简要情况" in page.foot.lacking
    keys(Qt.Key.Key_F12)
    assert name_in_focus() == "dispute_type"


def test_steps_say_what_they_lack_and_are_taken_with_the_saving(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation"))
    assert "受理还缺：受理日期、当事人、纠纷简要情况" in page.steps.lacking
    for row, name in enumerate(("张三", "李四")):
        focus(page, "name", row)
        commit(name)
    focus(page, "dispute_summary")
    commit("争吵")
    focus(page, "accepted_on")
    commit("今天")
    keys(TAB)
    qtbot.waitUntil(lambda: page.steps.buttons["accept"].isEnabled())
    qtbot.mouseClick(page.steps.buttons["accept"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.steps.state == "● 已受理")
    record = desk.session.store.record(page.record_id)
    assert record is not None
    assert record.values["state"] == "accepted"
    assert set(page.steps.buttons) == {"mediate", "suspend", "settle", "fail", "withdraw"}


def test_a_row_is_added_and_taken_off_by_keys_and_button(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation"))
    focus(page, "name", 0)
    commit("张三")
    keys(Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is page.form.tables[0].sets[-1].cells["name"].editor)
    assert len(page.form.tables[0].sets) == 3
    commit("王五")
    keys(ENTER, "3", ENTER)
    save(qtbot, page)
    assert [(c.values["name"], c.values["party_role"]) for c in desk.session.store.children(page.record_id)] == [("张三", "1"), ("王五", "3")]
    page.form.tables[0].remove(page.form.tables[0].sets[0])
    save(qtbot, page)
    assert [c.voided for c in desk.session.store.children(page.record_id)] == [True, False]
    assert [f.current()["name"] for f in page.form.tables[0].sets if f.record_id] == ["王五"]


def test_a_voided_record_can_only_be_read(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation"))
    focus(page, "dispute_summary")
    commit("争吵")
    save(qtbot, page)
    page.acts.ask_void()
    commit("重复登记")
    keys(ENTER)
    qtbot.waitUntil(lambda: page.locked)
    assert page.notice.text == "已作废：重复登记。只能查看和打印。"
    assert not page.save_button.isEnabled()
    assert all(e.isReadOnly() for e in page.form.editors() if hasattr(e, "isReadOnly"))


def test_the_number_is_drawn_and_shown(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation"))
    focus(page, "dispute_summary")
    commit("争吵")
    page.acts.draw_number()
    qtbot.waitUntil(lambda: "号" in page.marks.number)
    record = desk.session.store.record(page.record_id)
    assert record is not None
    assert record.values["case_number"] == page.marks.number
    page.acts.toggle_history()
    qtbot.waitUntil(lambda: page.acts.history is not None and "案号：（空）" in page.acts.history.toPlainText())
    assert "王建国" in page.acts.history.toPlainText()


def test_a_village_tells_its_committee_and_its_adviser(qtbot: QtBot, desk: Desk) -> None:
    store = desk.session.store
    adviser = store.write([Edit("worker", {"name": "周律师", "worker_roles": ["4"]})], act="save")[0].id
    village = store.write([Edit("village", {"name": "北塘村", "division_code": "330424103208", "adviser": adviser})], act="save")[0].id
    values = {"name": "北塘村人民调解委员会", "short_name": "北民", "committee_type": "01", "village": village}
    committee = store.write([Edit("mediation_committee", values)], act="save")[0].id
    for kind, name, told in (("mediation", "committee", committee), ("adviser_visit", "adviser", adviser)):
        page = shown(qtbot, EntryPage(desk, kind))
        focus(page, "village")
        keys("bt", ENTER)
        qtbot.waitUntil(lambda page=page, name=name, told=told: page.form.fields.value(name) == told)


def test_a_row_taken_off_can_be_put_back(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation"))
    table = page.form.tables[0]
    for row, name in enumerate(("张三", "李四")):
        focus(page, "name", row)
        commit(name)
    save(qtbot, page)
    focus(page, "address", 0)
    commit("刚写的住址")
    table.remove(table.sets[0])
    assert page.notice.text == "已移去“张三”，保存后生效。"
    page.notice.press("放回去")
    save(qtbot, page)
    rows = desk.session.store.children(page.record_id)
    assert [(r.values["name"], r.values.get("address"), r.voided) for r in rows] == [("张三", "刚写的住址", False), ("李四", None, False)]


def test_escape_closes_what_lies_on_the_page_before_it_leaves_the_page(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation"))
    left: list[bool] = []
    page.add_keys("Esc", lambda: left.append(True))  # as the window does
    editor = focus(page, "accepted_on")
    keys(Qt.Key.Key_Down)
    assert QApplication.focusWidget() is not editor
    keys(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is editor
    focus(page, "dispute_type")
    keys(Qt.Key.Key_Down, Qt.Key.Key_Escape)
    page.void_bar.ask()
    keys(Qt.Key.Key_Escape)
    assert not page.void_bar.isVisible()
    assert not left
    focus(page, "dispute_type")
    keys(Qt.Key.Key_Escape)
    assert left == [True]


def test_a_day_is_chosen_from_the_calendar(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation"))
    editor = focus(page, "accepted_on")
    keys("3.9", Qt.Key.Key_Down, Qt.Key.Key_Right, ENTER)
    assert QApplication.focusWidget() is editor
    assert editor.text() == "2026-03-10"
    keys(ENTER)
    assert page.form.fields.value("due_on") == "2026-04-10"


def test_several_are_ticked_by_keys_and_typed_with_marks_between(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation"))
    store = desk.session.store
    editor = focus(page, "mediators")
    qtbot.waitUntil(lambda: len(editor.choices()) >= 4)
    keys(Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Space, ENTER)
    assert name_in_focus() == "difficulty"
    assert len(page.form.fields.value("mediators")) == 2
    focus(page, "mediators")
    commit("仇大伟，stf")
    keys(ENTER)
    assert [store.name_of(i) for i in page.form.fields.value("mediators")] == ["仇大伟", "单田芳"]


def test_a_child_opens_over_the_page_that_was_saved_for_it(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation"))
    focus(page, "dispute_summary")
    commit("争吵")
    focus(page, "name", 0)
    commit("张三")
    with qtbot.waitSignal(desk.page_wanted) as wanted:
        page.acts.open_child("mediation_session", "")
    over = shown(qtbot, wanted.args[0])
    assert (over.kind, over.parent_id) == ("mediation_session", page.record_id)
    assert over.form.fields.value("participants") == "张三"
    focus(over, "record_text")
    commit("双方各让一步。")
    save(qtbot, over)
    qtbot.waitUntil(lambda: any("调解记录" in b.text() for b in page.form.lists[0].buttons))
    assert page.marks.way == "只在本机"


def test_papers_of_a_record_are_offered_and_one_alone_opens(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, EntryPage(desk, "adviser_visit"))
    focus(page, "place")
    commit("文化礼堂")
    page.acts.choose_print(page.print_button)
    qtbot.waitUntil(lambda: bool(page.record_id) and not desk.background.busy)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert "服务记录表" in menu.actions()[0].text()
    with qtbot.waitSignal(desk.preview_wanted) as wanted:
        menu.actions()[0].trigger()
    assert wanted.args == ["adviser_visit_record", page.record_id]
    menu.close()


def test_a_lacking_piece_leads_to_its_field_even_a_folded_one(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation"))
    assert "不予受理还缺：不予受理理由" in page.steps.lacking
    page.steps.field_wanted.emit(field_named(page.record_kind, "不予受理的理由"))
    assert name_in_focus() == "refusal_reason"
    assert field_named(page.record_kind, "受理日期") == "accepted_on"
    assert field_named(page.record_kind, "当事人") == ""
