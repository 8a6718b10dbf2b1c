"""A real office store, made once for the module and copied for each test; pages and keys as a clerk uses them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.set_up import set_up
from jusuo_desktop.actions.unlock import unlock
from jusuo_desktop.store import FirstRun
from jusuo_desktop.store.edit import Edit
from jusuo_desktop.ui.desk import Desk

PASSPHRASE = "office-pass-1"
NOW = datetime(2026, 3, 9, 10, 30)
OFFICE = {"name": "西塘桥司法所", "division_code": "330424103", "county_name": "海盐县", "short_name": "西塘"}


def clock() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def office_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office") / "store"
    first = FirstRun(
        OFFICE,
        "王建国",
        PASSPHRASE,
        villages=[{"name": "新塘村", "division_code": "330424103201"}, {"name": "东港社区", "division_code": "330424103202"}],
        committees=[
            {"name": "西塘桥街道人民调解委员会", "short_name": "西民", "committee_type": "04"},
            {"name": "新塘村人民调解委员会", "short_name": "新民", "committee_type": "01"},
        ],
    )
    session, _ = set_up(folder, first, clock)
    session.store.write(
        [Edit("worker", {"name": name, "worker_roles": [role]}) for name, role in (("单田芳", "3"), ("仇大伟", "3"), ("陈律师", "4"))], act="save"
    )
    session.store.close()
    return folder


@pytest.fixture
def opened(office_folder: Path, tmp_path: Path) -> Iterator[Callable[[], Session]]:
    """Opens the test's own copy of the store; a second call is a second process in all but name."""
    shutil.copytree(office_folder, tmp_path / "store")
    sessions: list[Session] = []

    def again() -> Session:
        for session in sessions:
            session.store.close()
        sessions.append(unlock(tmp_path / "store", "王建国", PASSPHRASE, clock))
        return sessions[-1]

    yield again
    for session in sessions:
        session.store.close()


@pytest.fixture(scope="module")
def session(office_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A copy of the store for the module: opening one costs as much as a pass phrase does."""
    folder = tmp_path_factory.mktemp("copy") / "store"
    shutil.copytree(office_folder, folder)
    made = unlock(folder, "王建国", PASSPHRASE, clock)
    yield made
    made.store.close()


@pytest.fixture
def desk(qtbot: QtBot, session: Session) -> Iterator[Desk]:
    for draft in session.store.drafts():
        session.store.drop_draft(draft.key)
    made = Desk(session)
    broken: list[Exception] = []
    made.background.broke.connect(broken.append)
    yield made
    made.close()
    assert not broken, broken
