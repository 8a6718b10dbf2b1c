"""Last days on the entry page: by what the county has set, and with a remark where the days off of a year are not known yet."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.save_record import save
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.entry_page import EntryPage
from tests.ui.typing_hands import shown

UNKNOWN = "2027年的放假安排还没有公布，按周末推算"


def test_a_period_of_the_county_is_filled_in_while_typing(qtbot: QtBot, desk: Desk) -> None:
    limit = {"parameter": "mediation_period", "value": 15, "unit": "day", "holds_from": "2026-03-01", "basis": "县规定"}
    save(desk.session, "county_parameter", limit)
    fields = shown(qtbot, EntryPage(desk, "mediation")).form.fields
    fields.fill({"accepted_on": "2026-03-08"})
    fields.derive("accepted_on")
    assert fields.value("due_on") == "2026-03-23"


def test_a_day_counted_through_an_unknown_year_says_so_until_the_year_is_entered(qtbot: QtBot, desk: Desk) -> None:
    fields = shown(qtbot, EntryPage(desk, "consultation")).form.fields
    fields.fill({"consulted_at": "2026-12-28T09:30", "consultation_channel": "2"})
    fields.derive("consultation_channel")
    assert fields.value("reply_due_on") == "2027-01-06"
    assert fields.cells["reply_due_on"].message == UNKNOWN
    made = save(desk.session, "consultation", fields.current()).record.id
    again = shown(qtbot, EntryPage(desk, "consultation", made)).form.fields
    assert again.cells["reply_due_on"].message == UNKNOWN
    save(desk.session, "calendar_year", {"year": 2027, "source": "通知", "days_off": "1月1日至3日"})
    once_more = shown(qtbot, EntryPage(desk, "consultation", made)).form.fields
    assert once_more.cells["reply_due_on"].message == ""
