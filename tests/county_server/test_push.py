"""What becomes of each change: accepted once, merged field by field, set aside with its reason, never dropped."""

from __future__ import annotations

import uuid

import msgspec
import pytest

from county_server.county import County
from county_server.failing import Refusal
from jusuo_desktop.records.identity import new_id, packed, unpacked
from jusuo_desktop.wire.columns import push_request
from jusuo_desktop.wire.limits import MOST_CHANGES
from jusuo_desktop.wire.messages import DigestRequest
from tests.county_server.counties import (
    COUNTY_CODE,
    OFFICE,
    OTHER_OFFICE,
    OTHER_VILLAGE,
    VILLAGE,
    change,
    enrolled,
    entries,
    send,
)


def test_a_batch_sent_again_in_any_prefix_changes_nothing(county: County) -> None:
    a, _ = enrolled(county, OFFICE)
    first = change({"name": "李四"})
    batch = [first, change({"name": "王五"}, record_id=first.record_id), change({"name": "赵六"})]
    assert [r.status for r in send(county, a, *batch)] == ["accepted"] * 3
    before, digest = entries(county, a), county.digest(a, DigestRequest(county.epoch))
    for length in (3, 2, 1, 3):
        again = send(county, a, *batch[:length])
        assert [(r.status, r.version) for r in again] == [("duplicate", 1), ("duplicate", 2), ("duplicate", 1)][:length]
    assert entries(county, a) == before
    assert county.digest(a, DigestRequest(county.epoch)) == digest


def test_one_change_twice_in_one_batch_counts_once(county: County) -> None:
    a, _ = enrolled(county, OFFICE)
    one = change({"name": "李四"})
    assert [r.status for r in send(county, a, one, one)] == ["accepted", "duplicate"]
    assert len(entries(county, a)) == 1


def test_an_id_stands_for_one_change_whoever_sends_it(embedded: County) -> None:
    a, _ = enrolled(embedded, OFFICE)
    b, _ = enrolled(embedded, OTHER_OFFICE)
    one = change({"name": "李四"})
    send(embedded, a, one)
    stolen = send(embedded, b, msgspec.structs.replace(one, scope=OTHER_OFFICE))[0]
    assert stolen.status == "rejected"


def test_a_child_before_its_parent_waits(county: County) -> None:
    a, _ = enrolled(county, OFFICE)
    parent = change({"dispute_summary": "邻居争地界"}, kind="mediation")
    child = change({"name": "张三"}, kind="party", parent_id=parent.record_id)
    assert [r.status for r in send(county, a, child)] == ["held"]
    assert [r.status for r in send(county, a, child, parent)] == ["held", "accepted"]
    assert [r.status for r in send(county, a, child)] == ["accepted"]


def test_a_change_on_a_version_that_is_not_there_yet_waits(county: County) -> None:
    a, _ = enrolled(county, OFFICE)
    one = change({"name": "李四"})
    later = change({"name": "李四光"}, record_id=one.record_id, base_version=1)
    assert send(county, a, later)[0].status == "held"
    assert [r.status for r in send(county, a, one, later)] == ["accepted", "accepted"]


def test_a_poison_change_is_set_aside_and_the_rest_goes_on(county: County) -> None:
    a, _ = enrolled(county, OFFICE)
    good, bad = change({"name": "李四"}), change({"consulted_at": "昨天上午"})
    after_bad = change({"name": "张三"}, record_id=bad.record_id)
    results = send(county, a, bad, good, after_bad)
    assert [r.status for r in results] == ["rejected", "accepted", "held"]
    assert "不是时间" in results[0].message
    assert [e.record_id for e in entries(county, a)] == [good.record_id]


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ({"parent_id": b"short"}, "编号"),
        ({"kind": "no kind"}, "种类"),
        ({"author_id": "x" * 65}, "填写人"),
        ({"made_at": -1}, "时间"),
        ({"scope": "99"}, "归属"),
        ({"scope": OTHER_OFFICE}, "管辖"),
        ({"kind": "conflict"}, "冲突"),
        ({"fields": {"name": 5}}, "文字"),
        ({"fields": {"unknown": {"deep": 1}}}, "不合规"),
        ({"fields": {"unknown": 1.5}}, "不合规"),
        ({"fields": {"9bad name": "x"}}, "字段名"),
        ({"fields": {f"f{i}": "x" for i in range(401)}}, "字段多于"),
    ],
)
def test_what_no_record_may_hold_is_refused_with_a_sentence(embedded: County, spoilt: dict[str, object], said: str) -> None:
    a, _ = enrolled(embedded, OFFICE)
    sound, ill = change({"name": "李四"}), change({**{"name": "李四"}}, **spoilt) if "fields" not in spoilt else change(spoilt["fields"])  # type: ignore[arg-type]
    results = send(embedded, a, ill, sound)
    assert [r.status for r in results] == ["rejected", "accepted"]
    assert said in results[0].message


