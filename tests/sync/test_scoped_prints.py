"""Prints where a village moves: found, in their order, and none is made of a record that has left."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from county_server.county import County
from jusuo_desktop.actions.print_form import prepare
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.identity import identities_from
from jusuo_desktop.store.printed import Printed
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.sync.engine import sync_once
from jusuo_desktop.sync.patience import BatchSize
from tests.county_server.counties import COUNTY_CODE, founded
from tests.sync.scoped_desks import AT_ONCE, OTHER_OFFICE, case, desk, moved, other_office


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with founded(tmp_path / "county") as made:
        yield made


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
