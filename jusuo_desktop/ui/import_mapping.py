"""The second step of an import: which sheets, what the columns hold, what to do about unknown names; the first lines beneath."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QListWidget, QListWidgetItem, QSplitter, QVBoxLayout, QWidget

from jusuo_desktop.actions.import_preview import ShownLine
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.reports.plan import Plan
from jusuo_desktop.reports.targets import IMPORTED_KINDS, NOTED
from jusuo_desktop.ui.import_columns import SURE, ColumnsTable
from jusuo_desktop.ui.import_lines import LinesTable
from jusuo_desktop.ui.theme import hint, label

SIDE: Final = 250
OPTIONS: Final = (
    ("register_workers", "自动登记新的调解员、顾问", "姓名没有登记过的工作人员先登记下来，以后可以补全"),
    ("register_committees", "自动登记新的调委会", ""),
    ("register_villages", "自动登记新的村（社区）", "村的区划代码决定案件归谁，自动登记的村没有代码，以后要补；不选则退回这些行"),
    ("blank_damaged_id_cards", "身份证号残缺的，留空导入", "表格把身份证号当成数字存过，后几位已经找不回来；不选则退回这些行"),
)
NOT_FILLED: Final = "（不填）"


class Mapping(QWidget):
    """Shows a plan and lets it be changed: `changed` carries the new one, `kind_wanted` asks for another reading of the ledger."""

    changed = Signal(object)
    kind_wanted = Signal(str)

    def __init__(self, committees: Sequence[str]) -> None:
        super().__init__()
        self.plan: Plan | None = None
        self._sheet = 0
        self.kind = QComboBox()
        for name in IMPORTED_KINDS:
            self.kind.addItem(KINDS[name].label, name)
        self.kind.activated.connect(lambda _: self.kind_wanted.emit(self.kind.currentData()))
        self.sheets = QListWidget()
        self.sheets.setMaximumHeight(150)
        self.sheets.currentRowChanged.connect(self._choose_sheet)
        self.sheets.itemChanged.connect(self._tick)
        self.options = {name: QCheckBox(said) for name, said, _ in OPTIONS}
        for name, _, tip in OPTIONS:
            self.options[name].setToolTip(tip)
            self.options[name].toggled.connect(self._options_changed)
        self.committee = QComboBox()
        self.committee.addItem(NOT_FILLED, "")
        for name in committees:
            self.committee.addItem(name, name)
        self.committee.activated.connect(self._fix_committee)
        self._committee_label = label("台账没有“调委会”一列，统一填：", "hint")
        self.columns = ColumnsTable()
        self.columns.changed.connect(self._map)
        self.lines = LinesTable()
        self.note = hint("")
        self._lay_out()

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setSpacing(6)
        for part in (
            label("这是什么台账", "section"),
            self.kind,
            label("工作表（打勾的导入）", "section"),
            self.sheets,
            label("遇到这些情况", "section"),
        ):
            side.addWidget(part)
        for box in self.options.values():
            side.addWidget(box)
        side.addWidget(hint("新的村一般不自动登记：村的区划代码决定案件归谁，请先在设置里登记。没有打勾的情况，整行退回。"))
        side.addWidget(self._committee_label)
        side.addWidget(self.committee)
        side.addStretch(1)
        left = QWidget()
        left.setFixedWidth(SIDE)
        left.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        upper, lower = QWidget(), QWidget()
        for holder, title, table, note in ((upper, "各列对应到哪一项", self.columns, None), (lower, "导入后是这样", self.lines, self.note)):
            pane = QVBoxLayout(holder)
            pane.setContentsMargins(0, 0, 0, 0)
            pane.setSpacing(4)
            head = QHBoxLayout()
            head.addWidget(label(title, "section"))
            if note is not None:
                head.addWidget(note, 1)
            else:
                head.addWidget(hint("表头读错了，在“对应到”里另选一项；同一张表头以后就记得"), 1)
            pane.addLayout(head)
            pane.addWidget(table, 1)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(upper)
        splitter.addWidget(lower)
        splitter.setSizes([330, 240])
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addWidget(left)
        whole.addWidget(splitter, 1)

    def show_plan(self, plan: Plan) -> None:
        """Shows a plan; a plan of another ledger or kind starts at its first chosen sheet."""
        fresh = self.plan is None or self.plan.ledger is not plan.ledger or self.plan.kind != plan.kind
        self.plan = plan
        with QSignalBlocker(self.kind), QSignalBlocker(self.sheets), QSignalBlocker(self.committee):
            self.kind.setCurrentIndex(self.kind.findData(plan.kind))
            if fresh:
                self._sheet = next((s.index for s in plan.sheets if s.included), 0)
                self.sheets.clear()
                for sheet in plan.sheets:
                    self.sheets.addItem(QListWidgetItem(sheet.name))
            for sheet in plan.sheets:
                item = self.sheets.item(sheet.index)
                item.setText(f"{sheet.name}　{sheet.rows:,} 行" if sheet.rows and not sheet.why else f"{sheet.name}　{sheet.why}")
                item.setToolTip(item.text())
                usable = sheet.first >= 0 and sheet.rows > 0
                item.setCheckState(Qt.CheckState.Checked if sheet.included else Qt.CheckState.Unchecked)
                flags = Qt.ItemFlag.ItemIsSelectable | (
                    Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable if usable else Qt.ItemFlag.NoItemFlags
                )
                item.setFlags(flags)
            self.sheets.setCurrentRow(self._sheet)
            at = self.committee.findData(plan.fixed.get("committee", ""))
            self.committee.setCurrentIndex(max(at, 0))
        for name, box in self.options.items():
            with QSignalBlocker(box):
                box.setChecked(getattr(plan.options, name))
        lacks = plan.kind == "mediation" and not any("committee" in s.by_target for s in plan.sheets if s.included)
        self.committee.setVisible(lacks)
        self._committee_label.setVisible(lacks)
        self.columns.show_sheet(plan, self._sheet)

    def show_lines(self, lines: Sequence[ShownLine]) -> None:
        """Shows the first lines of the plan."""
        if self.plan is not None:
            bad = sum(bool(line.problems) for line in lines)
            self.note.setText(f"前 {len(lines)} 行" + (f"，其中 {bad} 行有问题（指着红格看原因）" if bad else ""))
            self.lines.show_lines(self.plan, lines)

    def first_field(self) -> QWidget | None:
        """The first column that nobody is sure of; None when all are clear."""
        if self.plan is None:
            return self.kind
        unsure = (c.index for c in self.plan.sheets[self._sheet].columns if c.target not in ("", NOTED) and c.confidence < SURE)
        return next((self.columns.combos[i] for i in unsure if i in self.columns.combos), None)

    def _choose_sheet(self, row: int) -> None:
        if self.plan is not None and row >= 0:
            self._sheet = row
            self.columns.show_sheet(self.plan, row)

    def _tick(self, item: QListWidgetItem) -> None:
        if self.plan is not None:
            self.changed.emit(self.plan.with_sheet(self.sheets.row(item), item.checkState() is Qt.CheckState.Checked))

    def _map(self, column: int, target: str, unit: int) -> None:
        if self.plan is not None:
            self.changed.emit(self.plan.with_column(self._sheet, column, target or "", unit))

    def _options_changed(self) -> None:
        if self.plan is not None:
            self.changed.emit(self.plan.with_options(replace(self.plan.options, **{n: b.isChecked() for n, b in self.options.items()})))

    def _fix_committee(self) -> None:
        if self.plan is not None:
            self.changed.emit(self.plan.with_fixed("committee", self.committee.currentData()))
