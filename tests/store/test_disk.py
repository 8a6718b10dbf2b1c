"""The disk as it is: full, read-only, torn, and read by somebody who should not. And a process that dies at any moment."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest

from jusuo_desktop.store import DamagedStore, ListQuery, Store, StoreInUse, claim_window
from jusuo_desktop.store.presence import at_store
from tests.conftest import ROOT
from tests.store.offices import PASSPHRASE, Office, consultation, edit, mediation

CHILD = [sys.executable, "-m", "tests.store.children"]


def child(word: str, folder: Path, office: Office) -> list[str]:
    return [*CHILD, word, str(folder), office.key.hex(), office.user_id]


def in_a_mount(mounting: str, command: list[str], *, seconds: float = 60) -> str:
    """Runs a command where something else is mounted, in a namespace of its own; gives what it printed."""
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-ec", f'{mounting}\nexec "$@"', "sh", *command],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=seconds, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


# -- what lies on the disk ---------------------------------------------------

PLANTED = (
    "欧阳克敌", "𬭊泽民", "33042119700101123X", "13700009999", "院墙滴水之秘密", "草稿里的话", "voided_reason", "dispute_summary", "SQLite format 3",
)  # fmt: skip


def test_nothing_lies_on_the_disk_in_clear(store: Store) -> None:
    made = mediation(store, "欧阳克敌", "𬭊泽民", dispute_summary="院墙滴水之秘密")
    consultation(store, "欧阳克敌", id_card_number="33042119700101123X", contact_phone="13700009999")
    for i in range(200):
        edit(store, made, remarks=f"院墙滴水之秘密{i}")
    store.save_draft("k", "mediation", made.id, {"typed": "草稿里的话"})
    store.set("last_search", "欧阳克敌")
    store.keys(ListQuery("mediation", sort="title"))
    store.back_up(datetime(2026, 3, 7))
    seen = 0
    for path in [p for p in store.folder.rglob("*") if p.is_file()]:  # with its WAL, while open
        raw = path.read_bytes()
        seen += len(raw)
        for planted in (*PLANTED, PASSPHRASE):
            assert planted.encode() not in raw, (path.name, planted)
            assert planted.encode("utf-16-le") not in raw
    assert (store.folder / "records.db-wal").stat().st_size > 100_000
    assert seen > 500_000


def test_temporary_files_stay_in_memory(store: Store) -> None:
    with store._reading() as connection:
        assert connection.exec_driver_sql("PRAGMA temp_store").scalar_one() == 2
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"


# -- full, read-only ---------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="mounts are Linux's")
def test_a_full_disk_loses_nothing_and_says_what_to_do(folder: Path, office: Office, tmp_path: Path) -> None:
    place = tmp_path / "small"
    place.mkdir()
    mounting = f"mount -t tmpfs -o size=6m tmpfs '{place}'\ncp -r '{folder}' '{place}/store'\nhead -c 2000000 /dev/zero > '{place}/store/ballast'"
    said = in_a_mount(mounting, child("fill", place / "store", office)).splitlines()
    assert "磁盘已满，没有保存" in said[0]
    assert [line.split()[0] for line in said[1:4]] == ["refused"] * 3
    saved, count, wrong = said[4].removeprefix("saved ").split(" ", 2)
    assert int(count) == int(saved) + 2
    assert int(saved) > 10
    assert wrong == "[]"


@pytest.mark.skipif(sys.platform != "linux", reason="mounts are Linux's")
def test_a_read_only_folder_is_named(folder: Path, office: Office) -> None:
    mounting = f"mount --bind '{folder}' '{folder}'\nmount -o remount,ro,bind '{folder}'"
    said = in_a_mount(mounting, child("read-only", folder, office))
    assert said.startswith("DiskTrouble")
    assert "权限" in said
    assert str(folder) in said


# -- damage ------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with some pages, closed."""
    from jusuo_desktop.store.opening import open_unlocked

    folder = Path(shutil.copytree(office.folder, tmp_path_factory.mktemp("whole") / "store"))
    store = open_unlocked(folder, office.key, "x", office.user_id)
    for i in range(20):
        mediation(store, f"张{i}", f"李{i}", dispute_summary="院墙滴水" * 100)
    store.close()
    return folder


