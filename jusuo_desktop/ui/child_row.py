"""One child row on the page: its fields, the line they stand on, and a second line that unfolds."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.ui.field_cell import DOUBT, PROBLEM, FieldCell, restyle
from jusuo_desktop.ui.field_set import FieldSet
from jusuo_desktop.ui.layouts import Cell
from jusuo_desktop.ui.theme import button, label

CLOSED, OPEN = "▸", "▾"


class ChildRow:
    """One child row: its fields and the widgets around them."""

    def __init__(self, kind: RecordKind, more: Sequence[Cell], table: QWidget, record_id: str) -> None:
        self.fields = FieldSet(kind, table, record_id)
        self.more_built = False
        self.number = label("", "hint")
        self.number.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        self.number.setContentsMargins(0, 4, 2, 0)
        self.fold = button(CLOSED, flat=True)
        self.fold.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.fold.setToolTip(f"更多：{'、'.join(kind.by_name[c.field].label for c in more)}等（Ctrl+F7）")
        self.drop = button("✕", flat=True)
        self.drop.setToolTip("移去这一行（Shift+F7）")
        self.drop.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.second = QWidget()
        self.second.setMinimumWidth(1)  # laid for a wide window it must not keep the window wide
        self._second_box = QVBoxLayout(self.second)
        self._second_box.setContentsMargins(0, 0, 0, 2)
        self._second_box.setSpacing(3)
        self._lines: list[QWidget] = []
        self.messages = label("", DOUBT)
        self.messages.setWordWrap(True)
        self.messages.hide()

    def lay_second(self, cells: Sequence[FieldCell], room: int) -> None:
        """Lays the second line anew, with its captions, on as many lines as it needs."""
        old, self._lines = self._lines, []
        left = 0
        for made in cells:
            caption = label(made.field.label, "hint")
            needed = caption.sizeHint().width() + made.minimumWidth() + 12
            if needed > left:
                self._lines.append(QWidget())
                QHBoxLayout(self._lines[-1]).setContentsMargins(0, 0, 0, 0)
                self._second_box.addWidget(self._lines[-1])
                left = room
            left -= needed
            box = self._lines[-1].layout()
            box.addWidget(caption)
            box.addWidget(made)
            made.show()
            made.editor.ensurePolished()  # its height is that of the style sheet from now on, also where a remark above wraps
            self._lines[-1].setMinimumHeight(max(self._lines[-1].minimumHeight(), made.sizeHint().height()))
        for line in self._lines:
            line.layout().addItem(QSpacerItem(0, 0, QSizePolicy.Policy.Expanding))
            line.show()
        for line in old:
            self._second_box.removeWidget(line)
            line.hide()
            line.deleteLater()

    def show_messages(self) -> None:
        """All that is wrong or odd in the row, on one line beneath it."""
        said = [(c.message, c.message_kind) for c in self.fields.cells.values() if c.message]
        self.messages.setText(" ".join(text for text, _ in said))
        self.messages.setVisible(bool(said))
        restyle(self.messages, "kind", PROBLEM if any(kind == PROBLEM for _, kind in said) else DOUBT)

    @property
    def opened(self) -> bool:
        """Whether the second line is shown."""
        return self.fold.text() == OPEN

    def cells(self, names: tuple[Cell, ...]) -> list[FieldCell]:
        """The built cells of those names."""
        return [self.fields.cells[c.field] for c in names if c.field in self.fields.cells]
