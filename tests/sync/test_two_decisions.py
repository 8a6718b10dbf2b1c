"""Two people decide one conflict differently, neither knowing of the other: again a conflict, and deciding that settles it everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jusuo_desktop.actions.decide_conflict import decide, open_conflicts
from jusuo_desktop.store import Edit
from tests.sync.two_desks import two_desks


@pytest.mark.parametrize("last", ["kept", "other"])
@pytest.mark.parametrize(("first", "second"), [("kept", "other"), ("other", "kept"), ("kept", "kept"), ("other", "other")])
def test_the_second_decision_never_wins_silently(tmp_path: Path, first: Any, second: Any, last: Any) -> None:
    with two_desks(tmp_path) as (one, two, meet):
        made = one.store.write([Edit("consultation", {"consultation_content": "问宅基地"})], act="save")[0].id
        meet()
        for session, text in ((one, "先到的"), (two, "后到的")):
            session.store.write([Edit("consultation", {"reply_opinion": text}, made)], act="save")
        meet()
        (told,) = open_conflicts(one)
        decide(one, told.id, first)
        decide(two, told.id, second)
        meet()
        by = {"kept": "先到的", "other": "后到的"}
        if first == second:
            assert open_conflicts(one) == open_conflicts(two) == []
            standing = by[first]
        else:
            (again,) = open_conflicts(two)
            assert (again.kept, again.other, again.record_id) == (by[first], by[second], made)
            assert again.label == "答复意见（两个人的决定不同）"
            decide(two, again.id, last)
            meet()
            standing = by[first if last == "kept" else second]
            assert open_conflicts(one) == open_conflicts(two) == []
        for session in (one, two):
            record = session.store.record(made)
            assert record is not None
            assert record.values["reply_opinion"] == standing
        assert one.store.held_digest() == two.store.held_digest()
