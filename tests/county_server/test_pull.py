"""What a device is given: everything after its cursor that lies in its scope, in order, and nothing else (S4, S5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from county_server.county import County
from county_server.failing import Refusal
from jusuo_desktop.wire.messages import DigestRequest, PullRequest
from jusuo_desktop.wire.scope import visible
from tests.county_server.counties import COUNTY_CODE, OFFICE, OTHER_OFFICE, OTHER_VILLAGE, VILLAGE, change, enrolled, entries, send

PLACES = {"county": COUNTY_CODE, "office": OFFICE, "other office": OTHER_OFFICE, "village": VILLAGE, "other village": OTHER_VILLAGE}


def test_each_scope_gets_its_own_and_the_places_around_it(county: County) -> None:
    whole, _ = enrolled(county, COUNTY_CODE)
    told = {}
    for name, scope in PLACES.items():
        case, place = change({"name": name}, scope=scope), change({"name": name}, scope=scope, kind="worker")
        assert [r.status for r in send(county, whole, case, place)] == ["accepted", "accepted"]
        told[case.record_id], told[place.record_id] = (scope, False), (scope, True)
    for scope in PLACES.values():
        device, _ = enrolled(county, scope)
        given_out = {e.record_id for e in entries(county, device)}
        assert given_out == {r for r, (where, reference) in told.items() if visible(where, scope, reference=reference)}
        assert county.digest(device, DigestRequest(county.epoch)).count == len(given_out)


def test_a_village_sees_its_office_s_people_and_not_its_neighbours(county: County) -> None:
    office, village = enrolled(county, OFFICE)[0], enrolled(county, VILLAGE)[0]
    send(
        county,
        office,
        change({"name": "西塘司法所"}, kind="judicial_office"),
        change({"name": "李所长"}, kind="worker"),
        change({"name": "张三"}, scope=VILLAGE),
        change({"name": "李四"}, scope=OTHER_VILLAGE),
        change({"name": "王五"}, scope=OFFICE),
        change({"name": "东村主任"}, scope=OTHER_VILLAGE, kind="worker"),
    )
    assert [e.fields for e in entries(county, village)] == [{"name": "西塘司法所"}, {"name": "李所长"}, {"name": "张三"}]


def test_one_s_own_changes_come_back_without_their_values(embedded: County) -> None:
    a, b = enrolled(embedded, OFFICE)[0], enrolled(embedded, OFFICE)[0]
    send(embedded, a, change({"name": "张三"}))
    for device, echo, expected in ((a, False, None), (a, True, {"name": "张三"}), (b, False, {"name": "张三"})):
        answer = embedded.pull(device, PullRequest(embedded.epoch, {}, 1000, echo))
        from jusuo_desktop.wire.codec import decode, encode
        from jusuo_desktop.wire.messages import PullResponse

        assert [e.fields for e in decode(encode(answer), PullResponse).entries] == [expected]


@given(pages=st.lists(st.integers(1, 400), min_size=1, max_size=4))
def test_pages_of_any_size_together_give_everything_once_in_order(two_offices: County, pages: list[int]) -> None:
    device, _ = enrolled(two_offices, COUNTY_CODE)
    whole = entries(two_offices, device)
    cursor: dict[str, int] = {}
    seen = []
    turn = 0
    while True:
        answer = two_offices.pull(device, PullRequest(two_offices.epoch, cursor, pages[turn % len(pages)], True))
        turn += 1
        seen += answer.entries
        assert not answer.more or answer.cursor != cursor
        cursor = answer.cursor
        if not answer.more:
            break
    from jusuo_desktop.wire.codec import decode, encode
    from jusuo_desktop.wire.messages import PullResponse

    told = decode(encode(type(answer)(two_offices.epoch, seen, cursor, False, 0)), PullResponse).entries
    assert sorted(told, key=lambda e: (e.feed, e.seq)) == sorted(whole, key=lambda e: (e.feed, e.seq))
    for feed in cursor:
        assert [e.seq for e in told if e.feed == feed] == list(range(1, cursor[feed] + 1))


@pytest.fixture(scope="module")
def two_offices(tmp_path_factory: pytest.TempPathFactory) -> object:
    from tests.county_server.counties import founded

    with founded(tmp_path_factory.mktemp("two")) as made:
        device, _ = enrolled(made, COUNTY_CODE)
        send(made, device, *(change({"name": f"某{i}"}, scope=OFFICE if i % 3 else OTHER_OFFICE) for i in range(20)))
        yield made


def test_a_cursor_from_the_future_stops_the_device(county: County) -> None:
    a, _ = enrolled(county, OFFICE)
    send(county, a, change({"name": "张三"}))
    with pytest.raises(Refusal) as caught:
        county.pull(a, PullRequest(county.epoch, {OFFICE: 99}, 1000))
    assert caught.value.code == "epoch"


def test_a_feed_of_another_scope_in_the_cursor_is_dropped(embedded: County) -> None:
    a, _ = enrolled(embedded, OFFICE)
    answer = embedded.pull(a, PullRequest(embedded.epoch, {OTHER_OFFICE: 99, "000000": -5}, 1000))
    assert OTHER_OFFICE not in answer.cursor
