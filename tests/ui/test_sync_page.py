"""The sync page against a real county server: joining, syncing, deciding, and the sentence for what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.enroll import enroll
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.sync_now import sync_now
from jusuo_desktop.store import Edit
from jusuo_desktop.store.schema import OUTBOX
from jusuo_desktop.ui.conflict_page import ConflictPage
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.sync_page import SyncPage
from tests.running_county import RunningCounty, running_county
from tests.sync.offices import OFFICE, consult, new_session

WAIT = 20_000


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCounty]:
    with running_county(tmp_path_factory.mktemp("county")) as made:
        yield made


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = new_session(tmp_path / "own")
    yield made
    made.store.close()


@pytest.fixture
def other(tmp_path: Path, county: RunningCounty) -> Iterator[Session]:
    """Another machine of the office, which syncs by itself."""
    made = new_session(tmp_path / "other", "李所长")
    enroll(made, county.url, county.enroll(OFFICE), "所长电脑")
    yield made
    made.store.close()


@pytest.fixture
def shown(qtbot: QtBot, session: Session) -> Iterator[Callable[[], SyncPage]]:
    """Shows the page in a window of its own."""
    desks: list[Desk] = []

    def show() -> SyncPage:
        desks.append(Desk(session))
        page = SyncPage(desks[-1])
        qtbot.addWidget(page)
        page.resize(1200, 700)
        page.show()
        page.shown()
        qtbot.waitUntil(lambda: page.form.isVisible() or page.contact.isVisible(), timeout=WAIT)
        return page

    yield show
    for desk in desks:
        desk.close()


def settled(page: SyncPage) -> bool:
    return not page.syncing.running and not page.desk.background.busy


def test_a_new_machine_joins_and_syncs(
    qtbot: QtBot, county: RunningCounty, session: Session, shown: Callable[[], SyncPage], other: Session, tmp_path: Path
) -> None:
    record_id = consult(session.store)
    page = shown()
    assert page.form.isVisible()
    assert not page.now.isVisible()
    form = page.form
    qtbot.mouseClick(form.go, Qt.MouseButton.LeftButton)
    assert form.problem.text() == "请填写服务器地址。"
    form.url.setText(county.url)
    form.code.setText("ABC")
    qtbot.mouseClick(form.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "应为25个字母和数字" in form.problem.text() and form.go.isEnabled(), timeout=WAIT)
    form.code.setText(county.enroll(OFFICE).lower())
    qtbot.keyClick(form.device_name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.contact.isVisible() and settled(page) and "核对一致" in page.outcome.text(), timeout=WAIT)
    assert page.standing.text() == "本机的内容都已上报。"
    assert page.queue.lines == []
    assert page.now.isEnabled()
    assert not page.stop.isVisible()
    with qtbot.waitSignal(page.desk.said, timeout=WAIT) as said:
        page.export_ledger(tmp_path / "情况.xlsx")
    assert said.args[0].startswith("已导出 ")
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(tmp_path / "情况.xlsx").worksheets[0].iter_rows()]
    receipt = session.store.whereabouts([record_id])[record_id].receipt
    assert next(row[3:5] for row in rows if row[-1] == record_id) == ["县里已收", receipt]
    sync_now(other)
    assert other.store.record(record_id) is not None


def test_a_conflict_waits_on_the_page_and_one_key_leads_to_it(
    qtbot: QtBot, county: RunningCounty, session: Session, shown: Callable[[], SyncPage], other: Session
) -> None:
    enroll(session, county.url, county.enroll(OFFICE))
    record_id = consult(session.store)
    sync_now(session)
    sync_now(other)
    for one, phone in ((other, "13911111111"), (session, "13922222222")):
        one.store.write([Edit("consultation", {"contact_phone": phone}, record_id)], act="save")
        sync_now(one)
    page = shown()
    qtbot.waitUntil(lambda: [line[0] for line in page.queue.lines] == ["有分歧"], timeout=WAIT)
    assert page.decide.text() == "决定分歧（1）"
    line = page.queue.lines[0]
    assert line[3] == "联系电话"
    assert line[6] == "李所长（所长电脑）写的是“13911111111”，王内勤（本机）写的是“13922222222”。"
    with qtbot.waitSignal(page.desk.page_wanted, timeout=WAIT) as asked:
        qtbot.keyClick(page.queue.table, Qt.Key.Key_Return)
    screen = asked.args[0]
    assert isinstance(screen, ConflictPage)
    qtbot.addWidget(screen)
    screen.show()
    screen.shown()
    qtbot.waitUntil(lambda: screen.pane.left == 1, timeout=WAIT)
    with qtbot.waitSignal(page.desk.record_wanted, timeout=WAIT) as opened:
        qtbot.keyClick(screen.pane.list, Qt.Key.Key_F4)
    assert opened.args == ["consultation", record_id]
    qtbot.keyClick(screen.pane.list, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: page.queue.lines == [] or page.queue.lines[0][0] == "待上报", timeout=WAIT)
    assert session.store.record(record_id).values["contact_phone"] == "13922222222"  # type: ignore[union-attr]
    page.now.click()
    qtbot.waitUntil(lambda: settled(page) and page.standing.text() == "本机的内容都已上报。", timeout=WAIT)
    sync_now(other)
    assert other.store.record(record_id).values["contact_phone"] == "13922222222"  # type: ignore[union-attr]


def test_a_refused_change_says_why_and_can_be_given_up(qtbot: QtBot, county: RunningCounty, session: Session, shown: Callable[[], SyncPage]) -> None:
    enroll(session, county.url, county.enroll(OFFICE))
    record_id = consult(session.store)
    sync_now(session)
    session.store.write([Edit("consultation", {"contact_phone": "13933333333"}, record_id)], act="save")
    with session.store._writing() as connection:  # a value that only a newer client could have let through
        connection.execute(OUTBOX.update().values(fields=b"\x81\xadcontact_phone\x07"))
    page = shown()
    qtbot.waitUntil(lambda: [line[0] for line in page.queue.lines] == ["待上报"], timeout=WAIT)
    page.now.click()
    qtbot.waitUntil(lambda: settled(page) and [line[0] for line in page.queue.lines] == ["被退回"], timeout=WAIT)
    assert "联系电话" in page.queue.lines[0][6]
    assert "被退回、要处理 1 项" in page.standing.text()
    assert page.queue.give_up.isVisible()
    page.queue.give_up.click()
    qtbot.waitUntil(lambda: page.queue.lines == [], timeout=WAIT)
    assert session.store.record(record_id).values["contact_phone"] == "13800000000"  # type: ignore[union-attr]


def test_a_server_that_is_away_gets_its_sentence(qtbot: QtBot, county: RunningCounty, session: Session, shown: Callable[[], SyncPage]) -> None:
    enroll(session, county.url, county.enroll(OFFICE))
    consult(session.store)
    county.stop()
    page = shown()
    with qtbot.waitSignal(page.desk.refused, timeout=WAIT) as told:
        page.now.click()
    assert "拒绝连接" in told.args[0]
    qtbot.waitUntil(lambda: settled(page) and "拒绝连接" in page.outcome.text(), timeout=WAIT)
    assert page.now.isEnabled()
    county.start()
    page.now.click()
    qtbot.waitUntil(lambda: settled(page) and "核对一致" in page.outcome.text(), timeout=WAIT)


def test_a_stick_goes_out_and_its_answer_comes_in(
    qtbot: QtBot, county: RunningCounty, session: Session, shown: Callable[[], SyncPage], tmp_path: Path
) -> None:
    enroll(session, county.url, county.enroll(OFFICE))
    sync_now(session)
    consult(session.store)
    page = shown()
    bar = page.courier
    qtbot.waitUntil(lambda: settled(page), timeout=WAIT)
    assert not bar.receipt.isEnabled()
    with qtbot.waitSignal(page.desk.said, timeout=WAIT) as said:
        bar.export_to(tmp_path)
    assert "已导出 1 项更改" in said.args[0]
    qtbot.waitUntil(lambda: "还没有回执" in bar.line.text(), timeout=WAIT)
    assert bar.receipt.isEnabled()
    (stick,) = tmp_path.glob("*.jusuo")
    county.say("bundle", str(stick))
    with qtbot.waitSignal(page.desk.refused, timeout=WAIT) as refused:
        bar.import_from(stick)
    assert "不是县里的回执" in str(refused.args)
    with qtbot.waitSignal(page.desk.said, timeout=WAIT) as said:
        bar.import_from(stick.with_name(f"{stick.stem}-回执.jusuo"))
    assert "上报 1 项" in said.args[0]
    qtbot.waitUntil(lambda: settled(page) and bar.line.text() == "", timeout=WAIT)
    assert page.standing.text() == "本机的内容都已上报。"
