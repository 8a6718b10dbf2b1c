"""The list of a kind: one page for all kinds, grown from the declared fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QWidget

from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.listing import Filter, ListQuery
from jusuo_desktop.ui import parts
from jusuo_desktop.ui.columns import first_columns, from_setting, grows, listable, sortable, width_of
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.list_filters import FilterRow
from jusuo_desktop.ui.list_model import ListModel
from jusuo_desktop.ui.list_table import MARK_WIDTH, ListTable
from jusuo_desktop.ui.page import Page
from jusuo_desktop.ui.theme import button, label

if TYPE_CHECKING:
    from jusuo_desktop.printing import Template

KEEPING_MS: Final = 800
IMPORTED: Final = ("mediation", "consultation", "adviser_visit", "village", "worker", "mediation_committee")


class ListPage(Page):
    """Rows open by Enter or double click; letters go into the filter; the list follows the store without losing its place."""

    def __init__(self, desk: Desk, kind: str) -> None:
        super().__init__(desk, KINDS[kind].label)
        self.kind = KINDS[kind]
        self.columns = first_columns(self.kind)
        self.model = ListModel(desk, self.kind)
        self.model.setParent(self)
        self.filters = FilterRow(desk, self.kind)
        self.table = ListTable(self.model)
        self._count, self._work = QLabel(), label("", "hint")
        self._stop = button("停止", flat=True)
        self._stopping: Callable[[], object] | None = None
        self._begun = self._unasked = self._stale = self._links_stale = False
        self._quiet = False
        self.list_forms: list[str] = []
        self._keeping = QTimer(self)
        self._keeping.setSingleShot(True)
        self._keeping.setInterval(KEEPING_MS)
        self._keeping.timeout.connect(self._keep)
        self._build()
        self._connect()
        store = desk.session.store
        desk.background.run(self, lambda _reins: store.get(self._setting), done=self._begin)

    # -- what others ask ----------------------------------------------------------

    def set_filters(self, filters: tuple[Filter, ...]) -> None:
        """Lists what these conditions let through, and nothing else."""
        self.filters.set_filters(filters)

    def query(self) -> ListQuery:
        """What is listed now."""
        return ListQuery(
            self.kind.name,
            self.filters.filters,
            self.columns.sort,
            self.columns.descending,
            include_voided=self.filters.include_voided,
            text=self.filters.text,
            standing=self.filters.standing,
        )

    def shown(self) -> None:
        if self._begun and self._unasked:
            self._unasked = False
            self._ask()
        elif self._begun and self._stale:
            self.refresh()
        if self._links_stale:
            self._links_stale = False
            self.filters.load_links()

    def first_field(self) -> QWidget:
        return self.table

    def refresh(self) -> None:
        """Reads the list anew and keeps its place."""
        self._stale = False
        self.model.refresh()

    def open_place(self, place: int) -> None:
        """Opens the record in that place."""
        row = self.model.row_at(place)
        if row is not None:
            self.desk.open_record(self.kind.name, row.id)

    # -- building -------------------------------------------------------------------

    @property
    def _setting(self) -> str:
        return f"list/{self.kind.name}"

    def _build(self) -> None:
        if self.kind.name not in parts.LISTS:
            self.add_act("新增", lambda: self.desk.new_record(self.kind.name), "Ctrl+N")
            self.add_act("返回", self.closed.emit)
        else:
            self._add_printing()
        self._list_button = self.add_act("打印登记簿", self.print_list, "Shift+F8", hint="把列表中的记录印成登记簿，按现在的筛选条件")
        self._list_button.hide()
        if self.kind.name in IMPORTED:
            self.add_act("导入", lambda: self.desk.show_page(parts.import_page(self.desk)), hint="从电子表格导入台账")
        self._export_button = self.add_act("导出", self._export, "Ctrl+E", hint="把列表中的全部记录导出为电子表格")
        foot = QHBoxLayout()
        foot.addWidget(self._count)
        foot.addWidget(self._work)
        foot.addWidget(self._stop)
        self._stop.hide()
        self._stop.clicked.connect(lambda: self._stopping() if self._stopping is not None else None)
        foot.addStretch(1)
        foot.addWidget(label("Enter 打开    键入文字查找    单击表头排序，右击表头选择列", "hint"))
        self.body.addWidget(self.filters)
        self.body.addWidget(self.table, 1)
        self.body.addLayout(foot)

    def _add_printing(self) -> None:
        self._print = self.add_act("打印", self._print_chosen, "F8", hint="打印选中的记录")

    def _connect(self) -> None:
        self.filters.changed.connect(self._ask)
        self.table.resized.connect(self._give_room)
        self.table.opened.connect(self.open_place)
        self.table.typed.connect(self._typed)
        self.filters.text_field.returnPressed.connect(self._into_table)
        self.model.counted.connect(self._counted)
        self.model.loading.connect(lambda busy: self._work.setText("正在读取…" if busy else ""))
        across = self.table.horizontalHeader()
        across.sectionClicked.connect(self._heading_clicked)
        across.sectionResized.connect(self._heading_dragged)
        across.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        across.customContextMenuRequested.connect(self._heading_menu)
        self.desk.changed.connect(self._changed)

    def _begin(self, kept: object) -> None:
        self.columns = from_setting(self.kind, kept)
        self._begun = True
        session, kind_name = self.desk.session, self.kind.name

        def lists(_reins: object) -> list[str]:
            from jusuo_desktop.actions.print_list import lists_for

            return [template.name for template in lists_for(session, kind_name)]

        self.desk.background.run(self, lists, done=self._offer_lists, key="lists")
        self._lay_columns()
        self._unasked = not self.isVisible()
        if not self._unasked:
            self._ask()

    def _ask(self) -> None:
        if self._begun:
            self.model.set_query(self.query())

    def _changed(self, ids: frozenset[str]) -> None:
        if not self._begun:
            return
        if self.isVisible():
            self.refresh()
        elif not self._unasked:
            self._stale = True
        self._links_stale = self._links_stale or bool(ids)

    def _counted(self, count: int) -> None:
        self._count.setText(f"共 {count:,} 条")
        if count and self.table.current_place() < 0:
            self.table.choose(0)

    def _typed(self, text: str) -> None:
        field = self.filters.text_field
        field.setFocus()
        field.insert(text)

    def _into_table(self) -> None:
        self.table.setFocus()
        self.table.choose(max(self.table.current_place(), 0))

    # -- columns ----------------------------------------------------------------------

    def _lay_columns(self) -> None:
        self._quiet = True
        self.model.set_columns(self.columns.shown)
        self.table.setColumnWidth(0, MARK_WIDTH)
        for place, field in enumerate(self.model.columns, start=1):
            self.table.setColumnWidth(place, width_of(self.kind, field, self.columns))
        self._show_order()
        self._quiet = False
        self._give_room()

    def _give_room(self) -> None:
        """What the columns leave of the width goes to the longest text."""
        grown = grows(self.kind, self.model.columns)
        if grown is None:
            return
        widths = [width_of(self.kind, field, self.columns) for field in self.model.columns]
        room = self.table.viewport().width() - MARK_WIDTH - sum(widths) + widths[grown]
        self._quiet = True
        self.table.setColumnWidth(grown + 1, max(room, widths[grown]))
        self._quiet = False

    def _show_order(self) -> None:
        way = Qt.SortOrder.DescendingOrder if self.columns.descending else Qt.SortOrder.AscendingOrder
        places = [n for n, field in enumerate(self.model.columns, start=1) if field.name == self.columns.sort]
        self.table.horizontalHeader().setSortIndicator(places[0] if places else -1, way)

    def _heading_clicked(self, section: int) -> None:
        field = self.model.columns[section - 1] if section else None
        if field is not None and sortable(field):
            self.columns = self.columns.sorted_by(field.name)
            self._keeping.start()
            self._ask()
        self._show_order()

    def _heading_dragged(self, section: int, _before: int, after: int) -> None:
        if self._quiet or not section:
            return
        self.columns = self.columns.with_width(self.model.columns[section - 1].name, after)
        self._keeping.start()

    def _heading_menu(self, at: QPoint) -> None:
        self.menu_of_columns().popup(self.table.horizontalHeader().mapToGlobal(at))

    def menu_of_columns(self) -> QMenu:
        """Which columns to show."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for field in listable(self.kind):
            act = menu.addAction(field.label)
            act.setCheckable(True)
            act.setChecked(field.name in self.columns.shown)
            act.toggled.connect(lambda on, n=field.name: self._set_columns(self.columns.with_shown(self.kind, n, on)))
        menu.addSeparator()
        menu.addAction("恢复默认").triggered.connect(lambda: self._set_columns(first_columns(self.kind)))
        return menu

    def _set_columns(self, columns: object) -> None:
        self.columns = columns  # type: ignore[assignment]
        self._lay_columns()
        self._keeping.start()
        if self.query() != self.model.query:
            self._ask()

    def _keep(self) -> None:
        store, kept = self.desk.session.store, self.columns.as_setting()
        self.desk.background.run(self, lambda _reins: store.set(self._setting, kept), key="keep")

    def may_close(self) -> bool:
        if self._keeping.isActive():
            self._keeping.stop()
            self._keep()
        return True

    # -- acts ---------------------------------------------------------------------------

    def _print_chosen(self) -> None:
        from jusuo_desktop.actions.print_form import forms_for

        row, session, kind = self.model.row_at(self.table.current_place()), self.desk.session, self.kind.name
        if row is None:
            self.desk.refuse("请先在列表中选中一条记录，再打印。")
            return

        def preview(forms: list[Template]) -> None:
            if forms:
                self.desk.preview(forms[0].name, row.id)

        self.desk.background.run(self, lambda _: forms_for(session, kind), done=preview)

    def _offer_lists(self, names: list[str]) -> None:
        self.list_forms = names
        self._list_button.setVisible(bool(names))

    def print_list(self) -> None:
        """Opens the preview of the register with what the list shows now."""
        if self.list_forms:
            from jusuo_desktop.ui.preview_page import PreviewPage

            self.desk.show_page(PreviewPage(self.desk, self.list_forms[0], "", self.query()))

    def _export(self) -> None:
        from jusuo_desktop.ui.exporting import menu_of_exports

        menu_of_exports(self, self._export_button)

    def show_work(self, text: str, stop: Callable[[], object] | None = None) -> None:
        """What is under way, in the foot; with a way to stop it. '' for nothing."""
        self._work.setText(text)
        if stop is not None:
            self._stopping = stop
        self._stop.setVisible(bool(text) and self._stopping is not None)
        if not text:
            self._stopping = None

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        place = self.table.indexAt(self.table.viewport().mapFromGlobal(event.globalPos())).row()
        if place < 0:
            return
        self.table.choose(place)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("打开\tEnter").triggered.connect(lambda: self.open_place(place))
        if self.kind.name in parts.LISTS:
            menu.addAction("打印\tF8").triggered.connect(self._print_chosen)
        menu.popup(event.globalPos())
