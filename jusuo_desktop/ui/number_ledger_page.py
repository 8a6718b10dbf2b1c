"""文号台账: the numbers of one committee or office and year, what became of each, and whose blocks they are; to look through, to void one, to
give back what this machine does not need, to print.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHeaderView, QTableView, QWidget

from jusuo_desktop.actions.number_block_rows import BlockRow
from jusuo_desktop.actions.number_exchange import give_back_all
from jusuo_desktop.actions.number_ledger import USED, NumberLedger, NumberRow, ledger_paper, number_ledger, owners
from jusuo_desktop.actions.void_number import void_number
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.page import Page
from jusuo_desktop.ui.paper_out import PaperOut
from jusuo_desktop.ui.settings_cards import NUMBERED
from jusuo_desktop.ui.text_table import TextModel, TextTable
from jusuo_desktop.ui.theme import QUIET, hint, label
from jusuo_desktop.ui.void_bar import VoidBar
from jusuo_desktop.ui.vouch_bar import VouchBar

HEADINGS: Final = ("文号", "取号日期", "记录", "情况")
WIDTHS: Final = (230, 110, 380)
BLOCK_HEADINGS: Final = ("号段", "领取日期", "电脑", "用到", "情况")
BLOCK_WIDTHS: Final = (150, 110, 190, 90, -1)
BLOCKS_HEIGHT: Final = 150
YEARS: Final = 6
Index = QModelIndex | QPersistentModelIndex
Owners = dict[str, list[tuple[str, str]]]


class LedgerModel(QAbstractTableModel):
    """The rows of a ledger as text."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[NumberRow, ...] = ()
        self._quiet = QColor(QUIET)

    def put(self, rows: tuple[NumberRow, ...]) -> None:
        """Shows other rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(HEADINGS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return (row.number, row.drawn_on, row.called, row.said or "在用")[index.column()]
        return self._quiet if role == Qt.ItemDataRole.ForegroundRole and row.state != USED else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return HEADINGS[section] if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole else None


class NumberLedgerPage(Page):
    """Whose numbers, of which year and kind, above; the numbers below."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "文号台账")
        self.ledger: NumberLedger | None = None
        self.out = PaperOut(self, desk)
        self._owners: Owners = {}
        self.kind, self.owner, self.year = QComboBox(), QComboBox(), QComboBox()
        for kind in NUMBERED:
            self.kind.addItem(KINDS[kind].label, kind)
        self.owner.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        this_year = desk.session.today().year
        for year in range(this_year + 1, this_year - YEARS, -1):
            self.year.addItem(f"{year} 年", year)
        self.year.setCurrentIndex(1)
        for place, box in enumerate((self.kind, self.owner, self.year)):
            self.header.insertWidget(place + 1, box)
        self.return_button = self.add_act("退回本机的号…", self._ask_return, hint="这台电脑要换人、换机或者不再用来编号时")
        self.void_button = self.add_act("作废文号…", self._ask_reason, hint="选中一行在用的文号")
        self.save_button = self.add_act("保存PDF", self._choose_file, "Ctrl+S")
        self.print_button = self.add_act("打印", self.print_out, "Ctrl+P", primary=True)
        self.add_act("返回", self.closed.emit)
        self.void_bar = VoidBar("这个文号以后不再使用，记录可以另取新号。作废原因：", "例如：打印时纸张损坏")
        self.void_bar.confirmed.connect(self.void)
        self.return_bar = VouchBar("本机各类文号里没有用过的号全部退回县里，不再在本机编出；以后在本机又要编号时，同步一次会重新领取。", "退回")
        self.return_bar.confirmed.connect(lambda _: self.give_back())
        self.summary = hint("")
        self.blocks = TextModel[BlockRow](BLOCK_HEADINGS, _block_cells, quiet=lambda row: row.said not in ("在用", ""))
        self.block_table = TextTable(self.blocks, BLOCK_WIDTHS)
        self.block_table.setMaximumHeight(BLOCKS_HEIGHT)
        self.block_head = label("号段", "section")
        self.model = LedgerModel()
        self.model.setParent(self)
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.setWordWrap(False)
        across = self.table.horizontalHeader()
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setHighlightSections(False)
        for column, width in enumerate(WIDTHS):
            self.table.setColumnWidth(column, width)
        across.setSectionResizeMode(len(WIDTHS), QHeaderView.ResizeMode.Stretch)
        self.table.activated.connect(self._open)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._tell_acts())
        self.body.addWidget(self.void_bar)
        self.body.addWidget(self.return_bar)
        self.body.addWidget(self.summary)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.block_head)
        self.body.addWidget(self.block_table)
        self.kind.activated.connect(self._offer_owners)
        self.owner.activated.connect(self.read)
        self.year.activated.connect(self.read)
        desk.changed.connect(self._heard)
        self._tell_acts()

    def _heard(self, ids: frozenset[str]) -> None:
        """A method and no lambda: it is forgotten with the page."""
        if ids and self.isVisible():
            self.read()

    def first_field(self) -> QWidget:
        return self.table

    def shown(self) -> None:
        session = self.desk.session
        self.desk.background.run(self, lambda _: {kind: owners(session, kind) for kind in NUMBERED}, done=self._take_owners, key="number_owners")

    def _take_owners(self, found: Owners) -> None:
        self._owners = found
        self._offer_owners()

    def _offer_owners(self) -> None:
        wanted = self.owner.currentData()
        self.owner.clear()
        for owner_id, name in self._owners.get(str(self.kind.currentData()), []):
            self.owner.addItem(name, owner_id)
        self.owner.setCurrentIndex(max(self.owner.findData(wanted), 0))
        self.read()

    def read(self) -> None:
        """Counts the chosen series anew, in the background."""
        if not self.owner.count():
            return
        session, owner, year, kind = self.desk.session, str(self.owner.currentData()), int(self.year.currentData()), str(self.kind.currentData())
        self.desk.background.run(self, lambda _: number_ledger(session, owner, year, kind), done=self._show, key="number_ledger")

    def _show(self, ledger: NumberLedger) -> None:
        self.ledger = ledger
        chosen = self.chosen.number if self.chosen is not None else ""
        self.model.put(ledger.rows)
        self.blocks.put(ledger.blocks)
        for part in (self.block_head, self.block_table):
            part.setVisible(bool(ledger.blocks))
        self.block_head.setText(f"号段  {len(ledger.blocks)}")
        self.return_button.setVisible(bool(ledger.blocks))
        empty = f"{ledger.year}年还没有编过号。打印受理登记表、协议书等文书时自动取号，编出的每一个号都会列在这里；可以换一个单位、种类或者年度查看。"
        self.summary.setText(ledger.summary if ledger.rows else empty)
        place = next((n for n, row in enumerate(ledger.rows) if row.number == chosen), 0)
        if ledger.rows:
            self.table.selectRow(place)
        self._tell_acts()

    @property
    def chosen(self) -> NumberRow | None:
        """The row in front."""
        place = self.table.currentIndex().row()
        return self.model.rows[place] if 0 <= place < len(self.model.rows) else None

    def _tell_acts(self) -> None:
        row = self.chosen
        self.void_button.setEnabled(row is not None and row.state == USED)
        for made in (self.save_button, self.print_button):
            made.setEnabled(self.ledger is not None)
        self.void_bar.hide()
        self.return_bar.hide()

    def _open(self, index: QModelIndex) -> None:
        row = self.model.rows[index.row()]
        if row.record_id and self.ledger is not None:
            self.desk.open_record(self.ledger.kind, row.record_id)

    # -- acts --------------------------------------------------------------------

    def _ask_reason(self) -> None:
        self.void_bar.reason.clear()
        self.void_bar.ask()

    def void(self, reason: str) -> None:
        """Gives up the chosen number."""
        row, session = self.chosen, self.desk.session
        if row is None or row.state != USED:
            return

        def done(_: object) -> None:
            self.void_bar.hide()
            self.desk.say(f"{row.number} 已作废，不再使用。")

        self.desk.background.run(self, lambda _: void_number(session, row.record_id, reason), done=done)

    def _ask_return(self) -> None:
        self.return_bar.ask(())

    def give_back(self) -> None:
        """Gives back every number that this machine has not used, of all series."""
        session = self.desk.session

        def done(count: int) -> None:
            self.desk.say(f"已退回 {count} 个号，下次同步时告诉县里。" if count else "本机没有可以退回的号。")
            self.read()

        self.desk.background.run(self, lambda _: give_back_all(session), done=done)

    def _choose_file(self) -> None:
        if self.ledger is not None:
            ledger = self.ledger
            named = f"{ledger.owner_name}{ledger.year}年{KINDS[ledger.kind].label}文号台账.pdf"
            self.out.ask_file("文号台账", self._paper(ledger), named)

    def save_to(self, path: Path) -> None:
        """Writes the ledger as a PDF file."""
        if self.ledger is not None:
            self.out.save_to(path, self._paper(self.ledger))

    def print_out(self) -> None:
        """Sends the ledger to the printer chosen last."""
        if self.ledger is not None:
            self.out.print_out("文号台账", self._paper(self.ledger))

    def _paper(self, ledger: NumberLedger) -> Callable[[], bytes]:
        session = self.desk.session
        return lambda: ledger_paper(session, ledger)


def _block_cells(row: BlockRow) -> tuple[str, ...]:
    numbers = f"第{row.first}号" if row.first == row.last else f"第{row.first}—{row.last}号"
    return numbers, row.leased_on, row.device, f"第{row.drawn_to}号" if row.drawn_to else "还没有用", row.said
