"""The conflict screen over two real stores and a county: by keys alone, one conflict after the other, decided, written together, taken back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.attach import attach
from jusuo_desktop.actions.conflict_reading import open_conflicts
from jusuo_desktop.actions.decide_conflict import decide
from jusuo_desktop.actions.save_record import Child, save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.signed_scan import SIGNED
from jusuo_desktop.actions.void_record import void
from jusuo_desktop.store import Edit
from jusuo_desktop.ui.conflict_page import NO_PAPER, ConflictPage
from jusuo_desktop.ui.conflict_pane import ASKED_AGAIN
from jusuo_desktop.ui.desk import Desk
from tests.pictures.images import encoded, sheet
from tests.sync.offices import consult
from tests.sync.two_desks import Desks, two_desks

ACCOUNT = "两家院墙相邻，素来和睦。" * 60


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Desks]:
    with two_desks(tmp_path) as made:
        yield made


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Callable[[Session], ConflictPage]]:
    made: list[Desk] = []
    broken: list[BaseException] = []

    def show(session: Session) -> ConflictPage:
        desk = Desk(session)
        desk.background.broke.connect(broken.append)
        made.append(desk)
        page = ConflictPage(desk)
        qtbot.addWidget(page)
        page.resize(1246, 700)
        page.show()
        page.activateWindow()
        page.shown()
        qtbot.waitUntil(lambda: page.pane.left > 0 and not desk.background.busy)
        return page

    yield show
    for desk in made:
        desk.close()
    assert not broken, broken


def case(one: Session, two: Session, meet: Callable[[], None], *differing: tuple[dict[str, object], dict[str, object]]) -> str:
    """A mediation in which two people wrote different things."""
    parties = [Child("party", {"name": name, "party_role": role}) for name, role in (("张三", "1"), ("李四", "2"))]
    made = save(one, "mediation", {"dispute_type": "2", "dispute_summary": ACCOUNT + "雨水流入院内。"}, children=parties).record.id
    meet()
    for ours, theirs in differing:
        one.store.write([Edit("mediation", ours, made)], act="save")  # type: ignore[arg-type]
        two.store.write([Edit("mediation", theirs, made)], act="save")  # type: ignore[arg-type]
    meet()
    return made


def values(session: Session, record_id: str) -> dict[str, object]:
    record = session.store.record(record_id)
    assert record is not None
    return dict(record.values)


def test_one_key_decides_the_next_follows_and_the_last_is_taken_back(qtbot: QtBot, desks: Desks, shown: Callable[[Session], ConflictPage]) -> None:
    one, two, meet = desks
    made = case(
        one,
        two,
        meet,
        ({"registered_on": "2026-03-01"}, {"registered_on": "2026-03-03"}),
        ({"case_source": "2"}, {"case_source": "3"}),
        ({"is_public": True}, {"is_public": False}),
    )
    page = shown(two)
    pane = page.pane
    assert "还有 3 处" in page.counted.text()
    fields = [one_conflict.field for one_conflict in pane._conflicts]
    wanted = {}
    for key, field in zip((Qt.Key.Key_2, Qt.Key.Key_1, Qt.Key.Key_2), fields, strict=True):
        current = pane.current()
        assert current is not None
        assert current.field == field
        wanted[field] = {"1": current.kept, "2": current.other}[chr(key)]
        QTest.keyClick(pane.list, key)
    assert pane.left == 0
    qtbot.waitUntil(lambda: not page.desk.background.busy)
    assert open_conflicts(two) == []
    assert page.counted.text() == "都决定好了"
    QTest.keyClick(page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: pane.left == 1 and not page.desk.background.busy)
    back = pane.current()
    assert back is not None
    assert back.field == fields[-1]
    QTest.keyClick(pane.list, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: not page.desk.background.busy and open_conflicts(two) == [])
    meet()
    assert open_conflicts(one) == []
    assert values(one, made) == values(two, made)
    shown_now = {"登记日期": values(one, made)["registered_on"], "公开调解": values(one, made)["is_public"]}
    assert shown_now == {"登记日期": wanted["registered_on"], "公开调解": wanted["is_public"] == "是"}


def test_a_long_account_shows_what_differs_and_a_text_of_both_is_written(
    qtbot: QtBot, desks: Desks, shown: Callable[[Session], ConflictPage]
) -> None:
    one, two, meet = desks
    ours, theirs = ACCOUNT + "雨水流入厨房。", ACCOUNT + "雨水流入院内，墙根潮湿。"
    made = case(one, two, meet, ({"dispute_summary": ours}, {"dispute_summary": theirs}))
    page = shown(two)
    sides = page.pane.sides
    seen = {side: view.toPlainText() for side, view in sides.texts.items()}
    assert all("两边相同的" in text and len(text) < 120 for text in seen.values())
    assert "厨房" in seen["kept"]
    assert "墙根潮湿" in seen["other"]
    assert sides.whose["kept"].text().endswith("王内勤（电脑）")
    assert sides.whose["other"].text().endswith("李所长（本机）")
    assert "填写" in sides.when["kept"].text()
    assert "到县里" in sides.when["kept"].text()
    assert "院内" in re.sub("<[^>]*>", "", sides.base.text())
    sides.unfold.click()
    assert sides.texts["kept"].toPlainText() == ours
    QTest.keyClick(page.pane.list, Qt.Key.Key_3)
    assert sides.is_writing
    assert sides.writing.toPlainText() == ours
    QTest.keyClick(sides.writing, Qt.Key.Key_Escape)
    assert not sides.is_writing
    QTest.keyClick(page.pane.list, Qt.Key.Key_3)
    sides.writing.setPlainText(ACCOUNT + "雨水流入厨房，墙根潮湿。")
    QTest.keyClick(sides.writing, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not page.desk.background.busy and open_conflicts(two) == [])
    meet()
    assert {values(session, made)["dispute_summary"] for session in (one, two)} == {ACCOUNT + "雨水流入厨房，墙根潮湿。"}


def test_two_decisions_that_differ_are_told_with_who_decided_what(qtbot: QtBot, desks: Desks, shown: Callable[[Session], ConflictPage]) -> None:
    one, two, meet = desks
    made = case(one, two, meet, ({"place": "村委会"}, {"place": "司法所"}))
    (told,) = open_conflicts(one)
    decide(one, told.id, "kept")
    decide(two, told.id, "other")
    meet()
    page = shown(one)
    sides = page.pane.sides
    assert page.pane.asked.text() == ASKED_AGAIN
    assert sides.whose["kept"].text() == "王内勤（本机）的决定：用先到的"
    assert sides.whose["other"].text() == "李所长（电脑）的决定：用后到的"
    assert not sides.mix.isVisible()
    QTest.keyClick(page.pane.list, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: not page.desk.background.busy and open_conflicts(one) == [])
    meet()
    assert {values(session, made)["place"] for session in (one, two)} == {"司法所"}


def test_child_rows_and_voidings_are_decided_too(qtbot: QtBot, desks: Desks, shown: Callable[[Session], ConflictPage]) -> None:
    one, two, meet = desks
    made = case(one, two, meet)
    party, asked = one.store.children(made, "party")[0].id, consult(one.store)
    meet()
    for session, name, reason in ((one, "张三丰", "重复登记"), (two, "张三峰", "登记错了人")):
        session.store.write([Edit("party", {"name": name}, party)], act="save")
        void(session, asked, reason)
    meet()
    page = shown(two)
    listed = {page.pane.list.item(n).text() for n in range(2)}
    assert listed == {"姓名\n当事人张三丰（张三与李四邻里纠纷）", "作废理由\n李四"}
    assert {one_conflict.kept for one_conflict in page.pane._conflicts} == {"张三丰", "作废：重复登记"}
    for _ in range(2):
        QTest.keyClick(page.pane.list, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: not page.desk.background.busy and open_conflicts(two) == [])
    meet()
    assert {values(session, party)["name"] for session in (one, two)} == {"张三峰"}
    assert {values(session, asked)["voided_reason"] for session in (one, two)} == {"登记错了人"}


def test_the_signed_paper_stands_beside_it(qtbot: QtBot, desks: Desks, shown: Callable[[Session], ConflictPage]) -> None:
    one, two, meet = desks
    made = case(one, two, meet, ({"place": "村委会"}, {"place": "司法所"}))
    page = shown(one)
    assert page.paper_line.text() == NO_PAPER
    attach(one, made, "协议书.jpg", encoded(sheet(), "JPEG"), description="调解协议书（签署件）", purpose=SIGNED)
    page = shown(one)
    qtbot.waitUntil(lambda: page.paper.drawn and not page.desk.background.busy)
    assert page.paper_line.text() == "签字的纸：调解协议书（签署件）"
    before = page.paper.scale
    QTest.keyClick(page.pane.list, Qt.Key.Key_Plus)
    assert page.paper.scale > before


def test_a_decision_that_is_refused_comes_back_with_its_sentence(qtbot: QtBot, desks: Desks, shown: Callable[[Session], ConflictPage]) -> None:
    one, two, meet = desks
    case(one, two, meet, ({"place": "村委会"}, {"place": "司法所"}))
    page = shown(one)
    current = page.pane.current()
    assert current is not None
    page.desk.changed.disconnect()
    decide(one, current.id, "kept")  # by another window of this store
    with qtbot.waitSignal(page.desk.refused) as said:
        QTest.keyClick(page.pane.list, Qt.Key.Key_2)
    assert "已经决定过" in said.args[0]
    qtbot.waitUntil(lambda: page.pane.left == 0 and not page.desk.background.busy)
