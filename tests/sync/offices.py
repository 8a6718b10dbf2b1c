"""Real stores of one invented office, for the tests that sync them."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.store import Edit, FirstRun, Store, User, create_store
from jusuo_desktop.store.keys import read_keys, unwrap
from jusuo_desktop.store.opening import open_unlocked

OFFICE = "990101001"
VILLAGE = "990101001001"
OTHER_VILLAGE = "990101001002"
PASSPHRASE = "春江水暖鸭先知啊"


@dataclass(frozen=True)
class Original:
    """A store made once by the first run, and the key to its copies: Argon2 is meant to be slow, and the tests open many stores."""

    folder: Path
    key: bytes
    user: User


_kept = tempfile.TemporaryDirectory(prefix="offices-")
_originals: dict[str, Original] = {}


def original_of(user: str) -> Original:
    """The store that all stores of one user are copied from."""
    if user not in _originals:
        folder = Path(_kept.name) / str(len(_originals))
        store, _ = create_store(
            folder,
            FirstRun(
                office={"name": "清溪司法所", "division_code": OFFICE, "county_name": "清溪县", "short_name": "清溪"},
                villages=[{"name": "东村", "division_code": VILLAGE}, {"name": "西村", "division_code": OTHER_VILLAGE}],
                committees=[{"name": "东村人民调解委员会", "short_name": "东民", "committee_type": "01", "village": place_id("village", VILLAGE)}],
                user_name=user,
                passphrase=PASSPHRASE,
            ),
        )
        made = store.user
        store.close()
        _originals[user] = Original(folder, unwrap(read_keys(folder)[user], PASSPHRASE, user), made)
    return _originals[user]


def new_store(folder: Path, user: str = "王内勤") -> Store:
    """A fresh store of the office with two villages. Two stores of one user are copies of each other, changes included."""
    original = original_of(user)
    shutil.copytree(original.folder, folder)
    return reopened(folder, user)


def reopened(folder: Path, user: str = "王内勤") -> Store:
    """The store in a folder, opened again."""
    original = original_of(user)
    return open_unlocked(folder, original.key, user, original.user.id)


def new_session(folder: Path, user: str = "王内勤") -> Session:
    """A session on a fresh store."""
    return Session(new_store(folder, user))


def consult(store: Store, name: str = "李四", **more: object) -> str:
    """Records a consultation; returns its id."""
    values = {
        "consulted_at": "2026-03-07T09:30",
        "consultation_channel": "1",
        "contact_phone": "13800000000",
        "name": name,
        "matter_type": "1",
        "consultation_content": "邻居建房挡了采光，问怎么办。",
        "received_by": store.user.id,
        "village": place_id("village", VILLAGE),
        **more,
    }
    return store.write([Edit("consultation", values)], act="save")[0].id  # type: ignore[arg-type]
