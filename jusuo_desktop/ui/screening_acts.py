"""On the pages of screening: what was found becomes a case by one key, and a warning by another. What is typed is saved first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from jusuo_desktop.actions.early_warning import warning_values
from jusuo_desktop.actions.screening_case import turn_into_case
from jusuo_desktop.ui.entry_form import ADD_KEYS

if TYPE_CHECKING:
    from jusuo_desktop.ui.entry_page import EntryPage
    from jusuo_desktop.ui.field_set import FieldSet

CASE_KEYS: Final = "F10"
WARN_KEYS: Final = "Alt+E"


class ScreeningActs(QObject):
    """On a round of screening the row with the focus is meant, else the first that is no case yet; on a matter's own page that matter."""

    def __init__(self, page: EntryPage) -> None:
        super().__init__(page)
        self._page = page
        page.add_act("转为案件", self.make_case, CASE_KEYS, hint="转为调解案件：带入村、类型、当事人和情况；已经转过的打开那个案件")
        page.add_act("预警", self.warn, WARN_KEYS, hint="登记预警，带入村、涉及人员和情况")

    def make_case(self) -> None:
        """Turns the meant matter into a case, which opens."""
        self._with_matter(self._turn)

    def warn(self) -> None:
        """Opens a new warning about the meant matter."""
        self._with_matter(lambda screened_id: open_warning(self._page, screened_id))

    def _with_matter(self, act: Callable[[str], None]) -> None:
        page = self._page
        row = page.form.fields if page.kind == "screened_dispute" else self._meant()
        if row is None:
            page.say(f"先填写一行排查出的纠纷（{ADD_KEYS}）。")
            return
        page.acts.when_saved(lambda: act(row.record_id) if row.record_id else page.say("先填写这一行的当事人和情况。"))

    def _meant(self) -> FieldSet | None:
        rows = self._page.form.tables[0].sets
        focus = QApplication.focusWidget()
        for fields in rows:
            if focus is not None and any(focus is cell.editor for cell in fields.cells.values()):
                return fields
        written = [f for f in rows if f.value("parties") or f.value("summary")]
        return next((f for f in written if not f.value("mediation")), next(iter(written), None))

    def _turn(self, screened_id: str) -> None:
        page, session = self._page, self._page.desk.session
        page.desk.background.run(
            page,
            lambda reins: turn_into_case(session, screened_id),
            done=lambda case: page.desk.open_record(case.kind, case.id),
            refused=page.refuse,
            key="case",
        )


class ZeroReportDoubt(QObject):
    """A round that found something is no zero report: said beside the field as soon as both stand there, and saved all the same."""

    def __init__(self, page: EntryPage) -> None:
        super().__init__(page)
        self._page = page
        page.form.settled.connect(self._look)

    def _look(self) -> None:
        form = self._page.form
        found = any(fields.value("parties") or fields.value("summary") for fields in form.tables[0].sets)
        zero = found and form.fields.value("is_zero_report") is True
        form.fields.cells["is_zero_report"].set_note("下面登记了排查出的纠纷，零报告应当选“否”。" if zero else "")


class WarningAct(QObject):
    """A new warning that begins with what this page tells."""

    def __init__(self, page: EntryPage) -> None:
        super().__init__(page)
        self._page = page
        page.add_act("预警", self.warn, WARN_KEYS, hint="登记预警，带入村、涉及人员和情况")

    def warn(self) -> None:
        """Opens it."""
        page = self._page
        page.acts.when_saved(lambda: open_warning(page, page.record_id))


def open_warning(page: EntryPage, record_id: str) -> None:
    """A new warning with what is known of that case or matter."""
    session = page.desk.session
    page.desk.background.run(
        page,
        lambda reins: warning_values(session, record_id),
        done=lambda values: page.desk.new_record("early_warning", values),
        refused=page.refuse,
        key="warn",
    )
