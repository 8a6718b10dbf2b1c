"""A village moves, a device's scope shrinks or widens: what leaves a device is sealed, what it typed before is not lost, both sides agree."""

from __future__ import annotations

import json
import secrets
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest

from county_server import devices
from county_server.county import County
from county_server.moving import move_village
from county_server.sealed import ROWS_FILE, open_sealed
from jusuo_desktop.actions.number import PATTERNS
from jusuo_desktop.actions.number_ledger import number_ledger
from jusuo_desktop.actions.print_form import prepare
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.identity import identities_from, new_id, place_id
from jusuo_desktop.store import Edit, FirstRun, Store, create_store, numbers
from jusuo_desktop.store.engine import DATABASE_FILE
from jusuo_desktop.store.printed import Printed
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.store.sealing import SealedAway
from jusuo_desktop.sync.contents import ContentRun
from jusuo_desktop.sync.courier import SEAL_KEY
from jusuo_desktop.sync.engine import sync_once
from jusuo_desktop.sync.patience import BatchSize, Patience
from jusuo_desktop.sync.progress import SyncReport
from jusuo_desktop.sync.sealing import sealed_away
from tests.county_server.counties import COUNTY_CODE, founded
from tests.simulation.faults import Mains, PowerCut, power_back
from tests.sync.direct import DirectTransport, joined
from tests.sync.offices import OFFICE, OTHER_VILLAGE, PASSPHRASE, VILLAGE, new_store, reopened
from tests.sync.raw_pages import plain_pages

OTHER_OFFICE = "990101002"
NEW = OTHER_OFFICE + "007"
PLACE = place_id("village", VILLAGE)
MANY = 60
"""So many that whole pages of the queue fall free when the county has them."""
AT_ONCE = Patience(tries=2, first_pause=0.0, longest_pause=0.0)


@dataclass
class Desk:
    """A computer with its line."""

    store: Store
    line: DirectTransport

    def sync(self) -> SyncReport:
        """As actions.sync_now does it: the records, then the scans, then the sealing."""
        report = sync_once(self.store, self.line, patience=AT_ONCE)
        assert report.digest_equal is True
        assert not report.repaired
        ContentRun(self.store, self.line, patience=AT_ONCE).send()
        self.sealed = sealed_away(self.store)
        assert self.store.local_digest() == self.store.held_digest()
        return report

    sealed: SealedAway | None = None


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with founded(tmp_path / "county") as made:
        yield made


def desk(county: County, folder: Path, scope: str = OFFICE, store: Store | None = None) -> Desk:
    made = store or new_store(folder)
    device = joined(county, made, scope)
    made.set(SEAL_KEY, county.seal_key.public_key().public_bytes_raw().hex())
    return Desk(made, DirectTransport(county, device))


def other_office(folder: Path) -> Store:
    """The store of the office that the village goes to."""
    store, _ = create_store(
        folder,
        FirstRun(
            office={"name": "白石司法所", "division_code": OTHER_OFFICE, "county_name": "清溪县", "short_name": "白石"},
            user_name="赵内勤",
            passphrase=PASSPHRASE,
        ),
    )
    return store


def case(store: Store, mark: str, village: str = PLACE) -> str:
    """A case with a party, typed with a word that must not be found afterwards."""
    identity = new_id()
    edits = [
        Edit("mediation", {"title": f"{mark}宅基地纠纷", "dispute_type": "2", "village": village, "place": f"{mark}村东"}, identity, new=True),
        Edit("party", {"name": f"{mark}张三", "party_role": "1", "phone": "13800000000"}, parent_id=identity),
    ]
    store.write(edits, act="save")
    return identity


def moved(county: County, old: str = VILLAGE, new: str = NEW) -> None:
    with county.database.writing() as connection:
        move_village(connection, COUNTY_CODE, old, new, county.now())


def rescoped(county: County, device: str, scope: str) -> None:
    with county.database.writing() as connection:
        assert devices.rescope(connection, device, scope)


def opened(county: County, store: Store, into: Path) -> list[dict[str, Any]]:
    """What the county finds in the files of the last sealing."""
    last = store.sealed_away()[-1]
    parts = [(name, (store.folder / "sealed" / name).read_bytes()) for name in last.files]
    open_sealed(county, parts, into)
    return [json.loads(line) for line in (into / ROWS_FILE).read_text(encoding="utf-8").splitlines()]


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


