"""By how much a printer is off: two figures in tenths of a millimetre, a test page to read them from, what was read typed in."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QFormLayout, QHBoxLayout, QWidget

from jusuo_desktop.printing.ruler_page import CROSS, corrected
from jusuo_desktop.sync.progress import Reins
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.printer import Order, send
from jusuo_desktop.ui.theme import button, hint

MOST_MM = 30.0


class OffsetPane(QWidget):
    """`printer` names the printer in question; `measured` when the figures were changed by what was read from a test page."""

    measured = Signal()

    def __init__(self, desk: Desk, printer: Callable[[], str]) -> None:
        super().__init__()
        self._desk, self._printer = desk, printer
        self.right, self.down = _spin(-MOST_MM, MOST_MM), _spin(-MOST_MM, MOST_MM)
        self.read_right, self.read_down = _spin(0.0, 2 * CROSS[0]), _spin(0.0, 2 * CROSS[1])
        self.test = button("打印测试页")
        self.test.clicked.connect(lambda: self.print_test())
        self.take = button("按量得的改")
        self.take.clicked.connect(self.correct)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(4)
        form.addRow("右移", self.right)
        form.addRow("下移", self.down)
        form.addRow(hint("对不准预印的表格时，按毫米挪动；左移、上移填负数。每台打印机分别记住。"))
        form.addRow("横向量得", self.read_right)
        form.addRow("纵向量得", self.read_down)
        acts = QHBoxLayout()
        acts.addWidget(self.test)
        acts.addWidget(self.take)
        form.addRow(acts)
        self._reset()

    @property
    def shift(self) -> tuple[int, int]:
        """Right and down, in tenths of a millimetre."""
        return round(self.right.value() * 10), round(self.down.value() * 10)

    def show_shift(self, shift: tuple[int, int]) -> None:
        """Another printer's figures."""
        self.right.setValue(shift[0] / 10)
        self.down.setValue(shift[1] / 10)
        self._reset()

    def correct(self) -> None:
        """Takes over what was measured on a test page that was printed with the figures that stand here."""
        self.show_shift(corrected(self.shift, self.read_right.value(), self.read_down.value()))
        self.measured.emit()

    def print_test(self, order: Order | None = None) -> None:
        """Sends the test page to the printer, moved as the papers will be."""
        name, shift = self._printer(), self.shift
        chosen = order or Order(name, shift=shift, title="打印机测试页")

        def work(reins: Reins) -> bool:
            from jusuo_desktop.printing import shipped_fonts
            from jusuo_desktop.printing.raster import PagePictures
            from jusuo_desktop.printing.ruler_page import ruler_page

            return send(PagePictures(ruler_page(shipped_fonts(), name, shift)), chosen, reins.stopped, reins.tell)

        self._desk.background.run(self, work, done=lambda _: self._desk.say("测试页已送到打印机，请照页上的说明量。"))

    def _reset(self) -> None:
        self.read_right.setValue(CROSS[0])
        self.read_down.setValue(CROSS[1])


def _spin(least: float, most: float) -> QDoubleSpinBox:
    made = QDoubleSpinBox()
    made.setRange(least, most)
    made.setDecimals(1)
    made.setSingleStep(0.1)
    made.setSuffix(" 毫米")
    return made
