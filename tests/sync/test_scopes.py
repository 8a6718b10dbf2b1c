"""A village moves, a device's scope shrinks or widens: what leaves a device is sealed, what it typed before is not lost, both sides agree."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from county_server.county import County
from jusuo_desktop.actions.number import PATTERNS
from jusuo_desktop.actions.number_ledger import number_ledger
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.store import Edit, numbers
from jusuo_desktop.store.printed import Printed
from jusuo_desktop.sync.contents import ContentRun
from tests.county_server.counties import COUNTY_CODE, founded
from tests.sync.offices import OFFICE, OTHER_VILLAGE, VILLAGE, new_store
from tests.sync.raw_pages import plain_pages
from tests.sync.scoped_desks import AT_ONCE, NEW, OTHER_OFFICE, PLACE, case, desk, moved, opened, other_office, rescoped

MANY = 60
"""So many that whole pages of the queue fall free when the county has them."""


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with founded(tmp_path / "county") as made:
        yield made


def test_a_moved_village_is_sealed_at_the_old_office_and_whole_at_the_new(county: County, tmp_path: Path) -> None:
    """Nothing of it can be read in the old store any more: no row, no history, no word of the index, no draft, no paper, no freed page."""
    old, new = desk(county, tmp_path / "old"), desk(county, tmp_path / "new", OTHER_OFFICE, other_office(tmp_path / "new"))
    whole = desk(county, tmp_path / "whole", COUNTY_CODE)
    gone, stays = case(old.store, "麒麟"), case(old.store, "凤凰", place_id("village", OTHER_VILLAGE))
    old.store.write([Edit("mediation", {"place": "麒麟村北"}, gone)], act="save")
    people = [{"name": f"麒麟{n}", "party_role": "1", "address": "麒麟村" * 20} for n in range(MANY)]
    old.store.write([Edit("party", one, parent_id=gone) for one in people], act="save")
    paper = b"%PDF " + "麒麟协议书".encode()
    scan = b"JPEG " + "麒麟".encode()
    sha256, printed = old.store.keep_content(scan), old.store.keep_content(paper)
    old.store.write([Edit("attachment", {"file_name": "麒麟.jpg", "sha256": sha256, "size_bytes": len(scan)}, parent_id=gone)], act="attach")
    old.store.note_print(Printed(gone, "mediation/agreement", "1", 1, printed, "0" * 64))
    old.store.save_draft("mediation/x", "mediation", gone, {"place": "麒麟草稿"})
    old.store.save_draft("mediation/new", "mediation", "", {"values": {"village": PLACE, "title": "麒麟新案"}})
    for one in (old, new, whole):
        one.sync()
    old.store.index_waiting()
    assert old.store.search("麒麟")
    held = old.store.record(gone)
    moved(county)
    for one in (whole, old, new, whole):
        one.sync()
    sealed = old.store.sealed_away()[-1]
    assert sealed.counts == {"village": 1, "mediation_committee": 1, "mediation": 1, "party": 1 + MANY, "attachment": 1, "printed_sheet": 1}
    assert sealed.unsent == []
    assert old.store.record(gone) is None
    assert old.store.record(stays) is not None
    assert old.store.search("麒麟") == []
    assert old.store.search("凤凰张三")
    assert old.store.drafts() == []
    assert not old.store.has_content(printed)
    assert not old.store.has_content(sha256)
    for one in (new, whole):
        record = one.store.record(gone)
        assert record is not None
        assert held is not None
        assert (record.values, record.scope) == (held.values, NEW)
    assert old.store.verify() == []
    pages = plain_pages(old.store)
    for word in ("麒麟", json.dumps("麒麟")[1:-1]):
        assert word.encode() not in pages
    assert "凤凰".encode() in pages
    rows = opened(county, old.store, tmp_path / "opened")
    assert {row["table"] for row in rows} == {"record", "history", "printed", "draft"}
    assert next(json.loads(row["body"]) for row in rows if row["table"] == "record" and row["id"] == gone)["place"] == "麒麟村北"
    ContentRun(new.store, new.line, patience=AT_ONCE).fetch([(printed, len(paper))])
    assert new.store.content(printed) == paper, "a print goes to the county, and from there to the new office"
    raw = (old.store.folder / "sealed" / sealed.files[0]).read_bytes()
    assert "麒麟".encode() not in raw


def test_what_was_typed_before_the_move_was_known_reaches_the_new_office(county: County, tmp_path: Path) -> None:
    """Edits, a new case and a scan, all made offline; nothing is refused, and nothing of it stays."""
    old, new = desk(county, tmp_path / "old"), desk(county, tmp_path / "new", OTHER_OFFICE, other_office(tmp_path / "new"))
    known = case(old.store, "麒麟")
    old.sync()
    new.sync()
    moved(county)
    old.store.write([Edit("mediation", {"place": "离线改的"}, known)], act="save")
    fresh = case(old.store, "离线")
    scan = b"JPEG scan"
    sha256 = old.store.keep_content(scan)
    old.store.write([Edit("attachment", {"file_name": "a.jpg", "sha256": sha256, "size_bytes": len(scan)}, parent_id=fresh)], act="attach")
    report = old.sync()
    assert (report.refused, report.held) == (0, 0)
    assert old.sealed is not None
    assert old.sealed.unsent == []
    assert old.store.record(fresh) is None
    assert old.store.outbox_counts() == {}
    new.sync()
    for identity, where in ((known, "离线改的"), (fresh, "离线村东")):
        record = new.store.record(identity)
        assert record is not None
        assert record.values["place"] == where
    ContentRun(new.store, new.line, patience=AT_ONCE).fetch(new.store.contents_named(own=True))
    assert new.store.content(sha256) == scan
    old.sync()
    new.sync()


def test_the_village_s_laptop_goes_with_the_village(county: County, tmp_path: Path) -> None:
    """It holds its village under the new office, seals the old office's places, and loses nothing that waits or whose answer was lost."""
    old, new = desk(county, tmp_path / "old"), desk(county, tmp_path / "new", OTHER_OFFICE, other_office(tmp_path / "new"))
    old.sync()
    new.sync()
    laptop = desk(county, tmp_path / "laptop", VILLAGE, new_store(tmp_path / "laptop", "联络员"))
    known = case(laptop.store, "麒麟")
    laptop.sync()
    old.sync()
    old.store.write([Edit("mediation", {"dispute_summary": "所里写的"}, known)], act="save")
    old.sync()
    laptop.store.write([Edit("mediation", {"place": "答复丢了"}, known)], act="save")
    from jusuo_desktop.wire.columns import push_request

    batch = laptop.store.waiting(10, 10_000)
    laptop.line.push(push_request(b"b" * 16, county.epoch, batch, laptop.store.feed_cursor(), scope=VILLAGE))  # and the answer is lost
    moved(county)
    laptop.store.write([Edit("mediation", {"difficulty": "2"}, known)], act="save")
    fresh = case(laptop.store, "离线")
    laptop.sync()
    assert laptop.store.scope == NEW
    assert laptop.store.enrolment is not None
    assert laptop.store.enrolment.scope == NEW
    assert laptop.store.outbox_counts() == {} or (laptop.sync() and laptop.store.outbox_counts() == {})
    record = laptop.store.record(known)
    assert record is not None
    assert {n: record.values.get(n) for n in ("place", "dispute_summary")} == {"place": "答复丢了", "dispute_summary": "所里写的"}
    assert laptop.store.record(place_id("judicial_office", OFFICE)) is None
    assert laptop.store.record(place_id("judicial_office", OTHER_OFFICE)) is not None
    new.sync()
    for identity in (known, fresh):
        theirs, ours = new.store.record(identity), laptop.store.record(identity)
        assert theirs is not None
        assert ours is not None
        assert (theirs.values, theirs.version, theirs.scope) == (ours.values, ours.version, NEW)


