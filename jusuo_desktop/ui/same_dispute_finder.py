"""Looks for the same dispute on file while a case, a visit or a screened matter is typed; beside the typing and never in its way."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from jusuo_desktop.actions.same_dispute import Found, dispute_of, link_screened, people_of, same_disputes
from jusuo_desktop.records.field import Value
from jusuo_desktop.records.same_dispute import Dispute, Likeness
from jusuo_desktop.ui.record_reading import read_record
from jusuo_desktop.ui.same_dispute_bar import NEXT_KEYS, OPEN_KEYS, OTHER_KEYS, SAME_KEYS, TAKE_KEYS, SameDisputeBar

if TYPE_CHECKING:
    from jusuo_desktop.ui.child_rows import ChildRows
    from jusuo_desktop.ui.entry_page import EntryPage
    from jusuo_desktop.ui.field_set import FieldSet

PAUSE_MS: Final = 250
AFTER: Final = frozenset({"mediating", "suspended", "settled", "failed", "withdrawn", "closed", "archived", "refused", "answered"})
"""States in which nobody looks for another case any more: it would stand in the way of the daily work on one's own."""
NOT_TAKEN: Final = frozenset({"party_role", "age"})


class SameDisputeFinder(QObject):
    """One for a page; asks again a moment after the last key, and not when nothing that counts has changed."""

    def __init__(self, page: EntryPage) -> None:
        super().__init__(page)
        self._page = page
        self._asked: Dispute | None = None
        self._dismissed: set[str] = set()
        self.bar = SameDisputeBar()
        page.body.insertWidget(page.body.indexOf(page.foot), self.bar)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._ask)
        page.form.typed.connect(self._timer.start)
        self.bar.opened.connect(lambda one: page.desk.open_record(one.known.kind, one.known.record_id))
        self.bar.taken.connect(self._take)
        self.bar.linked.connect(self._link)
        self.bar.dismissed.connect(self._dismiss)
        for keys in (OPEN_KEYS, TAKE_KEYS, SAME_KEYS, OTHER_KEYS):
            page.add_keys(keys, partial(self._press, keys))
        page.add_keys(NEXT_KEYS, self.bar.go_on)
        self._timer.start()

    def _press(self, keys: str) -> None:
        made = self.bar.buttons[keys]
        if made.isVisible():
            made.click()

    # -- asking ----------------------------------------------------------------

    def _ask(self) -> None:
        page = self._page
        if not page.ready:
            self._timer.start()
            return
        typed = self._typed()
        if page.locked or typed is None:
            self._asked = None
            self.bar.show_found((), (), people=False, link=False)
            return
        if typed == self._asked:
            return
        self._asked = typed
        session, apart = page.desk.session, frozenset(self._dismissed | self._linked())
        earlier = str(page.form.fields.value("earlier_mediation") or "") if page.kind == "mediation" else ""

        def work(reins: object) -> Found:
            return same_disputes(session, typed, apart, earlier=earlier)

        page.desk.background.run(self, work, done=lambda found: self._show(typed, found), key="same")

    def _typed(self) -> Dispute | None:
        page = self._page
        values = page.form.fields.current()
        if values.get("state") in AFTER:
            return None
        if page.kind == "mediation":
            table = self._parties()
            rows = [fields.current() for fields in table.sets] if table is not None else []
            return dispute_of(page.kind, values, rows, page.record_id)
        if page.kind == "dispute_screening":
            row = self._row()
            return dispute_of("screened_dispute", row.current(), (), row.record_id, str(values.get("village", ""))) if row is not None else None
        return dispute_of(page.kind, values, (), page.record_id)

    def _linked(self) -> set[str]:
        """What is known to belong together already."""
        fields = [self._page.form.fields, *([row] if (row := self._row()) is not None else [])]
        return {str(f.value(n)) for f in fields for n in ("earlier_mediation", "screened_dispute", "mediation") if n in f.kind.by_name and f.value(n)}

    def _parties(self) -> ChildRows | None:
        return next((t for t in self._page.form.tables if t.spec.kind == "party"), None)

    def _row(self) -> FieldSet | None:
        """On a round of screening: the matter that is being typed, else the one typed last."""
        if self._page.kind != "dispute_screening":
            return None
        rows = self._page.form.tables[0].sets
        focus = QApplication.focusWidget()
        held = next((f for f in rows if focus is not None and any(focus is c.editor for c in f.cells.values())), None)
        return held or next(iter(reversed(rows)), None)

    def _show(self, typed: Dispute, found: Found) -> None:
        if typed == self._asked:
            known = [one for one in found.alike if one.known.record_id not in self._dismissed]
            takes, links = self._page.kind in ("mediation", "consultation"), self._page.kind != "consultation"
            self.bar.show_found(known, found.before, people=takes, link=links, again=found.again)

    def _look_again(self) -> None:
        self._asked = None
        self._ask()

    # -- what is done with one -----------------------------------------------------

    def _dismiss(self, one: Likeness) -> None:
        self._dismissed.add(one.known.record_id)
        self._look_again()

    def _take(self, one: Likeness) -> None:
        session, record_id = self._page.desk.session, one.known.record_id
        self._page.desk.background.run(self, lambda reins: people_of(session, record_id), done=self._put, refused=self._page.refuse, key="take")

    def _put(self, people: list[dict[str, Value]]) -> None:
        """Fills rows of the same name, then empty ones, then new ones; what the clerk typed stays."""
        page, table = self._page, self._parties()
        if table is None:
            name = page.form.fields.value("name")
            person = next((p for p in people if not name or p.get("name") == name), None)
            if person is not None:
                page.form.fields.fill_empty({n: v for n, v in person.items() if n in page.record_kind.by_name})
            return
        for person in people:
            row = self._row_for(table, person)
            row.fill_empty({n: v for n, v in person.items() if n not in NOT_TAKEN})
        page.say(f"已带入{len(people)}名当事人，请核对地位和联系方式。")

    @staticmethod
    def _row_for(table: ChildRows, person: Mapping[str, Value]) -> FieldSet:
        called = person.get("name") or person.get("organization_name")
        number = person.get("id_card_number")
        for fields in table.sets:
            held = fields.value("name") or fields.value("organization_name")
            if held == called or (number and fields.value("id_card_number") == number):
                return fields
        empty = next((f for f in table.sets if not f.record_id and not table.is_more_than_begun(f.current())), None)
        return empty or table.add()

    def _link(self, one: Likeness) -> None:
        page, known = self._page, one.known
        if page.kind == "mediation" and known.kind == "screened_dispute":
            page.acts.when_saved(lambda: self._link_screened(known.record_id))
        elif page.kind == "mediation" and known.kind == "mediation":
            page.form.fields.fill({"earlier_mediation": known.record_id})
            page.say(f"记为同一纠纷：“{known.title}”是以前的案件，保存后生效。")
            self._look_again()
        elif known.kind == "mediation":
            fields = self._row() or page.form.fields
            fields.fill({"mediation": known.record_id, "screening_outcome": "3"})
            page.say(f"记为同一纠纷：已有案件“{known.title}”，保存后生效。")
            self._look_again()
        else:
            page.say("只能与调解案件或排查事项关联；这一条可以打开看，可以带入当事人。")

    def _link_screened(self, screened_id: str) -> None:
        page, session, record_id = self._page, self._page.desk.session, self._page.record_id

        def work(reins: object) -> object:
            link_screened(session, record_id, screened_id)
            return read_record(session, record_id)

        def done(reading: object) -> None:
            page.show_again(reading)  # type: ignore[arg-type]
            page.say("已与排查事项关联。")
            self._look_again()

        page.desk.background.run(page, work, done=done, refused=page.refuse, key="link")
