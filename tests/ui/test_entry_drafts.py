"""Nothing typed is lost: every letter is on disk within two seconds, survives a kill, is offered again, and goes when it is saved."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, Qt
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.session import Session
from jusuo_desktop.store.edit import Edit
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.entry_page import EntryPage
from tests.ui.conftest import PASSPHRASE
from tests.ui.typing_hands import commit, focus, keys, save, shown

SUMMARY = "双方因𠀀家排水沟\n发生争执，\t各执一词"


def type_a_lot(page: EntryPage) -> None:
    """Good, bad and half values in the record, two old rows and a new one, a folded field."""
    focus(page, "dispute_type")
    commit("没有这种")
    focus(page, "accepted_on")
    keys("13.4")
    focus(page, "dispute_summary")
    commit(SUMMARY)
    focus(page, "mediators")
    commit("仇大伟、查无此人")
    focus(page, "name", 0)
    commit("欧阳𠀀明")
    focus(page, "id_card_number", 0)
    keys("33042419850612003")
    focus(page, "name", 1)
    commit("李四")
    row = page.form.tables[0].add()
    page.form.show_editor(row.cells["address"].editor)
    commit("第三人的住址")


def assert_all_there(page: EntryPage) -> None:
    fields, rows = page.form.fields, page.form.tables[0].sets
    assert fields.cells["dispute_type"].editor.raw() == "没有这种"
    assert "没有“没有这种”这一项" in fields.cells["dispute_type"].message
    assert fields.cells["accepted_on"].editor.raw() == "13.4"
    assert fields.cells["dispute_summary"].editor.raw() == SUMMARY
    assert fields.cells["mediators"].editor.raw()["text"] == "仇大伟、查无此人"
    assert rows[0].cells["name"].editor.raw() == "欧阳𠀀明"
    assert rows[0].cells["id_card_number"].editor.raw() == "33042419850612003"
    assert rows[1].cells["name"].editor.raw() == "李四"
    assert rows[2].cells["address"].editor.raw() == "第三人的住址"


def test_typed_text_is_on_disk_within_two_seconds_and_offered_after_a_crash(qtbot: QtBot, opened: Callable[[], Session], tmp_path: Path) -> None:
    desk = Desk(opened())
    page = shown(qtbot, EntryPage(desk, "mediation"))
    clock = QElapsedTimer()
    clock.start()
    type_a_lot(page)
    qtbot.waitUntil(lambda: bool(desk.session.store.drafts()), timeout=2000)
    assert clock.elapsed() < 2000
    qtbot.waitUntil(lambda: desk.session.store.drafts()[0].content == page.draft_content(), timeout=2000)
    desk.close()  # no may_close, no save: the page is simply gone
    page.hide()
    later = Desk(opened())
    (draft,) = later.session.store.drafts()
    assert (draft.kind, draft.record_id) == ("mediation", "")
    again = shown(qtbot, EntryPage.from_draft(later, draft))
    assert_all_there(again)
    assert "已经恢复" in again.notice.text
    for name, text in (("dispute_type", "2"), ("accepted_on", "3.7"), ("mediators", "仇大伟")):
        focus(again, name)
        again.form.fields.cells[name].editor.selectAll()
        commit(text)
        keys(Qt.Key.Key_Return)
    save(qtbot, again)
    assert later.session.store.drafts() == []
    record = later.session.store.record(again.record_id)
    assert record is not None
    assert record.values["dispute_summary"] == SUMMARY
    assert len(later.session.store.children(again.record_id)) == 3
    later.close()


KILLED = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from jusuo_desktop.actions.unlock import unlock
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.entry_page import EntryPage
from tests.ui.typing_hands import commit, focus

app = QApplication([])
desk = Desk(unlock(Path(sys.argv[1]), "王建国", sys.argv[2]))
page = EntryPage(desk, "consultation")
page.show()
page.activateWindow()

def type_it():
    if not page.ready or app.focusWidget() is None:  # the window comes to the front in its own time
        QTimer.singleShot(10, type_it)
        return
    focus(page, "consultation_content")
    commit("一个字都不能丢𠀀")
    look()

def look():
    if desk.session.store.drafts():
        print("kept", flush=True)
        QTimer.singleShot(60_000, app.quit)
    else:
        QTimer.singleShot(20, look)

type_it()
app.exec()
"""


def test_a_killed_process_loses_no_letter(qtbot: QtBot, opened: Callable[[], Session]) -> None:
    session = opened()
    folder = session.store.folder
    session.store.close()
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(folder), PASSPHRASE], stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "kept"
        os.kill(process.pid, signal.SIGKILL)
    desk = Desk(opened())
    (draft,) = desk.session.store.drafts()
    page = shown(qtbot, EntryPage.from_draft(desk, draft))
    assert page.form.fields.cells["consultation_content"].editor.raw() == "一个字都不能丢𠀀"
    desk.close()


def test_closing_keeps_at_once_and_the_record_offers_it_again(qtbot: QtBot, desk: Desk) -> None:
    record = desk.session.store.write([Edit("mediation", {"dispute_summary": "旧", "state": "registered"})], act="save")[0]
    page = shown(qtbot, EntryPage(desk, "mediation", record.id))
    focus(page, "dispute_summary")
    commit("新写的")
    assert page.may_close()
    assert [d.record_id for d in desk.session.store.drafts()] == [record.id]
    again = shown(qtbot, EntryPage(desk, "mediation", record.id))
    assert again.form.fields.cells["dispute_summary"].editor.raw() == "新写的旧"
    again.notice.press("不要这些内容")
    assert again.form.fields.cells["dispute_summary"].editor.raw() == "旧"
    assert desk.session.store.drafts() == []
    page.keeper.give_up()


def test_looking_and_typing_back_leaves_no_draft(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation"))
    page.may_close()
    assert desk.session.store.drafts() == []
    focus(page, "place")
    commit("甲")
    keys(Qt.Key.Key_Backspace)
    page.may_close()
    assert desk.session.store.drafts() == []


def test_what_is_typed_while_saving_stays_typed(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation"))
    focus(page, "dispute_summary")
    commit("第一句。")
    page.save()
    assert page.saving
    commit("第二句。")
    qtbot.waitUntil(lambda: not page.saving)
    record = desk.session.store.record(page.record_id)
    assert record is not None
    assert record.values["dispute_summary"] == "第一句。"
    assert page.form.fields.cells["dispute_summary"].editor.raw() == "第一句。第二句。"
    qtbot.waitUntil(lambda: [d.content["values"] for d in desk.session.store.drafts()] == [{"dispute_summary": "第一句。第二句。"}], timeout=2000)
    save(qtbot, page)
    assert desk.session.store.drafts() == []
