"""Backups: consistent, encrypted, verified, rotated; the way back; nothing numbered or sent twice afterwards."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from jusuo_desktop.records.identity import new_id
from jusuo_desktop.store import Backup, DamagedStore, Edit, Enrolment, ListQuery, Refused, Store, StoreInUse, add_user, open_store, user_names
from jusuo_desktop.store.backup import FOLDER, PART, backups, restore, rotate
from jusuo_desktop.store.numbers import ASKED
from jusuo_desktop.store.restored import CLOSED_NOTE, NOTICE, SKIPPED
from jusuo_desktop.store.rotation import DAYS, MONTHS, WEEKS, kept
from tests.store.offices import CODE, PASSPHRASE, USER, Clock, consultation, mediation

NOON = datetime(2026, 3, 7, 12)
SERIES = "office/2026/mediation"
PATTERN = "〔2026〕清民调字第{seq}号"


def print_number(store: Store) -> str:
    return str(store.draw_number(mediation(store, "张三", "李四").id, SERIES, PATTERN).values["case_number"])


def damage(folder: Path) -> None:
    path = folder / "records.db"
    raw = bytearray(path.read_bytes())
    raw[100:200] = bytes(100)
    path.write_bytes(raw)


def digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.is_file() and "lock" not in p.name}


def test_a_backup_holds_what_was_there_and_nothing_in_clear(store: Store) -> None:
    made = consultation(store, "单雄信")
    backup = store.back_up(NOON)
    consultation(store, "后来")
    assert backups(store.folder / FOLDER) == [backup]
    assert backup.folder.name == "20260307-120000"
    assert sorted(p.name for p in backup.folder.iterdir()) == ["backup.json", "keys.json", "records.db"]
    assert "单雄信".encode() not in b"".join(p.read_bytes() for p in backup.folder.iterdir())
    copy = open_store(backup.folder, USER, PASSPHRASE, Clock())
    assert copy.record(made.id) == made
    assert copy.count(ListQuery("consultation")) == 1
    assert [h.id for h in copy.search("单雄信")] == [made.id]
    assert copy.verify() == []
    copy.close()


def test_a_backup_can_go_elsewhere_and_is_not_rotated_there(store: Store, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    for day in range(12):
        store.back_up(NOON + timedelta(days=day), stick)
    assert len(backups(stick)) == 12
    assert backups(store.folder / FOLDER) == []


def test_a_second_backup_of_the_same_second_is_the_first(store: Store) -> None:
    assert store.back_up(NOON) == store.back_up(NOON)


def test_what_a_killed_backup_left_is_cleared_and_never_offered(store: Store) -> None:
    left = store.folder / FOLDER / ("20260306-120000" + PART)
    left.mkdir(parents=True)
    (left / "records.db").write_bytes(b"half")
    assert backups(store.folder / FOLDER) == []
    store.back_up(NOON)
    assert not left.exists()


def test_a_damaged_store_is_found_by_the_backup_and_leaves_no_half(store: Store, folder: Path, opening: Callable[[Path], Store]) -> None:
    for i in range(30):
        consultation(store, f"来访人{i}", consultation_content="很长的内容" * 300)
    store.close()
    path = folder / "records.db"
    raw = bytearray(path.read_bytes())
    raw[-6000:-5900] = bytes(100)
    path.write_bytes(raw)
    store = opening(folder)
    with pytest.raises(DamagedStore, match="备份恢复"):
        store.back_up(NOON)
    assert list((folder / FOLDER).iterdir()) == []
    assert store.verify() != []


@given(st.lists(st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31)), max_size=80))
def test_rotation_keeps_the_newest_of_each_day_week_and_month(made: list[datetime]) -> None:
    staying = kept(made)
    assert staying <= set(made)
    assert len(staying) <= DAYS + WEEKS + MONTHS
    if made:
        assert max(made) in staying
    days = sorted({m.date() for m in made}, reverse=True)[:DAYS]
    assert {m.date() for m in staying} >= set(days)
    months = sorted({(m.year, m.month) for m in made}, reverse=True)[:MONTHS]
    assert {(m.year, m.month) for m in staying} >= set(months)
    for month in months:
        assert max(m for m in made if (m.year, m.month) == month) in staying
    assert kept(staying) == staying


def test_a_year_of_daily_backups() -> None:
    held: set[datetime] = set()
    for day in range(400):
        held = kept(held | {NOON + timedelta(days=day)})
    assert DAYS + MONTHS <= len(held) <= DAYS + WEEKS + MONTHS
    assert min(held) > NOON + timedelta(days=400 - 366 - 31)


def test_the_backup_just_made_stays_even_if_the_clock_went_back(store: Store) -> None:
    for day in range(10):
        store.back_up(NOON + timedelta(days=day * 40))
    old = store.back_up(datetime(2001, 1, 1))
    assert old in backups(store.folder / FOLDER)


def test_rotation_removes_whole_backups(tmp_path: Path, store: Store) -> None:
    first = store.back_up(NOON, tmp_path)
    for hour in range(1, 4):
        shutil.copytree(first.folder, tmp_path / (NOON + timedelta(hours=hour)).strftime("%Y%m%d-%H%M%S"))
    newest = backups(tmp_path)[0]
    assert len(rotate(tmp_path, newest)) == 3
    assert backups(tmp_path) == [newest]
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("2026")] == [newest.folder.name]


def test_a_damaged_store_is_set_aside_untouched_and_the_backup_opens(store: Store, folder: Path, opening: Callable[[Path], Store]) -> None:
    made = consultation(store, "备份里的")
    backup = store.back_up(NOON)
    consultation(store, "备份后的")
    store.close()
    damage(folder)
    before = digests(folder)
    with pytest.raises(DamagedStore):
        opening(folder)
    aside = restore(folder, backup.folder, NOON + timedelta(hours=1))
    assert aside == folder / "set-aside" / "20260307-130000"
    assert digests(aside) == before
    again = opening(folder)
    assert [r.id for r in again.rows(again.keys(ListQuery("consultation")))] == [made.id]
    assert again.verify() == []
    assert "2026年03月07日12:00" in str(again.get(NOTICE))
    again.close()
    assert opening(folder).get("backup_of") is None


def test_an_open_store_is_not_restored(store: Store, folder: Path) -> None:
    backup = store.back_up(NOON)
    with pytest.raises(StoreInUse):
        restore(folder, backup.folder, NOON)
    assert store.verify() == []


@pytest.mark.parametrize("name", ["records.db", "keys.json", "backup.json"])
def test_a_backup_that_is_not_whole_is_refused_and_nothing_moves(store: Store, folder: Path, name: str) -> None:
    backup = store.back_up(NOON)
    store.close()
    before = digests(folder)
    path = backup.folder / name
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 0x40
    path.write_bytes(raw)
    with pytest.raises(Refused, match="备份"):
        restore(folder, backup.folder, NOON)
    path.unlink()
    with pytest.raises(Refused, match="备份"):
        restore(folder, backup.folder, NOON)
    assert digests(folder) == before


def test_restoring_into_an_empty_folder_brings_the_keys_along(store: Store, tmp_path: Path) -> None:
    made = consultation(store)
    backup = store.back_up(NOON, tmp_path / "stick")
    assert restore(tmp_path / "new machine", backup.folder, NOON) is None
    again = open_store(tmp_path / "new machine", USER, PASSPHRASE, Clock())
    assert again.record(made.id) == made
    again.close()


def test_pass_phrases_stay_those_of_today_and_later_users_are_added_anew(store: Store, folder: Path, opening: Callable[[Path], Store]) -> None:
    from jusuo_desktop.store import change_passphrase

    backup = store.back_up(NOON)
    add_user(store, PASSPHRASE, {"name": "李强", "worker_roles": ["1"], "access_role": "director"}, "李强的口令一二三")
    change_passphrase(store, PASSPHRASE, "新的口令一二三四")
    store.close()
    restore(folder, backup.folder, NOON)
    assert user_names(folder) == [USER]
    again = open_store(folder, USER, "新的口令一二三四", Clock())
    add_user(again, "新的口令一二三四", {"name": "李强", "worker_roles": ["1"], "access_role": "director"}, "李强的口令一二三")
    again.close()


def test_a_restore_that_was_killed_half_way_ends_well_when_done_again(store: Store, folder: Path, opening: Callable[[Path], Store]) -> None:
    made = consultation(store)
    backup = store.back_up(NOON)
    store.close()
    (folder / "records.db").replace(folder / "records.db.gone")  # killed after the database had left
    (folder / "records.db-wal").write_bytes(b"left over")
    (folder / "records.db.restoring").write_bytes(b"half a copy")
    restore(folder, backup.folder, NOON)
    assert not (folder / "records.db-wal").exists()
    assert opening(folder).record(made.id) == made


def test_a_stand_alone_office_goes_on_after_the_last_number_on_paper(store: Store, folder: Path, opening: Callable[[Path], Store]) -> None:
    assert [print_number(store) for _ in range(2)] == ["〔2026〕清民调字第1号", "〔2026〕清民调字第2号"]
    backup = store.back_up(NOON)
    assert print_number(store) == "〔2026〕清民调字第3号"
    store.close()
    restore(folder, backup.folder, NOON)
    again = opening(folder)
    assert print_number(again) == "〔2026〕清民调字第4号"
    assert "接着原来的" in str(again.get(NOTICE))


def test_where_the_damaged_file_cannot_be_read_numbers_skip_ahead(store: Store, folder: Path, opening: Callable[[Path], Store]) -> None:
    print_number(store)
    backup = store.back_up(NOON)
    print_number(store)
    store.close()
    damage(folder)
    restore(folder, backup.folder, NOON)
    again = opening(folder)
    assert print_number(again) == f"〔2026〕清民调字第{2 + SKIPPED}号"
    assert f"跳过{SKIPPED}个" in str(again.get(NOTICE))


def enrol(store: Store) -> None:
    store.enrol(Enrolment("http://localhost", new_id(), CODE, "epoch", b"s" * 32, b"", b"p" * 32))


def test_an_enrolled_device_leases_anew(store: Store, folder: Path, opening: Callable[[Path], Store]) -> None:
    enrol(store)
    store.add_block(SERIES, 1, 50)
    print_number(store)
    backup = store.back_up(NOON)
    print_number(store)
    store.close()
    restore(folder, backup.folder, NOON)
    again = opening(folder)
    assert again.numbers_left(SERIES) == 0
    with pytest.raises(Refused, match="同步一次"):
        print_number(again)
    again.add_block(SERIES, 1, 50)  # the same lease asked for again gives nothing back
    assert again.numbers_left(SERIES) == 0
    again.add_block(SERIES, 51, 100)
    assert print_number(again) == "〔2026〕清民调字第51号"
    with again._reading() as connection:
        notes = connection.execute(text("SELECT first, last, note FROM number_block ORDER BY first")).all()
    assert [tuple(n) for n in notes] == [(1, 50, CLOSED_NOTE), (51, 100, "")]


def test_a_lease_that_was_under_way_is_not_asked_again(store: Store, folder: Path, opening: Callable[[Path], Store]) -> None:
    enrol(store)
    store.set(ASKED, {SERIES: new_id()})
    backup = store.back_up(NOON)  # taken between the question and its answer
    store.add_block(SERIES, 1, 50)
    store.set(ASKED, {})
    assert print_number(store) == "〔2026〕清民调字第1号"
    store.close()
    restore(folder, backup.folder, NOON)
    assert opening(folder).get(ASKED, {}) == {}, "the county would give the block 1 to 50 a second time"


@pytest.mark.parametrize(("readable", "printed"), [(True, 3), (False, 2 + SKIPPED)])
def test_an_office_that_joins_a_county_right_after_a_restore_asks_for_numbers_behind_its_papers(
    store: Store, folder: Path, opening: Callable[[Path], Store], readable: bool, printed: int
) -> None:
    for _ in range(2):
        print_number(store)
    backup = store.back_up(NOON)
    assert print_number(store) == "〔2026〕清民调字第3号"
    store.close()
    if not readable:
        damage(folder)
    restore(folder, backup.folder, NOON)
    again = opening(folder)
    enrol(again)
    assert again.numbers_left(SERIES) == 0
    assert again.highest_number(SERIES) == printed
    again.add_block(SERIES, printed + 1, printed + 50)
    assert print_number(again) == f"〔2026〕清民调字第{printed + 1}号"


def test_a_series_that_the_backup_did_not_know_skips_ahead_too_but_next_years_begins_at_one(
    store: Store, folder: Path, opening: Callable[[Path], Store]
) -> None:
    backup = store.back_up(NOON)
    assert print_number(store) == "〔2026〕清民调字第1号"  # the first of its series, after the backup
    store.close()
    damage(folder)
    restore(folder, backup.folder, NOON)
    again = opening(folder)
    assert print_number(again) == f"〔2026〕清民调字第{SKIPPED + 1}号"
    assert print_number(again) == f"〔2026〕清民调字第{SKIPPED + 2}号"
    assert again.highest_number("office/2027/mediation") == 0


def test_a_backup_copied_back_by_hand_is_known_all_the_same(store: Store, folder: Path, opening: Callable[[Path], Store]) -> None:
    enrol(store)
    store.add_block(SERIES, 1, 50)
    backup = store.back_up(NOON)
    store.close()
    for name in ("records.db-wal", "records.db-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.copyfile(backup.folder / "records.db", folder / "records.db")
    assert opening(folder).numbers_left(SERIES) == 0


def test_people_work_on_while_a_backup_is_written(store: Store) -> None:
    import threading

    store.write([Edit("consultation", {"name": f"来访人{i}", "consultation_content": "内容" * 200}) for i in range(2000)], act="import")
    made: list[Backup] = []
    thread = threading.Thread(target=lambda: made.append(store.back_up(NOON)))
    thread.start()
    written = 0
    while thread.is_alive():
        consultation(store, "边备份边登记")
        written += 1
    thread.join()
    assert written > 0
    assert 2000 < made[0].records + 1 <= 2000 + 5 + written
    assert store.verify() == []
