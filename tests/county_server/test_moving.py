"""A village moves to another office: the records change feeds and nothing of them is lost, doubled or shown to the wrong office."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, text

from county_server import devices
from county_server.county import County
from county_server.moving import NotMoved, move_village
from county_server.schema import CHANGE, CONTENT_USE, RECORD
from jusuo_desktop.records.identity import new_id, packed, place_id
from jusuo_desktop.wire.columns import push_request
from jusuo_desktop.wire.digest import digest_of
from jusuo_desktop.wire.messages import Change, DigestRequest, Entry, PullRequest, Result
from tests.county_server.counties import COUNTY_CODE, OFFICE, OTHER_OFFICE, OTHER_VILLAGE, VILLAGE, change, enrolled, entries, send

NEW = OTHER_OFFICE + "007"
PLACE = place_id("village", VILLAGE)


def office(county: County, code: str) -> str:
    """A device of an office that has registered itself; its id."""
    device, _ = enrolled(county, code)
    made = {"name": f"{code}司法所", "division_code": code, "county_name": "清溪县"}
    assert send(county, device, change(made, kind="judicial_office", scope=code))[0].status == "accepted"
    return device


def village(county: County, device: str) -> dict[str, bytes]:
    """The village with its committee, its liaison, a case with a party and a scan, and a case of a neighbouring village."""
    ids = {name: packed(new_id()) for name in ("committee", "liaison", "clerk", "case", "party", "scan", "other")} | {"village": packed(PLACE)}
    made = [
        change({"name": "东村", "division_code": VILLAGE}, kind="village", record_id=ids["village"]),
        change(
            {"name": "东村调委会", "short_name": "东民", "committee_type": "01", "village": PLACE},
            kind="mediation_committee",
            record_id=ids["committee"],
        ),
        change({"name": "联络员", "worker_roles": ["5"], "access_role": "liaison", "village": PLACE}, kind="worker", record_id=ids["liaison"]),
        change({"name": "内勤", "worker_roles": ["1"], "access_role": "clerk", "village": PLACE}, kind="worker", record_id=ids["clerk"]),
        change({"title": "张三与李四宅基地纠纷", "village": PLACE, "location": "村东头"}, kind="mediation", scope=VILLAGE, record_id=ids["case"]),
        change({"name": "张三", "party_role": "1"}, kind="party", parent_id=ids["case"], scope=VILLAGE, record_id=ids["party"]),
        change(
            {"file_name": "协议.jpg", "sha256": "ab" * 32, "size_bytes": 5},
            kind="attachment",
            parent_id=ids["case"],
            scope=VILLAGE,
            record_id=ids["scan"],
        ),
        change({"name": "王五"}, scope=OTHER_VILLAGE, record_id=ids["other"]),
    ]
    assert {r.status for r in send(county, device, *made)} == {"accepted"}
    return ids


def moved(county: County, old: str = VILLAGE, new: str = NEW) -> int:
    with county.database.writing() as connection:
        return move_village(connection, COUNTY_CODE, old, new, county.now())


def held(county: County, device: str) -> dict[bytes, tuple[int, dict[str, Any]]]:
    """What a device of its scope holds that reads everything, and that agrees with the county's digest of it."""
    with county.database.reading() as connection:
        scope = devices.known_device(connection, device).scope
    found: dict[bytes, tuple[int, str, dict[str, Any]]] = {}
    for e in entries(county, device, most_bytes=400):
        version, _, values = found.get(e.record_id, (0, "", {}))
        if e.version > version:
            found[e.record_id] = e.version, e.scope, {n: v for n, v in {**values, **(e.fields or {})}.items() if v is not None}
    mine = {i: (v, values) for i, (v, s, values) in found.items() if s.startswith(scope) or scope.startswith(s)}
    told = county.digest(device, DigestRequest(county.epoch))
    from jusuo_desktop.records.identity import unpacked

    assert (told.digest, told.count) == (digest_of((unpacked(i), v, values) for i, (v, values) in mine.items()), len(mine))
    return mine