def trouble_in(folder: Path, opening: Callable[[Path], Store]) -> str:
    """What is said of a store, on opening or when it is verified; '' for nothing."""
    try:
        store = opening(folder)
    except DamagedStore as damaged:
        return damaged.message
    found = store.verify()
    for ask in (lambda: store.search("张"), lambda: store.rows(store.keys(ListQuery("mediation"))), store.drafts):
        with suppress(DamagedStore):  # and nothing else
            ask()
    return "".join(found)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999])
def test_a_flipped_byte_anywhere_is_found_and_said(whole: Path, tmp_path: Path, opening: Callable[[Path], Store], share: float) -> None:
    folder = Path(shutil.copytree(whole, tmp_path / "store"))
    raw = bytearray((folder / "records.db").read_bytes())
    raw[int(share * len(raw)) // 4096 * 4096 + 50] ^= 1
    (folder / "records.db").write_bytes(raw)
    assert "损坏" in trouble_in(folder, opening)


@pytest.mark.parametrize("left", [0, 1, 100, 4096, 40_960, -4096, -1])
def test_a_truncated_file_is_found_and_said(whole: Path, tmp_path: Path, opening: Callable[[Path], Store], left: int) -> None:
    folder = Path(shutil.copytree(whole, tmp_path / "store"))
    raw = (folder / "records.db").read_bytes()[:left]
    (folder / "records.db").write_bytes(raw)
    said = trouble_in(folder, opening)
    assert "损坏" in said or "是空的" in said
    if left in (0, 1, 100):
        assert (folder / "records.db").read_bytes() == raw  # refused on opening: untouched


def test_a_plain_database_in_its_place_is_refused(folder: Path, opening: Callable[[Path], Store]) -> None:
    import sqlite3

    (folder / "records.db").unlink()
    plain = sqlite3.connect(folder / "records.db")
    plain.execute("CREATE TABLE alembic_version (version_num)")
    plain.close()
    with pytest.raises(DamagedStore, match="没有加密"):
        opening(folder)


# -- several programs --------------------------------------------------------


def test_two_programs_write_one_store_but_only_one_shows_it(folder: Path, opening: Callable[[Path], Store]) -> None:
    window = claim_window(folder)
    first, second = opening(folder), opening(folder)
    for i in range(10):
        consultation(first, f"甲{i}")
        consultation(second, f"乙{i}")
    assert first.count(ListQuery("consultation")) == 20
    assert second.verify() == []
    with pytest.raises(StoreInUse, match="另一个窗口"):
        claim_window(folder)
    with pytest.raises(StoreInUse):
        at_store(folder, alone=True)
    window.release()
    claim_window(folder).release()
    first.close()
    second.close()
    alone = at_store(folder, alone=True)
    with pytest.raises(StoreInUse):
        opening(folder)
    alone.release()


# -- kill -9 -----------------------------------------------------------------


@pytest.fixture
def dice() -> random.Random:
    return random.Random(7)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX's")
def test_whatever_was_confirmed_is_there_after_kill_9(folder: Path, office: Office, opening: Callable[[Path], Store], dice: random.Random) -> None:
    confirmed: list[list[str]] = []
    for _ in range(4):
        lines = dice.randint(1, 60)
        process = subprocess.Popen(child("write", folder, office), cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        assert process.stdout is not None
        with process:
            said = [process.stdout.readline() for _ in range(lines)]
            process.kill()
            said += process.stdout.read().splitlines(keepends=True)
        latest = [line.split() for line in said if line.endswith("\n")]
        confirmed += latest
        store = opening(folder)
        assert store.verify() == []
        drafts = {d.key: d.content["typed"] for d in store.drafts()}
        for word, name, value in confirmed:
            if word == "draft":
                continue
            record = store.record(name)
            assert record is not None
            assert word != "saved" or record.values["name"] == value
            assert word != "edited" or record.values["remarks"] == value
            assert word != "number" or record.values["case_number"] == value
            assert word != "family" or len(store.children(name)) == int(value) == 2
        assert all(drafts[name] >= int(value) for word, name, value in latest if word == "draft")
        numbers = [r.values.get("case_number") for r in store.rows(store.keys(ListQuery("mediation")))]
        given = [n for n in numbers if n]
        assert len(given) == len(set(given))
        assert {v for w, _, v in confirmed if w == "number"} <= set(given)
        assert len(store.search("甲", ("mediation",), 10_000)) == store.count(ListQuery("mediation"))
        store.close()
    assert len(confirmed) > 20
