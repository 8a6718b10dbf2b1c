"""排查预警: who owes a screening report, the zero report by one key, what was found and waits, warnings that are not resolved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from jusuo_desktop.actions.early_warning import report_by, time_left, warning_values
from jusuo_desktop.actions.office_rules import office_rules
from jusuo_desktop.actions.screening import calendar, late, open_disputes, zero_report
from jusuo_desktop.actions.screening_case import turn_into_case
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.field import Value
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.screening_calendar import Owed
from jusuo_desktop.store.listing import Filter, ListQuery, ListRow
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.line_list import Line, LineList
from jusuo_desktop.ui.page import Page
from jusuo_desktop.ui.screening_units import ScreeningUnits
from jusuo_desktop.ui.theme import AMBER_INK, RED, button, card, label

UNRESOLVED: Final = ("open", "reported")
MOST: Final = 200
ZERO_KEYS, CASE_KEYS, WARN_KEYS, NEW_KEYS, TURN_KEYS = "Ctrl+0", "F10", "Alt+E", "Ctrl+N", "Ctrl+B"


@dataclass(frozen=True)
class Screening:
    """What the page shows."""

    owed: list[Owed]
    late: list[Owed]
    disputes: list[Record]
    warnings: list[tuple[ListRow, str]]


def read_screening(session: Session, back: int) -> Screening:
    """Reads it; for the background."""
    query = ListQuery("early_warning", (Filter("state", "in", UNRESOLVED),))
    rows, rules = session.store.rows(session.store.keys(query, MOST)), office_rules(session)
    warnings = [(row, _standing(row, report_by(row.values, rules), session)) for row in rows]
    return Screening(calendar(session, back=back), late(session), open_disputes(session, MOST), warnings)


def _standing(row: ListRow, until: str, session: Session) -> str:
    if row.values.get("state") == "reported":
        return "已报告"
    return time_left(until, session.clock()) if until else "还没有报告"


class ScreeningPage(Page):
    """Reads itself anew when it comes to the front and when something changed while it is there."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "排查预警")
        self.back = 0
        self._disputes: list[Record] = []
        self._said = label("", "hint")
        self.header.insertWidget(1, self._said)
        self.add_act("登记排查", self._new, NEW_KEYS, hint="给左边选中的单位登记一次排查")
        self.zero_button = self.add_act(
            "零报告", self.report_zero, ZERO_KEYS, primary=True, hint="打勾的单位本期没有发现纠纷；没有打勾就是选中的那一个"
        )
        self.add_act("转为案件", self.make_case, CASE_KEYS, hint="右边选中的纠纷转为调解案件")
        self.add_act("预警", self.warn, WARN_KEYS, hint="登记预警；右边选中了纠纷就带入它的内容")
        self.units = ScreeningUnits()
        self.units.wanted.connect(self._open_unit)
        self.units.ticked.connect(self._show_ticks)
        self._units_head = label("", "section")
        self._turn = button("", flat=True)
        self._turn.clicked.connect(self.turn)
        self.add_keys(TURN_KEYS, self.turn)
        self.disputes = LineList(3, 1, "没有等着处理的纠纷。")
        self.warnings = LineList(3, 1, "没有需要处理的预警。")
        self._disputes_head, self._warnings_head = label("", "section"), label("", "section")
        self.body.addWidget(self._halves(), 1)
        hints = QHBoxLayout()
        hints.addWidget(label("空格 打勾    Ctrl+A 全部打勾    Enter 打开或登记    Tab 到右边", "hint"))
        hints.addStretch(1)
        self.body.addLayout(hints)
        self._reading = self._stale = False
        desk.changed.connect(self._heard)

    def _halves(self) -> QSplitter:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(_sheet(self._disputes_head, self.disputes, self._all("全部排查出的纠纷", "screened_dispute")), 3)
        column.addWidget(_sheet(self._warnings_head, self.warnings, self._all("全部预警", "early_warning")), 2)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.setHandleWidth(8)
        halves.setChildrenCollapsible(False)
        halves.addWidget(_sheet(self._units_head, self.units, self._turn, self._all("全部排查记录", "dispute_screening")))
        halves.addWidget(right)
        halves.setStretchFactor(0, 5)
        halves.setStretchFactor(1, 4)
        return halves

    def _all(self, said: str, kind: str) -> QWidget:
        made = button(f"{said} ›", flat=True)
        made.clicked.connect(partial(self.desk.open_list, kind))
        return made

    def first_field(self) -> QWidget:
        return self.units

    # -- reading ---------------------------------------------------------------

    def shown(self) -> None:
        if self._reading:
            self._stale = True
            return
        self._reading = True
        session, back = self.desk.session, self.back
        self.desk.background.run(self, lambda _reins: read_screening(session, back), done=self._fill, ended=self._ended)

    def _heard(self, ids: frozenset[str]) -> None:
        if self.isVisible():
            self.shown()

    def _ended(self) -> None:
        self._reading = False
        if self._stale:
            self._stale = False
            self.shown()

    def _fill(self, now: Screening) -> None:
        today = self.desk.session.today()
        self._disputes = now.disputes
        self.units.fill(now.owed, today)
        waiting = sum(1 for one in now.owed if not one.reported)
        when = "上期" if self.back else "本期"
        self._units_head.setText(f"{when}应报告的  {len(now.owed)}，没有报告 {waiting}" if now.owed else f"{when}没有单位应当报告")
        missed = f"（{len(now.late)}个没有报告）" if now.late and not self.back else ""
        self._turn.setText(f"看本期  {TURN_KEYS}" if self.back else f"看上期{missed}  {TURN_KEYS}")
        self._disputes_head.setText(f"排查出、还没有结果的纠纷  {len(now.disputes)}".removesuffix("  0"))
        self.disputes.fill([Line(_dispute(r), partial(self.desk.open_record, r.kind, r.id)) for r in now.disputes])
        self._warnings_head.setText(f"没有解除的预警  {len(now.warnings)}".removesuffix("  0"))
        lines = [
            Line((_level(r), KINDS[r.kind].title(r.values), said), partial(self.desk.open_record, r.kind, r.id), _ink(said))
            for r, said in now.warnings
        ]
        self.warnings.fill(lines)

    def _show_ticks(self) -> None:
        many = len(self.units.chosen())
        self.zero_button.setText(f"零报告{f'（{many}个）' if many else ''}  {ZERO_KEYS}")

    # -- acts --------------------------------------------------------------------

    def turn(self) -> None:
        """To the period before, and back to the present one."""
        self.back = 1 - self.back
        self.shown()

    def report_zero(self) -> None:
        """Nothing was found: for the ticked units, else for the one with the mark."""
        current = self.units.current()
        of = self.units.chosen() or ([current] if current is not None and not current.reported else [])
        if not of:
            self._say("选中的单位已经报告过了。先选中或打勾还没有报告的单位。")
            return
        session = self.desk.session

        def done(made: list[Record]) -> None:
            self._say(f"已登记{len(made)}个零报告。")

        self.desk.background.run(self, lambda _reins: zero_report(session, of), done=done, refused=self.desk.refuse)

    def make_case(self) -> None:
        """The chosen dispute becomes a case, which opens."""
        chosen = self._chosen_dispute()
        if chosen is None:
            self._say("先在右边选中一件纠纷。")
            return
        session, screened_id = self.desk.session, chosen.id
        self.desk.background.run(
            self,
            lambda _reins: turn_into_case(session, screened_id),
            done=lambda case: self.desk.open_record(case.kind, case.id),
            refused=self.desk.refuse,
            key="case",
        )

    def warn(self) -> None:
        """A new warning; of the chosen dispute while the list of disputes has the focus."""
        chosen = self._chosen_dispute() if self.disputes.hasFocus() else None
        if chosen is None:
            self.desk.new_record("early_warning")
            return
        session, record_id = self.desk.session, chosen.id
        self.desk.background.run(
            self, lambda _reins: warning_values(session, record_id), done=lambda values: self.desk.new_record("early_warning", values)
        )

    def _chosen_dispute(self) -> Record | None:
        place = self.disputes.indexOfTopLevelItem(self.disputes.currentItem()) if self.disputes.currentItem() else -1
        return self._disputes[place] if 0 <= place < len(self._disputes) else None

    def _new(self) -> None:
        current = self.units.current()
        self.desk.new_record("dispute_screening", _begin(current) if current is not None else {})

    def _open_unit(self, one: Owed) -> None:
        if one.reports:
            self.desk.open_record("dispute_screening", one.reports[0])
        else:
            self.desk.new_record("dispute_screening", _begin(one))

    def _say(self, text: str) -> None:
        self._said.setText(text)


