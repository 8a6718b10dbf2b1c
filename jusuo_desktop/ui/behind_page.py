"""The records behind a figure: a list of nothing but these, laid over the table."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.ui.columns import first_columns, width_of
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.list_model import ListModel
from jusuo_desktop.ui.list_table import MARK_WIDTH, ListTable
from jusuo_desktop.ui.page import Page


class BehindPage(Page):
    """Opens a record by Enter or double click."""

    def __init__(self, desk: Desk, title: str, kind: str, ids: Sequence[str]) -> None:
        super().__init__(desk, title)
        self.kind = KINDS[kind]
        self.model = ListModel(desk, self.kind)
        self.model.setParent(self)
        self.table = ListTable(self.model)
        self.body.addWidget(self.table, 1)
        columns = first_columns(self.kind)
        self.model.set_columns(columns.shown)
        self.table.setColumnWidth(0, MARK_WIDTH)
        for place, name in enumerate(columns.shown, 1):
            self.table.setColumnWidth(place, width_of(self.kind, self.kind.by_name[name], columns))
        self.table.horizontalHeader().setSortIndicatorShown(False)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.opened.connect(self.open_place)
        self.model.set_query(ListQuery(kind, ids=tuple(ids)))
        desk.changed.connect(self._heard)

    def _heard(self, ids: frozenset[str]) -> None:
        """A method and no lambda: it is forgotten with the page."""
        self.model.refresh()

    def open_place(self, place: int) -> None:
        """Opens the record in that place."""
        row = self.model.row_at(place)
        if row is not None:
            self.desk.open_record(self.kind.name, row.id)

    def first_field(self) -> QWidget:
        return self.table
