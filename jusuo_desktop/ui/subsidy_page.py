"""以案定补: the closed cases of a quarter with what is proposed for each; the clerk claims, the director confirms, the sheet is printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QComboBox, QMenu, QWidget

from jusuo_desktop.actions import subsidy
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.subsidy import CONFIRMED, PAID, PROPOSED, REJECTED, UNCLAIMED, SubsidyRow
from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.field import Values
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.subsidy_proposal import MAY_BE_PAID, ORAL_PROOF, REPORTED_UP, said_quarter
from jusuo_desktop.records.values import yuan
from jusuo_desktop.store.listing import Filter
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.page import Page
from jusuo_desktop.ui.paper_out import PaperOut
from jusuo_desktop.ui.text_table import TextModel, TextTable
from jusuo_desktop.ui.theme import hint
from jusuo_desktop.ui.void_bar import VoidBar
from jusuo_desktop.ui.vouch_bar import VouchBar

HEADINGS: Final = ("案号", "纠纷名称", "结案日期", "调解员", "档次", "金额（元）", "情况")
WIDTHS: Final = (210, 250, 96, 80, 60, 84, 0)
AMOUNT: Final = HEADINGS.index("金额（元）")
OPENING: Final = {
    UNCLAIMED: "可以申报", PROPOSED: "已申报，待所长确认", CONFIRMED: "所长已确认", REJECTED: "不予补贴", PAID: "已列入发放表",
}  # fmt: skip
VOUCHED: Final = frozenset({REPORTED_UP, MAY_BE_PAID, ORAL_PROOF})
"""Conditions that no record shows: the clerk who claims vouches for them."""
NO_CLASSES: Final = "县里的补贴档次还没有录入。请按县里的文件添加档次、金额和条件，程序才能按每件案件的情况提出建议。"


class SubsidyPage(Page):
    """Several rows can be chosen; every act takes those of the chosen rows that it fits."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "以案定补")
        self._classes: dict[str, Values] = {}
        self._read_once = False
        self.out = PaperOut(self, desk)
        self.quarter = QComboBox()
        for quarter in subsidy.quarters(desk.session):
            self.quarter.addItem(said_quarter(quarter), quarter)
        self.header.insertWidget(1, self.quarter)
        self.quarter.activated.connect(self.read)
        self.claim_button = self.add_act("申报", self._ask_claim, "F7", hint="为选中的案件申报补贴")
        self.confirm_button = self.add_act("所长确认", self.confirm, "Ctrl+K")
        self.reject_button = self.add_act("不予补贴…", self._ask_opinion)
        self.pay_button = self.add_act("列入发放表", self.pay, "Ctrl+G", hint="把选中的、所长已确认的列入本季度的发放表")
        self.more_button = self.add_act("更多", self._more)
        self.print_button = self.add_act("打印发放表", self.print_sheet, "F8", primary=True)
        self.add_act("返回", self.closed.emit)
        self.opinion = VoidBar("不予补贴，审核意见：", "例如：协议没有履行，卷宗缺回访记录")
        self.opinion.confirmed.connect(self.reject)
        self.summary = hint("")
        self.model: TextModel[SubsidyRow] = TextModel(HEADINGS, self._cells, quiet=lambda row: row.state == REJECTED, right=(AMOUNT,))
        self.table = TextTable(self.model, WIDTHS, several=True)
        self.table.activated.connect(self._open)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._tell_acts())
        self.vouch = VouchBar("申报前请逐项核实并勾选：", "申报")
        self.vouch.confirmed.connect(self.claim)
        for widget in (self.opinion, self.vouch, self.summary):
            self.body.addWidget(widget)
        self.body.addWidget(self.table, 1)
        desk.changed.connect(self._heard)
        self._tell_acts()

    def _heard(self, ids: frozenset[str]) -> None:
        """A method and no lambda: it is forgotten with the page."""
        if ids and self.isVisible():
            self.read()

    def first_field(self) -> QWidget:
        return self.table

    def shown(self) -> None:
        self.read()

    @property
    def ready(self) -> bool:
        """Whether a quarter is shown."""
        return self._read_once

    def read(self) -> None:
        """Reads the chosen quarter anew, in the background."""
        session, quarter = self.desk.session, str(self.quarter.currentData())

        def work(_reins: object) -> tuple[list[SubsidyRow], dict[str, Values]]:
            return subsidy.subsidy_rows(session, quarter), subsidy.subsidy_classes(session)

        self.desk.background.run(self, work, done=self._show, key="subsidy")

    def _show(self, found: tuple[list[SubsidyRow], dict[str, Values]]) -> None:
        rows, self._classes = found
        kept = {self.model.rows[place].case.id for place in self.table.chosen_places}
        self.model.put(rows)
        for place, row in enumerate(rows):
            if row.case.id in kept or (not kept and place == 0):
                self.table.selectionModel().select(
                    self.model.index(place, 0), self.table.selectionModel().SelectionFlag.Select | self.table.selectionModel().SelectionFlag.Rows
                )
        if rows and not self.table.currentIndex().isValid():
            self.table.selectionModel().setCurrentIndex(self.model.index(0, 0), self.table.selectionModel().SelectionFlag.NoUpdate)
        self._read_once = True
        self.summary.setText(self._summed(rows))
        self._tell_acts()

    def _summed(self, rows: Sequence[SubsidyRow]) -> str:
        if not self._classes:
            return NO_CLASSES
        if not rows:
            return "这个季度没有结案的调解案件。"
        said = []
        held_up = [row for row in rows if row.state == UNCLAIMED and _still(row)]
        said += [f"还不能申报 {len(held_up)} 件"] if held_up else []
        for state, name in OPENING.items():
            those = [row for row in rows if row.state == state and row not in held_up]
            if those:
                said.append(f"{name} {len(those)} 件 {yuan(sum(row.amount for row in those))} 元")
        return f"本季度结案 {len(rows)} 件：" + "；".join(said) + "。"

    def _cells(self, row: SubsidyRow) -> tuple[str, ...]:
        values, name_of = row.case.values, self.desk.session.store.name_of
        class_name = str(self._classes.get(row.class_id, {}).get("class_name", ""))
        said = OPENING[row.state]
        if row.state in (UNCLAIMED, PROPOSED) and (still := _still(row)):
            said = f"{'还不能申报' if row.state == UNCLAIMED else said}，缺少{'、'.join(still)}"
        elif row.state == UNCLAIMED:
            said = f"可以申报：{row.reason}" if row.class_id else "没有适用的档次"
        elif row.claim is not None and row.state == REJECTED:
            said = f"{said}：{row.claim.values.get('office_opinion', '')}"
        elif row.claim is not None and row.state == PAID:
            said = f"已列入{said_quarter(str(row.claim.values.get('paid_quarter', '')))}发放表"
        return (
            str(values.get("case_number", "")),
            KINDS["mediation"].title(values),
            str(values.get("closed_on", "")),
            name_of(row.mediator_id) if row.mediator_id else "",
            class_name,
            yuan(row.amount) if row.class_id else "",
            said,
        )

    # -- acts --------------------------------------------------------------------

    def _chosen(self, *states: str) -> list[SubsidyRow]:
        return [row for row in (self.model.rows[place] for place in self.table.chosen_places) if row.state in states]

    def _tell_acts(self) -> None:
        self.claim_button.setEnabled(bool([r for r in self._chosen(UNCLAIMED, REJECTED) if r.class_id]))
        self.confirm_button.setEnabled(bool(self._chosen(PROPOSED)))
        self.reject_button.setEnabled(bool(self._chosen(PROPOSED, CONFIRMED)))
        self.pay_button.setEnabled(bool(self._chosen(CONFIRMED)))
        self.print_button.setEnabled(any(row.state == PAID for row in self.model.rows))

    def _open(self, index: QModelIndex) -> None:
        self.desk.open_record("mediation", self.model.rows[index.row()].case.id)

    def _run(self, work: Callable[[], str]) -> None:
        self.desk.background.run(self, lambda _: work(), done=self.desk.say, ended=self.read)

    def _ask_claim(self) -> None:
        rows = [r for r in self._chosen(UNCLAIMED, REJECTED) if r.class_id]
        asked = {code for row in rows for code in self._classes[row.class_id].get("conditions", ())} & VOUCHED  # type: ignore[union-attr]
        known = code_list("subsidy_condition")
        if asked:
            self.vouch.ask([(code, known.label_of(code)) for code in sorted(asked)])
        else:
            self.claim(())

    def claim(self, ticked: tuple[str, ...]) -> None:
        """Claims the chosen cases, each for itself: one that lacks something does not hold up the others."""
        session, ids = self.desk.session, [r.case.id for r in self._chosen(UNCLAIMED, REJECTED) if r.class_id]

        def work() -> str:
            refused = [said for said in (_claimed(session, one, ticked) for one in ids) if said]
            if refused and len(refused) == len(ids):
                raise Refused(refused[0])
            return f"已申报 {len(ids) - len(refused)} 件，等所长确认。{f'有 {len(refused)} 件没有申报：{refused[0]}' if refused else ''}"

        self._run(work)

    def confirm(self) -> None:
        """The director's yes to the chosen claims."""
        session, ids = self.desk.session, self._claims(PROPOSED)
        self._run(lambda: f"已确认 {len(subsidy.confirm(session, ids))} 件。")

    def _ask_opinion(self) -> None:
        self.opinion.reason.clear()
        self.opinion.ask()

    def reject(self, opinion: str) -> None:
        """The director's no, with the reason."""
        session, ids = self.desk.session, self._claims(PROPOSED, CONFIRMED)
        self.opinion.hide()
        self._run(lambda: f"不予补贴 {len([subsidy.reject(session, one, opinion) for one in ids])} 件，意见已记下。")

    def pay(self) -> None:
        """Puts the chosen claims on this quarter's sheet."""
        session, ids, quarter = self.desk.session, self._claims(CONFIRMED), str(self.quarter.currentData())
        self._run(lambda: f"{len(subsidy.put_on_sheet(session, ids, quarter))} 件列入{said_quarter(quarter)}发放表。")

    def _claims(self, *states: str) -> list[str]:
        return [row.claim.id for row in self._chosen(*states) if row.claim is not None]

    def _more(self) -> None:
        menu = self.menu()
        menu.popup(self.more_button.mapToGlobal(self.more_button.rect().bottomLeft()))

    def menu(self) -> QMenu:
        """Other classes for the claim in front, taking a confirmation back, the claim's paper, the county's classes."""
        session, desk = self.desk.session, self.desk
        menu = QMenu(self)
        rows = self._chosen(PROPOSED)
        for class_id, one in self._classes.items() if len(rows) == 1 else ():
            made = menu.addAction(f"改为“{KINDS['subsidy_class'].title(one)}”")
            made.triggered.connect(lambda _=False, c=class_id: self._change_class(rows[0], c))
        back = self._claims(CONFIRMED, REJECTED)
        again = menu.addAction("重新核定（所长）")
        again.setEnabled(bool(back))
        again.triggered.connect(lambda: self._run(lambda: f"{len([subsidy.reconsider(session, one) for one in back])} 件退回重新核定。"))
        menu.addSeparator()
        claims = self._claims(PROPOSED, CONFIRMED, PAID, REJECTED)
        paper = menu.addAction("打印申报（审批）表")
        paper.setEnabled(len(claims) == 1)
        paper.triggered.connect(lambda: desk.preview("subsidy_claim", claims[0]))
        save = menu.addAction("发放表保存为PDF…")
        save.setEnabled(self.print_button.isEnabled())
        save.triggered.connect(self._ask_file)
        menu.addAction("县里的补贴档次").triggered.connect(lambda: desk.open_list("subsidy_class"))
        menu.addAction("全部申报记录").triggered.connect(lambda: desk.open_list("case_subsidy", (Filter("state", "in", tuple(OPENING)[1:]),)))
        return menu

    def _change_class(self, row: SubsidyRow, class_id: str) -> None:
        session, claim = self.desk.session, row.claim
        if claim is not None:
            self._run(lambda: f"已改档，金额 {yuan(int(str(subsidy.change_class(session, claim.id, class_id).values['amount'])))} 元。")

    def print_sheet(self) -> None:
        """The payment sheet of the quarter, to the printer chosen last."""
        self.out.print_out("以案定补发放表", self._sheet())

    def save_sheet(self, path: Path) -> None:
        """The payment sheet of the quarter as a PDF file."""
        self.out.save_to(path, self._sheet())

    def _ask_file(self) -> None:
        self.out.ask_file("以案定补发放表", self._sheet(), f"以案定补发放表 {self.quarter.currentText()}.pdf")

    def _sheet(self) -> Callable[[], bytes]:
        session, quarter = self.desk.session, str(self.quarter.currentData())
        return lambda: subsidy.payment_sheet(session, quarter).pdf


def _still(row: SubsidyRow) -> list[str]:
    """What a case lacks that nobody can vouch for; a claimed one everything that was not vouched for."""
    return [label for code, label in row.lacking if row.claim is not None or code not in VOUCHED]


def _claimed(session: Session, case_id: str, ticked: tuple[str, ...]) -> str:
    """Claims one case; what stands in the way, '' for nothing."""
    try:
        subsidy.claim(session, case_id, ticked=ticked)
    except Refused as refused:
        return refused.message
    return ""
