"""A page of the window: a heading with what can be done here, and the body beneath."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.theme import button, heading


class Page(QWidget):
    """`header` takes buttons and filters beside the title, `body` the page itself. `closed` sends the window back."""

    closed = Signal()
    MARGIN = 14

    def __init__(self, desk: Desk, title: str) -> None:
        super().__init__()
        self.desk = desk
        self._title = heading(title)
        self.header = QHBoxLayout()
        self.header.setContentsMargins(self.MARGIN, 8, self.MARGIN, 6)
        self.header.setSpacing(8)
        self.header.addWidget(self._title)
        self.header.addStretch(1)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(self.MARGIN, 0, self.MARGIN, 10)
        self.body.setSpacing(8)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self.header)
        whole.addLayout(self.body, 1)

    @property
    def title(self) -> str:
        """What the page is called."""
        return self._title.text()

    def set_title(self, text: str) -> None:
        """Calls the page differently."""
        self._title.setText(text)

    @property
    def title_label(self) -> QLabel:
        """The heading, for marks beside it."""
        return self._title

    def add_act(self, text: str, act: Callable[[], object], keys: str = "", *, primary: bool = False, hint: str = "") -> QPushButton:
        """A button in the header; `keys' ('F2', 'Ctrl+S') works anywhere on the page and is written on the button."""
        made = button(f"{text}  {keys}" if keys else text, primary=primary)
        made.setToolTip(hint)
        made.clicked.connect(lambda: act())
        self.header.addWidget(made)
        if keys:
            self.add_keys(keys, made.click)
        return made

    def add_keys(self, keys: str, act: Callable[[], object]) -> QShortcut:
        """A shortcut that works while the focus is anywhere on this page."""
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(lambda: act())
        return shortcut

    def shown(self) -> None:
        """Called each time the page comes to the front."""

    def refresh(self) -> None:
        """F5."""
        self.shown()

    def may_close(self) -> bool:
        """Whether the page may go away now; what is typed is kept as a draft, so it nearly always may."""
        return True

    def first_field(self) -> QWidget | None:
        """Where the focus goes when the page comes to the front."""
        return None
