"""What can be done on the entry page of one kind alone; loaded with the first page of that kind, so that others stay quick."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jusuo_desktop.ui.entry_page import EntryPage


def _screening(page: EntryPage) -> None:
    from jusuo_desktop.ui.screening_acts import ScreeningActs

    ScreeningActs(page)


def _warning(page: EntryPage) -> None:
    from jusuo_desktop.ui.screening_acts import WarningAct

    WarningAct(page)


KIND_ACTS: Final[dict[str, tuple[Callable[[EntryPage], None], ...]]] = {
    "dispute_screening": (_screening,),
    "screened_dispute": (_screening,),
    "mediation": (_warning,),
}
"""By kind, in the order of the buttons."""


def add_kind_acts(page: EntryPage) -> None:
    """Gives the page what its kind can do beyond saving, printing and voiding."""
    for add in KIND_ACTS.get(page.kind, ()):
        add(page)