def _begin(one: Owed) -> dict[str, Value]:
    """What a new round of a unit begins with; days of a period that is over are said, so that it counts there."""
    values: dict[str, Value] = {n: v for n, v in (("village", one.unit.village), ("committee", one.unit.committee)) if v}
    return {**values, "period_from": one.period.first.isoformat(), "period_to": one.period.last.isoformat()}


def _dispute(record: Record) -> tuple[str, str, str]:
    kind = str(record.values.get("dispute_type", ""))
    due = str(record.values.get("due_on", ""))
    who = f"{record.values.get('parties', '')}　{record.values.get('summary', '')}".strip("　").replace("\n", " ")
    return code_list("dispute_type").label_of(kind) if kind else "", who[:80], f"{due} 前化解" if due else ""


def _level(row: ListRow) -> str:
    level = str(row.values.get("warning_level", ""))
    return code_list("warning_level").label_of(level) if level else ""


def _ink(said: str) -> str:
    return RED if "已过" in said else AMBER_INK if "还有" in said else ""


def _sheet(head: QLabel, body: QWidget, *more: QWidget) -> QWidget:
    made = card()
    inside = QVBoxLayout(made)
    inside.setContentsMargins(1, 6, 1, 1)
    inside.setSpacing(4)
    line = QHBoxLayout()
    line.setContentsMargins(12, 0, 8, 0)
    line.addWidget(head)
    line.addStretch(1)
    for one in more:
        line.addWidget(one)
    inside.addLayout(line)
    inside.addWidget(body, 1)
    return made