def test_what_the_county_refused_is_sealed_and_told(county: County, tmp_path: Path) -> None:
    """A change that never got through lies in the files, and the clerk is told so in a line."""
    old = desk(county, tmp_path / "old")
    desk(county, tmp_path / "new", OTHER_OFFICE, other_office(tmp_path / "new")).sync()
    known = case(old.store, "麒麟")
    old.sync()
    old.store.write([Edit("mediation", {"place": "被退回的"}, known)], act="save")
    change = old.store.outgoing()[0].change_id
    from jusuo_desktop.wire.messages import Result

    old.store.mark([change], [Result("rejected", message="试一试")])
    moved(county)
    old.sync()
    assert old.sealed is not None
    assert old.sealed.unsent == ["人民调解：调解地点（被退回，试一试）"]
    assert "1 项更改没有送到县里" in old.sealed.line
    rows = opened(county, old.store, tmp_path / "opened")
    assert [row["state"] for row in rows if row["table"] == "outbox"] == ["refused"]


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


def test_the_power_may_go_at_any_statement_of_a_sealing(county: County, tmp_path: Path) -> None:
    """Before the rows went they are all there, and go at the next contact; after it their files are there, and the papers' bytes and the index go
    then. Whenever it was, in the end all of it lies once in files that the county opens, and nowhere else.
    """
    old = desk(county, tmp_path / "old")
    desk(county, tmp_path / "new", OTHER_OFFICE, other_office(tmp_path / "new")).sync()
    known = case(old.store, "麒麟")
    printed = old.store.keep_content("麒麟".encode())
    old.store.note_print(Printed(known, "mediation/agreement", "1", 1, printed, "0" * 64))
    old.sync()
    moved(county)
    sync_once(old.store, old.line, patience=AT_ONCE)
    old.store.close()
    seen: set[str] = set()
    for statement in count(1):
        folder = tmp_path / "cut"
        shutil.copytree(tmp_path / "old", folder)
        store = reopened(folder)
        mains = Mains(store._engine, folder / DATABASE_FILE, folder / "left", Random(statement))
        mains.arm(statement)
        try:
            sealed_away(store)
        except PowerCut:
            store.close()
            power_back(folder / DATABASE_FILE, folder / "left")
            store = reopened(folder)
            seen.add(_stage(store, known, printed))
            sealed_away(store)
        mains.disarm()
        assert _stage(store, known, printed) == "done"
        assert not store.outside()
        assert "麒麟".encode() not in plain_pages(store)
        assert len(store.sealed_away()) == 1
        assert [row["id"] for row in opened(county, store, tmp_path / "opened") if row["table"] == "record" and row["kind"] == "mediation"] == [known]
        assert store.verify() == []
        store.close()
        shutil.rmtree(folder)
        if not mains.gone:
            break
    assert seen == {"nothing", "files", "rows", "papers", "done"}


def _stage(store: Store, known: str, printed: str) -> str:
    """How far a sealing has come, by what is there of a case and its paper."""
    files = list(store.folder.glob("sealed/*"))
    if store.record(known) is not None:
        assert store.has_content(printed)
        assert store.sealed_away() == []
        return "files" if files else "nothing"
    assert files
    if store.outside():
        return "rows" if store.has_content(printed) else "papers"
    return "done"


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


def test_what_left_while_a_device_joined_anew_is_sealed_whole(county: County, tmp_path: Path) -> None:
    """The feeds are read anew and do not tell it again: what was known of it goes into the seal, and its scan does not stay behind."""
    old, new = desk(county, tmp_path / "old"), desk(county, tmp_path / "new", OTHER_OFFICE, other_office(tmp_path / "new"))
    gone = case(old.store, "麒麟")
    scan = "JPEG 麒麟".encode()
    sha256 = old.store.keep_content(scan)
    old.store.write([Edit("attachment", {"file_name": "麒麟.jpg", "sha256": sha256, "size_bytes": len(scan)}, parent_id=gone)], act="attach")
    for one in (old, new):
        one.sync()
    again = desk(county, tmp_path / "old", OFFICE, old.store)
    moved(county)
    again.sync()
    assert again.store.record(gone) is None
    assert not again.store.has_content(sha256)
    rows = opened(county, again.store, tmp_path / "opened")
    bodies = [json.loads(row["body"]) for row in rows if row["table"] == "record"]
    assert {"麒麟村东", "麒麟.jpg"} <= {value for body in bodies for value in body.values() if isinstance(value, str)}


