"""The row of conditions over a list: text, time, code lists, places and people. What it cannot show as a control it shows as a removable chip."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from jusuo_desktop.actions.where_is import LISTED, WHEREABOUTS
from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.field import Field, FieldType
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.values import show
from jusuo_desktop.store.listing import Filter
from jusuo_desktop.ui.choice_button import ChoiceButton, Choices
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.period_button import PeriodButton
from jusuo_desktop.ui.theme import button

TYPING_MS: Final = 180
IN_FRONT: Final = {
    "mediation": ("state", "dispute_type", "mediation_result", "village"),
    "consultation": ("state", "consultation_channel", "matter_type", "village"),
    "adviser_visit": ("village", "adviser", "service_types"),
}
"""The conditions that stand in the first row; the others come with “更多条件”."""
MOST_LINKS: Final = 5000
SEVERAL: Final = frozenset({FieldType.CODE, FieldType.LINK})
"""Kept as one value: any of several chosen ones may match. Of lists, one is looked for."""


class FilterRow(QWidget):
    """`changed` tells that other records are wanted."""

    changed = Signal()

    def __init__(self, desk: Desk, kind: RecordKind) -> None:
        super().__init__()
        self._desk, self._kind = desk, kind
        self._links: dict[str, Choices] = {}
        self._others: list[Filter] = []
        self._buttons: dict[str, ChoiceButton] = {}
        self.text_field = QLineEdit()
        self.text_field.setPlaceholderText("在列表中查找")
        self.text_field.setClearButtonEnabled(True)
        self.text_field.setMaximumWidth(240)
        self.text_field.setMinimumWidth(130)
        self.voided = QCheckBox("含作废")
        order = kind.by_name.get(kind.order)
        dated = order is not None and order.type in (FieldType.DATE, FieldType.TIME)
        self.period = PeriodButton(order.label, desk.session.today) if order is not None and dated else None
        self._standing = ChoiceButton(WHEREABOUTS.label, lambda: LISTED, several=False)
        self._clear = button("清除条件", flat=True)
        self._more = button("更多条件", flat=True)
        self._chips = QHBoxLayout()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TYPING_MS)
        self._timer.timeout.connect(self._emit)
        self._build()
        self.load_links()

    # -- what is asked for -------------------------------------------------------

    @property
    def text(self) -> str:
        """The text looked for inside the list."""
        return self.text_field.text().strip()

    @property
    def include_voided(self) -> bool:
        """Whether voided records are wanted too."""
        return self.voided.isChecked()

    @property
    def standing(self) -> str:
        """How the wanted records stand with the county, '' for any way (store.whereabouts.LISTED)."""
        return self._standing.chosen[0] if self._standing.chosen else ""

    def set_standing(self, standing: str) -> None:
        """These records and no others, whatever else they are."""
        self._standing.set_chosen([standing] if standing else [])
        self._second.setVisible(bool(standing))
        self._emit()

    @property
    def filters(self) -> tuple[Filter, ...]:
        """The conditions."""
        found = list(self._others)
        if self.period is not None and self.period.span != (None, None):
            found.append(Filter(self._kind.order, "between", self.period.span))
        for name, made in self._buttons.items():
            if made.chosen:
                field = self._kind.by_name[name]
                found.append(Filter(name, "in", tuple(made.chosen)) if field.type in SEVERAL else Filter(name, "contains", made.chosen[0]))
        return tuple(found)

    def set_filters(self, filters: tuple[Filter, ...]) -> None:
        """These conditions and no others."""
        self.text_field.blockSignals(True)
        self.text_field.clear()
        self.text_field.blockSignals(False)
        self._timer.stop()
        self.voided.blockSignals(True)
        self.voided.setChecked(False)
        self.voided.blockSignals(False)
        self._others = []
        for made in (*self._buttons.values(), self._standing):
            made.set_chosen([])
        if self.period is not None:
            self.period.set_span((None, None))
        for one in filters:
            self._take(one)
        self._emit()

    def load_links(self) -> None:
        """Reads the names of places and people that can be chosen, in the background."""
        kinds = {f.link for f in self._choosable() if f.link}
        if not kinds:
            return
        session = self._desk.session

        def work(_reins: object) -> dict[str, Choices]:
            from jusuo_desktop.actions.linked import candidates

            return {kind: candidates(session, kind, limit=MOST_LINKS) for kind in kinds}

        self._desk.background.run(self, work, done=self._linked, key="links")

    def _linked(self, links: dict[str, Choices]) -> None:
        self._links = links
        for made in self._buttons.values():
            made.set_chosen(made.chosen)

    def _take(self, one: Filter) -> None:
        made = self._buttons.get(one.field)
        if one.field == self._kind.order and one.comparison == "between" and self.period is not None:
            self.period.set_span(one.value)
        elif made is not None and one.comparison in ("in", "=") and self._kind.by_name[one.field].type in SEVERAL:
            made.set_chosen(list(one.value) if one.comparison == "in" else [one.value])
        elif made is not None and one.comparison == "contains":
            made.set_chosen([one.value])
        else:
            self._others.append(one)
        if made is not None and one.field not in self._front():
            self._second.show()

    # -- building ----------------------------------------------------------------

    def _front(self) -> tuple[str, ...]:
        return IN_FRONT.get(self._kind.name, tuple(f.name for f in self._choosable()[:4]))

    def _choosable(self) -> list[Field]:
        return [f for f in self._kind.listed if f.type in (FieldType.CODE, FieldType.CODES, FieldType.LINK, FieldType.LINKS)]

    def _choices(self, field: Field) -> Choices:
        return code_list(field.code_list).codes if field.code_list else self._links.get(field.link, ())

    def _build(self) -> None:
        first, self._second = QHBoxLayout(), QWidget()
        second = QHBoxLayout(self._second)
        second.setContentsMargins(0, 0, 0, 0)
        for row in (first, second, self._chips):
            row.setSpacing(6)
        first.addWidget(self.text_field, 1)
        if self.period is not None:
            first.addWidget(self.period)
            self.period.changed.connect(self._emit)
        behind = [f for f in self._choosable() if f.name not in self._front()]
        for field in [f for name in self._front() for f in self._choosable() if f.name == name] + behind:
            made = ChoiceButton(field.label, partial(self._choices, field), several=field.type in SEVERAL)
            made.changed.connect(self._emit)
            self._buttons[field.name] = made
            (second if field in behind else first).addWidget(made)
        self._standing.changed.connect(self._emit)
        second.addWidget(self._standing)
        first.addWidget(self.voided)
        first.addLayout(self._chips)
        first.addWidget(self._more)
        first.addWidget(self._clear)
        first.addStretch(1)
        second.addStretch(1)
        self._more.clicked.connect(lambda: self._second.setVisible(not self._second.isVisible()))
        self._clear.clicked.connect(lambda: self.set_filters(()))
        self.voided.toggled.connect(self._emit)
        self.text_field.textChanged.connect(lambda _: self._timer.start())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        whole.addLayout(first)
        whole.addWidget(self._second)
        self._second.hide()
        self._show_state()

    def _emit(self) -> None:
        self._show_state()
        self.changed.emit()

    def _show_state(self) -> None:
        self._clear.setVisible(bool(self.filters or self.text or self.include_voided or self.standing))
        while self._chips.count():
            if (old := self._chips.takeAt(0).widget()) is not None:
                old.deleteLater()
        for one in self._others:
            self._chips.addWidget(self._chip(one))

    def _chip(self, one: Filter) -> QPushButton:
        field = self._kind.by_name[one.field]
        made = button(f"{field.label}：{self._said(field, one)}  ×")
        made.setProperty("kind", "menu")
        made.setProperty("chosen", "true")
        made.clicked.connect(lambda: self._drop(one))
        return made

    def _said(self, field: Field, one: Filter) -> str:
        if one.comparison == "empty":
            return "未填"
        if one.comparison == "between":
            return " 至 ".join(str(bound) for bound in one.value if bound is not None)
        if field.type in (FieldType.TEXT, FieldType.LONG_TEXT) or one.comparison == "contains":
            return str(one.value)
        values = one.value if one.comparison == "in" else [one.value]
        names = {key: name for choices in self._links.values() for key, name in choices}
        return "、".join(show(field, [v] if field.type in (FieldType.CODES, FieldType.LINKS) else v, links=lambda i: names.get(i, i)) for v in values)

    def _drop(self, one: Filter) -> None:
        self._others.remove(one)
        self._emit()
