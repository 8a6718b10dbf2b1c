"""The notice on a record's page that its agreement was printed and says something else since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jusuo_desktop.actions.changed_since_print import ChangedSince, changed_since_print

if TYPE_CHECKING:
    from jusuo_desktop.ui.entry_page import EntryPage

FAMILY: Final = frozenset({"mediation", "agreement", "party"})
"""The pages on which what an agreement says is written."""
SEE: Final = "看打过的纸"


def tell_changed_since_print(page: EntryPage) -> None:
    """Asks in the background; nothing that the page says already is taken away."""
    if page.kind not in FAMILY or not page.record_id:
        return
    session, record_id = page.desk.session, page.record_id

    def past() -> None:
        from jusuo_desktop.ui.past_prints_page import PastPrintsPage

        page.desk.show_page(PastPrintsPage(page.desk, record_id))

    def tell(found: ChangedSince | None) -> None:
        if found is not None and not page.notice.text:
            page.notice.say(found.sentence, ((SEE, past),))

    page.desk.background.run(page, lambda _: changed_since_print(session, record_id), done=tell, key="changed_since_print")
