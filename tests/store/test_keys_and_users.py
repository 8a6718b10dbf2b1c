"""Who can open a store: pass phrases, the recovery key, several users, a store that was locked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.store import (
    DamagedStore,
    Edit,
    ListQuery,
    NoStore,
    NotAllowed,
    Refused,
    Store,
    StoreClosed,
    WrongPassphrase,
    add_user,
    change_passphrase,
    create_store,
    open_store,
    open_with_recovery,
    reset_passphrase,
    user_names,
)
from jusuo_desktop.store.keys import CROCKFORD, KEYS_FILE, new_recovery_key, read_recovery_key
from tests.store.offices import PASSPHRASE, USER, Clock, Office, consultation, first_run


def test_the_right_pass_phrase_opens_and_a_wrong_one_says_so(folder: Path) -> None:
    before = (folder / KEYS_FILE).read_bytes()
    with pytest.raises(WrongPassphrase, match="口令不对"):
        open_store(folder, USER, PASSPHRASE + "！")
    with pytest.raises(WrongPassphrase, match="没有名为"):
        open_store(folder, "", PASSPHRASE)
    assert (folder / KEYS_FILE).read_bytes() == before
    store = open_store(folder, USER, PASSPHRASE, Clock())
    assert (store.user.name, store.user.role, store.scope) == (USER, "clerk", "990101001")
    store.close()


def test_the_recovery_key_opens_however_it_is_typed_and_sets_a_new_pass_phrase(folder: Path, office: Office) -> None:
    typed = office.recovery_key.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    store = open_with_recovery(folder, typed, Clock())
    assert store.user.name == USER
    reset_passphrase(store, typed, "全新的口令一二三")
    store.close()
    with pytest.raises(WrongPassphrase):
        open_store(folder, USER, PASSPHRASE)
    open_store(folder, USER, "全新的口令一二三").close()


@given(st.integers(0, 25), st.sampled_from(CROCKFORD))
def test_a_recovery_key_with_one_wrong_character_is_told_from_a_wrong_key(place: int, other: str) -> None:
    key = read_recovery_key(new_recovery_key())
    mistyped = key[:place] + other + key[place + 1 :]
    if mistyped == key:
        return
    with pytest.raises(WrongPassphrase, match="抄错"):
        read_recovery_key(mistyped)


def test_a_recovery_key_of_another_store_is_wrong(folder: Path) -> None:
    with pytest.raises(WrongPassphrase, match="恢复密钥不对"):
        open_with_recovery(folder, new_recovery_key())
    with pytest.raises(WrongPassphrase, match="26个"):
        open_with_recovery(folder, "12345")


def test_entries_of_the_key_file_cannot_be_swapped(folder: Path, opening: Callable[[Path], Store]) -> None:
    add_user(opening(folder), PASSPHRASE, {"name": "李强", "worker_roles": ["1"], "access_role": "director"}, "李强的口令一二三")
    content = json.loads((folder / KEYS_FILE).read_text(encoding="utf-8"))
    wraps = content["wraps"]
    wraps[USER], wraps["李强"] = wraps["李强"], wraps[USER]
    (folder / KEYS_FILE).write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(WrongPassphrase):
        open_store(folder, "李强", PASSPHRASE)
    theirs, mine = wraps[USER], wraps["李强"]
    wraps[USER], wraps["李强"] = {**mine, "user_id": theirs["user_id"]}, theirs  # to write in another's name
    (folder / KEYS_FILE).write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(WrongPassphrase):
        open_store(folder, USER, PASSPHRASE)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"wraps": []}', '{"wraps": {"a": {}}}', '{"wraps": {"a": {"user_id": 1, "salt": "zz"}}}', "\udcff"]
)
def test_a_key_file_that_is_none_is_named(folder: Path, content: str) -> None:
    (folder / KEYS_FILE).write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(DamagedStore, match=KEYS_FILE):
        user_names(folder)


def test_a_huge_key_file_is_not_read(folder: Path) -> None:
    (folder / KEYS_FILE).write_bytes(b"[" * (1 << 21))
    with pytest.raises(DamagedStore, match="过大"):
        user_names(folder)


def test_no_store_and_half_a_store(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(NoStore, match="初始化"):
        user_names(tmp_path)
    (folder / "records.db").unlink()
    with pytest.raises(NoStore, match="备份"):
        open_store(folder, USER, PASSPHRASE)
    assert not (folder / "records.db").exists()


def test_several_users_each_with_a_pass_phrase_and_a_role(folder: Path, opening: Callable[[Path], Store]) -> None:
    store = opening(folder)
    with pytest.raises(WrongPassphrase):
        add_user(store, "不是我的口令", {"name": "李强", "worker_roles": ["1"]}, "李强的口令一二三")
    with pytest.raises(Refused, match="至少8个"):
        add_user(store, PASSPHRASE, {"name": "李强", "worker_roles": ["1"]}, "短")
    with pytest.raises(Refused, match="已经有人使用"):
        add_user(store, PASSPHRASE, {"name": USER, "worker_roles": ["1"]}, "李强的口令一二三")
    assert user_names(folder) == [USER]
    added = add_user(store, PASSPHRASE, {"name": "李强", "worker_roles": ["1"], "access_role": "reader"}, "李强的口令一二三")
    assert user_names(folder) == [USER, "李强"]
    made = consultation(store)
    other = open_store(folder, "李强", "李强的口令一二三", Clock())
    assert other.user == added
    assert other.record(made.id) == made
    with pytest.raises(NotAllowed):
        other.write([Edit("consultation", {"remarks": "x"}, made.id)], act="save")
    with pytest.raises(NotAllowed):
        add_user(other, "李强的口令一二三", {"name": "赵六"}, "赵六的口令一二三")
    other.close()
    store.write([Edit("worker", {"voided_reason": "调离"}, added.id)], act="save")
    with pytest.raises(Refused, match="停用"):
        open_store(folder, "李强", "李强的口令一二三")


def test_changing_the_pass_phrase(folder: Path, opening: Callable[[Path], Store]) -> None:
    store = opening(folder)
    with pytest.raises(WrongPassphrase):
        change_passphrase(store, "不对的口令一二三", "新的口令一二三四")
    change_passphrase(store, PASSPHRASE, "新的口令一二三四")
    with pytest.raises(WrongPassphrase):
        open_store(folder, USER, PASSPHRASE)
    open_store(folder, USER, "新的口令一二三四").close()


def test_a_locked_store_answers_nothing_and_holds_no_key(store: Store) -> None:
    consultation(store)
    store.close()
    for ask in (
        lambda: store.count(ListQuery("consultation")),
        lambda: store.search("单"),
        lambda: consultation(store),
        store.drafts,
        store.verify,
        lambda: store.save_draft("k", "consultation", "", {}),
    ):
        with pytest.raises(StoreClosed, match="锁上"):
            ask()
    assert bytes(store._database._key) == b""
    assert store._engine.pool.checkedin() == 0
    store.close()


def test_a_read_under_way_when_the_store_is_locked_leaves_no_connection_behind(store: Store) -> None:
    reading, locked = threading.Event(), threading.Event()
    seen: list[int] = []

    def read() -> None:
        with store._reading() as connection:
            reading.set()
            locked.wait(10)
            seen.append(int(connection.exec_driver_sql("SELECT count(*) FROM record").scalar_one()))

    thread = threading.Thread(target=read)
    thread.start()
    assert reading.wait(10)
    store.close()
    locked.set()
    thread.join(10)
    assert seen
    with pytest.raises(StoreClosed):
        store.drafts()


def test_a_first_run_that_is_refused_leaves_nothing(tmp_path: Path) -> None:
    for wrong in ({"passphrase": "短"}, {"office": {"name": "所", "division_code": "990101001", "phone": "\x00"}}):
        with pytest.raises(Refused):
            create_store(tmp_path / "new", first_run(**wrong))
        assert not list(tmp_path.glob("new/*.db*"))
        assert not list(tmp_path.glob("new/*.json"))
    store, _ = create_store(tmp_path / "new", first_run(), Clock())
    store.close()
    with pytest.raises(Refused, match="已经有数据"):
        create_store(tmp_path / "new", first_run())