def test_too_many_changes_are_refused_as_a_whole(embedded: County) -> None:
    a, _ = enrolled(embedded, OFFICE)
    with pytest.raises(Refusal) as caught:
        embedded.push(a, push_request(b"", embedded.epoch, [change({})] * (MOST_CHANGES + 1)))
    assert caught.value.code == "too_large"


def test_columns_of_different_lengths_are_refused(embedded: County) -> None:
    a, _ = enrolled(embedded, OFFICE)
    whole = push_request(b"", embedded.epoch, [change({"name": "李四"}), change({"name": "王五"})])
    for spoilt in ({"record_ids": whole.record_ids[:-1]}, {"change_ids": b""}, {"kinds": ["party"]}, {"fields": []}, {"made_ats": [1, 2, 3]}):
        with pytest.raises(Refusal) as caught:
            embedded.push(a, msgspec.structs.replace(whole, **spoilt))
        assert caught.value.code == "malformed"


def test_another_epoch_is_refused(embedded: County) -> None:
    a, _ = enrolled(embedded, OFFICE)
    with pytest.raises(Refusal) as caught:
        embedded.push(a, push_request(b"", "elsewhere", []))
    assert (caught.value.code, caught.value.status) == ("epoch", 409)


# -- merging -------------------------------------------------------------------


def test_changes_to_different_fields_both_stand(county: County) -> None:
    a, b = enrolled(county, OFFICE)[0], enrolled(county, OFFICE)[0]
    made = change({"name": "李四", "contact_phone": "13800000000"})
    send(county, a, made)
    assert send(county, a, change({"name": "李四光"}, record_id=made.record_id, base_version=1))[0].status == "accepted"
    assert send(county, b, change({"contact_phone": "13900000000"}, record_id=made.record_id, base_version=1))[0].status == "accepted"
    assert [e.fields for e in entries(county, a)][1:] == [{"name": "李四光"}, {"contact_phone": "13900000000"}]


def test_one_field_two_values_is_a_conflict_that_everybody_sees(county: County) -> None:
    a, b, c = (enrolled(county, OFFICE)[0] for _ in range(3))
    made = change({"name": "李四", "gist": "x"}, author_id="wang")
    send(county, a, made)
    standing = change({"name": "李四光"}, record_id=made.record_id, base_version=1, author_id="wang")
    send(county, a, standing)
    late = change({"name": "李四兴", "contact_phone": "13900000000"}, record_id=made.record_id, base_version=1, author_id="li")
    result = send(county, b, late)[0]
    assert (result.status, result.fields) == ("conflict", ["name"])
    again = send(county, b, late)[0]
    assert (again.status, again.fields, again.version) == ("duplicate", ["name"], result.version)
    seen = entries(county, c)
    assert [(e.fields, e.refused) for e in seen if e.change_id == late.change_id] == [({"contact_phone": "13900000000"}, ["name"])]
    conflicts = [e for e in seen if e.kind == "conflict"]
    assert len(conflicts) == 1
    assert conflicts[0].parent_id == made.record_id
    told = dict(conflicts[0].fields or {})
    kept, other = (next(e for e in seen if e.change_id == one) for one in (standing.change_id, late.change_id))
    assert (told.pop("kept_made_at"), told.pop("kept_received_at")) == (standing.made_at, kept.received_at)
    assert (told.pop("other_made_at"), told.pop("other_received_at")) == (late.made_at, other.received_at)
    assert told == {
        "field_name": "name", "kept_value": '"李四光"', "kept_author": "wang", "kept_device": a, "kept_device_name": "电脑",
        "other_value": '"李四兴"', "other_author": "li", "other_device": b, "other_device_name": "电脑",
        "change_id": unpacked(late.change_id), "state": "open",
    }  # fmt: skip
    decided = change({"state": "decided"}, record_id=conflicts[0].record_id, kind="conflict", base_version=1)
    assert send(county, c, decided)[0].status == "accepted"


