"""What each column of a sheet holds: heading, examples, what it is taken for, changeable with the keyboard."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QCompleter, QHBoxLayout, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from jusuo_desktop.records.field import FieldType, Sensitivity
from jusuo_desktop.records.values import mask
from jusuo_desktop.reports.plan import Column, Plan
from jusuo_desktop.reports.targets import NOTED, NOTED_LABEL, RECORD_ID, takes_notes, targets
from jusuo_desktop.ui.theme import AMBER_INK, GREEN, QUIET

LEFT_OUT: Final = "（不导入）"
HEADS: Final = ("列", "表头", "例子", "对应到", "单位", "把握")
UNITS: Final = ((1, "元"), (1_000, "千元"), (10_000, "万元"))
SURE: Final = 0.8


class _Combo(QComboBox):
    """A combo box that a turning mouse wheel passes over, and that finds an entry by any part of its name."""

    entered = Signal()
    """The focus came here."""

    def __init__(self) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.completer().setFilterMode(Qt.MatchFlag.MatchContains)
        self.completer().setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.lineEdit().installEventFilter(self)
        self.lineEdit().editingFinished.connect(self._settle)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.lineEdit().selectAll()
            self.entered.emit()
        return super().eventFilter(watched, event)

    def wheelEvent(self, event: QEvent) -> None:
        event.ignore()

    def _settle(self) -> None:
        """What is typed and is no entry gives way to the entry that was chosen."""
        at = self.findText(self.currentText(), Qt.MatchFlag.MatchExactly)
        self.setCurrentIndex(at if at >= 0 else self.currentIndex())
        self.setEditText(self.itemText(self.currentIndex()))


class ColumnsTable(QTableWidget):
    """`changed` carries (column, target, unit) when a person puts a column to another use."""

    changed = Signal(int, str, int)

    def __init__(self) -> None:
        super().__init__(0, len(HEADS))
        self.setHorizontalHeaderLabels(list(HEADS))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(30)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for at, width in ((0, 36), (1, 190), (3, 230), (4, 84), (5, 92)):
            self.setColumnWidth(at, width)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.combos: dict[int, _Combo] = {}
        self.units: dict[int, QComboBox] = {}
        self._shape: tuple[object, ...] = ()

    def show_sheet(self, plan: Plan, sheet: int) -> None:
        """Shows the columns of a sheet; what is already there is only brought up to date, so that the focus stays."""
        columns = plan.sheets[sheet].columns
        shape = (id(plan.ledger), plan.kind, sheet)
        if shape != self._shape:
            self._shape = shape
            self._build(plan, columns)
        for row, column in enumerate(columns):
            self._update(plan, row, column)

    def _build(self, plan: Plan, columns: tuple[Column, ...]) -> None:
        self.setRowCount(0)
        self.combos, self.units = {}, {}
        self.setRowCount(len(columns))
        for row, column in enumerate(columns):
            for at, text in ((0, _letters(column.index)), (1, column.heading), (2, ""), (5, "")):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if at in (0, 2):
                    item.setForeground(QColor(QUIET))
                self.setItem(row, at, item)
            combo = _Combo()
            combo.addItem(LEFT_OUT, "")
            for target in targets(plan.kind).values():
                combo.addItem(target.label, target.name)
            if takes_notes(plan.kind):
                combo.insertItem(1, NOTED_LABEL, NOTED)
            if column.target == RECORD_ID:
                combo.addItem("记录标识", RECORD_ID)
            combo.setMaxVisibleItems(18)
            combo.setAccessibleName(f"“{column.heading}”列对应到")
            self.setCellWidget(row, 3, combo)
            self.combos[column.index] = combo
            combo.entered.connect(lambda r=row: self.scrollToItem(self.item(r, 0)))
            unit = QComboBox()
            for yuan, said in UNITS:
                unit.addItem(said, yuan)
            unit.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            unit.setAccessibleName(f"“{column.heading}”列的单位")
            holder = QWidget()  # the table shows its own widgets by itself; inside the holder the unit can hide
            inner = QHBoxLayout(holder)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.addWidget(unit)
            self.setCellWidget(row, 4, holder)
            self.units[column.index] = unit
            combo.currentIndexChanged.connect(lambda _, c=column.index, w=combo, u=unit: self.changed.emit(c, w.currentData(), u.currentData()))
            unit.currentIndexChanged.connect(lambda _, c=column.index, w=combo, u=unit: self.changed.emit(c, w.currentData(), u.currentData()))

    def _update(self, plan: Plan, row: int, column: Column) -> None:
        combo, unit = self.combos[column.index], self.units[column.index]
        with QSignalBlocker(combo), QSignalBlocker(unit):
            combo.setCurrentIndex(max(combo.findData(column.target), 0))
            unit.setCurrentIndex(max(unit.findData(column.unit), 0))
        known = targets(plan.kind).get(column.target)
        unit.setVisible(known is not None and known.field.type is FieldType.MONEY)
        secret = known is not None and known.field.sensitivity is Sensitivity.SENSITIVE
        examples = [mask(e) if secret else e for e in column.examples]
        self.item(row, 2).setText("　|　".join(examples).replace("\n", " "))
        self.item(row, 2).setToolTip("\n".join(examples))
        said, colour = _sure(column)
        item = self.item(row, 5)
        item.setText(said)
        item.setForeground(QColor(colour))


def _sure(column: Column) -> tuple[str, str]:
    if not column.target:
        return "", QUIET
    if column.target == NOTED and not column.remembered:
        return "没有对应项", QUIET
    if column.remembered:
        return "上次选的", GREEN
    return ("有把握", GREEN) if column.confidence >= SURE else ("请核对", AMBER_INK)


def _letters(index: int) -> str:
    """0 → A, 26 → AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text
