"""The queue on the page: of ten thousand waiting changes only those in sight are asked for; the chosen line and the acts follow the keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.queue_reading import Group, Line
from jusuo_desktop.ui.queue_model import RUN
from jusuo_desktop.ui.queue_pane import QueuePane

MANY = 10_000


def line(state: str, place: int, **more: object) -> Line:
    made = {"reason": "因为", "top_kind": "consultation", "top_id": f"r{place}", "may_give_up": state == "refused", **more}
    return Line(state, f"{state}{place}", "法律咨询", f"第{place}条", "联系电话", "王内勤", 1_770_000_000_000, **made)  # type: ignore[arg-type]


def shown(qtbot: QtBot) -> tuple[QueuePane, list[tuple[str, int, int]]]:
    pane, asked = QueuePane(), list[tuple[str, int, int]]()
    qtbot.addWidget(pane)
    pane.lines_wanted.connect(lambda *wanted: asked.append(wanted))
    pane.resize(1200, 500)
    pane.show()
    return pane, asked


def test_of_ten_thousand_only_what_is_in_sight_is_asked_for(qtbot: QtBot) -> None:
    pane, asked = shown(qtbot)
    pane.fill([Group("refused", 1), Group("contents", 7, "共 2.0 MB"), Group("waiting", MANY)])
    assert pane.model.rowCount() == 1 + 1 + 1 + 1 + MANY
    qtbot.waitUntil(lambda: ("waiting", 0, RUN) in asked)
    assert set(asked) == {("refused", 0, RUN), ("waiting", 0, RUN)}
    pane.model.take("refused", 0, [line("refused", 0)])
    pane.model.take("waiting", 0, [line("waiting", n) for n in range(RUN)])
    assert pane.model.index(2, 0).data() == "附件，等上传（7）　共 2.0 MB"
    assert len(pane.lines) == 1 + RUN
    pane.table.scrollToBottom()
    qtbot.waitUntil(lambda: ("waiting", MANY - RUN, RUN) in asked)
    assert len(set(asked)) <= 4
    pane.model.take("waiting", MANY - RUN, [line("waiting", n) for n in range(MANY - RUN, MANY)])
    assert pane.model.index(pane.model.rowCount() - 1, 2).data() == f"第{MANY - 1}条"


def test_keys_act_on_the_chosen_line_and_headings_are_passed_over(qtbot: QtBot) -> None:
    pane, _ = shown(qtbot)
    pane.fill([Group("refused", 2), Group("conflict", 1), Group("waiting", 1)])
    pane.model.take("refused", 0, [line("refused", 0, number="A1B2C3D4", field="contact_phone"), line("refused", 1, may_give_up=False)])
    pane.model.take("conflict", 0, [line("conflict", 0)])
    pane.model.take("waiting", 0, [line("waiting", 0)])
    pane.table.setFocus()
    assert (pane.open.text(), pane.retry.isVisible(), pane.give_up.isVisible()) == ("改正  Enter", True, True)
    assert "退回号 A1B2C3D4" in pane.why.text()
    with qtbot.waitSignal(pane.opened) as opened:
        QTest.keyClick(pane.table, Qt.Key.Key_Return)
    assert opened.args == ["consultation", "r0", "contact_phone"]
    with qtbot.waitSignal(pane.retried) as retried:
        QTest.keyClick(pane.table, Qt.Key.Key_R)
    assert retried.args == ["refused0"]
    with qtbot.waitSignal(pane.given_up) as given_up:
        QTest.keyClick(pane.table, Qt.Key.Key_Delete)
    assert given_up.args == ["refused0"]
    QTest.keyClick(pane.table, Qt.Key.Key_Down)
    assert not pane.give_up.isVisible(), "the county has never seen it: there is nothing to go back to"
    QTest.keyClick(pane.table, Qt.Key.Key_Down)
    assert pane.chosen() == line("conflict", 0), "the heading is passed over"
    with qtbot.waitSignal(pane.decide_wanted) as decided:
        QTest.keyClick(pane.table, Qt.Key.Key_Return)
    assert decided.args == ["conflict0"]
    pane.fill([Group("conflict", 1), Group("waiting", 1)])
    assert pane.chosen() == line("conflict", 0), "the chosen line stays chosen"
    pane.fill([])
    assert not pane.table.isVisible()