def test_what_the_program_makes_is_no_conflict_and_what_stands_stays(county: County) -> None:
    a, b = enrolled(county, OFFICE)[0], enrolled(county, OFFICE)[0]
    made = change({"title": "张三与李四邻里纠纷", "typed_title": "张李院墙"}, kind="mediation")
    send(county, a, made)
    for device, title in ((a, "张三等与李四邻里纠纷"), (b, "张三与李四等邻里纠纷")):
        late = change({"title": title, "typed_title": title}, record_id=made.record_id, kind="mediation", base_version=1)
        result = send(county, device, late)[0]
    assert (result.status, result.fields) == ("conflict", ["typed_title"])
    seen = entries(county, a)
    assert [(e.fields, e.refused) for e in seen if e.change_id == late.change_id] == [({}, ["typed_title", "title"])]
    assert [e.fields and e.fields["field_name"] for e in seen if e.kind == "conflict"] == ["typed_title"]


def test_the_decision_of_a_conflict_that_is_not_here_yet_waits_for_it(county: County) -> None:
    """A restored server lost the conflict and its record; the decision comes back before them."""
    a = enrolled(county, OFFICE)[0]
    made, about = change({"name": "甲"}), uuid.uuid4()
    told = {"field_name": "name", "kept_value": '"甲"', "other_value": '"乙"', "change_id": str(about), "state": "open"}
    conflict = change(told, kind="conflict", parent_id=made.record_id, record_id=uuid.uuid5(about, "record/name").bytes)
    decided = change({"state": "decided", "decision": "kept"}, kind="conflict", parent_id=made.record_id, record_id=conflict.record_id)
    assert [r.status for r in send(county, a, conflict, decided)] == ["held", "held"]
    assert [r.status for r in send(county, a, made, conflict, decided)] == ["accepted"] * 3


def test_the_same_value_twice_is_no_conflict(county: County) -> None:
    a, b = enrolled(county, OFFICE)[0], enrolled(county, OFFICE)[0]
    made = change({"name": "李四"})
    send(county, a, made)
    for device in (a, b):
        assert send(county, device, change({"name": "李四光"}, record_id=made.record_id, base_version=1))[0].status == "accepted"


def test_emptying_a_field_that_somebody_changed_is_a_conflict(county: County) -> None:
    a, b = enrolled(county, OFFICE)[0], enrolled(county, OFFICE)[0]
    made = change({"name": "李四"})
    send(county, a, made, change({"name": "李四光"}, record_id=made.record_id, base_version=0))
    assert send(county, b, change({"name": None}, record_id=made.record_id, base_version=1))[0].status == "conflict"
    conflict = next(e for e in entries(county, a) if e.kind == "conflict")
    assert conflict.fields is not None
    assert conflict.fields["other_value"] == "null"


def test_a_device_knows_what_it_wrote_itself(county: County) -> None:
    a, _ = enrolled(county, OFFICE)
    made = change({"name": "一"})
    offline = [change({"name": name}, record_id=made.record_id) for name in "二三四"]
    assert [r.status for r in send(county, a, made, *offline)] == ["accepted"] * 4


# -- scopes --------------------------------------------------------------------


