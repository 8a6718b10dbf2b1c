"""Where a record stands and where it can go: a button for each open step, and what is still lacking for it, said before it is pressed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton

from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.field import Values
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.ui.theme import QUIET, button, label


def brief(sentence: str) -> str:
    """The missing piece without the article behind it: “缺少调解记录：…（第27条）” says “调解记录”."""
    return re.split("[：（；，。]", sentence.removeprefix("缺少"))[0]


def field_named(kind: RecordKind, said: str) -> str:
    """The field that a missing piece is, by its label; '' for a child row or several things at once."""
    plain = said.replace("的", "")
    return next((f.name for f in kind.fields if f.label.replace("的", "") == plain), "")


class StepsBar(QFrame):
    """Judges by what stands on the page, saved or not; taking a step saves first. `taken` carries the step's act."""

    taken = Signal(str)
    field_wanted = Signal(str)
    """A lacking piece was clicked that is a field of the record."""

    def __init__(self, kind: RecordKind) -> None:
        super().__init__()
        self._kind = kind
        self._shown: tuple[object, ...] = ()
        self._box = QHBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(6)
        self._state = label("", "section")
        self._box.addWidget(self._state)
        self.buttons: dict[str, QPushButton] = {}
        self._in_the_way: dict[str, tuple[str, ...]] = {}
        self._lacking = QLabel()
        self._lacking.setProperty("kind", "hint")
        self._lacking.setWordWrap(True)
        self._lacking.setTextFormat(Qt.TextFormat.RichText)
        self._lacking.linkActivated.connect(self.field_wanted)
        self._box.addWidget(self._lacking, 1)

    def show_steps(self, values: Values, family: Mapping[str, Sequence[Values]], *, locked: bool) -> None:
        """Shows the state and its steps."""
        workflow = self._kind.workflow
        if workflow is None:
            self.hide()
            return
        state = workflow.state(values)
        steps = [] if locked else [(s, workflow.lacking(s, values, family)) for s in workflow.open_steps(values)]
        shown = (state, tuple((s.act, tuple(lacking)) for s, lacking in steps))
        if shown == self._shown:
            return
        self._shown = shown
        self._state.setToolTip("F6：下一步")
        self._state.setText(f"● {code_list(self._kind.by_name[workflow.field].code_list).label_of(state)}")
        self._rebuild([s.act for s, _ in steps])
        self._in_the_way = {s.act: tuple(lacking) for s, lacking in steps}
        said = []
        for step, lacking in steps:
            one = self.buttons[step.act]
            one.setText(step.label)
            one.setEnabled(not lacking)
            one.setToolTip("".join(lacking))
            if lacking:
                said.append(f"{step.label}还缺：{'、'.join(self._piece(s) for s in lacking)}")
        self._lacking.setText("&emsp;".join(said))
        self._lacking.setToolTip("\n".join("".join(lacking) for _, lacking in steps if lacking))

    def offer(self) -> None:
        """All the steps in a menu, each by its number; one that lacks something says what."""
        if not self.buttons:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for place, (act, one) in enumerate(self.buttons.items(), 1):
            more = f"（还缺：{'、'.join(brief(s) for s in self._in_the_way[act])}）" if self._in_the_way[act] else ""
            line = menu.addAction(f"&{place}  {one.text()}{more}")
            line.setEnabled(one.isEnabled())
            line.triggered.connect(lambda checked=False, act=act: self.taken.emit(act))
        first = next((line for line in menu.actions() if line.isEnabled()), None)
        if first is not None:
            menu.setActiveAction(first)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    @property
    def state(self) -> str:
        """The state as shown."""
        return self._state.text()

    @property
    def lacking(self) -> str:
        """What is said to be lacking."""
        return re.sub("<[^>]*>", "", self._lacking.text())

    def _piece(self, sentence: str) -> str:
        """The missing piece, as a link where it is a field of the record."""
        said = brief(sentence)
        name = field_named(self._kind, said)
        return f'<a style="color:{QUIET}" href="{name}">{said}</a>' if name else said

    def _rebuild(self, acts: Sequence[str]) -> None:
        if list(self.buttons) == list(acts):
            return
        for old in self.buttons.values():
            self._box.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.buttons = {}
        for place, act in enumerate(acts, 1):
            made = button("")
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            made.clicked.connect(lambda checked=False, act=act: self.taken.emit(act))
            self._box.insertWidget(place, made)
            self.buttons[act] = made
