"""How a paper is printed: filled, blank or onto pre-printed paper; copies, printer, and the printer's offset. Remembered on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QComboBox, QFormLayout, QRadioButton, QSpinBox, QVBoxLayout, QWidget

from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.offset_pane import OffsetPane
from jusuo_desktop.ui.printer import Order, printers
from jusuo_desktop.ui.theme import label

FILLED, BLANK, VALUES_ONLY = "filled", "blank", "values_only"
WAYS: Final = ((FILLED, "填好的"), (BLANK, "空白表"), (VALUES_ONLY, "套打（只印内容）"))

PRINTER: Final = "printer"
"""Setting: the printer chosen last."""
FOLDER: Final = "pdf_folder"
"""Setting: where a PDF was saved last."""
SHIFTS: Final = "print_shifts"
"""Setting: {printer: [right, down]} in tenths of a millimetre, for pre-printed paper."""

MOST_COPIES = 99
NONE: Final = "（没有找到打印机）"


class PrintChoices(QWidget):
    """`changed` when the paper must be made anew."""

    changed = Signal()

    def __init__(self, desk: Desk, *, blank_only: bool, listed: bool = False) -> None:
        super().__init__()
        self._desk = desk
        self._shifts: dict[str, list[int]] = {}
        self._usual = ""
        self.folder = Path.home()
        self._group = QButtonGroup(self)
        self.ways: dict[str, QRadioButton] = {}
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(5)
        whole.addWidget(label("印法", "section"))
        for way, said in WAYS:
            made = QRadioButton(said)
            made.setChecked(way == (BLANK if blank_only else FILLED))
            made.setEnabled((way == BLANK or not blank_only) and not (listed and way == VALUES_ONLY))
            self._group.addButton(made)
            self.ways[way] = made
            whole.addWidget(made)
        self._group.buttonToggled.connect(self._toggled)
        self.copies = QSpinBox()
        self.copies.setRange(1, MOST_COPIES)
        self.printer = QComboBox()
        self.printer.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.printer.currentTextChanged.connect(self._show_shift)
        form = QFormLayout()
        form.setContentsMargins(0, 4, 0, 0)
        form.addRow("份数", self.copies)
        form.addRow("打印机", self.printer)
        self.duplex = QCheckBox("双面打印")
        form.addRow("", self.duplex)
        whole.addLayout(form)
        self._shift = OffsetPane(desk, lambda: self.printer.currentText() if self.printer.isEnabled() else "")
        self._shift.measured.connect(self._keep_shift)
        self.right, self.down = self._shift.right, self._shift.down
        whole.addWidget(self._shift)
        self._shift.hide()

    @property
    def way(self) -> str:
        """FILLED, BLANK or VALUES_ONLY."""
        return next(way for way, made in self.ways.items() if made.isChecked())

    def set_copies(self, copies: int) -> None:
        """How many the form asks for; the clerk may change it."""
        self.copies.setValue(copies)

    def look_for_printers(self) -> None:
        """Asks the system in the background."""
        store = self._desk.session.store

        def work(_: object) -> tuple[list[str], str, dict[str, list[int]], str]:
            return printers(), str(store.get(PRINTER, "")), dict(store.get(SHIFTS, {})), str(store.get(FOLDER, Path.home()))

        self._desk.background.run(self, work, done=self._take, key="printers")

    def _take(self, found: tuple[list[str], str, dict[str, list[int]], str]) -> None:
        names, self._usual, self._shifts, folder = found
        self.folder = Path(folder)
        chosen = self.printer.currentText() if self.printer.count() else self._usual
        self.printer.blockSignals(True)
        self.printer.clear()
        self.printer.addItems(names or [NONE])
        self.printer.setEnabled(bool(names))
        if chosen in names:
            self.printer.setCurrentText(chosen)
        self.printer.blockSignals(False)
        self._show_shift()

    def _toggled(self, _: object, checked: bool) -> None:
        if checked:
            self._shift.setVisible(self.way == VALUES_ONLY)
            self.changed.emit()

    def _show_shift(self) -> None:
        self._shift.show_shift(shift_of(self._shifts, self.printer.currentText()))

    def _keep_shift(self) -> None:
        if self.printer.isEnabled():
            self._shifts = {**self._shifts, self.printer.currentText(): list(self._shift.shift)}
            shifts = self._shifts
            self._desk.background.run(self, lambda _: self._remember("", shifts))

    def order(self, title: str) -> Order:
        """What was chosen; the printer and its offset are remembered."""
        name = self.printer.currentText() if self.printer.isEnabled() else ""
        shift = self._shift.shift if self.way == VALUES_ONLY else (0, 0)
        remembered = bool(name) and name != self._usual
        shifted = self.way == VALUES_ONLY and shift != shift_of(self._shifts, name)
        if shifted:
            self._shifts = {**self._shifts, name: list(shift)}
        shifts = self._shifts if shifted else None
        self._usual = name or self._usual
        if remembered or shifts is not None:
            self._desk.background.run(self, lambda _: self._remember(name, shifts))
        return Order(name, "", self.copies.value(), shift, title, self.duplex.isChecked())

    def remember_folder(self, folder: Path) -> None:
        """Proposes the folder the next time; on any thread."""
        self.folder = folder
        self._desk.session.store.set(FOLDER, str(folder))

    def _remember(self, name: str, shifts: Mapping[str, list[int]] | None) -> None:
        store = self._desk.session.store
        if name:
            store.set(PRINTER, name)
        if shifts is not None:
            store.set(SHIFTS, dict(shifts))


def shift_of(known: Mapping[str, list[int]], printer: str) -> tuple[int, int]:
    """The remembered offset of a printer in tenths of a millimetre."""
    right, down = known.get(printer, [0, 0])
    return right, down