def pushed(county: County, device: str, cursor: dict[str, int], *changes: Change, scope: str = "") -> list[Result]:
    """A batch of a device that has heard the feeds up to a cursor."""
    return county.push(device, push_request(secrets.token_bytes(16), county.epoch, changes, cursor, scope=scope)).results


def cursor_of(county: County, device: str) -> dict[str, int]:
    return county.digest(device, DigestRequest(county.epoch)).cursor


def test_everything_of_the_village_goes_and_nothing_else(county: County) -> None:
    """Cases, their children, the village's entry, its committee and its liaison; the office's clerk and the neighbours stay."""
    old, new, whole = office(county, OFFICE), office(county, OTHER_OFFICE), enrolled(county, COUNTY_CODE)[0]
    ids = village(county, old)
    before = held(county, old)
    assert moved(county) == 6
    after, arrived = held(county, old), held(county, new)
    gone = {ids[name] for name in ("village", "committee", "liaison", "case", "party", "scan")}
    assert gone.isdisjoint(after)
    assert before.keys() - after.keys() == gone
    assert gone <= arrived.keys()
    assert {ids["clerk"], ids["other"]} <= after.keys()
    assert arrived[ids["village"]][1]["division_code"] == NEW
    for name in ("committee", "case", "party", "scan"):
        assert arrived[ids[name]][1] == before[ids[name]][1]
    assert held(county, whole) == {**after, **arrived}
    with county.database.reading() as connection:
        assert connection.execute(select(CONTENT_USE.c.feed, CONTENT_USE.c.scope)).all() == [(OTHER_OFFICE, NEW)]
        assert {r.feed for r in connection.execute(select(RECORD).where(RECORD.c.scope.startswith(OTHER_OFFICE)))} == {OTHER_OFFICE}


def test_a_county_hears_the_leaving_before_the_arrival(county: County) -> None:
    """Even from a feed whose name comes first, and in answers of one entry each."""
    first, second = office(county, OTHER_OFFICE), office(county, OFFICE)
    whole = enrolled(county, COUNTY_CODE)[0]
    case = change({"title": "案"}, kind="mediation", scope=NEW)
    send(county, first, change({"name": "西村", "division_code": NEW}, kind="village", scope=OTHER_OFFICE), case)
    assert second
    assert moved(county, NEW, VILLAGE) == 2
    told = [(e.feed, e.version) for e in entries(county, whole, most_bytes=1) if e.record_id == case.record_id]
    assert told == [(OTHER_OFFICE, 1), (OTHER_OFFICE, 2), (OFFICE, 3)]


def test_a_device_that_joins_later_hears_nothing_of_what_left(county: County) -> None:
    """Not even what was said while the records were the office's."""
    old, new = office(county, OFFICE), office(county, OTHER_OFFICE)
    ids = village(county, old)
    assert new
    assert moved(county)
    late = enrolled(county, OFFICE)[0]
    told = [e for e in entries(county, late) if e.record_id in {ids["case"], ids["committee"], ids["village"]}]
    assert told
    assert not any(e.fields for e in told)
    beside = enrolled(county, OTHER_VILLAGE)[0]
    assert not [e for e in entries(county, beside) if e.record_id in {ids["case"], ids["party"]}]


