"""The one write path: checks, guards, stale screens, roles, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import text

from jusuo_desktop.records.identity import new_id
from jusuo_desktop.store import BadFields, Edit, ListQuery, NotAllowed, Refused, Store, User
from tests.store.offices import CODE, VILLAGE, VILLAGE_CODE, consultation, edit, mediation


def test_a_new_record_has_an_identity_a_scope_and_no_version(store: Store) -> None:
    made = consultation(store)
    assert store.record(made.id) == made
    assert (made.scope, made.version, made.parent_id) == (CODE, 0, "")


def test_a_record_lives_in_the_village_that_it_names_and_its_rows_with_it(store: Store) -> None:
    made = mediation(store, "张三", "李四", village=VILLAGE)
    assert made.scope == VILLAGE_CODE
    assert {child.scope for child in store.children(made.id)} == {VILLAGE_CODE}
    assert [c.values["name"] for c in store.children(made.id, "party")] == ["张三", "李四"]


def test_an_empty_field_is_absent(store: Store) -> None:
    made = consultation(store, remarks="会再来")
    assert "remarks" not in edit(store, made, remarks=None).values
    found = store.record(made.id)
    assert found is not None
    assert "remarks" not in found.values


def test_a_field_of_a_newer_version_is_kept_through_edits(store: Store) -> None:
    made = consultation(store, field_of_tomorrow={"deep": [1, 2]})
    assert edit(store, made, remarks="x").values["field_of_tomorrow"] == {"deep": [1, 2]}


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "一" * 61), ("sex", "9z"), ("consulted_at", "昨天"), ("accompanying_count", -1), ("remarks", "a\x00b"), ("name", "\ud800")],
    ids=["too long", "no code", "no time", "below zero", "control character", "half a character"],
)
def test_a_value_that_no_record_may_hold_is_refused_by_its_field(store: Store, field: str, value: object) -> None:
    before = store.count(ListQuery("consultation"))
    with pytest.raises(BadFields) as refused:
        store.write([Edit("consultation", {field: value})], act="save")  # type: ignore[dict-item]
    assert [p.field for p in refused.value.problems] == [field]
    assert refused.value.message.endswith("。")
    assert store.count(ListQuery("consultation")) == before


def test_one_bad_record_among_many_leaves_nothing_of_any(store: Store) -> None:
    audits = len(store.verify())
    before, queue = store.count(ListQuery("consultation")), store.outbox_counts()
    good = [Edit("consultation", {"name": f"来访人{i}"}) for i in range(150)]
    with pytest.raises(BadFields):
        store.write([*good, Edit("consultation", {"sex": "no such code"})], act="import")
    assert store.count(ListQuery("consultation")) == before
    assert store.outbox_counts() == queue
    assert store.search("来访人") == []
    assert len(store.verify()) == audits == 0


def test_a_wrong_value_written_long_ago_does_not_block_other_fields(store: Store) -> None:
    made = consultation(store)
    with store._writing() as connection:  # as an older version with fewer checks might have left it
        connection.execute(text("UPDATE record SET body = json_set(body, '$.sex', 'x') WHERE id = :id"), {"id": made.id})
    assert edit(store, made, remarks="改了别的").values["remarks"] == "改了别的"
    with pytest.raises(BadFields):
        edit(store, made, sex="y")


def test_a_stale_screen_is_refused_and_names_the_field(store: Store) -> None:
    made = consultation(store, remarks="先")
    edit(store, made, remarks="别人")
    with pytest.raises(Refused, match="备注") as refused:
        store.write([Edit("consultation", {"remarks": "我"}, made.id, expected={"remarks": "先"})], act="save")
    assert [p.field for p in refused.value.problems] == ["remarks"]
    store.write([Edit("consultation", {"remarks": "我"}, made.id, expected={"remarks": "别人"})], act="save")


def test_two_people_with_the_same_value_are_not_stale(store: Store) -> None:
    made = consultation(store, remarks="先")
    edit(store, made, remarks="同样")
    store.write([Edit("consultation", {"remarks": "同样"}, made.id, expected={"remarks": "先"})], act="save")


def test_a_save_that_changes_nothing_leaves_no_trace(store: Store) -> None:
    made = consultation(store)
    queue, history = store.outbox_counts(), store.history(made.id)
    edit(store, made, name="单雄信")
    assert (store.outbox_counts(), store.history(made.id)) == (queue, history)


def test_a_voided_record_stays_readable_and_takes_no_change_and_no_row(store: Store) -> None:
    made = mediation(store, "张三", "李四")
    edit(store, made, voided_reason="重复登记")
    with pytest.raises(Refused, match="重复登记"):
        edit(store, made, remarks="x")
    with pytest.raises(Refused, match="作废"):
        store.write([Edit("party", {"name": "王五", "party_role": "1"}, parent_id=made.id)], act="save")
    with pytest.raises(Refused, match="作废"):
        store.write([Edit("mediation", {}, made.id), Edit("party", {"name": "王五", "party_role": "1"}, parent_id=made.id)], act="save")
    assert store.count(ListQuery("mediation")) == 0
    assert store.count(ListQuery("mediation", include_voided=True)) == 1
    found = store.record(made.id)
    assert found is not None
    assert found.voided


def test_a_row_needs_its_record(store: Store) -> None:
    with pytest.raises(Refused, match="属于"):
        store.write([Edit("party", {"name": "王五", "party_role": "1"})], act="save")
    with pytest.raises(Refused, match="不在本机"):
        store.write([Edit("party", {"name": "王五", "party_role": "1"}, parent_id=new_id())], act="save")


def test_a_workflow_step_names_what_is_missing_and_counts_rows_of_the_same_call(store: Store) -> None:
    made = mediation(store, "张三", dispute_summary="院墙滴水", accepted_on="2026-01-02")
    with pytest.raises(Refused, match="受理"):
        edit(store, made, state="accepted")
    party = Edit("party", {"name": "李四", "party_role": "2"}, parent_id=made.id)
    store.write([Edit("mediation", {"state": "accepted"}, made.id), party], act="accept")
    with pytest.raises(Refused, match="不能从当前状态"):
        edit(store, made, state="archived")


def test_an_imported_record_may_start_anywhere_and_is_known_again(store: Store) -> None:
    made = Edit("mediation", {"title": "旧案", "state": "closed"}, import_key="ledger/1")
    store.write([made], act="import")
    assert store.known_imports(["ledger/1", "ledger/2"]) == {"ledger/1"}
    with pytest.raises(Refused):
        store.write([Edit("mediation", {"title": "新案", "state": "closed"})], act="save")


def test_one_record_twice_in_a_call_is_one_change_and_answered_twice(store: Store) -> None:
    identity = new_id()
    records = store.write([Edit("consultation", {"name": "甲"}, identity, new=True), Edit("consultation", {"remarks": "乙"}, identity)], act="save")
    assert [r.id for r in records] == [identity, identity]
    assert dict(records[0].values) == {"name": "甲", "remarks": "乙"}
    assert len(store.history(identity)) == 1


def test_saving_a_new_record_a_second_time_is_refused(store: Store) -> None:
    new = Edit("consultation", {"name": "甲"}, new_id(), new=True)
    store.write([new], act="save")
    with pytest.raises(Refused, match="已经保存过"):
        store.write([new], act="save")


def as_role(store: Store, role: str) -> None:
    store.user = replace(store.user, role=role)


def test_roles_are_checked_in_the_write_path(store: Store) -> None:
    made = consultation(store)
    as_role(store, "reader")
    with pytest.raises(NotAllowed, match="只读"):
        edit(store, made, remarks="x")
    as_role(store, "liaison")
    edit(store, made, remarks="x")
    with pytest.raises(NotAllowed, match="联络员"):
        store.write([Edit("village", {"name": "新村", "division_code": "990101001202"})], act="save")


def test_a_change_carries_its_author_for_ever(store: Store) -> None:
    made = consultation(store)
    first = store.user
    store.user = User(new_id(), "李强", "clerk")
    edit(store, made, remarks="李强写的")
    queued = [(o.author_id, o.fields) for o in store.outgoing(("waiting",)) if o.record_id == made.id]
    assert [author for author, _ in queued] == [first.id, store.user.id]
    assert queued[1][1] == {"remarks": "李强写的"}
    assert [h.author_id for h in store.history(made.id)] == [first.id, store.user.id]


def test_history_tells_what_changed_from_what_to_what(store: Store) -> None:
    made = consultation(store, remarks="先")
    edit(store, made, remarks="后", address="红旗村3号")
    edit(store, made, remarks=None)
    assert [h.fields for h in store.history(made.id)] == [{}, {"remarks": ("先", "后"), "address": (None, "红旗村3号")}, {"remarks": ("后", None)}]
    at = [h.at for h in store.history(made.id)]
    assert at == sorted(at)


def test_history_tells_of_a_record_that_was_emptied_and_filled_again(store: Store) -> None:
    made = store.write([Edit("consultation", {"name": "甲"})], act="save")[0]
    edit(store, made, name=None)
    edit(store, made, name="乙")
    assert [h.fields for h in store.history(made.id)] == [{}, {"name": ("甲", None)}, {"name": (None, "乙")}]


def test_watchers_hear_of_a_commit_and_of_nothing_else(store: Store) -> None:
    heard: list[frozenset[str]] = []
    stop = store.subscribe(heard.append)
    made = consultation(store)
    with pytest.raises(BadFields):
        edit(store, made, sex="no")
    stop()
    edit(store, made, remarks="x")
    assert heard == [frozenset({made.id})]


def test_titles_of_links_follow_their_records(store: Store, opening: Callable[..., Store]) -> None:
    assert store.name_of(VILLAGE) == "红旗村"
    store.write([Edit("village", {"name": "红旗新村"}, VILLAGE)], act="save")
    assert store.name_of(VILLAGE) == "红旗新村"
    assert store.find_by_name("village", "红旗新村") == [VILLAGE]
    assert store.name_of("not here") == "not here"
