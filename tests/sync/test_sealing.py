"""What leaves a device's scope is sealed whole: at any statement at which the power goes, with what the county refused and what no record names."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random

import pytest

from county_server.county import County
from jusuo_desktop.records.identity import new_id, place_id
from jusuo_desktop.store import Edit, Store
from jusuo_desktop.store.engine import DATABASE_FILE
from jusuo_desktop.store.printed import Printed
from jusuo_desktop.sync.engine import sync_once
from jusuo_desktop.sync.sealing import sealed_away
from tests.county_server.counties import founded
from tests.simulation.faults import Mains, PowerCut, power_back
from tests.sync.offices import OFFICE, VILLAGE, reopened
from tests.sync.raw_pages import plain_pages
from tests.sync.scoped_desks import AT_ONCE, OTHER_OFFICE, PLACE, case, desk, moved, opened, other_office, rescoped


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with founded(tmp_path / "county") as made:
        yield made


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
