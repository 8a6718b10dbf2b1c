"""The amber line on the page of a case: what to look up for, with the rule behind it; a click goes to the field. It never takes the focus."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from jusuo_desktop.actions.cautions import cautions
from jusuo_desktop.records.mediation_warnings import Caution
from jusuo_desktop.ui.theme import AMBER_INK

if TYPE_CHECKING:
    from jusuo_desktop.ui.entry_page import EntryPage

PAUSE_MS: Final = 300
SHOWN: Final = 2
"""So many are written out; how many more there are is said, and all stand in the tool tip."""


class CautionLine(QFrame):
    """Hidden while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "bar")
        box = QHBoxLayout(self)
        box.setContentsMargins(14, 3, 8, 3)
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.RichText)
        box.addWidget(self.text, 1)
        self.told: list[Caution] = []
        self.hide()

    def tell(self, told: list[Caution], own: frozenset[str]) -> None:
        """Shows the first few; those about one of the page's `own` fields lead to it."""
        if told == self.told:
            return
        self.told = told
        lines = [self._line(one, own) for one in sorted(told, key=lambda one: not one.alarm)[:SHOWN]]
        more = f"　<i>另有{len(told) - SHOWN}条</i>" if len(told) > SHOWN else ""
        self.text.setText("<br>".join(lines) + more)
        self.setToolTip("\n".join(f"· {one.sentence}" for one in told))
        self.setVisible(bool(told))

    @staticmethod
    def _line(one: Caution, own: frozenset[str]) -> str:
        said, name = escape(one.sentence), one.field.rpartition(".")[2]
        return f'⚠ <a style="color:{AMBER_INK};text-decoration:none" href="{name}">{said}</a>' if name in own else f"⚠ {said}"


class CaseCautions(QObject):
    """One for a page; looks again a moment after the last key and when the records changed."""

    def __init__(self, page: EntryPage) -> None:
        super().__init__(page)
        self._page = page
        self.line = CautionLine()
        page.body.insertWidget(page.body.indexOf(page.split), self.line)
        self.line.text.linkActivated.connect(page.form.show_field)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._look)
        page.form.typed.connect(self._timer.start)
        page.desk.changed.connect(self._heard)
        self._timer.start()

    def _heard(self, ids: frozenset[str]) -> None:
        """A method and no lambda: it is forgotten with the page."""
        self._timer.start()

    def _look(self) -> None:
        page = self._page
        if not page.ready:
            self._timer.start()
            return
        session, kind, record_id, parent_id = page.desk.session, page.kind, page.record_id, page.parent_id
        values, rows = page.form.fields.current(), {t.spec.kind: [f.current() for f in t.sets] for t in page.form.tables}
        own = frozenset(page.record_kind.by_name)
        page.desk.background.run(
            self,
            lambda reins: cautions(session, kind, record_id, parent_id, values, rows),
            done=lambda told: self.line.tell(told, own),
            key="cautions",
        )