def test_a_content_that_no_record_names_is_sealed_with_the_rest(county: County, tmp_path: Path) -> None:
    """Found by the simulation: the store came out of a backup beside a newer folder of contents, and its scope changed then. What is being taken
    in at that moment is named by a record a moment later, and stays.
    """
    one = desk(county, tmp_path / "one")
    one.sync()
    left, coming = one.store.keep_content("别处的照片".encode()), one.store.keep_content("正在收进来的照片".encode())
    one.store.add_content_part("ab" * 32, 0, "别处的照片的前一半".encode())
    rescoped(county, one.store.device_id, VILLAGE)
    one.sync()
    assert one.store.has_content(left), "it may be named a moment later"
    identity = new_id()
    values = {"file_name": "照片.jpg", "media_type": "image/jpeg", "sha256": coming, "size_bytes": 24}
    edits = [Edit("consultation", {"name": "张三", "village": PLACE}, identity, new=True), Edit("attachment", values, parent_id=identity)]
    one.store.write(edits, act="attach")
    one.sync()
    assert one.sealed is not None
    assert one.sealed.line == "有 1 份附件没有登记在任何记录下，已封存，只有县里能打开。"
    assert not one.store.has_content(left)
    assert one.store.content(coming) == "正在收进来的照片".encode()
    assert one.store.content_come("ab" * 32) == 0
    opened(county, one.store, tmp_path / "opened")
    assert (tmp_path / "opened" / left).read_bytes() == "别处的照片".encode()
    one.sync()
    assert one.sealed is None
    assert not one.store.outside()


def test_a_content_of_a_village_of_which_a_backup_knew_nothing_is_sealed(county: County, tmp_path: Path) -> None:
    """The same where a village was moved: all that a store out of an old backup hears of it is that it left."""
    old, new = desk(county, tmp_path / "old"), desk(county, tmp_path / "new", OTHER_OFFICE, other_office(tmp_path / "new"))
    new.sync()
    old.sync()
    other = desk(county, tmp_path / "other")
    young = OFFICE + "009"
    other.store.write([Edit("village", {"name": "新村", "division_code": young}, place_id("village", young), new=True)], act="save")
    case(other.store, "麒麟", place_id("village", young))
    other.sync()
    moved(county, young)
    left = old.store.keep_content("搬走的村的照片".encode())
    old.sync()
    old.sync()
    assert not old.store.has_content(left)


def test_the_prints_of_a_moved_village_keep_their_order(county: County, tmp_path: Path) -> None:
    """The last print is the one that the volume takes, at the new office as well, whatever a machine's clock said of their identities."""
    old, new = desk(county, tmp_path / "old"), desk(county, tmp_path / "new", OTHER_OFFICE, other_office(tmp_path / "new"))
    new.sync()
    mine = case(old.store, "麒麟")
    for number in range(12):
        digest = old.store.keep_content(f"第{number}次打印".encode())
        with identities_from(lambda number=number: uuid.UUID(int=(12 - number) << 96 | secrets.randbits(60), version=4)):
            old.store.note_print(Printed(mine, "登记表", "1", 1, digest, "", size=20))
    old.sync()
    before = [one.digest for one in old.store.prints(mine)]
    moved(county)
    new.sync()
    assert [one.digest for one in new.store.prints(mine)] == before


def test_a_print_that_is_known_before_it_says_what_it_is_of_is_found(county: County, tmp_path: Path) -> None:
    """Printed by a machine that had not heard of the move: the old office's feed says first that it has left, and a page may end there."""
    old, new = desk(county, tmp_path / "old"), desk(county, tmp_path / "new", OTHER_OFFICE, other_office(tmp_path / "new"))
    whole = desk(county, tmp_path / "whole", COUNTY_CODE)
    mine = case(old.store, "麒麟")
    for one in (old, new, whole):
        one.sync()
    moved(county)
    digest = old.store.keep_content(b"%PDF")
    old.store.note_print(Printed(mine, "登记表", "1", 1, digest, "", size=4))
    old.sync()
    sync_once(whole.store, whole.line, patience=AT_ONCE, size=BatchSize(1, 1, ceiling_changes=1, ceiling_bytes=1))
    (held,) = whole.store.prints(mine)
    assert (held.digest, held.user_id, held.at_county) == (digest, old.store.user.id, True)


def test_a_record_that_has_left_is_not_printed_any_more(county: County, tmp_path: Path) -> None:
    """The sheet would stay at the old office, which may not read the record any more."""
    old = desk(county, tmp_path / "old")
    desk(county, tmp_path / "new", OTHER_OFFICE, other_office(tmp_path / "new")).sync()
    mine = case(old.store, "麒麟")
    old.sync()
    moved(county)
    sync_once(old.store, old.line, patience=AT_ONCE)
    with pytest.raises(Refused, match=r"已经移交给别的司法所.*不能再打印"):
        prepare(Session(old.store, datetime.now), "case_register", mine)


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
