"""Two people decide one conflict differently, neither knowing of the other: again a conflict, and deciding that settles it everywhere."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from jusuo_desktop.actions.decide_conflict import decide, open_conflicts
from jusuo_desktop.actions.session import Session
from jusuo_desktop.store import Edit
from jusuo_desktop.sync.engine import sync_once
from tests.county_server.counties import founded
from tests.sync.direct import DirectTransport, joined
from tests.sync.offices import OFFICE, new_store


@pytest.mark.parametrize("last", ["kept", "other"])
@pytest.mark.parametrize(("first", "second"), [("kept", "other"), ("other", "kept"), ("kept", "kept"), ("other", "other")])
def test_the_second_decision_never_wins_silently(tmp_path: Path, first: Any, second: Any, last: Any) -> None:
    with founded(tmp_path / "county") as county, ExitStack() as stack:
        stores = [new_store(tmp_path / name, name) for name in ("王内勤", "李所长")]
        for store in stores:
            stack.callback(store.close)
        roads = [DirectTransport(county, joined(county, store, OFFICE)) for store in stores]
        one, two = (Session(store) for store in stores)

        def meet() -> None:
            for store, road in [*zip(stores, roads, strict=True)] * 2:
                sync_once(store, road)

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
