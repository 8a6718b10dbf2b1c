"""All choices side by side, each with its key: grades, yes and no, short lists. One key chooses; nothing drops down."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.field import Field, FieldType, Value
from jusuo_desktop.records.values import parse, show
from jusuo_desktop.ui.editors.choices import TRUTH, Choice, choices_of
from jusuo_desktop.ui.editors.line_editor import ENTER
from jusuo_desktop.ui.theme import ACCENT, ACCENT_SOFT, DESK, INK, LINE, PAPER, QUIET

GAP: Final = 4
YES_KEYS: Final = {"y": 0, "n": 1, "0": 1}


class RowEditor(QWidget):
    """The same signals and words as a LineEditor; its text is that of the chosen labels."""

    typed = Signal()
    settled = Signal()
    onward = Signal(bool)

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field
        self.several = field.type is FieldType.CODES
        self.composing = False
        self._value: Value | None = None
        self._put_text = ""
        self._text = ""
        self._locked = False
        self._mark = 0
        self._choices = [Choice(c, lab, c) for c, lab in TRUTH] if field.type is FieldType.BOOLEAN else choices_of(code_list(field.code_list))
        bare = [c.number.lstrip("0") or c.number[-1:] for c in self._choices]
        self._keys = [key if len(key) == 1 else "" for key in bare]
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def put(self, value: Value | None) -> None:
        self._value = value
        self._put_text = self._text = show(self.field, value)
        self.update()

    def put_typed(self, value: Value) -> None:
        self._text = show(self.field, value)
        self.update()
        self.typed.emit()

    def value(self) -> Value | None:
        return parse(self.field, self._text) if self.touched else self._value

    @property
    def touched(self) -> bool:
        return self._text != self._put_text

    def raw(self) -> Any:
        return self._text

    def raw_text(self) -> str:
        return self._text

    def put_raw(self, raw: Any) -> None:
        self._text = str(raw)
        self.update()

    def settle(self) -> None:
        """Nothing: a choice is always whole."""

    def set_locked(self, locked: bool) -> None:
        self._locked = locked
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if locked else Qt.FocusPolicy.StrongFocus)
        self.update()

    def text(self) -> str:
        """The chosen labels."""
        return self._text

    # -- choosing ------------------------------------------------------------

    def _chosen(self) -> set[str]:
        """The chosen labels; some hold a “、” themselves, so the text is read and not split."""
        value = parse(self.field, self._text) if self.several else None
        codes = value if isinstance(value, list) else []
        return {c.label for c in self._choices if c.code in codes} if self.several else {self._text}

    def choose(self, place: int) -> None:
        """Chooses one; choosing it again takes it back."""
        if self._locked:
            return
        label = self._choices[place].label
        self._mark = place
        if self.several:
            chosen = self._chosen() ^ {label}
            self._text = "、".join(c.label for c in self._choices if c.label in chosen)
        else:
            self._text = "" if self._text == label else label
        self.update()
        self.typed.emit()
        self.settled.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, typed = event.key(), event.text().lower()
        if key in ENTER:
            self.onward.emit(not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if key in (Qt.Key.Key_Right, Qt.Key.Key_Down) else -1
            self._mark = (self._mark + step) % len(self._choices)
            self.update()
        elif key == Qt.Key.Key_Space:
            self.choose(self._mark)
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and self._text and not self._locked:
            self._text = ""
            self.update()
            self.typed.emit()
        elif typed and typed in self._keys:
            self._by_key(self._keys.index(typed))
        elif self.field.type is FieldType.BOOLEAN and typed in YES_KEYS:
            self._by_key(YES_KEYS[typed])
        else:
            event.ignore()
            return
        event.accept()

    def _by_key(self, place: int) -> None:
        """A key chooses and never takes back, except where several stand together."""
        if self.several or self._choices[place].label != self._text:
            self.choose(place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for place, box in enumerate(self._boxes(self.width())):
            if box.contains(event.position().toPoint()):
                self.choose(place)

    # -- looks -----------------------------------------------------------------

    def _said(self, place: int) -> str:
        key = self._keys[place]
        label = self._choices[place].label
        return f"{key} {label}" if key and self.field.type is not FieldType.BOOLEAN else label

    def _boxes(self, width: int) -> list[QRect]:
        metrics = self.fontMetrics()
        height = metrics.height() + 8
        boxes, x, y = [], 0, 0
        for place in range(len(self._choices)):
            wide = metrics.horizontalAdvance(self._said(place)) + 16
            if x and x + wide > width:
                x, y = 0, y + height + GAP
            boxes.append(QRect(QPoint(x, y), QSize(wide, height)))
            x += wide + GAP
        return boxes

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._boxes(width)[-1].bottom() + 2

    def sizeHint(self) -> QSize:
        boxes = self._boxes(100_000)
        return QSize(boxes[-1].right() + 2, boxes[-1].bottom() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(max(b.width() for b in self._boxes(100_000)), self._boxes(100_000)[0].height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self._chosen()
        for place, box in enumerate(self._boxes(self.width())):
            on = self._choices[place].label in chosen
            marked = self.hasFocus() and place == self._mark
            painter.setPen(QPen(QColor(ACCENT if on or marked else LINE), 1))
            quiet = DESK if self._locked else PAPER
            painter.setBrush(QColor((ACCENT if not self._locked else QUIET) if on else ACCENT_SOFT if marked else quiet))
            painter.drawRoundedRect(box.adjusted(0, 0, -1, -1), 3, 3)
            painter.setPen(QColor(PAPER if on else QUIET if self._locked else INK))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._said(place))
        if self.hasFocus():
            painter.setPen(QPen(QColor(ACCENT), 1, Qt.PenStyle.DotLine))
            last = self._boxes(self.width())
            painter.drawLine(0, self.height() - 1, max(b.right() for b in last), self.height() - 1)
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._mark = next((i for i, c in enumerate(self._choices) if c.label in self._chosen()), self._mark)
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
