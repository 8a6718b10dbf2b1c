"""Where a record is, its rows included; the receipt that the county gave it; the lists of whatever stands so."""

from __future__ import annotations

from typing import Any

import pytest

from jusuo_desktop.records.identity import new_id
from jusuo_desktop.store import Edit, ListQuery, Store
from jusuo_desktop.store.whereabouts import LISTED, Whereabouts
from tests.store.county_model import FORBIDDEN, County
from tests.store.offices import CODE, entry_of
from tests.store.test_feed import push, sync


@pytest.fixture
def county(store: Store) -> County:
    made = County(store.device_id)
    sync(store, made)
    return made


def case(store: Store, *names: str) -> tuple[str, list[str]]:
    """A mediation with its parties."""
    top, parties = new_id(), [new_id() for _ in names]
    store.write([Edit("mediation", {"title": "院墙滴水"}, top, new=True)], act="save")
    store.write([Edit("party", {"name": name}, one, top, new=True) for one, name in zip(parties, names, strict=True)], act="save")
    return top, parties


def stands(store: Store, record_id: str) -> Whereabouts:
    return store.whereabouts([record_id])[record_id]


def conflict(store: Store, county: County, parent_id: str, **more: Any) -> None:
    store.apply([entry_of(len(county.feed) + 1, new_id(), 1, {"state": "open", **more}, kind="conflict", parent_id=parent_id)], {})


def test_a_record_goes_from_here_to_its_receipt(store: Store, county: County) -> None:
    top, _ = case(store, "张三")
    assert stands(store, top) == Whereabouts("here", top, waiting=2)
    push(store, county)
    sent = stands(store, top)
    assert (sent.state, sent.receipt) == ("sent", "")
    sync(store, county)
    received = stands(store, top)
    place = next(e.seq for e in county.feed if e.kind == "mediation")
    assert (received.state, received.receipt, received.version, received.waiting) == ("received", f"{CODE}-{place}", 1, 0)


def test_the_worst_of_its_rows_counts_and_is_named(store: Store, county: County) -> None:
    top, (one, two) = case(store, "张三", "李四")
    sync(store, county)
    store.write([Edit("party", {"name": "张三丰"}, one)], act="save")
    told = stands(store, top)
    assert (told.state, told.cause_id, told.waiting) == ("changed", one, 1)
    conflict(store, county, two)
    told = stands(store, top)
    assert (told.state, told.cause_id, told.conflicts) == ("conflict", two, 1)
    store.write([Edit("party", {"name": FORBIDDEN}, one)], act="save")
    push(store, county)
    told = stands(store, top)
    assert (told.state, told.cause_id, told.answer) == ("refused", one, "这个值县里不收。")
    assert stands(store, two).state == "conflict"


def test_lists_of_what_stands_so_name_the_records_above(store: Store, county: County) -> None:
    first, (party,) = case(store, "张三")
    second, _ = case(store, "李四")
    sync(store, county)
    third, _ = case(store, "王五")
    conflict(store, county, party)
    store.write([Edit("mediation", {"title": FORBIDDEN}, second)], act="save")
    push(store, county)

    def listed(standing: str) -> set[str]:
        keys = store.keys(ListQuery("mediation", standing=standing))
        assert store.count(ListQuery("mediation", standing=standing)) == len(keys)
        return {row.id for row in store.rows(keys)}

    assert {name: listed(name) for name in LISTED} == {"unsent": {second}, "refused": {second}, "held": set(), "conflict": {first}}
    assert stands(store, third).state == "sent"


def test_a_record_that_is_not_here_is_left_out(store: Store) -> None:
    top, _ = case(store)
    assert set(store.whereabouts([new_id(), top])) == {top}
