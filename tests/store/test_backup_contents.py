"""The bytes of attachments in backups: each copied once, none lost to rotation, all of them back after a restore."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from jusuo_desktop.records.kind import Record
from jusuo_desktop.store import Edit, Refused, Store, create_store
from jusuo_desktop.store.backup import FOLDER, backups, restore
from jusuo_desktop.store.backup_contents import LIST_FILE, prune, read_list
from jusuo_desktop.store.contents import COMING, files_in
from jusuo_desktop.store.contents import FOLDER as CONTENTS
from jusuo_desktop.store.restored import NOTICE
from tests.store.offices import first_run, mediation

NOON = datetime(2026, 3, 7, 12)


def picture(i: int) -> bytes:
    return f"第{i}张照片".encode() * 1000


def attach(store: Store, content: bytes) -> Record:
    """An attachment of a new mediation."""
    name = store.keep_content(content)
    values = {"file_name": "照片.jpg", "media_type": "image/jpeg", "sha256": name, "size_bytes": len(content)}
    return store.write([Edit("attachment", values, parent_id=mediation(store, "张三", "李四").id)], act="attach")[0]


def shelf(folder: Path) -> list[str]:
    return [file.name for file in files_in(folder / CONTENTS)]


def test_each_content_is_copied_once_and_comes_back(store: Store, folder: Path, opening: Callable[[Path], Store]) -> None:
    first = attach(store, picture(1))
    one = store.back_up(NOON)
    (copy,) = files_in(folder / FOLDER / CONTENTS)
    written = copy.stat().st_mtime_ns
    second = attach(store, picture(2))
    two = store.back_up(NOON + timedelta(days=1))
    assert copy.stat().st_mtime_ns == written
    assert [len(read_list(b.folder)) for b in (one, two)] == [1, 2]
    store.close()
    shutil.rmtree(folder / CONTENTS)
    restore(folder, two.folder, NOON + timedelta(days=2))
    again = opening(folder)
    assert [again.content(str(r.values["sha256"])) for r in (first, second)] == [picture(1), picture(2)]
    assert "附件" not in str(again.get(NOTICE))
    assert again.verify() == []


def test_nothing_of_them_lies_in_a_backup_in_clear(store: Store, tmp_path: Path) -> None:
    name = store.keep_content(picture(1))
    store.back_up(NOON, tmp_path / "stick")
    files = [p for p in (tmp_path / "stick").rglob("*") if p.is_file()]
    assert len(files) == 5
    for file in files:
        assert "照片".encode() not in file.read_bytes()
        assert name.encode() not in file.read_bytes()


def test_rotation_keeps_what_any_remaining_backup_needs_and_no_more(store: Store, folder: Path) -> None:
    dropped: list[str] = []
    for day in range(60):
        name = store.keep_content(picture(day))
        store.back_up(NOON + timedelta(days=day))
        if day % 2:
            store.drop_content(name)
            dropped.append(name)
    staying = backups(folder / FOLDER)
    needed = {name for backup in staying for name in read_list(backup.folder)}
    assert len(staying) < 20
    assert set(shelf(folder / FOLDER)) == needed
    assert len(needed) < 60
    assert not any(store.has_content(name) for name in dropped)


def test_where_a_list_cannot_be_read_nothing_is_taken_off_the_shelf(store: Store, folder: Path) -> None:
    name = store.keep_content(picture(1))
    first = store.back_up(NOON)
    store.drop_content(name)
    second = store.back_up(NOON + timedelta(days=1))
    (first.folder / LIST_FILE).write_bytes(b"[]")
    assert prune(folder / FOLDER, [first.folder, second.folder]) == 0
    assert len(shelf(folder / FOLDER)) == 1
    assert prune(folder / FOLDER, [second.folder]) == 1
    assert shelf(folder / FOLDER) == []


def test_a_damaged_content_comes_back_from_the_backup(store: Store, folder: Path, opening: Callable[[Path], Store]) -> None:
    made = attach(store, picture(1))
    backup = store.back_up(NOON)
    (file,) = files_in(folder / CONTENTS)
    file.write_bytes(b"damaged")
    assert store.back_up(NOON + timedelta(days=1)).damaged == 0, "the shelf has it whole"
    store.close()
    restore(folder, backup.folder, NOON + timedelta(days=1))
    assert opening(folder).content(str(made.values["sha256"])) == picture(1)


def test_a_copy_that_was_damaged_on_the_shelf_is_made_anew(store: Store, folder: Path) -> None:
    store.keep_content(picture(1))
    store.back_up(NOON)
    (copy,) = files_in(folder / FOLDER / CONTENTS)
    whole = copy.read_bytes()
    copy.write_bytes(whole[:-1])
    store.back_up(NOON + timedelta(days=1))
    assert copy.read_bytes() == whole


def test_a_content_damaged_before_its_first_backup_is_told(store: Store, folder: Path) -> None:
    attach(store, picture(1))
    attach(store, picture(2))
    file = next(files_in(folder / CONTENTS))
    file.write_bytes(file.read_bytes()[:-5])
    assert store.back_up(NOON).damaged == 1
    assert "有1份附件的内容已损坏" in str(store.get(NOTICE))
    assert len(shelf(folder / FOLDER)) == 1


def test_a_backup_without_its_shelf_brings_every_record_back_and_says_what_is_missing(
    store: Store, tmp_path: Path, opening: Callable[[Path], Store]
) -> None:
    made = attach(store, picture(1))
    attach(store, picture(2))
    backup = store.back_up(NOON)
    alone = Path(shutil.copytree(backup.folder, tmp_path / "carried off" / backup.folder.name))
    restore(tmp_path / "new machine", alone, NOON)
    again = opening(tmp_path / "new machine")
    assert again.record(made.id) == made
    assert again.content(str(made.values["sha256"])) is None
    assert "有2份附件的内容不在备份里" in str(again.get(NOTICE))


def test_a_changed_list_is_no_whole_backup(store: Store, folder: Path) -> None:
    store.keep_content(picture(1))
    backup = store.back_up(NOON)
    store.close()
    (backup.folder / LIST_FILE).write_bytes(b"{}")
    with pytest.raises(Refused, match="已损坏"):
        restore(folder, backup.folder, NOON)


def test_contents_later_than_the_backup_stay(store: Store, folder: Path, opening: Callable[[Path], Store]) -> None:
    backup = store.back_up(NOON)
    name = store.keep_content(picture(9))
    store.close()
    restore(folder, backup.folder, NOON)
    assert opening(folder).content(name) == picture(9)


def test_the_contents_of_another_store_leave_with_it(store: Store, folder: Path, tmp_path: Path) -> None:
    from jusuo_desktop.store import open_store
    from tests.store.offices import PASSPHRASE, USER, Clock

    made = attach(store, picture(1))
    backup = store.back_up(NOON, tmp_path / "stick")
    other, _ = create_store(tmp_path / "other", first_run())
    other.keep_content(picture(5))
    other.close()
    aside = restore(tmp_path / "other", backup.folder, NOON)
    assert aside is not None
    assert len(shelf(aside)) == 1
    again = open_store(tmp_path / "other", USER, PASSPHRASE, Clock())
    assert again.content(str(made.values["sha256"])) == picture(1)
    assert again.verify() == []
    again.close()


def test_what_a_killed_backup_left_on_the_shelf_is_cleared(store: Store, folder: Path) -> None:
    store.keep_content(picture(1))
    store.back_up(NOON)
    (folder / FOLDER / CONTENTS / COMING / "half").write_bytes(b"half")
    store.back_up(NOON + timedelta(days=1))
    assert list((folder / FOLDER / CONTENTS / COMING).iterdir()) == []
