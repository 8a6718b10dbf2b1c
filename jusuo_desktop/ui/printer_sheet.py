"""The sheet of the settings page on which each printer's offset for pre-printed paper is set."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox

from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.offset_pane import OffsetPane
from jusuo_desktop.ui.print_choices import NONE, SHIFTS, shift_of
from jusuo_desktop.ui.printer import printers
from jusuo_desktop.ui.settings_cards import Sheet
from jusuo_desktop.ui.theme import button


class PrinterSheet(Sheet):
    """The printers of this machine; the figures are kept when the clerk says so, or after a measurement."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("打印机对准（套打）")
        self._desk = desk
        self._shifts: dict[str, list[int]] = {}
        self.printer = QComboBox()
        self.pane = OffsetPane(desk, self.name)
        self.pane.measured.connect(self.keep)
        self.grid([("打印机", self.printer)])
        self.inside.addWidget(self.pane)
        self.kept = button("记住")
        self.kept.clicked.connect(self.keep)
        self.add_button(self.kept)
        self.end()
        self.printer.currentTextChanged.connect(self._show_figures)

    def name(self) -> str:
        """The printer in question, '' for none."""
        return self.printer.currentText() if self.printer.isEnabled() else ""

    def read(self) -> None:
        """Asks the system and the store in the background."""
        store = self._desk.session.store
        self._desk.background.run(self, lambda _: (printers(), dict(store.get(SHIFTS, {}))), done=self._take, key="printers")

    def _take(self, found: tuple[list[str], dict[str, list[int]]]) -> None:
        names, self._shifts = found
        chosen = self.name()
        self.printer.blockSignals(True)
        self.printer.clear()
        self.printer.addItems(names or [NONE])
        self.printer.setEnabled(bool(names))
        if chosen in names:
            self.printer.setCurrentText(chosen)
        self.printer.blockSignals(False)
        for part in (self.pane, self.kept):
            part.setEnabled(bool(names))
        self._show_figures()

    def _show_figures(self) -> None:
        self.pane.show_shift(shift_of(self._shifts, self.printer.currentText()))

    def keep(self) -> None:
        """Remembers the figures of this printer."""
        name, shift, store = self.name(), self.pane.shift, self._desk.session.store
        self._shifts = {**self._shifts, name: list(shift)}
        kept = self._shifts
        self._desk.background.run(self, lambda _: store.set(SHIFTS, kept), done=lambda _: self.say(f"已记住“{name}”。"))