def test_a_device_whose_scope_shrinks_seals_the_rest(county: County, tmp_path: Path) -> None:
    """An office's computer becomes a village's: what it typed before it knew is taken in, what lies outside is sealed."""
    other = desk(county, tmp_path / "other")
    one = desk(county, tmp_path / "one", store=new_store(tmp_path / "one"))
    mine, theirs = case(one.store, "麒麟"), case(one.store, "凤凰", place_id("village", OTHER_VILLAGE))
    one.sync()
    rescoped(county, one.store.device_id, VILLAGE)
    one.store.write([Edit("mediation", {"place": "离线改的"}, theirs)], act="save")
    report = one.sync()
    assert report.refused == 0
    assert one.sealed is not None
    assert one.sealed.unsent == []
    assert one.store.record(theirs) is None
    assert one.store.record(mine) is not None
    assert one.store.record(place_id("village", OTHER_VILLAGE)) is not None
    other.sync()
    record = other.store.record(theirs)
    assert record is not None
    assert record.values["place"] == "离线改的"


def test_a_device_that_joins_anew_for_a_smaller_scope_seals_the_rest(county: County, tmp_path: Path) -> None:
    """It was shut out as an office's computer and comes back as a village's: the first contact seals what is not the village's."""
    one = desk(county, tmp_path / "one")
    mine, theirs = case(one.store, "麒麟"), case(one.store, "凤凰", place_id("village", OTHER_VILLAGE))
    one.sync()
    again = desk(county, tmp_path / "one", VILLAGE, one.store)
    again.sync()
    assert again.sealed is not None
    assert again.store.record(theirs) is None
    assert again.store.record(mine) is not None
    assert again.store.outbox_counts() == {}


