"""The page on which a record is written: grown from the declared fields, laid out per kind, saved with its child rows in one act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QSplitter, QWidget

from jusuo_desktop.actions.number import draw
from jusuo_desktop.actions.print_form import Offer, offers
from jusuo_desktop.actions.save_record import save
from jusuo_desktop.actions.take_step import take_step
from jusuo_desktop.actions.void_record import void
from jusuo_desktop.records.field import Value
from jusuo_desktop.records.kind import VOIDED
from jusuo_desktop.records.registry import kind_of
from jusuo_desktop.records.values import show
from jusuo_desktop.store.drafts import Draft
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.store.write import READERS, REFERENCE_WRITERS
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.draft_keeper import DraftKeeper
from jusuo_desktop.ui.entry_form import ADD_KEYS, EntryForm
from jusuo_desktop.ui.field_set import FieldSet
from jusuo_desktop.ui.history_pane import HistoryPane, told
from jusuo_desktop.ui.layouts import layout_of
from jusuo_desktop.ui.notice_bar import NoticeBar
from jusuo_desktop.ui.page import Page
from jusuo_desktop.ui.record_reading import Reading, read_new, read_record
from jusuo_desktop.ui.saving import Outcome, Snapshot
from jusuo_desktop.ui.steps_bar import StepsBar
from jusuo_desktop.ui.theme import button, label
from jusuo_desktop.ui.void_bar import VoidBar

JUDGING_MS = 150
CLOSED_STATES = frozenset({"closed", "archived"})


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
        self.kind, self.record_id, self.parent_id = kind, record_id, parent_id
        self._given = dict(values or {})
        self._draft = draft
        self._begun: dict[str, Any] | None = None
        self._reading: Reading | None = None
        self.saving = False
        self._after: Callable[[], None] | None = None
        self._locked = False
        self.keeper = DraftKeeper(desk, self, kind, self.draft_content, draft.key if draft else "")
        self.keeper.record_id = record_id
        self._judging = QTimer(self)
        self._judging.setSingleShot(True)
        self._judging.setInterval(JUDGING_MS)
        self._judging.timeout.connect(self._judge)
        self._build()
        desk.changed.connect(self._on_changed)
        self._read()

    @classmethod
    def from_draft(cls, desk: Desk, draft: Draft) -> EntryPage:
        """The page as it was when it was last typed in."""
        return cls(desk, draft.kind, draft.record_id, parent_id=str(draft.content.get("parent_id", "")), draft=draft)

    # -- building --------------------------------------------------------------

    def _build(self) -> None:
        self._number = label("", "hint")
        self._draw = button("取编号", flat=True)
        self._draw.setToolTip("编号取出后不再变动；打印时会自动取号")
        self._draw.clicked.connect(self.draw_number)
        self._travelled = label("", "hint")
        for place, widget in enumerate((self._number, self._draw, self._travelled), 1):
            self.header.insertWidget(place, widget)
        self._void_button = self.add_act("作废", self._ask_void)
        self._history_button = self.add_act("历史", self.toggle_history, "F11", hint="谁在什么时候改了哪一项")
        self._print_button = self.add_act("打印", self.choose_print, "F8")
        self.save_button = self.add_act("保存", self.save, "Ctrl+S", primary=True)
        self.add_keys(ADD_KEYS, self._add_row)
        self.add_keys("F12", self.go_to_lacking)
        self.notice = NoticeBar()
        self.void_bar = VoidBar()
        self.void_bar.confirmed.connect(self._void)
        self.steps = StepsBar(self.record_kind)
        self.steps.taken.connect(lambda act: self.save(act=act))
        self.steps.setVisible(self.record_kind.workflow is not None)
        self.form = EntryForm(self.desk, self.record_kind, layout_of(self.kind))
        self.form.typed.connect(self._on_typed)
        self.form.settled.connect(self._judge)
        self.form.ended.connect(self.save_button.setFocus)
        self.form.child_wanted.connect(self._open_child)
        self.form.looked_at.connect(self._note_view)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self.form)
        self._history: HistoryPane | None = None
        self.line = QLabel()
        self.line.setProperty("kind", "hint")
        self.line.setTextFormat(Qt.TextFormat.PlainText)
        self._jump = button("去填写  F12", flat=True)
        self._jump.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._jump.clicked.connect(self.go_to_lacking)
        foot = _row(self.line, self._jump)
        for widget in (self.notice, self.void_bar, self.steps):
            self.body.addWidget(widget)
        self.body.addWidget(self._split, 1)
        self.body.addWidget(foot)
        self._show_header()

    @property
    def ready(self) -> bool:
        """Whether the record is shown."""
        return self._reading is not None

    # -- reading ---------------------------------------------------------------

    def _read(self) -> None:
        session, kind, record_id, parent_id = self.desk.session, self.kind, self.record_id, self.parent_id
        wants_draft = self._draft is None
        if record_id:
            work = lambda reins: read_record(session, record_id, with_draft=wants_draft)  # noqa: E731
        else:
            work = lambda reins: read_new(session, kind, parent_id)  # noqa: E731
        self.desk.background.run(self, work, done=self._show_first, refused=self._refuse, key="read")

    def _show_first(self, reading: Reading) -> None:
        self._reading = reading
        record = reading.record
        if record is not None:
            self.parent_id = record.parent_id
            self.form.fields.record_id = record.id
            self.form.fields.rebase(record.values)
            for cell in self.form.fields.cells.values():
                cell.judge()
        self.form.load_children(reading.children, begin=record is None)
        if record is None:
            begin = {**reading.begin, **self._given}
            self.form.fields.fill({n: v for n, v in begin.items() if n in self.record_kind.by_name})
            for name in self._given:
                self.form.fields.derive(name)
            self._begun = self.form.fields.raw()
        if draft := self._draft or reading.draft:
            self._restore(draft)
        self._lock()
        self._show_header()
        self._judge()
        if self.isVisible() and not self._holds_focus():
            self._focus_first()

    def _restore(self, draft: Draft) -> None:
        self._draft = draft
        self.keeper.adopt(draft.key)
        self.form.put_raw(draft.content)
        changed = [n for n, v in dict(draft.content["base"]).items() if self.form.fields.loaded.get(n) != v and n in draft.content["values"]]
        for name in changed:
            if name in self.form.fields.cells:
                self._note(self.form.fields, name, "")
        self.notice.say("已恢复上次没有保存的内容。", (("不要这些内容", self.discard),))

    def discard(self) -> None:
        """Forgets everything that is typed and not saved."""
        self.keeper.give_up()
        self.notice.say("")
        self._draft = None
        reading = self._reading
        if reading is None:
            return
        self.form.fields.load(reading.record.values if reading.record is not None else {})
        self.form.load_children(reading.children, begin=reading.record is None)
        if reading.record is None:
            self.form.fields.fill({**reading.begin, **self._given})
            self._begun = self.form.fields.raw()
        self._judge()

    def _on_changed(self, ids: frozenset[str]) -> None:
        if self.record_id and self._reading is not None and not self.saving:
            self.look_again()

    def look_again(self) -> None:
        """Takes in what others changed; what is typed here stays, with what they wrote beside it."""
        session, record_id = self.desk.session, self.record_id
        self.desk.background.run(self, lambda reins: read_record(session, record_id, with_authors=True), done=self._show_again, key="again")

    def _show_again(self, reading: Reading) -> None:
        if self.saving or reading.record is None or reading.record.id != self.record_id:
            return
        self._reading = reading
        record = reading.record
        noted = [self._note(self.form.fields, n, reading.authors.get(record.id, "")) for n in self.form.fields.rebase(record.values)]
        by_id = {c.id: c for c in reading.children}
        for table in self.form.tables:
            rows = {f.record_id: f for f in table.sets if f.record_id}
            for record_id, fields in rows.items():
                if record_id in by_id:
                    noted += [self._note(fields, n, reading.authors.get(record_id, "")) for n in fields.rebase(by_id[record_id].values)]
                elif not fields.touched:
                    table.take_away(fields)
            for child in reading.children:
                if child.kind == table.spec.kind and child.id not in rows and child.id not in table.removed:
                    table.add(child.id).load(child.values)
        for one in self.form.lists:
            one.load(reading.children)
        if noted:
            self.notice.say(f"这条记录刚被别人改过：{'、'.join(noted)}。您填的内容都在，核对后保存即以您的为准。")
        self._lock()
        self._show_header()
        self._judge()

    def _note(self, fields: FieldSet, name: str, author: str) -> str:
        field = fields.kind.by_name[name]
        said = show(field, fields.loaded.get(name), links=self.form.names.title) or "（空）"
        fields.cells[name].set_note(f"{author or '县里或同事'}刚改成：{said}")
        return field.label

    # -- saving ----------------------------------------------------------------

    def save(self, *, act: str = "", then: Callable[[], None] | None = None) -> None:
        """Saves what is typed, then takes the step `act`, then goes on with `then`."""
        if self._locked or self.saving or self._reading is None:
            return
        wrong = [cell for fields in self._sets() for cell in fields.wrong()]
        if wrong:
            self._say(f"有{len(wrong)}处填写有误，改正后再保存：{wrong[0].message}（已填内容都留着）")
            self.form.show_editor(wrong[0].editor)
            self.keeper.touch()
            return
        snapshot = Snapshot.of(self.form)
        if snapshot.empty and not act and (self.record_id or (self.form.fields.raw() == self._begun and not self._given)):
            self._say("没有改动。" if self.record_id else "还没有填写内容。")
            if then is not None and self.record_id:
                then()
            return
        self.saving = True
        self._after = then
        self.save_button.setEnabled(False)
        self.keeper.pause()
        session, kind, record_id, parent_id, keeper = self.desk.session, self.kind, self.record_id, self.parent_id, self.keeper

        def work(reins: object) -> Outcome:
            keeper.begin_save()
            saved = save(
                session, kind, snapshot.changes, record_id=record_id, parent_id=parent_id, expected=snapshot.expected if record_id else None,
                children=snapshot.children, removed=snapshot.removed, draft_key=keeper.key,
            )  # fmt: skip
            refused = None
            if act:
                try:
                    take_step(session, saved.record.id, act)
                except Refused as said:
                    refused = said
            return Outcome(read_record(session, saved.record.id), refused)

        self.desk.background.run(
            self, work, done=lambda outcome: self._saved(snapshot, outcome), refused=lambda said: self._not_saved(snapshot, said)
        )

    def _saved(self, snapshot: Snapshot, outcome: Outcome) -> None:
        self._end_saving()
        reading = outcome.reading
        self._reading = reading
        record = reading.record
        assert record is not None
        self.record_id = self.keeper.record_id = record.id
        self._begun = None
        self.notice.say("")
        snapshot.show_saved(self.form, record, reading.children)
        for one in self.form.lists:
            one.load(reading.children)
        self.keeper.saved()
        if self.form.touched:
            self.keeper.touch()
        self._lock()
        self._show_header()
        self._judge()
        self._say(f"已保存，还缺：{'、'.join(reading.lacking)}" if reading.lacking else "已保存。", lacking=bool(reading.lacking))
        self.desk.say("已保存")
        if self._history is not None and self._history.isVisible():
            self._read_history()
        if outcome.refused is not None:
            self._refuse(outcome.refused)
        elif self._after is not None:
            self._after()

    def _not_saved(self, snapshot: Snapshot, refused: Refused) -> None:
        self._end_saving()
        self.keeper.touch()
        self._say(f"没有保存：{refused.message}")
        cells = [cell for problem in refused.problems if (cell := snapshot.cell(self.form, problem.field)) is not None]
        for problem, cell in zip(refused.problems, cells, strict=False):
            cell.say(problem.message, "problem")
        if cells:
            self.form.show_editor(cells[0].editor)
        if self.record_id and refused.problems:
            self.look_again()
        elif not refused.problems:
            self.desk.refuse(refused)

    def _end_saving(self) -> None:
        self.saving = False
        self.save_button.setEnabled(not self._locked)

    # -- other acts --------------------------------------------------------------

    def draw_number(self) -> None:
        """Gives the record its printed number, saving it first."""
        self._when_saved(lambda: self._act(lambda session, record_id: draw(session, record_id)))

    def choose_print(self) -> None:
        """Offers the papers of this record and its family; one alone opens at once."""
        self._when_saved(self._offer_papers)

    def _offer_papers(self) -> None:
        session, record_id = self.desk.session, self.record_id
        self.desk.background.run(self, lambda reins: offers(session, record_id), done=self._show_papers, key="papers")

    def _show_papers(self, papers: list[Offer]) -> None:
        if not papers:
            self._say("这种记录没有可打印的表格。")
        elif len(papers) == 1:
            self.desk.preview(papers[0].form, papers[0].record_id)
        else:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            for place, paper in enumerate(papers, 1):
                text = f"&{place}  {paper.title}{f'（{paper.about}）' if paper.about else ''}"
                menu.addAction(text).triggered.connect(lambda checked=False, p=paper: self.desk.preview(p.form, p.record_id))
            menu.setActiveAction(menu.actions()[0])
            menu.popup(self._print_button.mapToGlobal(self._print_button.rect().bottomLeft()))

    def _ask_void(self) -> None:
        if not self.record_id:
            self._say("还没有保存过，直接返回即可。")
            return
        self.void_bar.ask()

    def _void(self, reason: str) -> None:
        self._act(lambda session, record_id: void(session, record_id, reason))

    def _act(self, act: Callable[[Any, str], object]) -> None:
        session, record_id = self.desk.session, self.record_id

        def work(reins: object) -> Reading:
            act(session, record_id)
            return read_record(session, record_id)

        self.desk.background.run(self, work, done=self._acted, refused=self._refuse)

    def _acted(self, reading: Reading) -> None:
        self.void_bar.hide()
        self._show_again(reading)

    def _open_child(self, kind: str, record_id: str) -> None:
        self._when_saved(lambda: self.desk.show_page(EntryPage(self.desk, kind, record_id, parent_id=self.record_id)))

    def _when_saved(self, then: Callable[[], None]) -> None:
        if self._locked or (self.record_id and not self.form.touched):
            then()
        else:
            self.save(then=then)

    def toggle_history(self) -> None:
        """Opens or closes the history at the side."""
        if self._history is None:
            self._history = HistoryPane()
            self._split.addWidget(self._history)
            self._split.setSizes([self.width() - 340, 340])
        else:
            self._history.setVisible(not self._history.isVisible())
        if self._history.isVisible() or not self.isVisible():
            self._read_history()

    def _read_history(self) -> None:
        reading, pane = self._reading, self._history
        if reading is None or reading.record is None or pane is None:
            return
        session, records = self.desk.session, [reading.record, *reading.children]
        self.desk.background.run(self, lambda reins: told(session, records), done=pane.setHtml, key="history")

    def go_to_lacking(self) -> None:
        """Puts the focus into the first required field that is empty."""
        if (editor := self.form.first_lacking()) is not None:
            self.form.show_editor(editor)

    def _add_row(self) -> None:
        if self.form.tables:
            self.form.tables[0].add_by_hand()

    def _note_view(self, record_id: str, field: str) -> None:
        store = self.desk.session.store
        self.desk.background.run(self, lambda reins: store.audit_view(record_id, field))

    # -- what is shown -------------------------------------------------------------

    def _sets(self) -> list[FieldSet]:
        return [self.form.fields, *(fields for table in self.form.tables for fields in table.sets)]

    def _on_typed(self) -> None:
        self.keeper.touch()
        if not self._judging.isActive():
            self._judging.start()

    def _judge(self) -> None:
        """Shows the steps and what is lacking, by what stands on the page."""
        if self._reading is None:
            return
        if self.record_kind.workflow is not None:
            self.steps.show_steps(self.form.fields.current(), self.form.family(self._reading.children), locked=self._locked)
        self._jump.setVisible(not self._locked and self.form.lacks_something())

    def _lock(self) -> None:
        record = self._reading.record if self._reading is not None else None
        role = self.desk.session.store.user.role
        reader = role in READERS or (self.record_kind.reference and role not in REFERENCE_WRITERS)
        voided = record is not None and record.voided
        self._locked = reader or voided
        self.form.set_locked(self._locked)
        for widget in (self.save_button, self._void_button):
            widget.setEnabled(not self._locked)
        if record is not None:
            self.form.set_masked(self._locked or record.values.get("state") in CLOSED_STATES)
        if voided:
            self.notice.say(f"已作废：{record.values[VOIDED.name]}。只能查看和打印。")
        elif reader:
            self._say("您的账号不能修改这里，只能查看和打印。")

    def _show_header(self) -> None:
        reading = self._reading
        record = reading.record if reading is not None else None
        title = self.record_kind.title(record.values) if record is not None else f"新{self.record_kind.label}"
        above = f"　{reading.parent_title}" if reading is not None and reading.parent_title else ""
        self.set_title(f"{title[:40]}{above[:30]}")
        self.title_label.setToolTip(f"{title}{above}")
        number = record.values.get(self.record_kind.number, "") if record is not None and self.record_kind.number else ""
        self._number.setText(str(number))
        self._draw.setVisible(bool(self.record_kind.number) and record is not None and not number and not self._locked)
        self._travelled.setText(reading.travelled if reading is not None else "")

    def _say(self, text: str, *, lacking: bool = False) -> None:
        self.line.setText(text)
        self.line.setToolTip(text)

    def _refuse(self, refused: Refused) -> None:
        self._say(refused.message)
        self.desk.refuse(refused)

    # -- page ------------------------------------------------------------------------

    def draft_content(self) -> dict[str, Any]:
        """What a crash must not take: every typed text, {} when there is none."""
        raw = self.form.raw()
        if not self.form.touched or (raw["values"] == self._begun and not raw["tables"]):
            return {}
        return {**raw, "parent_id": self.parent_id, "title": self.title}

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
        if self._reading is not None and not self._holds_focus():
            QTimer.singleShot(0, self, self._focus_first)

    def _holds_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.form.isAncestorOf(focus)

    def _focus_first(self) -> None:
        if (editor := self.first_field()) is not None and not self._holds_focus():
            self.form.show_editor(editor)


def _row(*widgets: QWidget) -> QWidget:
    from PySide6.QtWidgets import QHBoxLayout

    made = QWidget()
    box = QHBoxLayout(made)
    box.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        box.addWidget(widget)
    box.addStretch(1)
    return made