def test_what_was_typed_before_the_device_knew_is_taken_in(county: County) -> None:
    """Edits of what left, new children and new cases of the village; each arrives at the new office, and the old one is told that it left."""
    old, new = office(county, OFFICE), office(county, OTHER_OFFICE)
    ids = village(county, old)
    cursor = cursor_of(county, old)
    moved(county)
    edit = change({"location": "村西头"}, kind="mediation", scope=VILLAGE, record_id=ids["case"], base_version=1)
    fresh = change({"title": "新案"}, kind="mediation", scope=VILLAGE)
    child = change({"name": "李四", "party_role": "2"}, kind="party", parent_id=ids["case"], scope=VILLAGE)
    below = change({"name": "赵六", "party_role": "2"}, kind="party", parent_id=fresh.record_id, scope=VILLAGE)
    place = change({"contact_name": "老支书"}, kind="village", record_id=ids["village"], base_version=1)
    batch = (edit, fresh, child, below, place)
    assert [r.status for r in pushed(county, old, cursor, *batch)] == ["accepted"] * 5
    assert [r.status for r in pushed(county, old, cursor, *batch)] == ["duplicate"] * 5
    arrived = held(county, new)
    assert arrived[ids["case"]][1]["location"] == "村西头"
    assert arrived[ids["village"]][1]["contact_name"] == "老支书"
    assert {fresh.record_id, child.record_id, below.record_id} <= arrived.keys()
    told = {e.record_id: e for e in entries(county, old, cursor)}
    for one in batch:
        assert told[one.record_id].scope.startswith(OTHER_OFFICE)
        assert not told[one.record_id].fields
    assert not {one.record_id for one in batch} & held(county, old).keys()
    late = [
        change({"location": "不该"}, kind="mediation", record_id=ids["case"], base_version=1),
        change({"title": "不该"}, kind="mediation", scope=VILLAGE),
    ]
    assert [r.status for r in pushed(county, old, cursor_of(county, old), *late)] == ["rejected"] * 2


def test_a_conflict_across_the_move_names_who_wrote_before_it(county: County) -> None:
    """The value that stands was written in the old feed, the one that comes too late arrives after the move."""
    old, new = office(county, OFFICE), office(county, OTHER_OFFICE)
    second = enrolled(county, OFFICE)[0]
    ids = village(county, old)
    cursor = cursor_of(county, second)
    send(county, old, change({"location": "甲"}, kind="mediation", record_id=ids["case"], base_version=1, author_id="0190bbbb"))
    moved(county)
    late = change({"location": "乙"}, kind="mediation", record_id=ids["case"], base_version=1, author_id="0190cccc")
    assert pushed(county, second, cursor, late)[0].status == "conflict"
    conflict = next(v for _, v in held(county, new).values() if v.get("field_name") == "location")
    assert (conflict["kept_author"], conflict["kept_device"], conflict["other_author"]) == ("0190bbbb", old, "0190cccc")


def test_the_village_s_own_device_goes_with_it(county: County) -> None:
    """It reads the new office's feed from now on; what it sent before is known, what it sends under the old code is taken in."""
    old, new = office(county, OFFICE), office(county, OTHER_OFFICE)
    ids = village(county, old)
    laptop, _ = enrolled(county, VILLAGE)
    sent = change({"contact_name": "甲"}, kind="mediation", record_id=ids["case"], base_version=1, scope=VILLAGE)
    send(county, laptop, sent)
    cursor = cursor_of(county, laptop)
    moved(county)
    fresh = change({"title": "新案"}, kind="mediation", scope=VILLAGE)
    assert [r.status for r in pushed(county, laptop, cursor, sent, fresh, scope=VILLAGE)] == ["duplicate", "accepted"]
    page = county.pull(laptop, PullRequest(county.epoch, cursor, 1 << 20))
    assert page.scope == NEW
    assert {OTHER_OFFICE, COUNTY_CODE} >= page.cursor.keys() >= {OTHER_OFFICE}
    assert {ids["case"], ids["committee"], ids["liaison"], ids["village"], fresh.record_id} <= held(county, laptop).keys()
    assert {ids["case"], fresh.record_id} <= held(county, new).keys()
    assert old


