"""The page's hand that saves: what stands on the page goes into one write; what was typed meanwhile stays typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from jusuo_desktop.actions.save_record import save
from jusuo_desktop.actions.take_step import take_step
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.ui.record_reading import read_record
from jusuo_desktop.ui.snapshot import Outcome, Snapshot

if TYPE_CHECKING:
    from jusuo_desktop.ui.entry_page import EntryPage


class EntrySaving(QObject):
    """`under_way` while the background writes."""

    def __init__(self, page: EntryPage) -> None:
        super().__init__(page)
        self._page = page
        self._after: Callable[[], None] | None = None
        self.under_way = False

    def save(self, act: str = "", then: Callable[[], None] | None = None) -> None:
        """Saves what is typed, then takes the step `act`, then goes on with `then`."""
        page = self._page
        if page.locked or self.under_way or not page.ready or self._has_wrong():
            return
        snapshot = Snapshot.of(page.form)
        if snapshot.empty and not act and (page.record_id or page.as_begun):
            page.say("没有改动。" if page.record_id else "还没有填写内容。")
            if then is not None and page.record_id:
                then()
            return
        self.under_way = True
        self._after = then
        page.save_button.setEnabled(False)
        page.keeper.pause()
        self._start(snapshot, act)

    def _has_wrong(self) -> bool:
        page = self._page
        wrong = [cell for fields in page.form.sets() for cell in fields.wrong()]
        if wrong:
            page.say(f"有{len(wrong)}处填写有误，改正后再保存：{wrong[0].message}（填的内容都留着）")
            page.form.show_editor(wrong[0].editor)
            page.keeper.touch()
        return bool(wrong)

    def _start(self, snapshot: Snapshot, act: str) -> None:
        page = self._page
        session, kind, record_id, parent_id, keeper = page.desk.session, page.kind, page.record_id, page.parent_id, page.keeper

        def work(reins: object) -> Outcome:
            keeper.begin_save()
            saved = save(
                session,
                kind,
                snapshot.changes,
                record_id=record_id,
                parent_id=parent_id,
                expected=snapshot.expected if record_id else None,
                children=snapshot.children,
                removed=snapshot.removed,
                draft_key=keeper.key,
            )
            refused = None
            if act:
                try:
                    take_step(session, saved.record.id, act)
                except Refused as said:
                    refused = said
            return Outcome(read_record(session, saved.record.id), refused)

        page.desk.background.run(
            self, work, done=lambda outcome: self._saved(snapshot, outcome), refused=lambda said: self._not_saved(snapshot, said)
        )

    def _saved(self, snapshot: Snapshot, outcome: Outcome) -> None:
        self.under_way = False
        page = self._page
        snapshot.show_saved(page.form, outcome.reading)
        page.keeper.saved()
        page.show_saved(outcome.reading)
        if page.form.touched:
            page.keeper.touch()
        page.say("已保存。")
        page.desk.say("已保存")
        if outcome.refused is not None:
            page.refuse(outcome.refused)
        elif self._after is not None:
            self._after()

    def _not_saved(self, snapshot: Snapshot, refused: Refused) -> None:
        self.under_way = False
        page = self._page
        page.save_button.setEnabled(not page.locked)
        page.keeper.go_on()
        page.say(f"没有保存：{refused.message}")
        found = [(problem, snapshot.cell(page.form, problem.field)) for problem in refused.problems]
        for problem, cell in found:
            if cell is not None:
                cell.say(problem.message, "problem")
        if first := next((cell for _, cell in found if cell is not None), None):
            page.form.show_editor(first.editor)
        if page.record_id and refused.problems:
            page.look_again()
        elif not refused.problems:
            page.desk.refuse(refused)
