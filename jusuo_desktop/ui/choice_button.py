"""A button that opens a list of choices under it, several or one; with many, a field narrows them while typing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from jusuo_desktop.ui.theme import button

NARROW_ABOVE: Final = 12
CODE: Final = Qt.ItemDataRole.UserRole
Choices = Sequence[tuple[str, str]]


class _Choosing(QFrame):
    """The list that opens."""

    done = Signal(list)

    def __init__(self, parent: QWidget, choices: Choices, chosen: Sequence[str], *, several: bool) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("kind", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._several = several
        self.narrow = QLineEdit()
        self.narrow.setPlaceholderText("键入以缩小范围")
        self.list = QListWidget()
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        for code, label in choices:
            item = QListWidgetItem(label)
            item.setData(CODE, code)
            if several:
                item.setCheckState(Qt.CheckState.Checked if code in chosen else Qt.CheckState.Unchecked)
            self.list.addItem(item)
            if code in chosen and self.list.currentRow() < 0:
                self.list.setCurrentItem(item)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self.narrow)
        layout.addWidget(self.list)
        foot = QHBoxLayout()
        clear, apply = button("不限", flat=True), button("确定", primary=True)
        clear.clicked.connect(lambda: self._finish([]))
        apply.clicked.connect(lambda: self._finish(self.chosen()))
        foot.addWidget(clear)
        foot.addStretch(1)
        foot.addWidget(apply)
        layout.addLayout(foot)
        apply.setVisible(several)
        self.narrow.setVisible(len(choices) > NARROW_ABOVE)
        self.narrow.textChanged.connect(self._narrow)
        self.narrow.installEventFilter(self)
        self.list.installEventFilter(self)
        self.list.itemClicked.connect(self._clicked)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)

    def chosen(self) -> list[str]:
        """What is ticked; with one choice, the current one."""
        items = [self.list.item(i) for i in range(self.list.count())]
        if self._several:
            return [item.data(CODE) for item in items if item.checkState() == Qt.CheckState.Checked]
        return [self.list.currentItem().data(CODE)] if self.list.currentItem() else []

    def first_field(self) -> QWidget:
        """Where the focus goes."""
        return self.narrow if self.list.count() > NARROW_ABOVE else self.list

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._enter()
                return True
            if watched is self.narrow and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.list.setFocus()
                return False
        return super().eventFilter(watched, event)

    def _enter(self) -> None:
        item = self.list.currentItem()
        if self._several and not self.chosen() and item is not None and not item.isHidden():
            item.setCheckState(Qt.CheckState.Checked)
        self._finish(self.chosen())

    def _clicked(self, item: QListWidgetItem) -> None:
        if not self._several:
            self._finish([item.data(CODE)])

    def _narrow(self, typed: str) -> None:
        first = None
        for i in range(self.list.count()):
            item = self.list.item(i)
            item.setHidden(typed.strip().lower() not in item.text().lower())
            first = item if first is None and not item.isHidden() else first
        if first is not None:
            self.list.setCurrentItem(first)

    def _finish(self, chosen: list[str]) -> None:
        self.done.emit(chosen)
        self.close()


class ChoiceButton(QPushButton):
    """`changed` tells when other choices were made. `source` is asked for the choices each time the list opens."""

    changed = Signal()

    def __init__(self, label: str, source: Callable[[], Choices], *, several: bool = True) -> None:
        super().__init__()
        self.setProperty("kind", "menu")
        self._label, self._source, self._several = label, source, several
        self._chosen: list[str] = []
        self.popup: _Choosing | None = None
        self.clicked.connect(self.open)
        self._show()

    @property
    def chosen(self) -> list[str]:
        """The codes chosen; none: everything."""
        return list(self._chosen)

    def set_chosen(self, chosen: Sequence[str]) -> None:
        """Chooses without telling."""
        self._chosen = list(chosen)
        self._show()

    def open(self) -> None:
        """Opens the list."""
        made = _Choosing(self, self._source(), self._chosen, several=self._several)
        self.popup = made
        made.done.connect(self._taken)
        made.destroyed.connect(self._gone)
        wide = max(made.list.sizeHintForColumn(0) + 48, self.width(), 180)
        rows = min(made.list.count(), 14)
        tall = rows * max(made.list.sizeHintForRow(0), 20) + 54 + (34 if made.list.count() > NARROW_ABOVE else 0)
        made.resize(min(wide, 420), tall)
        made.move(self.mapToGlobal(QPoint(0, self.height())))
        made.show()
        made.first_field().setFocus()

    def _gone(self) -> None:
        self.popup = None

    def _taken(self, chosen: list[str]) -> None:
        if chosen != self._chosen:
            self.set_chosen(chosen)
            self.changed.emit()

    def _show(self) -> None:
        labels = dict(self._source()) if self._chosen else {}
        said = labels.get(self._chosen[0], self._chosen[0]) if self._chosen else ""
        more = f" 等{len(self._chosen)}项" if len(self._chosen) > 1 else ""
        self.setText(f"{self._label}：{said}{more} ▾" if said else f"{self._label} ▾")
        self.setProperty("chosen", "true" if self._chosen else "false")
        self.style().unpolish(self)
        self.style().polish(self)