def test_there_and_back_again(county: County) -> None:
    """A village that was moved by mistake is moved back; every device ends with what the county holds."""
    old, new, whole = office(county, OFFICE), office(county, OTHER_OFFICE), enrolled(county, COUNTY_CODE)[0]
    ids = village(county, old)
    before, cursor = held(county, old), cursor_of(county, old)
    moved(county)
    moved(county, NEW, VILLAGE)
    after = held(county, old)
    assert after.keys() == before.keys()
    assert {i: v for i, (_, v) in after.items()} == {i: v for i, (_, v) in before.items()}
    assert ids["case"] not in held(county, new)
    assert held(county, whole).keys() >= after.keys()
    edit = change({"location": "村西头"}, kind="mediation", record_id=ids["case"], base_version=1, scope=VILLAGE)
    assert pushed(county, old, cursor, edit)[0].status == "accepted"
    assert held(county, old)[ids["case"]][1]["location"] == "村西头"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("990101", NEW, "12位"),
        (VILLAGE, "99010200200x", "12位"),
        (VILLAGE, "990102002001", "12位"),
        (VILLAGE, OTHER_VILLAGE, "没有换司法所"),
        (OFFICE + "999", NEW, "请核对代码"),
        (VILLAGE, COUNTY_CODE + "003001", "先让该所的电脑注册"),
        (VILLAGE, OTHER_OFFICE + "001", "已经有别的村的记录"),
        (VILLAGE, OTHER_OFFICE + "002", "作废"),
    ],
)
def test_nonsense_is_refused_with_a_sentence(county: County, old: str, new: str, said: str) -> None:
    """And changes nothing."""
    one, other = office(county, OFFICE), office(county, OTHER_OFFICE)
    village(county, one)
    send(county, other, change({"name": "甲"}, scope=OTHER_OFFICE + "001"))
    send(county, other, change({"name": "北村", "division_code": OTHER_OFFICE + "002"}, kind="village", scope=OTHER_OFFICE))
    with county.database.reading() as connection:
        count = len(connection.execute(select(CHANGE.c.seq)).all())
    with pytest.raises(NotMoved, match=said):
        moved(county, old, new)
    with county.database.reading() as connection:
        assert len(connection.execute(select(CHANGE.c.seq)).all()) == count


def test_a_rescoped_device_hands_over_what_it_typed_before(county: County) -> None:
    """Only as long as it names its old scope itself; it reads nothing of it any more."""
    whole = office(county, OFFICE)
    ids = village(county, whole)
    cursor = cursor_of(county, whole)
    with county.database.writing() as connection:
        assert devices.rescope(connection, whole, OTHER_VILLAGE)
        assert not devices.rescope(connection, "NOBODY", OTHER_VILLAGE)
    edit = change({"location": "村西头"}, kind="mediation", record_id=ids["case"], base_version=1, scope=VILLAGE)
    assert pushed(county, whole, cursor, edit, scope=OFFICE)[0].status == "accepted"
    again = change({"location": "不该"}, kind="mediation", record_id=ids["case"], base_version=2, scope=VILLAGE)
    assert pushed(county, whole, cursor, again, scope=OTHER_VILLAGE)[0].status == "rejected"
    seen: list[Entry] = entries(county, whole)
    assert ids["case"] not in {e.record_id for e in seen}
    assert ids["other"] in {e.record_id for e in seen}


def test_old_marks_without_a_feed_are_read(county: County) -> None:
    """Marks written by the version before hold three members."""
    from jusuo_desktop.wire.merge import Mark

    assert msgspec.msgpack.decode(msgspec.msgpack.encode((3, "A", 7)), type=Mark) == Mark(3, "A", 7)


@pytest.mark.parametrize("kept_open", ["edit", "create"])
def test_a_batch_that_meets_the_move_half_way_is_taken_in_behind_it(county: County, kept_open: str) -> None:
    """It looked before the move was committed and gets its lock after it: it sees what was moved, and goes where the records went."""
    old, new = office(county, OFFICE), office(county, OTHER_OFFICE)
    ids = village(county, old)
    cursor = cursor_of(county, old)
    one = change({"place": "村西头"}, kind="mediation", record_id=ids["case"], base_version=1, scope=VILLAGE)
    one = one if kept_open == "edit" else change({"title": "新案"}, kind="mediation", scope=VILLAGE)
    with ThreadPoolExecutor(1) as beside:
        with county.database.writing() as connection:
            move_village(connection, COUNTY_CODE, VILLAGE, NEW, county.now())
            pushing = beside.submit(pushed, county, old, cursor, one)
            while not county.database.embedded and not _waiting(county):
                assert not pushing.done()
        assert [r.status for r in pushing.result(30)] == ["accepted"]
    assert one.record_id in held(county, new)
    assert one.record_id not in held(county, old)


def _waiting(county: County) -> bool:
    """Whether a transaction waits for a lock."""
    with county.database.reading() as connection:
        return bool(connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar())
