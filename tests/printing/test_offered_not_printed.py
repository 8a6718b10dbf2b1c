"""What decides whether a form is offered is no part of what it says: a case that moves on does not change the papers printed before."""

from __future__ import annotations

from jusuo_desktop.actions.print_sheet import values_digest
from jusuo_desktop.printing import Sheet, shipped_forms


def test_a_step_of_the_case_changes_no_paper_that_does_not_print_the_state() -> None:
    seen = 0
    for template in shipped_forms().values():
        if not template.offered:
            continue
        seen += 1
        before, after = (Sheet(values={"state": state}, parent={"state": state}) for state in ("mediating", "archived"))
        assert values_digest(template, before) == values_digest(template, after), template.name
    assert seen > 10
