"""What the feed does to what is shown: local edits interleaved with the county's, refusals, repeats and a restored device."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from jusuo_desktop.records.identity import new_id, unpacked
from jusuo_desktop.store import Edit, ListQuery, NotAllowed, Refused, Store, UnknownOwnChange, User
from jusuo_desktop.store.opening import open_unlocked
from jusuo_desktop.store.rebase import rebase
from jusuo_desktop.store.rows import rows_by_id, to_values
from jusuo_desktop.store.set_aside import unsent_by_record
from tests.store.county_model import FORBIDDEN, County
from tests.store.offices import CODE, USER, Clock, Office, consultation, edit, entry_of

FIELDS = ("name", "remarks", "address")
VALUES = ("甲", "乙", "丙", FORBIDDEN, None)


def pull(store: Store, county: County, most: int = 1000) -> None:
    after = store.feed_cursor().get(CODE, 0)
    entries, cursor = county.page(after, most)
    try:
        store.apply(entries, cursor)
    except UnknownOwnChange:
        entries, cursor = county.page(after, most, echo_own=True)
        store.apply(entries, cursor)


def push(store: Store, county: County, most: int = 1000, *, answered: bool = True) -> None:
    changes = store.waiting(most, 1 << 20)
    results = county.push(changes)
    if answered:
        store.mark([unpacked(c.change_id) for c in changes], results)


def sync(store: Store, county: County) -> None:
    store.resend()
    push(store, county)
    pull(store, county)


class Device(RuleBasedStateMachine):
    """One device against one county, others writing at the county directly."""

    office: Office

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp())
        folder = shutil.copytree(self.office.folder, self.place / "store")
        self.store = open_unlocked(folder, self.office.key, USER, self.office.user_id, Clock())
        self.county = County(self.store.device_id)
        sync(self.store, self.county)
        self.records = [consultation(self.store, "先有").id]
        self.typed: list[tuple[str, str, Any]] = []
        self.rebuilding = False

    def teardown(self) -> None:
        for _ in range(3):
            sync(self.store, self.county)
            self.a_person_decides()
        sync(self.store, self.county)
        assert self.store.unsent_count() == 0
        assert self.store.local_digest() == self.store.held_digest() == self.county.digest()
        for identity in self.records:
            shown = self.store.record(identity)
            assert shown is not None
            assert dict(shown.values) == self.county.held[identity].values
        self._nothing_typed_is_lost()
        assert self.store.verify() == []
        self.store.close()
        shutil.rmtree(self.place)

    def a_person_decides(self) -> None:
        """Every refused change goes back or is mended."""
        while refused := self.store.outgoing(("refused",)):
            change = refused[0]
            try:
                self.store.give_up(change.change_id)
            except Refused:
                mended = {n: "改正" for n, v in change.fields.items() if v == FORBIDDEN}
                self.store.write([Edit("consultation", mended, change.record_id)], act="save")

    def _nothing_typed_is_lost(self) -> None:
        for identity, name, value in self.typed:
            told = [change.fields.get(name, (None, None))[1] for change in self.store.history(identity)]
            assert value in told

    @rule(which=st.integers(0, 5), name=st.sampled_from(FIELDS), value=st.sampled_from(VALUES))
    def types(self, which: int, name: str, value: str | None) -> None:
        identity = self.records[which % len(self.records)]
        record = self.store.record(identity)
        assert record is not None
        self.store.write([Edit("consultation", {name: value}, identity)], act="save")
        if record.values.get(name) != value:
            self.typed.append((identity, name, value))

    @rule(value=st.sampled_from(VALUES[:4]))
    def registers(self, value: str) -> None:
        self.records.append(consultation(self.store, value).id)

    @rule(which=st.integers(0, 5), name=st.sampled_from(FIELDS), value=st.sampled_from(VALUES[:3]), behind=st.integers(0, 2))
    def others_write(self, which: int, name: str, value: str, behind: int) -> None:
        known = [i for i in self.records if i in self.county.held]
        if known:
            identity = known[which % len(known)]
            self.county.elsewhere(identity, {name: value}, max(0, self.county.held[identity].version - behind))

    @rule()
    def others_register(self) -> None:
        identity = new_id()
        self.county.elsewhere(identity, {"name": "别处"})
        pull(self.store, self.county)
        self.records.append(identity)

    @rule(most=st.integers(1, 3), answered=st.booleans())
    def sends(self, most: int, answered: bool) -> None:
        push(self.store, self.county, most, answered=answered)

    @rule(most=st.integers(1, 4))
    def fetches(self, most: int) -> None:
        pull(self.store, self.county, most)

    @rule()
    def fetches_a_page_again(self) -> None:
        entries, _ = self.county.page(0, echo_own=True)
        before = [self.store.record(i) for i in self.records]
        self.store.apply(entries[: self.store.feed_cursor().get(CODE, 0)], {})
        assert [self.store.record(i) for i in self.records] == before

    @rule()
    def starts_over(self) -> None:
        """The pull that follows may be cut anywhere, and people go on writing meanwhile."""
        self.store.start_over()
        self.rebuilding = True

    @precondition(lambda self: self.store.outbox_counts().get("refused"))
    @rule()
    def retries(self) -> None:
        self.store.retry()

    @precondition(lambda self: self.store.outbox_counts().get("refused"))
    @rule()
    def gives_up(self) -> None:
        change = self.store.outgoing(("refused",))[0]
        record = self.store.record(change.record_id)
        assert record is not None
        if record.version:
            self.store.give_up(change.change_id)
            return
        with pytest.raises(Refused, match="县里还没有"):
            self.store.give_up(change.change_id)

    @precondition(lambda self: not self.rebuilding or self.store.feed_cursor().get(CODE, 0) == len(self.county.feed))
    @invariant()
    def shown_is_the_county_s_state_with_what_is_unsent_on_top(self) -> None:
        with self.store._reading() as connection:
            rows = rows_by_id(connection, self.records)
            unsent = unsent_by_record(connection, self.records)
            for identity, row in rows.items():
                waiting = [fields for _, fields in unsent.get(identity, ())]
                if row.base is None:
                    assert not waiting
                else:
                    assert to_values(row.body) == rebase(to_values(row.base), waiting)


def test_a_device_and_its_county_agree_whatever_happens_in_between(office: Office) -> None:
    class Here(Device):
        pass

    Here.office = office
    run_state_machine_as_test(Here, settings=settings(max_examples=20, stateful_step_count=20, deadline=None))


def test_a_refused_value_stays_shown_and_goes_with_the_next_edit(store: Store) -> None:
    county = County(store.device_id)
    sync(store, county)
    made = consultation(store, "甲")
    sync(store, county)
    edit(store, made, name=FORBIDDEN, remarks="一起写的")
    sync(store, county)
    county.elsewhere(made.id, {"address": "红旗村"})
    sync(store, county)
    shown = store.record(made.id)
    assert shown is not None
    assert dict(shown.values) == {"name": FORBIDDEN, "remarks": "一起写的", "address": "红旗村", "contact_phone": "13800138000"}
    (refused,) = store.outgoing(("refused",))
    assert refused.answer == "这个值县里不收。"
    edit(store, made, name="改正")
    assert not store.outgoing(("refused",))
    again, mended = store.outgoing(("waiting",))
    assert (again.fields, mended.fields) == ({"remarks": "一起写的"}, {"name": "改正"})
    assert again.change_id != refused.change_id  # an id stands for one content for ever
    sync(store, county)
    assert county.held[made.id].values == {"name": "改正", "remarks": "一起写的", "address": "红旗村", "contact_phone": "13800138000"}
    assert {(e.author_id) for e in county.feed if unpacked(e.record_id) == made.id} == {store.user.id, "another person"}


def test_an_older_refused_value_never_hides_a_newer_accepted_one(store: Store) -> None:
    county = County(store.device_id)
    sync(store, county)
    made = consultation(store, "甲")
    sync(store, county)
    edit(store, made, name=FORBIDDEN, remarks="一起写的")
    edit(store, made, name="改正")  # before the first was even sent
    sync(store, county)
    shown = store.record(made.id)
    assert shown is not None
    assert (shown.values["name"], shown.values["remarks"]) == ("改正", "一起写的")
    store.retry()
    sync(store, county)
    assert store.unsent_count() == 0
    assert county.held[made.id].values == dict(shown.values)


def test_what_was_refused_keeps_its_author_when_somebody_else_mends_it(store: Store) -> None:
    county = County(store.device_id)
    sync(store, county)
    first = store.user.id
    made = consultation(store, FORBIDDEN, remarks="第一人写的")
    sync(store, county)
    store.user = User(new_id(), "李强", "clerk")
    edit(store, made, name="第二人改的")
    sync(store, county)
    told = {e.author_id: e.fields for e in county.feed if unpacked(e.record_id) == made.id}
    assert told == {first: {"remarks": "第一人写的", "contact_phone": "13800138000"}, store.user.id: {"name": "第二人改的"}}


def test_giving_up_shows_the_county_s_value_and_history_says_so(store: Store) -> None:
    county = County(store.device_id)
    sync(store, county)
    made = consultation(store, "甲")
    sync(store, county)
    edit(store, made, name=FORBIDDEN)
    sync(store, county)
    (refused,) = store.outgoing(("refused",))
    clerk, store.user = store.user, User(new_id(), "看", "reader")
    with pytest.raises(NotAllowed):
        store.give_up(refused.change_id)
    store.user = clerk
    store.give_up(refused.change_id)
    shown = store.record(made.id)
    assert shown is not None
    assert shown.values["name"] == "甲"
    assert [h.fields.get("name") for h in store.history(made.id)] == [None, ("甲", FORBIDDEN), (FORBIDDEN, "甲")]
    assert [h.id for h in store.search("甲")] == [made.id]
    with pytest.raises(Refused, match="不在退回之列"):
        store.give_up(refused.change_id)


def test_a_conflict_shows_the_county_s_value_and_keeps_ours_in_the_history(store: Store) -> None:
    county = County(store.device_id)
    sync(store, county)
    made = consultation(store, "甲")
    sync(store, county)
    county.elsewhere(made.id, {"name": "乙"})
    edit(store, made, name="丙")
    sync(store, county)
    shown = store.record(made.id)
    assert shown is not None
    assert shown.values["name"] == "乙"
    assert county.conflicts == [(made.id, "name", "丙")]
    assert ("甲", "丙") in [h.fields.get("name") for h in store.history(made.id)]


def test_a_page_that_fails_in_the_middle_changes_nothing(store: Store) -> None:
    identity = new_id()
    unknown = entry_of(2, new_id(), 1, None, device_id=store.device_id)
    with pytest.raises(UnknownOwnChange):
        store.apply([entry_of(1, identity, 1, {"name": "甲"}), unknown], {CODE: 2})
    assert store.record(identity) is None
    assert store.feed_cursor() == {}


def test_fields_of_a_newer_county_survive(store: Store) -> None:
    identity = new_id()
    store.apply([entry_of(1, identity, 1, {"name": "甲", "tomorrow": ["x"]}, kind="kind_of_tomorrow")], {CODE: 1})
    found = store.record(identity)
    assert found is not None
    assert found.values["tomorrow"] == ["x"]
    with pytest.raises(Refused, match="升级"):
        store.write([Edit("kind_of_tomorrow", {"name": "乙"}, identity)], act="save")


def test_a_restored_device_learns_its_own_changes_again_and_sends_none_twice(
    office: Office, folder: Path, opening: Callable[[Path], Store], tmp_path: Path
) -> None:
    store = opening(folder)
    county = County(store.device_id)
    sync(store, county)
    made = consultation(store, "备份前")
    old = consultation(store, "备份时未发")
    store.close()
    earlier = shutil.copytree(folder, tmp_path / "earlier")
    store = opening(folder)
    sync(store, county)
    edit(store, made, remarks="备份后写的")
    new = consultation(store, "备份后登记")
    sync(store, county)
    store.close()
    again = opening(earlier)
    for _ in range(2):
        sync(again, county)
    ids = [unpacked(e.change_id) for e in county.feed]
    assert len(ids) == len(set(ids))
    for identity in (made.id, old.id, new.id):
        shown = again.record(identity)
        assert shown is not None
        assert dict(shown.values) == county.held[identity].values
    assert again.local_digest() == county.digest()
    assert again.count(ListQuery("consultation")) == 3
