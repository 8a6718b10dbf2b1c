"""Without a line: numbers go back and come by stick, the list of blocks too, and the county's answer opens a locked machine, once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from county_server.county import County
from county_server.courier import take_in
from jusuo_desktop.actions.contact_lock import lock_state
from jusuo_desktop.actions.courier import export_bundle, import_bundle
from jusuo_desktop.actions.number_blocks import LEASE
from jusuo_desktop.actions.number_exchange import give_back_all
from jusuo_desktop.sync.courier import SEAL_KEY
from tests.actions.test_number_blocks import SERIES, Desk
from tests.county_server.counties import founded


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with founded(tmp_path / "county") as made:
        yield made


@pytest.fixture
def desk(county: County, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(county, tmp_path / "front", "王内勤")
    made.join()
    made.session.store.set(SEAL_KEY, county.seal_key.public_key().public_bytes_raw().hex())
    yield made
    made.session.store.close()


def carried(county: County, desk: Desk, folder: Path) -> Path:
    """A stick to the county; the answer, not taken in yet."""
    folder.mkdir()
    handover = export_bundle(desk.session, folder)
    back = folder / "back.jusuo"
    back.write_bytes(take_in(county, (folder / handover.file).read_bytes()).answer)
    return back


def test_numbers_go_back_and_come_by_stick(county: County, desk: Desk, tmp_path: Path) -> None:
    import_bundle(desk.session, carried(county, desk, tmp_path / "first"))
    assert desk.blocks() == [(1, LEASE, 1)]
    desk.number()
    give_back_all(desk.session)
    answer = carried(county, desk, tmp_path / "second")
    again = Path(shutil.copy(answer, tmp_path / "again.jusuo"))
    assert desk.session.store.returns_to_note(500) != [], "on its way"
    import_bundle(desk.session, answer)
    assert desk.session.store.returns_to_note(500) == []
    assert desk.blocks() == [(1, 1, 2)]
    import_bundle(desk.session, again)
    assert desk.blocks() == [(1, 1, 2)]
    import_bundle(desk.session, carried(county, desk, tmp_path / "third"))
    (told,) = desk.session.store.blocks_told(SERIES)
    assert [run[:2] for run in told.returned] == [[2, LEASE]]


def test_an_answer_that_is_taken_in_is_a_contact_and_taken_in_again_is_none(county: County, desk: Desk, tmp_path: Path) -> None:
    desk.session.store.set("contact", {"at": 0, "seen": 0, "released_days": 0})
    answer = carried(county, desk, tmp_path / "first")
    assert desk.session.store.contact().at == 0  # type: ignore[union-attr]
    import_bundle(desk.session, answer)
    first = desk.session.store.contact()
    assert first is not None
    assert first.at > 0
    desk.session.store.set("contact", {"at": 7, "seen": 7, "released_days": 0})
    import_bundle(desk.session, answer)
    assert desk.session.store.contact().at == 7, "an old answer kept on a stick opens nothing"  # type: ignore[union-attr]
    assert not lock_state(desk.session).locked, "and nothing locks where the county has set no number"