def test_a_device_whose_scope_widens_again_holds_everything_again(county: County, tmp_path: Path) -> None:
    """What was sealed comes back from the county; what it made itself comes back with its own values."""
    one = desk(county, tmp_path / "one")
    mine = case(one.store, "凤凰", place_id("village", OTHER_VILLAGE))
    one.sync()
    rescoped(county, one.store.device_id, VILLAGE)
    one.sync()
    assert one.store.record(mine) is None
    rescoped(county, one.store.device_id, OFFICE)
    one.sync()
    record = one.store.record(mine)
    assert record is not None
    assert record.values["place"] == "凤凰村东"
    assert one.store.search("凤凰张三")


def test_numbers_of_what_left_stay_explained(county: County, tmp_path: Path) -> None:
    """The ledger of the office says where they went, and no other paper gets one of them, drawn here or written by hand."""
    old = desk(county, tmp_path / "old")
    desk(county, tmp_path / "new", OTHER_OFFICE, other_office(tmp_path / "new")).sync()
    office, session = place_id("judicial_office", OFFICE), Session(old.store)
    year = session.today().year
    series = numbers.series(office, year, "mediation")
    pattern = f"清司调〔{year}〕{{seq}}号"
    old.store.add_block(series, 1, 10)
    old.store.set(PATTERNS, {"mediation": "清司调〔{year}〕{seq}号"})
    first, by_hand = case(old.store, "麒麟"), case(old.store, "麒麟")
    old.store.draw_number(first, series, pattern)
    old.store.write([Edit("mediation", {"case_number": f"清司调〔{year}〕2号"}, by_hand)], act="save")
    old.sync()
    moved(county)
    old.sync()
    stays = old.store.draw_number(case(old.store, "凤凰", place_id("village", OTHER_VILLAGE)), series, pattern)
    assert stays.values["case_number"] == f"清司调〔{year}〕3号"
    rows = {row.first: row for row in number_ledger(session, office, year, "mediation").rows if row.first == row.last}
    assert [rows[n].state for n in (1, 2, 3)] == ["moved", "moved", "used"]
    assert "移交" in rows[1].said


def test_what_a_laptop_knew_before_its_village_moved_is_not_told_over_what_was_typed_since(county: County, tmp_path: Path) -> None:
    """It reads the feeds anew, and of a record that came to the new office it is told only how it stands."""
    old = desk(county, tmp_path / "old")
    desk(county, tmp_path / "new", OTHER_OFFICE, other_office(tmp_path / "new")).sync()
    old.sync()
    laptop = desk(county, tmp_path / "laptop", VILLAGE, new_store(tmp_path / "laptop", "联络员"))
    mine = case(laptop.store, "麒麟")
    laptop.store.write([Edit("mediation", {"place": "先前"}, mine)], act="save")
    laptop.sync()
    laptop.store.write([Edit("mediation", {"place": "后来"}, mine)], act="save")
    laptop.store.start_over()
    moved(county)
    laptop.sync()
    record = laptop.store.record(mine)
    assert record is not None
    assert record.values["place"] == "后来"
