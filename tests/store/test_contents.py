"""The bytes of attachments: kept once, never in clear, whole or said to be damaged, whatever happens to the disk and the program."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jusuo_desktop.store import DamagedContent, DiskTrouble, Refused, Store, StoreClosed
from jusuo_desktop.store.contents import COMING, FOLDER, MOST_BYTES, SET_ASIDE, files_in
from tests.conftest import ROOT
from tests.store.offices import Office
from tests.store.test_disk import child, in_a_mount

PICTURE = "院墙滴水的照片".encode() * 5000


def only_file(store: Store) -> Path:
    (file,) = files_in(store.folder / FOLDER)
    return file


def flip(file: Path, at: int) -> bytes:
    raw = bytearray(file.read_bytes())
    raw[at] ^= 0x10
    file.write_bytes(raw)
    return bytes(raw)


# -- kept and given back -------------------------------------------------------


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=3000), max_size=6))
def test_what_was_kept_comes_back_under_its_sha256_and_once(store: Store, contents: list[bytes]) -> None:
    before = len(list(files_in(store.folder / FOLDER)))
    new = {c for c in contents if not store.has_content(hashlib.sha256(c).hexdigest())}
    names = [store.keep_content(content) for content in contents]
    assert names == [hashlib.sha256(content).hexdigest() for content in contents]
    assert [store.content(name) for name in names] == contents
    assert all(map(store.has_content, names))
    assert len(list(files_in(store.folder / FOLDER))) == before + len(new)


def test_what_is_not_here_is_none_and_what_was_dropped_is_gone(store: Store) -> None:
    name = store.keep_content(PICTURE)
    assert store.content("0" * 64) is None
    assert store.content("不是校验值") is None
    store.drop_content(name)
    store.drop_content(name)
    assert not store.has_content(name)
    assert store.content(name) is None


def test_it_is_there_when_the_store_is_opened_again(store: Store, opening: Callable[[Path], Store]) -> None:
    name = store.keep_content(PICTURE)
    store.close()
    assert opening(store.folder).content(name) == PICTURE


def test_more_than_the_most_is_refused_and_leaves_nothing(store: Store) -> None:
    with pytest.raises(Refused, match="最大只能保存100兆"):
        store.keep_content(bytes(MOST_BYTES + 1))
    assert list(files_in(store.folder / FOLDER)) == []


def test_a_locked_store_gives_nothing(store: Store) -> None:
    name = store.keep_content(PICTURE)
    store.close()
    for ask in (lambda: store.content(name), lambda: store.keep_content(b"x"), lambda: store.has_content(name)):
        with pytest.raises(StoreClosed):
            ask()


def test_many_threads_keep_the_same_content_once(store: Store) -> None:
    names: list[str] = []
    threads = [threading.Thread(target=lambda: names.append(store.keep_content(PICTURE))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names) == 8
    assert len(set(names)) == 1
    assert store.content(names[0]) == PICTURE
    only_file(store)


# -- what lies on the disk -----------------------------------------------------


def test_nothing_of_a_content_lies_on_the_disk_in_clear_nor_does_its_name_tell_it(store: Store) -> None:
    name = store.keep_content(PICTURE)
    file = only_file(store)
    assert file.stat().st_mode & 0o077 == 0 or os.name == "nt"
    for path in [p for p in store.folder.rglob("*") if p.is_file()]:
        raw = path.read_bytes()
        assert "院墙滴水".encode() not in raw
        assert name.encode() not in raw
        assert bytes.fromhex(name) not in raw
        assert name[:16] not in str(path)


def test_the_same_picture_looks_different_in_another_office(store: Store, tmp_path: Path) -> None:
    from jusuo_desktop.store import create_store
    from tests.store.offices import first_run

    other, _ = create_store(tmp_path / "other", first_run())
    try:
        assert store.keep_content(PICTURE) == other.keep_content(PICTURE)
        assert only_file(store).name != only_file(other).name
        assert only_file(store).read_bytes() != only_file(other).read_bytes()
    finally:
        other.close()


# -- damage --------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.0, 0.00005, 0.5, 0.99999])
def test_a_flipped_byte_is_said_and_the_file_set_aside_untouched(store: Store, share: float) -> None:
    name = store.keep_content(PICTURE)
    file = only_file(store)
    raw = flip(file, int(share * file.stat().st_size))
    assert "损坏" in "".join(store.verify())
    with pytest.raises(DamagedContent, match="重新添加"):
        store.content(name)
    assert not store.has_content(name)
    assert (store.folder / SET_ASIDE / file.name).read_bytes() == raw
    assert store.keep_content(PICTURE) == name
    assert store.content(name) == PICTURE
    assert store.verify() == []


@pytest.mark.parametrize("left", [0, 3, 20, -1])
def test_a_cut_file_is_said(store: Store, left: int) -> None:
    name = store.keep_content(PICTURE)
    file = only_file(store)
    file.write_bytes(file.read_bytes()[:left])
    with pytest.raises(DamagedContent):
        store.content(name)


def test_files_that_changed_places_are_found(store: Store) -> None:
    one, two = store.keep_content(b"one"), store.keep_content(b"two")
    first, second = files_in(store.folder / FOLDER)
    raw = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(raw)
    for name in (one, two):
        with pytest.raises(DamagedContent):
            store.content(name)


def test_to_keep_it_again_mends_a_damaged_one(store: Store) -> None:
    name = store.keep_content(PICTURE)
    raw = flip(only_file(store), 500)
    assert store.keep_content(PICTURE) == name
    assert store.content(name) == PICTURE
    assert [p.read_bytes() for p in (store.folder / SET_ASIDE).iterdir()] == [raw]


# -- full, read-only, killed -----------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="mounts are Linux's")
def test_a_full_disk_is_said_and_leaves_no_half(folder: Path, office: Office, tmp_path: Path) -> None:
    place = tmp_path / "small"
    place.mkdir()
    mounting = f"mount -t tmpfs -o size=6m tmpfs '{place}'\ncp -r '{folder}' '{place}/store'\nhead -c 1000000 /dev/zero > '{place}/store/ballast'"
    full, left, read, again = in_a_mount(mounting, child("fill-contents", place / "store", office)).splitlines()
    assert "磁盘已满，没有保存" in full
    assert left == "left 0"
    _, kept, whole = read.split()
    assert kept == whole
    assert int(kept) > 3
    assert again == "again True"


def test_a_folder_that_cannot_be_made_is_named(store: Store) -> None:
    (store.folder / FOLDER).write_bytes(b"a file in its place")
    with pytest.raises(DiskTrouble, match="权限"):
        store.keep_content(PICTURE)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX's")
def test_whatever_was_confirmed_is_whole_after_kill_9(folder: Path, office: Office, opening: Callable[[Path], Store]) -> None:
    dice = random.Random(11)
    for _ in range(3):
        process = subprocess.Popen(child("keep", folder, office), cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        assert process.stdout is not None
        with process:
            said = [process.stdout.readline() for _ in range(dice.randint(3, 20))]
            process.kill()
            said += process.stdout.read().splitlines(keepends=True)
        store = opening(folder)
        assert list((folder / FOLDER / COMING).iterdir()) == []
        for i, line in enumerate(said):
            if line.endswith("\n"):
                assert store.content(line.split()[1]) == f"{i}号照片".encode() * 20_000
        assert store.verify() == []
        store.close()


def test_what_another_program_is_writing_is_left_alone(store: Store, opening: Callable[[Path], Store]) -> None:
    store.keep_content(PICTURE)
    (store.folder / FOLDER / COMING / "half").write_bytes(b"half")
    second = opening(store.folder)
    assert (store.folder / FOLDER / COMING / "half").exists()
    second.close()
    store.close()
    opening(store.folder)
    assert not (store.folder / FOLDER / COMING / "half").exists()
