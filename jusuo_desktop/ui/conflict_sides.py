"""The two values of a conflict side by side, each with its author, device and times, the difference marked; and the place to write both together."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QSpacerItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from jusuo_desktop.actions.conflict_reading import OpenConflict, Said
from jusuo_desktop.actions.decide_conflict import Take
from jusuo_desktop.ui.text_difference import OWN, as_html, differences, folded, since
from jusuo_desktop.ui.theme import AMBER, GREEN_SOFT, QUIET, button, card, label

SIDES: Final[tuple[tuple[Take, str, str, str], ...]] = (
    ("kept", "现在用的", "保留这个  1", AMBER),
    ("other", "另一个", "改用这个  2", GREEN_SOFT),
)
SHORT: Final = 40
"""Values of so many characters stand large, without the room of an account."""
SHORT_HEIGHT: Final = 58


class _Writing(QPlainTextEdit):
    """`done` by Ctrl+Enter, `left` by Esc."""

    done = Signal()
    left = Signal()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()  # it ends the writing, not the page
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.done.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class ConflictSides(QWidget):
    """`taken` a side; `written` a text of both; `left` when the writing was given up."""

    taken = Signal(str)
    written = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown: OpenConflict | None = None
        self._whole = False
        self.texts: dict[Take, QTextBrowser] = {}
        self.whose: dict[Take, QLabel] = {}
        self.when: dict[Take, QLabel] = {}
        self.takes: dict[Take, QPushButton] = {}
        self.base = label("", "hint")
        self.base.setWordWrap(True)
        self.base.setTextFormat(Qt.TextFormat.RichText)
        self.unfold = button("", flat=True)
        self.unfold.clicked.connect(self._turn_folding)
        self.mix = button("两个合并着写  3")
        self.mix.clicked.connect(self.begin_writing)
        self.writing = _Writing()
        self.writing.done.connect(self._write)
        self.writing.left.connect(self._stop_writing)
        self._sheet = self._writing_sheet()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.base)
        sides = QHBoxLayout()
        sides.setSpacing(10)
        for side, name, act, _ in SIDES:
            sides.addWidget(self._side(side, name, act), 1)
        box.addLayout(sides, 3)
        box.addWidget(self._sheet, 2)
        self._acts = QWidget()
        acts = QHBoxLayout(self._acts)
        acts.setContentsMargins(0, 0, 0, 0)
        acts.addWidget(self.mix)
        acts.addWidget(self.unfold)
        acts.addStretch(1)
        box.addWidget(self._acts)
        self._room = QSpacerItem(0, 0)
        box.addItem(self._room)
        self._large = QFont(self.font())
        self._large.setPointSizeF(self._large.pointSizeF() * 1.25)
        self._stop_writing()

    def show_conflict(self, one: OpenConflict) -> None:
        """Shows another one."""
        self._shown, self._whole = one, False
        self.mix.setVisible(one.mixable)
        self._sheet.hide()
        self._acts.show()
        for side, name, _, _ in SIDES:
            said = one.said if side == "kept" else one.said_other
            who = f"{said.person}（{said.device}）" if said.device else said.person
            self.whose[side].setText(f"{who}的决定：{said.decided}" if said.decided else f"{name}　{who}")
            self.when[side].setText(_times(said))
            self.when[side].setVisible(bool(_times(said)))
        self._paint()

    @property
    def is_writing(self) -> bool:
        """Whether both are being written together."""
        return self._sheet.isVisible()

    def begin_writing(self) -> None:
        """Opens the place to write both together, with the value that stands."""
        if self._shown is None or not self._shown.mixable:
            return
        self.writing.setPlainText("" if self._shown.kept.startswith("（") else self._shown.kept)
        runs = differences(self._shown.kept, self._shown.other)[0]
        at = next((sum(len(r.text) for r in runs[:n]) for n, run in enumerate(runs) if run.kind == OWN), 0)
        cursor = self.writing.textCursor()
        cursor.setPosition(min(at, len(self.writing.toPlainText())))
        self.writing.setTextCursor(cursor)
        self._sheet.show()
        self._acts.hide()
        self.writing.ensureCursorVisible()
        self.writing.setFocus()

    # -- building ------------------------------------------------------------------

    def _side(self, side: Take, name: str, act: str) -> QFrame:
        sheet = card()
        column = QVBoxLayout(sheet)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(4)
        whose, when, shown, take = label(name, "section"), label("", "hint"), QTextBrowser(), button(act)
        for line in (whose, when):
            line.setWordWrap(True)
            column.addWidget(line)
        shown.setFrameShape(QFrame.Shape.NoFrame)
        shown.setStyleSheet("border: 0; padding: 0")
        shown.setMinimumHeight(SHORT_HEIGHT)
        shown.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        take.clicked.connect(partial(self.taken.emit, side))
        self.whose[side], self.when[side], self.texts[side], self.takes[side] = whose, when, shown, take
        column.addWidget(shown, 1)
        column.addWidget(take, 0, Qt.AlignmentFlag.AlignLeft)
        return sheet

    def _writing_sheet(self) -> QWidget:
        sheet = QWidget()
        column = QVBoxLayout(sheet)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(label("合并后的内容", "section"))
        column.addWidget(self.writing, 1)
        acts = QHBoxLayout()
        write, leave = button("就用这个  Ctrl+Enter", primary=True), button("不合并了  Esc", flat=True)
        write.clicked.connect(self._write)
        leave.clicked.connect(self._stop_writing)
        for one in (write, leave):
            acts.addWidget(one)
        acts.addStretch(1)
        column.addLayout(acts)
        return sheet

    # -- showing ---------------------------------------------------------------------

    def _paint(self) -> None:
        one = self._shown
        if one is None:
            return
        runs = differences(one.kept, one.other, by_character=not one.chosen)
        hidden = False
        for (side, _, _, paint), whole in zip(SIDES, runs, strict=True):
            left = folded(whole)
            hidden = hidden or len(left) != len(whole)
            self.texts[side].setHtml(as_html(whole if self._whole else left, paint=paint, quiet=QUIET))
        self.unfold.setVisible(hidden)
        self.unfold.setText("折起相同的内容" if self._whole else "显示全文")
        self.base.setVisible(one.base is not None)
        if one.base is not None:
            base = since(one.base, one.kept, one.other)
            self.base.setText("两人改以前：" + as_html(base if self._whole else folded(base), paint="transparent", quiet=QUIET))
        short = all(len(text) <= SHORT and "\n" not in text for text in (one.kept, one.other))
        for shown in self.texts.values():
            shown.setMaximumHeight(SHORT_HEIGHT if short else 16_777_215)
            shown.setFont(self._large if short else self.font())
            shown.parentWidget().setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum if short else QSizePolicy.Policy.Expanding)
        self._room.changeSize(0, 0, vData=QSizePolicy.Policy.Expanding if short else QSizePolicy.Policy.Ignored)
        self.layout().invalidate()

    def _turn_folding(self) -> None:
        self._whole = not self._whole
        self._paint()

    def _write(self) -> None:
        if self.is_writing:
            text = self.writing.toPlainText()
            self._sheet.hide()
            self.written.emit(text)

    def _stop_writing(self) -> None:
        self._sheet.hide()
        self._acts.show()
        self.left.emit()


def _times(said: Said) -> str:
    """When a value was typed, by the clock of its device, and when it came to the county, by the county's."""
    parts = [f"{_moment(ms)} {what}" for ms, what in ((said.made_at, "填写"), (said.received_at, "到县里")) if ms]
    return "，".join(parts)


def _moment(ms: int) -> str:
    try:
        then = datetime.fromtimestamp(ms / 1000)
    except (ValueError, OverflowError, OSError):
        return "时间不明"
    return f"{then:%Y-%m-%d %H:%M}"
