"""The page on which a record is written: grown from the declared fields, laid out per kind, saved with its child rows in one act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QSplitter, QWidget

from jusuo_desktop.records.field import Value
from jusuo_desktop.records.kind import VOIDED, Record
from jusuo_desktop.records.registry import kind_of
from jusuo_desktop.store.drafts import Draft
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.store.whereabouts import IN_CONFLICT, REFUSED
from jusuo_desktop.store.write import READERS, REFERENCE_WRITERS
from jusuo_desktop.ui.attaching import Attaching
from jusuo_desktop.ui.child_rows import ChildRows
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.draft_keeper import DraftKeeper
from jusuo_desktop.ui.entry_acts import EntryActs
from jusuo_desktop.ui.entry_form import ADD_KEYS, EntryForm
from jusuo_desktop.ui.entry_reading import EntryReading
from jusuo_desktop.ui.entry_saving import EntrySaving
from jusuo_desktop.ui.foot_line import FootLine
from jusuo_desktop.ui.kind_acts import add_companions, add_kind_acts
from jusuo_desktop.ui.layouts import layout_of
from jusuo_desktop.ui.notice_bar import NoticeBar
from jusuo_desktop.ui.page import Page
from jusuo_desktop.ui.print_notice import tell_changed_since_print
from jusuo_desktop.ui.record_marks import RecordMarks
from jusuo_desktop.ui.record_reading import Reading
from jusuo_desktop.ui.steps_bar import StepsBar
from jusuo_desktop.ui.void_bar import VoidBar

JUDGING_MS: Final = 150
"""Between typing and the judgement of what is lacking."""
CLOSED_STATES: Final = frozenset({"closed", "archived"})
"""Of every workflow: here identity numbers are masked until they are looked at."""


class EntryPage(Page):
    """`kind` and `record_id` tell which record it is; the id is '' until a new one is saved."""

    def __init__(
        self,
        desk: Desk,
        kind: str,
        record_id: str = "",
        values: Mapping[str, Value] | None = None,
        parent_id: str = "",
        draft: Draft | None = None,
    ) -> None:
        self.record_kind = kind_of(kind)
        super().__init__(desk, self.record_kind.label)
        self.setProperty("drop_host", True)
        self.kind, self.record_id = kind, record_id
        self.parent_id = parent_id or str(draft.content.get("parent_id", "") if draft is not None else "")
        self.locked = False
        self._read = EntryReading(self, values or {}, draft)
        self.keeper = DraftKeeper(desk, self, kind, self.draft_content, draft.key if draft else "")
        self.keeper.record_id = record_id
        self._saving = EntrySaving(self)
        self.acts = EntryActs(self)
        self._judging = QTimer(self)
        self._judging.setSingleShot(True)
        self._judging.setInterval(JUDGING_MS)
        self._judging.timeout.connect(self._judge)
        self._build()
        desk.changed.connect(self._on_changed)
        self._read.begin()

    @classmethod
    def from_draft(cls, desk: Desk, draft: Draft) -> EntryPage:
        """The page as it was when it was last typed in."""
        return cls(desk, draft.kind, draft.record_id, draft=draft)

    # -- building --------------------------------------------------------------

    def _build(self) -> None:
        self.marks = RecordMarks()
        self.marks.draw_wanted.connect(self.acts.draw_number)
        self.marks.way_wanted.connect(self._go_with_way)
        self.marks.said.connect(self.say)
        self.header.insertWidget(1, self.marks)
        self.title_label.setMinimumWidth(1)
        add_kind_acts(self)
        self._void_button = self.add_act("作废", self.acts.ask_void)
        self.add_act("历史", self.acts.toggle_history, "F11", hint="谁在什么时候改了哪一项")
        self.print_button = self.add_act("打印", lambda: self.acts.choose_print(self.print_button), "F8")
        self.save_button = self.add_act("保存", self.save, "Ctrl+S", primary=True)
        self.add_keys(ADD_KEYS, self._add_row)
        self.add_keys("Ctrl+F7", lambda: self._at_row(ChildRows.turn_at))
        self.add_keys("Shift+F7", lambda: self._at_row(ChildRows.drop_at))
        self.add_keys("F12", self.go_to_lacking)
        self.notice = NoticeBar()
        self.void_bar = VoidBar()
        self.void_bar.confirmed.connect(self.acts.void)
        self.steps = StepsBar(self.record_kind)
        self.steps.taken.connect(lambda act: self.save(act=act))
        self.add_keys("F6", self.steps.offer)
        if self.record_kind.workflow is None:
            self.steps.hide()  # never shown before it has a parent: it would be a window for a moment, and take the focus
        self.form = EntryForm(self.desk, self.record_kind, layout_of(self.kind))
        self.form.names.set_parent(self.parent_id)
        self.steps.field_wanted.connect(self.form.show_field)
        self.form.typed.connect(self._on_typed)
        self.form.settled.connect(self._judge)
        self.form.ended.connect(self.save_button.setFocus)
        self.form.row_taken_off.connect(self._offer_undo)
        self.form.child_wanted.connect(self.acts.open_child)
        self.form.looked_at.connect(self.acts.note_view)
        self.attaching = Attaching(self, self.form.shelf) if self.form.shelf is not None else None
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.form)
        for bar in (self.notice, self.void_bar, self.steps):
            self.body.addWidget(bar)
        self.body.addWidget(self.split, 1)
        self.foot = FootLine("F12")
        self.foot.jump_wanted.connect(self.go_to_lacking)
        self.body.addWidget(self.foot)
        add_companions(self)
        self._show_header()

    # -- reading ---------------------------------------------------------------

    @property
    def ready(self) -> bool:
        """Whether the record is shown."""
        return self.reading is not None

    @property
    def reading(self) -> Reading | None:
        """What the page shows, as it was read last."""
        return self._read.reading

    @property
    def as_begun(self) -> bool:
        """Whether a new record holds nothing but what the page put there itself."""
        return self._read.as_begun

    @property
    def records(self) -> list[Record]:
        """The stored record and its child rows."""
        reading = self.reading
        return [reading.record, *reading.children] if reading is not None and reading.record is not None else []

    def look_again(self) -> None:
        """Takes in what others changed; what is typed here stays, with what they wrote beside it."""
        self._read.look_again()

    def show_again(self, reading: Reading) -> None:
        """Shows the record as it is now stored, under what is typed."""
        self._read.show_again(reading)

    def _on_changed(self, ids: frozenset[str]) -> None:
        if self.record_id and self.ready and not self.saving:
            self.look_again()

    # -- acts --------------------------------------------------------------------

    @property
    def saving(self) -> bool:
        """Whether the record is being written."""
        return self._saving.under_way

    def save(self, *, act: str = "", then: Callable[[], None] | None = None) -> None:
        """Saves what is typed, then takes the step `act`, then goes on with `then`."""
        self._saving.save(act, then)

    def show_saved(self, reading: Reading) -> None:
        """The record was written."""
        self._read.take_saved(reading)
        self.notice.say("")
        self.show_standing()
        self.acts.read_history()
        tell_changed_since_print(self)
        if self.attaching is not None:
            self.attaching.go_on()

    def go_to_lacking(self) -> None:
        """Puts the focus into the first required field that is empty."""
        if (editor := self.form.first_lacking()) is not None:
            self.form.show_editor(editor)

    def _add_row(self) -> None:
        if self.form.tables:
            self.form.tables[0].add_by_hand()

    def _at_row(self, act: Callable[[ChildRows, QWidget | None], None]) -> None:
        focus = QApplication.focusWidget()
        for table in self.form.tables:
            if focus is not None and table.isAncestorOf(focus):
                act(table, focus)

    def _offer_undo(self, table: ChildRows, called: str) -> None:
        def put_back() -> None:
            table.put_back()
            self.notice.say("")

        self.notice.say(f"已移去“{called}”，保存后生效。", (("放回去", put_back),))

    # -- what is shown -------------------------------------------------------------

    def _on_typed(self) -> None:
        self.keeper.touch()
        if not self._judging.isActive():
            self._judging.start()

    def show_standing(self) -> None:
        """Shows where the record stands: its title, its steps, what is lacking, what is locked."""
        self.form.unfold_held()
        self._lock()
        self._show_header()
        self._judge()

    def _judge(self) -> None:
        """Shows the steps and what is lacking, by what stands on the page."""
        if self.reading is None:
            return
        if self.record_kind.workflow is not None:
            self.steps.show_steps(self.form.fields.current(), self.form.family([*self.reading.children, *self.reading.below]), locked=self.locked)
        lacking = [] if self.locked else self.form.lacking()
        self.foot.tell_lacking(lacking)

    def _lock(self) -> None:
        record = self.reading.record if self.reading is not None else None
        role = self.desk.session.store.user.role
        reader = role in READERS or (self.record_kind.reference and role not in REFERENCE_WRITERS)
        voided = record.values.get(VOIDED.name) if record is not None else None
        self.locked = reader or voided is not None
        self.form.set_locked(self.locked)
        for widget in (self.save_button, self._void_button):
            widget.setEnabled(not self.locked)
        if record is not None:
            self.form.set_masked(self.locked or record.values.get("state") in CLOSED_STATES)
        if voided is not None:
            self.notice.say(f"已作废：{voided}。只能查看和打印。")
        elif reader:
            self.say("您的账号不能修改这里，只能查看和打印。")

    def _show_header(self) -> None:
        reading = self.reading
        record = reading.record if reading is not None else None
        title = self.record_kind.title(record.values) if record is not None else f"新{self.record_kind.label}"
        above = f"　{reading.parent_title}" if reading is not None and reading.parent_title else ""
        self.set_title(f"{title[:40]}{above[:30]}")
        self.title_label.setToolTip(f"{title}{above}")
        numbered = self.record_kind.number
        number = str(record.values.get(numbered, "")) if record is not None and numbered else ""
        may_draw = bool(numbered) and record is not None and not number and not self.locked
        self.marks.tell(number, reading.stand if reading is not None else None, may_draw=may_draw)

    def _go_with_way(self, state: str) -> None:
        """What can be done about how the record stands: mend what was refused, decide what differs, else look at the sync page."""
        if state == REFUSED and self._read.go_to_refused():
            return
        if state == IN_CONFLICT:
            from jusuo_desktop.ui.conflict_page import ConflictPage

            self.desk.show_page(ConflictPage(self.desk, self.record_id))
            return
        self.desk.show_part("sync")
        if self.isVisible():
            self.closed.emit()  # it lies over the sync page itself

    def say(self, text: str) -> None:
        """A calm line at the foot of the page."""
        self.foot.say(text)

    def refuse(self, refused: Refused) -> None:
        """What could not be done."""
        self.say(refused.message)
        self.desk.refuse(refused)

    # -- page ------------------------------------------------------------------------

    def draft_content(self) -> dict[str, Any]:
        """What a crash must not take: every typed text, {} when there is none."""
        if not self.form.touched or (not self.record_id and self.as_begun):
            return {}
        return {**self.form.raw(), "parent_id": self.parent_id, "title": self.title}

    def may_close(self) -> bool:
        self.keeper.flush()
        return True

    def first_field(self) -> QWidget | None:
        return self.form.first()

    def focusNextPrevChild(self, forward: bool) -> bool:
        focus = QApplication.focusWidget()
        if focus is not None and self.form.isAncestorOf(focus) and self.form.go(focus, forward):
            return True
        return super().focusNextPrevChild(forward)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.ready:
            QTimer.singleShot(0, self, self.focus_first)

    def focus_first(self) -> None:
        """Typing begins in the first free field, unless it has begun somewhere already."""
        if not self.isVisible():
            return  # closed again at once: the focus is where the clerk is now
        focus = QApplication.focusWidget()
        held = focus is not None and self.form.isAncestorOf(focus)
        if not held and (editor := self.first_field()) is not None:
            self.form.show_editor(editor)