def test_writes_outside_the_scope_are_refused_one_by_one(county: County) -> None:
    office, village, whole = (enrolled(county, scope)[0] for scope in (OFFICE, VILLAGE, COUNTY_CODE))
    own, others = change({"name": "张三"}, scope=VILLAGE), change({"name": "李四"}, scope=OTHER_VILLAGE)
    assert [r.status for r in send(county, village, others, own)] == ["rejected", "accepted"]
    assert [r.status for r in send(county, office, others, change({}, scope=OTHER_OFFICE))] == ["accepted", "rejected"]
    assert send(county, whole, change({"name": "王五"}, scope=OTHER_OFFICE))[0].status == "accepted"
    meddling = change({"name": "改"}, record_id=others.record_id, base_version=1)
    assert send(county, village, meddling)[0].status == "rejected"


def test_a_village_may_not_change_the_places_around_it(county: County) -> None:
    office, village = enrolled(county, OFFICE)[0], enrolled(county, VILLAGE)[0]
    place = change({"name": "东村"}, kind="village")
    send(county, office, place)
    assert send(county, village, change({"name": "新东村"}, record_id=place.record_id, base_version=1))[0].status == "rejected"
    assert send(county, village, change({"name": "新村"}, kind="village"))[0].status == "rejected"
    liaison = change({"name": "赵联络员"}, kind="worker", scope=VILLAGE)
    assert send(county, village, liaison)[0].status == "accepted"


def test_a_child_lives_where_its_parent_lives(county: County) -> None:
    office, village = enrolled(county, OFFICE)[0], enrolled(county, VILLAGE)[0]
    parent = change({"dispute_summary": "争地界"}, kind="mediation", scope=OTHER_VILLAGE)
    child = change({"name": "张三"}, kind="party", scope=VILLAGE, parent_id=parent.record_id)
    send(county, office, parent, child)
    assert entries(county, village) == []
    assert [e.scope for e in entries(county, office)] == [OTHER_VILLAGE, OTHER_VILLAGE]


# -- S6 ------------------------------------------------------------------------


def test_fields_codes_and_kinds_of_a_newer_client_pass_and_come_back(county: County) -> None:
    a, b = enrolled(county, OFFICE)[0], enrolled(county, OFFICE)[0]
    newer = change({"name": "李四", "from_the_future": ["甲", "乙"], "consultation_channel": "77", "count": 7, "flag": True})
    unknown_kind = change({"title": "法治体检"}, kind="legal_checkup")
    assert [r.status for r in send(county, a, newer, unknown_kind)] == ["accepted", "accepted"]
    assert [e.fields for e in entries(county, b)] == [newer.fields, unknown_kind.fields]
    older = change({"name": "李四光"}, record_id=newer.record_id, base_version=1)
    send(county, b, older)
    assert county.digest(a, DigestRequest(county.epoch)).count == 2


def test_a_change_of_a_kind_that_never_was_declared_keeps_to_the_bounds(embedded: County) -> None:
    a, _ = enrolled(embedded, OFFICE)
    big = change({"text": "字" * 400_000}, kind="legal_checkup", record_id=packed(new_id()))
    assert send(embedded, a, big)[0].status == "rejected"


def test_a_conflict_that_a_device_told_again_is_not_written_twice(county: County) -> None:
    """A restored server lost the conflict; one device restates it, then the change it is about arrives after all."""
    a, b = enrolled(county, OFFICE)[0], enrolled(county, OFFICE)[0]
    made = change({"name": "甲"})
    later = change({"name": "乙"}, record_id=made.record_id)
    about = uuid.UUID(bytes=later.change_id)
    told = {"field_name": "name", "kept_value": '"甲"', "other_value": '"乙"', "change_id": str(about), "state": "open"}
    conflict = change(told, kind="conflict", parent_id=made.record_id, record_id=uuid.uuid5(about, "record/name").bytes)
    forged = change({**told, "field_name": "phone"}, kind="conflict", parent_id=made.record_id)
    assert [r.status for r in send(county, a, made, conflict, forged)] == ["accepted", "accepted", "rejected"]
    assert [r.status for r in send(county, b, later)] == ["conflict"]
    assert sum(e.record_id == conflict.record_id for e in entries(county, a)) == 1
