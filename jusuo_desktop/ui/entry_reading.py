"""The page's hand that reads: the record as it is stored, a draft over it, what others changed meanwhile beside what is typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from jusuo_desktop.records.field import Value
from jusuo_desktop.records.values import show
from jusuo_desktop.store.drafts import Draft
from jusuo_desktop.store.whereabouts import IN_CONFLICT
from jusuo_desktop.ui.field_cell import FieldCell
from jusuo_desktop.ui.field_set import FieldSet
from jusuo_desktop.ui.print_notice import tell_changed_since_print
from jusuo_desktop.ui.record_reading import Reading, read_new, read_record

if TYPE_CHECKING:
    from jusuo_desktop.ui.entry_page import EntryPage


class EntryReading(QObject):
    """`reading` is what the page shows, None until it was read. `given` are values that whoever opened the page put in."""

    def __init__(self, page: EntryPage, given: Mapping[str, Value], draft: Draft | None) -> None:
        super().__init__(page)
        self._page = page
        self._given = dict(given)
        self._draft = draft
        self._begun: dict[str, Any] = {}
        self.reading: Reading | None = None

    def take_saved(self, reading: Reading) -> None:
        """The record was written: nothing is a beginning any more."""
        self.reading = reading
        if reading.record is not None:
            self._page.record_id = self._page.keeper.record_id = reading.record.id
        self._given, self._begun = {}, {}

    def begin(self) -> None:
        """Reads what the page shows, in the background."""
        session, kind, record_id, parent_id = self._page.desk.session, self._page.kind, self._page.record_id, self._page.parent_id
        wants_draft = self._draft is None

        def work(reins: object) -> Reading:
            return read_record(session, record_id, with_draft=wants_draft) if record_id else read_new(session, kind, parent_id)

        self._page.desk.background.run(self, work, done=self._show_first, refused=self._page.refuse, key="read")

    def _show_first(self, reading: Reading) -> None:
        self.reading = reading
        self._page.form.fields.rules = reading.rules
        self._page.form.row_begins = reading.row_begins
        record = reading.record
        if record is not None:
            self._page.parent_id = record.parent_id
            self._page.form.names.set_parent(record.parent_id)
            self._page.form.fields.record_id = record.id
            self._page.form.fields.rebase(record.values)
        self._page.form.load_children(reading.children, begin=record is None)
        if record is None:
            self._begin(reading)
        if draft := self._draft or reading.draft:
            self._restore(draft)
        elif reading.conflicts:
            self._tell_conflicts(reading.conflicts)
        self._page.show_standing()
        self._tell_refused(reading)
        self._page.acts.note_shown(reading)
        tell_changed_since_print(self._page)
        if self._page.isVisible() and not self.go_to_refused():
            self._page.focus_first()

    def _begin(self, reading: Reading) -> None:
        """What a new record starts with stands there as if typed, and is no draft by itself."""
        begin = {**reading.begin, **self._given}
        self._page.form.fields.fill({n: v for n, v in begin.items() if n in self._page.record_kind.by_name})
        for name in self._given:
            self._page.form.fields.derive(name)
        self._begun = self._page.form.fields.raw()

    @property
    def as_begun(self) -> bool:
        """Whether a new record holds nothing but what the page put there itself."""
        return not self._given and self._page.form.fields.raw() == self._begun and not any(t.touched for t in self._page.form.tables)

    def _restore(self, draft: Draft) -> None:
        self._draft = draft
        self._page.keeper.adopt(draft.key)
        self._page.form.put_raw(draft.content)
        fields = self._page.form.fields
        base = draft.content.get("base", {})
        for name in draft.content.get("values", {}):
            if name in fields.cells and base.get(name) != fields.loaded.get(name):
                self._note(fields, name, "")
        self._page.notice.say("这里有上次没有保存的内容，已经恢复。", (("不要这些内容", self.discard),))

    def discard(self) -> None:
        """Forgets everything that is typed and not saved."""
        self._page.keeper.give_up()
        self._page.notice.say("")
        self._draft = None
        if (reading := self.reading) is not None:
            self._page.form.fields.load(reading.record.values if reading.record is not None else {})
            self._page.form.load_children(reading.children, begin=reading.record is None)
            if reading.record is None:
                self._begin(reading)
            self._page.show_standing()

    def look_again(self) -> None:
        """Takes in what others changed; what is typed here stays, with what they wrote beside it."""
        session, record_id = self._page.desk.session, self._page.record_id
        self._page.desk.background.run(self, lambda reins: read_record(session, record_id, with_authors=True), done=self.show_again, key="again")

    def show_again(self, reading: Reading) -> None:
        """Shows the record as it is now stored, under what is typed."""
        record = reading.record
        if self._page.saving or record is None or record.id != self._page.record_id:
            return
        self.reading = reading
        noted = [
            self._note(fields, name, reading.authors.get(fields.record_id, ""))
            for fields, names in self._page.form.rebase(record, reading.children)
            for name in names
        ]
        if noted:
            self._page.notice.say(f"这条记录刚被别人改过：{'、'.join(noted)}。您填的内容都在，核对后再保存，以您保存的为准。")
        elif reading.conflicts:
            self._tell_conflicts(reading.conflicts)
        self._page.show_standing()
        self._tell_refused(reading)
        self._page.acts.read_history()

    def _tell_conflicts(self, many: int) -> None:
        self._page.notice.say(
            f"这条记录有{many}处与别人填的不一致，两个内容都留着，等人决定。", (("去决定", lambda: self._page.marks.way_wanted.emit(IN_CONFLICT)),)
        )

    def _tell_refused(self, reading: Reading) -> None:
        """What the county did not take stands at its field, in the county's words, until it is typed anew."""
        told = [answer for answers in reading.refused.values() for _, answer in answers]
        if not told or self._page.locked:
            return
        for cell, answer in self._refused_cells(reading):
            cell.set_note(f"县里没有接收：{answer}")
        self._page.notice.say(f"县里没有接收这里的内容：{'；'.join(dict.fromkeys(told))}改正后保存，会再次上报。")

    def _refused_cells(self, reading: Reading) -> list[tuple[FieldCell, str]]:
        found = []
        for fields in self._page.form.sets():
            for names, answer in reading.refused.get(fields.record_id, ()):
                found += [(fields.cells[name], answer) for name in names if name in fields.cells]
        return found

    def go_to_refused(self) -> bool:
        """Puts the focus into the first field that the county refused; false where there is none."""
        reading = self.reading
        if reading is None or self._page.locked:
            return False
        for names, _ in reading.refused.get(self._page.record_id, ()):
            for name in names:
                self._page.form.reveal(name)  # a folded section has no cells yet
        cells = self._refused_cells(reading)
        if cells:
            self._tell_refused(reading)
            self._page.form.show_editor(cells[0][0].editor)
        return bool(cells)

    def _note(self, fields: FieldSet, name: str, author: str) -> str:
        field = fields.kind.by_name[name]
        said = show(field, fields.loaded.get(name), links=self._page.form.names.title) or "（空）"
        if name in fields.cells:
            fields.cells[name].set_note(f"{author or '县里或同事'}刚改成：{said}")
        return field.label
