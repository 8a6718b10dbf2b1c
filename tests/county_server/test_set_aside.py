"""The county remembers what it did not take in, without a value, and forgets it when it comes in; what devices hold; courier files."""

from __future__ import annotations

import msgspec
from sqlalchemy import select

from county_server import devices, set_aside
from county_server.county import County
from county_server.schema import DEVICE, DEVICE_SEEN, SET_ASIDE
from county_server.status.gathering import asides
from jusuo_desktop.wire.messages import PullRequest
from tests.county_server.counties import OFFICE, OTHER_OFFICE, change, enrolled, send

SECRET = "赵钱孙"


def rows(county: County) -> list[object]:
    with county.database.reading() as connection:
        return list(connection.execute(select(SET_ASIDE).order_by(SET_ASIDE.c.since)))


def test_a_refused_change_is_remembered_without_its_values_until_the_field_comes_anew(county: County) -> None:
    device, _ = enrolled(county, OFFICE)
    wrong = change({"name": SECRET, "reply_due_on": f"{SECRET}不是日期"})
    assert [r.status for r in send(county, device, wrong)] == ["rejected"]
    (row,) = rows(county)
    assert (bytes(row.record_id), row.kind, row.held, row.settled_at) == (wrong.record_id, "consultation", 0, None)  # type: ignore[attr-defined]
    assert "日期" in row.reason  # type: ignore[attr-defined]
    assert SECRET not in str(row)
    anew = change({"name": SECRET}, record_id=wrong.record_id)
    assert send(county, device, anew)[0].status == "accepted"
    assert rows(county)[0].settled_at is None  # type: ignore[attr-defined]  # the date is still outside
    mended = change({"reply_due_on": "2026-03-07"}, record_id=wrong.record_id, base_version=1)
    assert send(county, device, mended)[0].status == "accepted"
    assert rows(county)[0].settled_at is not None  # type: ignore[attr-defined]


def test_a_held_change_is_settled_by_itself_alone(county: County) -> None:
    device, _ = enrolled(county, OFFICE)
    parent = change({"name": SECRET}, kind="mediation")
    child = change({"name": SECRET}, kind="party", parent_id=parent.record_id)
    assert send(county, device, child)[0].status == "held"
    assert send(county, device, child)[0].status == "held"
    (row,) = rows(county)
    assert (row.held, row.settled_at) == (1, None)  # type: ignore[attr-defined]
    assert {r.status for r in send(county, device, parent, child)} == {"accepted"}
    assert rows(county)[0].settled_at is not None  # type: ignore[attr-defined]
    with county.database.reading() as connection:
        assert set_aside.open_count(connection) == 0


def test_somebody_else_s_acceptance_settles_nothing(county: County) -> None:
    device, _ = enrolled(county, OFFICE)
    other, _ = enrolled(county, OTHER_OFFICE)
    wrong = change({"name": SECRET}, scope=OTHER_OFFICE)
    assert send(county, device, wrong)[0].status == "rejected"
    assert send(county, other, wrong)[0].status == "accepted"
    assert rows(county)[0].settled_at is None  # type: ignore[attr-defined]


def test_a_device_gone_wrong_does_not_fill_the_disk(embedded: County) -> None:
    device, _ = enrolled(embedded, OFFICE)
    for _ in range(2):
        send(embedded, device, *(change({"reply_due_on": "x"}) for _ in range(set_aside.MOST_OPEN - 100)))
    assert len(rows(embedded)) == set_aside.MOST_OPEN


def test_what_a_device_leaves_behind_that_is_shut_out_is_counted_apart(embedded: County) -> None:
    device, _ = enrolled(embedded, OFFICE)
    send(embedded, device, change({"reply_due_on": "x"}))
    with embedded.database.writing() as connection:
        assert set_aside.open_count(connection) == 1
        assert [len(asides(connection, state)) for state in ("", "settled", "left")] == [1, 0, 0]
        devices.revoke(connection, device, embedded.now())
        assert set_aside.open_count(connection) == 0
        assert [len(asides(connection, state)) for state in ("", "settled", "left")] == [0, 0, 1]


def test_hostile_names_leave_no_trace(embedded: County) -> None:
    device, _ = enrolled(embedded, OFFICE)
    send(embedded, device, change({SECRET: [[[]]]}, kind=SECRET), change({SECRET: {"a": SECRET}}, kind="consultation"))
    assert SECRET not in str(rows(embedded))


def test_a_pull_is_seen_and_written_down_later(county: County) -> None:
    device, _ = enrolled(county, OFFICE)
    send(county, device, change({"name": "好"}))
    assert not county.sightings.waiting()
    county.pull(device, PullRequest(county.epoch, {}, 1000))
    county.sightings.runs(device, "0.1.0\n<b>")
    with county.database.reading() as connection:
        assert connection.execute(select(DEVICE_SEEN)).all() == []
    county.write_down()
    assert not county.sightings.waiting()
    with county.database.reading() as connection:
        (seen,) = connection.execute(select(DEVICE_SEEN)).all()
        contact = connection.execute(select(DEVICE.c.last_contact)).scalar_one()
    assert (seen.device_id, seen.program) == (device, "0.1.0<b>")
    assert msgspec.msgpack.decode(seen.cursor) == {OFFICE: 1}
    assert contact >= seen.pulled_at
    county.write_down()
