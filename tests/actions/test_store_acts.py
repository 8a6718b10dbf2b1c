"""Setting up, unlocking, verifying, backing up and going back, as the window and the words do it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from jusuo_desktop.actions.back_up import back_up, back_up_if_due, backups, read_notice, restore, restored_notice
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.set_up import set_up
from jusuo_desktop.actions.unlock import unlock, unlock_with_recovery, user_names
from jusuo_desktop.actions.verify_store import verify
from jusuo_desktop.store import Edit, Refused, StoreInUse, WrongPassphrase
from tests.store.offices import PASSPHRASE, USER, first_run


def morning() -> datetime:
    return datetime(2026, 3, 7, 9)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "office"


def test_from_the_first_run_over_a_forgotten_pass_phrase_to_a_restored_backup(place: Path) -> None:
    session, recovery_key = set_up(place, first_run(), morning)
    assert user_names(place) == [USER]
    made = session.store.write([Edit("consultation", {"name": "单雄信"})], act="save")[0]
    assert session.store.history(made.id)[0].at == int(morning().timestamp() * 1000)
    backup = back_up(session)
    assert backup.parent == place / "backups"
    assert [b.folder for b in backups(place)] == [backup]
    assert back_up_if_due(session) is None
    assert back_up_if_due(Session(session.store, lambda: datetime(2026, 3, 8, 9))) == place / "backups" / "20260308-090000"
    with pytest.raises(StoreInUse):
        restore(place, backup)
    session.store.close()

    with pytest.raises(Refused, match="至少8个"):
        unlock_with_recovery(place, recovery_key, "短")
    with pytest.raises(WrongPassphrase):
        unlock_with_recovery(place, recovery_key[::-1], "新的口令一二三四")
    session = unlock_with_recovery(place, recovery_key, "新的口令一二三四", morning)
    assert verify(session) == []
    assert restored_notice(session) == ""
    session.store.write([Edit("consultation", {"name": "备份以后"})], act="save")
    session.store.close()

    aside = restore(place, backup)
    assert aside is not None
    assert aside.is_dir()
    with pytest.raises(WrongPassphrase):
        unlock(place, USER, PASSPHRASE)
    session = unlock(place, USER, "新的口令一二三四", morning)
    assert [h.title for h in session.store.search("备份以后")] == []
    assert [h.id for h in session.store.search("单雄信")] == [made.id]
    assert "备份恢复" in restored_notice(session)
    read_notice(session)
    assert restored_notice(session) == ""
    session.store.close()


def test_a_damaged_store_is_told_by_verify_and_mended_by_restore(place: Path) -> None:
    session, _ = set_up(place, first_run(), morning)
    backup = back_up(session)
    session.store.close()
    raw = bytearray((place / "records.db").read_bytes())
    raw[-200] ^= 1
    (place / "records.db").write_bytes(raw)
    session = unlock(place, USER, PASSPHRASE, morning)
    assert "损坏" in verify(session)[0]
    session.store.close()
    restore(place, backup)
    session = unlock(place, USER, PASSPHRASE, morning)
    assert verify(session) == []
    session.store.close()
