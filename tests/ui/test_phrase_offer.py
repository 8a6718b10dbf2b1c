"""The office's paragraphs in a long text: by letters, by Chinese, with an input method at work; blanks by Tab; one undo; kept by one key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.phrases import install_phrases
from jusuo_desktop.store.edit import Edit
from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.editors import LongTextEditor
from jusuo_desktop.ui.editors.drop_list import DropList
from jusuo_desktop.ui.entry_page import EntryPage
from jusuo_desktop.ui.phrase_help import PhraseHelp
from tests.ui.typing_hands import commit, focus, keys, name_in_focus, press, shown, unfinished

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def desk_with_phrases(desk: Desk) -> Desk:
    if not desk.session.store.count(ListQuery("phrase")):
        install_phrases(desk.session)
    return desk


def writing(qtbot: QtBot, desk: Desk, kind: str = "mediation", field: str = "dispute_summary", **values: str) -> tuple[EntryPage, LongTextEditor]:
    page = shown(qtbot, EntryPage(desk, kind, values=dict(values)))
    editor = focus(page, field)
    assert isinstance(editor, LongTextEditor)
    helper = page.findChild(PhraseHelp)
    assert helper is not None
    qtbot.waitUntil(lambda: bool(helper.book.phrases) and not desk.background.busy)
    return page, editor


def lines(editor: LongTextEditor) -> list[str]:
    drop = DropList.of(editor)
    return [drop.item(i).text() for i in range(drop.count())] if drop.is_open_for(editor) else []


def test_a_slash_and_letters_insert_a_paragraph_and_tab_goes_from_blank_to_blank(qtbot: QtBot, desk_with_phrases: Desk) -> None:
    page, editor = writing(qtbot, desk_with_phrases, dispute_type="2")
    keys("/")
    assert lines(editor) == []
    keys("td")
    assert [line.split("　")[0] for line in lines(editor)] == ["通道被占"]
    keys(Qt.Key.Key_Return)
    assert lines(editor) == []
    assert editor.toPlainText().startswith("【申请人】与【被申请人】系【村组】")
    assert editor.textCursor().selectedText() == "【申请人】"
    commit("张三")
    keys(Qt.Key.Key_Tab)
    assert editor.textCursor().selectedText() == "【被申请人】"
    commit("李四")
    keys(Qt.Key.Key_Tab)
    assert editor.textCursor().selectedText() == "【村组】"
    keys(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Backtab, SHIFT)
    assert editor.textCursor().selectedText() == "【村组】"
    assert editor.toPlainText().startswith("张三与李四系【村组】")
    for _ in range(editor.toPlainText().count("【")):
        keys("x", Qt.Key.Key_Tab)
    assert name_in_focus() != "dispute_summary"
    assert page.form.fields.value("dispute_summary") == editor.toPlainText()


def test_ctrl_k_offers_what_fits_the_field_and_the_type(qtbot: QtBot, desk_with_phrases: Desk) -> None:
    _, editor = writing(qtbot, desk_with_phrases, dispute_type="16")
    press(Qt.Key.Key_K, CONTROL)
    offered = [line.split("　")[0] for line in lines(editor)]
    assert offered == ["道路交通事故"]
    keys(Qt.Key.Key_Escape)
    assert lines(editor) == []
    assert name_in_focus() == "dispute_summary"
    keys("1/2m")
    assert lines(editor) == []
    keys(Qt.Key.Key_Backspace, Qt.Key.Key_Backspace, Qt.Key.Key_Backspace, Qt.Key.Key_Backspace)
    press(Qt.Key.Key_K, CONTROL)
    commit("交通")
    assert len(lines(editor)) == 1
    keys("z")
    assert lines(editor) == []
    keys(Qt.Key.Key_Backspace)
    assert len(lines(editor)) == 1
    keys(Qt.Key.Key_Tab)
    assert editor.toPlainText().startswith("【时间】，")


def test_an_input_method_keeps_its_keys(qtbot: QtBot, desk_with_phrases: Desk) -> None:
    _, editor = writing(qtbot, desk_with_phrases, dispute_type="2")
    press(Qt.Key.Key_K, CONTROL)
    assert len(lines(editor)) > 1
    unfinished("yan di")
    keys(Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Tab)
    assert editor.toPlainText() == ""
    assert name_in_focus() == "dispute_summary"
    unfinished("wy d")
    assert [line.split("　")[0] for line in lines(editor)] == ["屋檐滴水"]
    commit("屋檐", after=("wu yan",))
    assert [line.split("　")[0] for line in lines(editor)] == ["屋檐滴水"]
    keys(Qt.Key.Key_Return)
    assert "屋檐伸出" in editor.toPlainText()


def test_undo_brings_back_what_was_typed_and_a_selection_is_replaced(qtbot: QtBot, desk_with_phrases: Desk) -> None:
    _, editor = writing(qtbot, desk_with_phrases, dispute_type="2")
    commit("𠮷家与李家/")
    keys("wydsh"[:3])
    assert [line.split("　")[0] for line in lines(editor)] == ["屋檐滴水"]
    keys(Qt.Key.Key_Return)
    assert editor.toPlainText().startswith("𠮷家与李家【申请人】")
    press(Qt.Key.Key_Z, CONTROL)
    assert editor.toPlainText() == "𠮷家与李家/wyd"
    editor.selectAll()
    press(Qt.Key.Key_K, CONTROL)
    keys(Qt.Key.Key_Return)
    assert "𠮷家" not in editor.toPlainText()
    assert editor.toPlainText().startswith("【申请人】")


def test_a_selected_text_is_kept_for_the_office_and_offered_at_once(qtbot: QtBot, desk_with_phrases: Desk) -> None:
    desk = desk_with_phrases
    _, editor = writing(qtbot, desk, dispute_type="9")
    commit("养殖场污水流入【　】的鱼塘。")
    editor.selectAll()
    with qtbot.waitSignal(desk.new_record_wanted) as wanted:
        press(Qt.Key.Key_K, CONTROL | SHIFT)
    kind, values, _ = wanted.args
    assert (kind, values) == ("phrase", {"wording": "养殖场污水流入【　】的鱼塘。", "places": ["dispute_summary"], "dispute_types": ["9"]})
    own = desk.session.store.write([Edit("phrase", {**values, "name": "污水入塘", "letters": "ws"})], act="save")[0]
    qtbot.waitUntil(lambda: not desk.background.busy)
    editor.clear()

    def offered() -> list[str]:
        editor.clear()
        keys("/ws")
        return [line.split("　")[0] for line in lines(editor)]

    qtbot.waitUntil(lambda: offered() == ["污水入塘"])
    keys(Qt.Key.Key_Return)
    assert editor.textCursor().selectedText() == "【　】"
    desk.session.store.write([Edit("phrase", {"voided_reason": "测试完了"}, own.id)], act="void")
    qtbot.waitUntil(lambda: not desk.background.busy)


def test_a_page_beneath_a_case_knows_its_type(qtbot: QtBot, desk_with_phrases: Desk) -> None:
    from jusuo_desktop.actions.save_record import Child, save

    desk = desk_with_phrases
    party = Child("party", {"name": "章老汉", "party_role": "1"})
    case = save(desk.session, "mediation", {"registered_on": "2026-03-01", "dispute_type": "1"}, children=(party,)).record
    page = shown(qtbot, EntryPage(desk, "agreement", parent_id=case.id))
    editor = focus(page, "agreement_content")
    assert isinstance(editor, LongTextEditor)
    helper = page.findChild(PhraseHelp)
    assert helper is not None
    qtbot.waitUntil(lambda: bool(helper.book.phrases))
    press(Qt.Key.Key_K, CONTROL)
    names = [line.split("　")[0] for line in lines(editor)]
    assert names[:2] == ["赡养安排", "子女抚养"]
    assert "分批支付工资" not in names
    keys(Qt.Key.Key_Escape)
    focus(page, "facts_and_disputed_matters")
    assert [one.wording for one in helper._choose(page.form.fields.cells["facts_and_disputed_matters"].editor, "sszy")]  # type: ignore[arg-type]
    assert helper._parties()[0]["name"] == "章老汉"
    qtbot.waitUntil(lambda: not desk.background.busy)


def test_what_is_screened_is_told_in_the_same_words(qtbot: QtBot, desk_with_phrases: Desk) -> None:
    _, editor = writing(qtbot, desk_with_phrases, "early_warning", "content")
    press(Qt.Key.Key_K, CONTROL)
    assert lines(editor) == ["这里还没有常用语：选中一段文字，按 Ctrl+Shift+K 存为常用语"]
    keys(Qt.Key.Key_Escape)
    page = shown(qtbot, EntryPage(desk_with_phrases, "dispute_screening"))
    keys(Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: name_in_focus() == "parties")
    editor = focus(page, "summary", 0)
    assert isinstance(editor, LongTextEditor)
    helper = page.findChild(PhraseHelp)
    assert helper is not None
    qtbot.waitUntil(lambda: bool(helper.book.phrases))
    keys("/wyds", Qt.Key.Key_Return)
    assert "屋檐伸出" in editor.toPlainText()
    qtbot.waitUntil(lambda: not desk_with_phrases.background.busy)


def test_an_office_of_an_older_program_gets_the_samples_with_the_list(qtbot: QtBot, desk: Desk) -> None:
    from jusuo_desktop.ui.settings_page import SettingsPage

    page = SettingsPage(desk)
    qtbot.addWidget(page)
    with qtbot.waitSignal(desk.list_wanted) as wanted:
        page._lists["phrase"].click()
    assert wanted.args == ["phrase", ()]
    assert desk.session.store.count(ListQuery("phrase")) >= 60
    assert install_phrases(desk.session) == 0
    qtbot.waitUntil(lambda: not desk.background.busy)
