"""A quiet bar under the header: one sentence and what can be done about it. It never takes the focus."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from jusuo_desktop.ui.theme import button


class NoticeBar(QFrame):
    """Hidden until it has something to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "bar")
        self._box = QHBoxLayout(self)
        self._box.setContentsMargins(14, 3, 8, 3)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._box.addWidget(self._text, 1)
        self._acts: list[QWidget] = []
        self.hide()

    def say(self, text: str, acts: Sequence[tuple[str, Callable[[], object]]] = ()) -> None:
        """Shows a sentence with its acts; '' takes it away."""
        for widget in self._acts:
            self._box.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._acts = []
        for name, act in acts:
            self._add(name, act)
        if text:
            self._add("✕", lambda: self.say(""))
        self._text.setText(text)
        self.setVisible(bool(text))

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def press(self, name: str) -> None:
        """Does one of the acts."""
        next(w for w in self._acts if isinstance(w, QPushButton) and w.text() == name).click()

    def _add(self, name: str, act: Callable[[], object]) -> None:
        made = button(name, flat=True)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.clicked.connect(lambda: act())
        self._box.addWidget(made)
        self._acts.append(made)
