"""What can be done on the entry page of one kind alone; loaded with the first page of that kind, so that others stay quick."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from jusuo_desktop.records.field import FieldType

if TYPE_CHECKING:
    from jusuo_desktop.ui.entry_page import EntryPage


def _screening(page: EntryPage) -> None:
    from jusuo_desktop.ui.screening_acts import ScreeningActs

    ScreeningActs(page)


def _warning(page: EntryPage) -> None:
    from jusuo_desktop.ui.screening_acts import WarningAct

    WarningAct(page)


def _volume(page: EntryPage) -> None:
    from jusuo_desktop.ui.volume_page import VolumePage

    def show() -> None:
        page.acts.when_saved(lambda: page.desk.show_page(VolumePage(page.desk, page.record_id)))

    page.add_act("卷宗", show, "Ctrl+J", hint="卷内有什么、缺什么，装订成一本打印")


def _child_menu(page: EntryPage) -> None:
    from jusuo_desktop.ui.child_menu import ChildMenu

    ChildMenu(page)


KIND_ACTS: Final[dict[str, tuple[Callable[[EntryPage], None], ...]]] = {
    "dispute_screening": (_screening,),
    "screened_dispute": (_screening,),
    "mediation": (_warning, _volume, _child_menu),
}
"""By kind, in the order of the buttons."""


def _same_dispute(page: EntryPage) -> None:
    from jusuo_desktop.ui.same_dispute_finder import SameDisputeFinder

    SameDisputeFinder(page)


def _zero_report(page: EntryPage) -> None:
    from jusuo_desktop.ui.screening_acts import ZeroReportDoubt

    ZeroReportDoubt(page)


def _phrases(page: EntryPage) -> None:
    if page.kind != "phrase" and any(field.type is FieldType.LONG_TEXT for field in page.record_kind.fields):
        from jusuo_desktop.ui.phrase_help import PhraseHelp

        PhraseHelp(page)


def _cautions(page: EntryPage) -> None:
    from jusuo_desktop.ui.case_cautions import CaseCautions

    CaseCautions(page)


CAUTIONED: Final = ("participant", "inquiry", "mediation_session", "period_change", "agreement", "judicial_confirmation", "evaluation")
"""What belongs to a case and may hold something to look up for."""
COMPANIONS: Final[dict[str, tuple[Callable[[EntryPage], None], ...]]] = {
    "mediation": (_same_dispute, _cautions),
    **dict.fromkeys(CAUTIONED, (_cautions,)),
    "consultation": (_same_dispute,),
    "dispute_screening": (_same_dispute, _zero_report),
    "screened_dispute": (_same_dispute,),
}
"""What watches the typing on the pages of a kind and helps from beside it."""


def add_companions(page: EntryPage) -> None:
    """Gives the finished page the helpers of its kind."""
    for add in (*COMPANIONS.get(page.kind, ()), _phrases):
        add(page)


def add_kind_acts(page: EntryPage) -> None:
    """Gives the page what its kind can do beyond saving, printing and voiding."""
    for add in KIND_ACTS.get(page.kind, ()):
        add(page)
