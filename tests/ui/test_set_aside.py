"""A poison record, end to end: the real window against a real county server sets it aside with its reason and sends the rest; mended at its
field it goes up, and its page shows the receipt by which the county finds it.
"""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.enroll import enroll
from jusuo_desktop.store.schema import OUTBOX
from jusuo_desktop.ui.entry_page import EntryPage
from jusuo_desktop.ui.list_page import ListPage
from jusuo_desktop.ui.sync_page import SyncPage
from tests.running_county import running_county
from tests.sync.offices import OFFICE, consult, new_session
from tests.ui.typing_hands import commit, name_in_focus, press, save
from tests.ui.window_hands import still, window_entered

WAIT = 30_000
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def test_a_poison_record_is_set_aside_mended_at_its_field_and_goes_up(qtbot: QtBot, tmp_path: Path) -> None:
    with running_county(tmp_path / "county", quiet=True) as county:
        session = new_session(tmp_path / "own")
        enroll(session, county.url, county.enroll(OFFICE), "前台电脑")
        poison, sound = consult(session.store, "周敏"), [consult(session.store, name) for name in ("吴用", "王小二")]
        with session.store._writing() as connection:  # a value that only a newer client could have let through
            mine = OUTBOX.c.record_id == poison
            connection.execute(OUTBOX.update().where(mine).values(fields=b"\x82\xa4name\xa6\xe5\x91\xa8\xe6\x95\x8f\xadcontact_phone\x07"))
        with window_entered(qtbot, session, tmp_path) as workspace:
            press(Qt.Key.Key_7, ALT)
            page = workspace.pages.front
            assert isinstance(page, SyncPage)
            QTest.keyClick(page, Qt.Key.Key_F9)
            qtbot.waitUntil(lambda: not page.syncing.running and [line[0] for line in page.queue.lines] == ["被退回"], timeout=WAIT)
            assert "被退回、要处理 1 项" in page.standing.text()
            assert "联系电话" in page.queue.why.text()
            number = page.queue.why.text().partition("退回号 ")[2][:8]
            told = county.say("find", number)
            assert "前台电脑" in told
            assert "联系电话" in told
            assert {session.store.whereabouts([one])[one].state for one in sound} == {"received"}
            page.queue.table.setFocus()
            QTest.keyClick(page.queue.table, Qt.Key.Key_Return)
            record = workspace.pages.front
            assert isinstance(record, EntryPage)
            qtbot.waitUntil(lambda: record.ready and name_in_focus() == "contact_phone", timeout=WAIT)
            still(qtbot, workspace)
            assert record.marks.way == "被退回"
            assert record.form.fields.cells["contact_phone"].message.startswith("县里没有接收：")
            assert "改正后保存" in record.notice.text
            QApplication.focusWidget().selectAll()  # type: ignore[union-attr]
            commit("13812345678")
            save(qtbot, record)
            still(qtbot, workspace)
            assert record.marks.way == "只在本机"
            assert record.form.fields.cells["contact_phone"].message == ""
            record.marks.chip.click()
            assert workspace.pages.front is page
            QTest.keyClick(page, Qt.Key.Key_F9)
            qtbot.waitUntil(lambda: not page.syncing.running and page.standing.text() == "本机的内容都已上报。", timeout=WAIT)
            qtbot.waitUntil(lambda: page.queue.lines == [], timeout=WAIT)
            workspace.open_record("consultation", poison)
            again = workspace.pages.front
            assert isinstance(again, EntryPage)
            qtbot.waitUntil(lambda: again.marks.way == "县里已收", timeout=WAIT)
            still(qtbot, workspace)
            receipt = session.store.whereabouts([poison])[poison].receipt
            assert receipt in again.marks.chip.toolTip()
            _lists_show_where(qtbot, workspace, poison, receipt)
        found = json.loads(county.say("find", receipt, "--json"))
        assert (found["record"], found["kind"], found["device_name"]) == (poison, "consultation", "前台电脑")
        assert receipt in county.say("find", poison)


def _lists_show_where(qtbot: QtBot, workspace: object, record_id: str, receipt: str) -> None:
    workspace.show_part("consultation")  # type: ignore[attr-defined]
    page = workspace.pages.front  # type: ignore[attr-defined]
    assert isinstance(page, ListPage)
    qtbot.waitUntil(lambda: page.model.rowCount() == 3 and page.model.row_at(2) is not None, timeout=WAIT)
    rows = [page.model.row_at(n) for n in range(3)]
    assert {row.mark for row in rows if row is not None} == {""}
    assert next(row.texts[-1] for row in rows if row is not None and row.id == record_id) == f"县里已收　{receipt}"
    page.filters.set_standing("unsent")
    qtbot.waitUntil(lambda: page.model.rowCount() == 0, timeout=WAIT)
