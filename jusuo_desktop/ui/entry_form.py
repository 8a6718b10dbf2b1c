"""The fields of an entry page as its layout orders them: sections, tables of child rows, lists of children, and the way of the Enter key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from jusuo_desktop.actions.first_values import followed
from jusuo_desktop.records.case_beginnings import begun_row
from jusuo_desktop.records.check import missing
from jusuo_desktop.records.field import FieldType, Value, Values
from jusuo_desktop.records.kind import Record, RecordKind
from jusuo_desktop.ui.attachment_shelf import KIND as SHELVED
from jusuo_desktop.ui.attachment_shelf import AttachmentShelf
from jusuo_desktop.ui.child_list import ChildList
from jusuo_desktop.ui.child_rows import ChildRows
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.editors import LinkNames, LongTextEditor
from jusuo_desktop.ui.editors.id_editor import IdEditor
from jusuo_desktop.ui.field_cell import FieldCell
from jusuo_desktop.ui.field_set import FieldSet
from jusuo_desktop.ui.fold_line import FoldLine
from jusuo_desktop.ui.layouts import Children, Layout, Section, Table
from jusuo_desktop.ui.person_offer import PersonOffer
from jusuo_desktop.ui.section_view import SectionView

ADD_KEYS = "F7"
MARGIN = 6
SETTLING_MS = 30
"""Until remarks, rows and columns have found their places, so that heights are measured and not guessed."""
SPARED = 24
"""Pixels that stay free for a remark beneath a field."""


class EntryForm(QScrollArea):
    """`typed` at each change; `settled` when a field was left; `ended` when Enter went past the last field; `child_wanted` kind and id."""

    typed = Signal()
    settled = Signal()
    ended = Signal()
    child_wanted = Signal(str, str)
    row_taken_off = Signal(object, str)
    """The table, and what the row was called."""
    looked_at = Signal(str, str)
    """A masked number was shown in full: record id and field."""

    def __init__(self, desk: Desk, kind: RecordKind, layout: Layout) -> None:
        super().__init__()
        self.desk, self.kind = desk, kind
        self.names = LinkNames(desk, self)
        self.fields = FieldSet(kind, self)
        self.fields.typed.connect(lambda name: self.typed.emit())
        self.fields.settled.connect(lambda name: self.settled.emit())
        self.fields.onward.connect(lambda one, forward: self.go(one.editor, forward))
        self.fields.build = self.reveal
        self._spreading = QTimer(self)
        self._spreading.setSingleShot(True)
        self._spreading.setInterval(SETTLING_MS)
        self._spreading.timeout.connect(self._spread)
        self.settled.connect(self._spreading.start)
        self.sections: list[SectionView] = []
        self.tables: list[ChildRows] = []
        self.lists: list[ChildList] = []
        self.shelf: AttachmentShelf | None = None
        """Where attachments stand, on the pages of the kinds that take them."""
        self._parts: list[SectionView | ChildRows | ChildList | AttachmentShelf] = []
        self._lines: dict[SectionView, FoldLine] = {}
        self._asked: set[SectionView] = set()
        self.row_begins: dict[str, dict[str, Value]] = {}
        """What a further row of each table may start with, as it was read."""
        self._locked = False
        self.masked = False
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        self._box = QVBoxLayout(inside)
        self._box.setContentsMargins(0, 0, MARGIN, 8)
        self._box.setSpacing(7)
        for part in layout.parts:
            self._add(part)
        self._box.addStretch(1)
        self._align()
        self.setWidget(inside)
        self.fields.settled.connect(lambda name: self._follow(self.fields, name))
        if "name" in self.fields.cells and "id_card_number" in kind.by_name and not kind.reference:
            PersonOffer(desk, self.fields)
        self._watch_numbers(self.fields)

    def _add(self, part: Section | Table | Children) -> None:
        made: SectionView | ChildRows | ChildList | AttachmentShelf
        if isinstance(part, Section):
            made = SectionView(part, self.fields, self.names, self._built)
            made.arranged.connect(self._align)
            made.folded.connect(self._spreading.start)
            self.sections.append(made)
            if part.folded and part.key:
                self._into_line(made)
        elif isinstance(part, Table):
            made = ChildRows(part, self.names, ADD_KEYS if not self.tables else "")
            made.typed.connect(self.typed)
            made.arranged.connect(self._spreading.start)
            made.settled.connect(lambda fields, name: self.settled.emit())
            made.onward.connect(lambda one, forward: self.go(one.editor, forward))
            made.row_made.connect(self._row_made)
            made.taken_off.connect(lambda called, table=made: self.row_taken_off.emit(table, called))
            made.begin_row = lambda rows, kind=part.kind: begun_row(kind, self.row_begins.get(kind, {}), self.fields.current(), rows)
            self.tables.append(made)
        elif part.kinds == (SHELVED,):
            made = self.shelf = AttachmentShelf()
        elif SHELVED in part.kinds:
            self._add(replace(part, kinds=tuple(kind for kind in part.kinds if kind != SHELVED)))
            self._add(Children((SHELVED,)))
            return
        else:
            made = ChildList(part)
            made.wanted.connect(self.child_wanted)
            self.lists.append(made)
        self._parts.append(made)
        self._box.addWidget(made)

    def _into_line(self, section: SectionView) -> None:
        """The headings of folded sections that follow one another stand on one line."""
        before = self._box.itemAt(self._box.count() - 1).widget() if self._box.count() else None
        if not (isinstance(before, SectionView) and before in self._lines):
            line = FoldLine()
            self._box.addWidget(line)
        else:
            line = self._lines[before]
        line.take(section)
        self._lines[section] = line

    def unfold_held(self) -> None:
        """Opens the folded sections that hold something or that the record's state asks for; one that the clerk closed again stays closed."""
        now = self.fields.current()
        for section in self.sections:
            asked = section.section.folded and section.section.opens_for(now)
            if asked and section not in self._asked:
                section.unfold()
            (self._asked.add if asked else self._asked.discard)(section)

    def _align(self) -> None:
        """Sections of as many columns have their labels one beneath the other."""
        widest: dict[tuple[int, int], int] = {}
        for section in self.sections:
            for column, width in section.label_widths().items():
                key = (section.columns, column)
                widest[key] = max(widest.get(key, 0), width)
        for section in self.sections:
            section.set_label_widths({column: width for (columns, column), width in widest.items() if columns == section.columns})

    def _row_made(self, fields: FieldSet) -> None:
        if "id_card_number" in fields.kind.by_name:
            PersonOffer(self.desk, fields)
        self._watch_numbers(fields)

    def _watch_numbers(self, fields: FieldSet) -> None:
        for name, one in fields.cells.items():
            if isinstance(one.editor, IdEditor):
                one.editor.set_masked(self.masked)
                one.editor.unmasked.connect(lambda name=name: self.looked_at.emit(fields.record_id, name) if fields.record_id else None)

    def _follow(self, fields: FieldSet, name: str) -> None:
        """What a chosen record tells about others goes where nothing stands yet: a village's committee, its adviser."""
        value, kind, session = fields.value(name), fields.kind.name, self.desk.session
        if fields.kind.by_name[name].type is FieldType.LINK and isinstance(value, str):
            self.desk.background.run(fields, lambda reins: followed(session, kind, name, value), done=fields.fill_empty, key=f"follow {name}")

    def _built(self) -> None:
        self._align()
        self.set_locked(self._locked)
        self._watch_numbers(self.fields)

    def reveal(self, name: str) -> None:
        """Unfolds what hides a field."""
        for part in self._parts:
            if isinstance(part, SectionView) and name in part.section.fields:
                part.unfold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for part in self._parts:
            part.fit(self.viewport().width() - MARGIN)
        self._spreading.start()

    def _spread(self) -> None:
        """Gives room that would stay empty to the long texts."""
        long = [one.editor for one in self.cells() if isinstance(one.editor, LongTextEditor) and one.editor.lines > 1 and not one.editor.isHidden()]
        if not long:
            return
        pitch = long[0].fontMetrics().lineSpacing()
        whole = self._box.totalHeightForWidth(self.viewport().width()) if self._box.hasHeightForWidth() else self._box.sizeHint().height()
        natural = whole - pitch * sum(editor.more for editor in long)
        spare = max(self.viewport().height() - natural - SPARED, 0) // pitch
        lines = sum(editor.lines for editor in long)
        for editor in long:
            editor.set_more(spare * editor.lines // lines)

    # -- what is on it ---------------------------------------------------------

    def cells(self) -> Iterator[FieldCell]:
        """Every cell that is built, from top to bottom."""
        for part in self._parts:
            if isinstance(part, SectionView):
                yield from part.cells
            elif isinstance(part, ChildRows):
                for fields in part.sets:
                    yield from fields.cells.values()

    def family(self, children: list[Record]) -> dict[str, list[Values]]:
        """The child rows as the workflow judges them: typed ones as they stand, others as stored."""
        found: dict[str, list[Values]] = {}
        typed = {table.spec.kind for table in self.tables}
        for record in children:
            if record.kind not in typed:
                found.setdefault(record.kind, []).append(record.values)
        for table in self.tables:
            rows = [f.current() for f in table.sets]
            found[table.spec.kind] = [v for f, v in zip(table.sets, rows, strict=True) if f.record_id or table.is_more_than_begun(v)]
        return found

    def load_lists(self, children: list[Record]) -> None:
        """Shows the stored children that have pages of their own, and the attachments."""
        for one in (*self.lists, *((self.shelf,) if self.shelf is not None else ())):
            one.load(children)

    def load_children(self, children: list[Record], *, begin: bool) -> None:
        """Shows the stored child rows."""
        for table in self.tables:
            table.load([c for c in children if c.kind == table.spec.kind], begin=begin)
        self.load_lists(children)

    def rebase(self, record: Record, children: list[Record]) -> list[tuple[FieldSet, list[str]]]:
        """Takes in what the store holds now; returns the typed fields that changed underneath."""
        found = [(self.fields, self.fields.rebase(record.values))]
        for table in self.tables:
            found += table.rebase([c for c in children if c.kind == table.spec.kind])
        self.load_lists(children)
        return found

    def sets(self) -> list[FieldSet]:
        """The record's fields and those of its rows."""
        return [self.fields, *(fields for table in self.tables for fields in table.sets)]

    def set_locked(self, locked: bool) -> None:
        """Read-only or not."""
        self._locked = locked
        self.fields.set_locked(locked)
        if self.kind.workflow is not None and self.kind.workflow.field in self.fields.cells:
            self.fields.cells[self.kind.workflow.field].editor.set_locked(True)
        for table in self.tables:
            table.set_locked(locked)
        for one in (*self.lists, *((self.shelf,) if self.shelf is not None else ())):
            one.set_locked(locked)

    def set_masked(self, masked: bool) -> None:
        """Hides the middle of identity numbers that are not being typed."""
        self.masked = masked
        for one in self.cells():
            if isinstance(one.editor, IdEditor):
                one.editor.set_masked(masked)

    # -- the way of the Enter key ------------------------------------------------

    def editors(self) -> list[QWidget]:
        """The editors in the order of the layout."""
        found: list[QWidget] = []
        for part in self._parts:
            if isinstance(part, SectionView):
                found += [one.editor for one in part.cells]
            elif isinstance(part, ChildRows):
                found += list(part.editors_in_order())
        return [e for e in found if e.isVisibleTo(self) and e.isEnabled() and e.focusPolicy() != Qt.FocusPolicy.NoFocus]

    def go(self, editor: QWidget, forward: bool) -> bool:
        """To the next or previous field; False past the ends."""
        editors = self.editors()
        if editor not in editors:
            return False
        place = editors.index(editor) + (1 if forward else -1)
        if not 0 <= place < len(editors):
            if forward:
                self.ended.emit()
            return False
        self.show_editor(editors[place], Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
        return True

    def show_editor(self, editor: QWidget, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Puts the focus into a field and brings it into view."""
        editor.setFocus(reason)
        self.ensureWidgetVisible(editor, 0, 40)

    def show_field(self, name: str) -> None:
        """Puts the focus into a field of the record, unfolding what hides it."""
        self.reveal(name)
        if name in self.fields.cells:
            self.show_editor(self.fields.cells[name].editor)

    def first_lacking(self) -> QWidget | None:
        """The first required field that is still empty, made visible if it is folded away."""
        for name, field in self.kind.by_name.items():
            if field.required and self.fields.value(name) is None and name not in self.fields.cells:
                self.reveal(name)
        for one in self.cells():
            if one.field.required and one.editor.isVisibleTo(self) and not one.editor.raw_text():
                return one.editor
        return None

    def lacking(self) -> list[str]:
        """The labels of the required fields that are still empty, as actions.save_record says them."""
        found = [f.label for f in missing(self.kind, self.fields.current())]
        for table in self.tables:
            kind = self.fields.kind if not table.sets else table.sets[0].kind
            for place, fields in enumerate(table.sets, 1):
                found += [f"{kind.label}{place}：{f.label}" for f in missing(kind, fields.current())]
        return found

    def first(self) -> QWidget | None:
        """Where typing begins: the first empty field that is not a date filled in by the page, nor in a section that may be folded away."""
        editors = self.editors()
        rarer = {one for view in self._lines for one in view.cells}
        empty = (one.editor for one in self.cells() if one not in rarer and one.editor in editors and not one.editor.raw_text())
        free = next((e for e in empty if e.field.type is not FieldType.DATE), None)
        return free if free is not None else next(iter(editors), None)

    # -- drafts -------------------------------------------------------------------

    @property
    def touched(self) -> bool:
        """Whether anything is typed and not saved."""
        return self.fields.touched or any(t.touched for t in self.tables)

    def raw(self) -> dict[str, Any]:
        """Every text that is typed and not saved."""
        return {"values": self.fields.raw(), "base": self.fields.loaded, "tables": {t.spec.kind: t.raw() for t in self.tables if t.touched}}

    def put_raw(self, raw: Mapping[str, Any]) -> None:
        """Shows again what a draft kept."""
        self.fields.put_raw(raw.get("values", {}))
        tables = raw.get("tables", {})
        for table in self.tables:
            if table.spec.kind in tables:
                table.put_raw(tables[table.spec.kind])
