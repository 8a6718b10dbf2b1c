"""Real stores of one invented office, for the tests that sync them."""

from __future__ import annotations

from pathlib import Path

from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.store import Edit, FirstRun, Store, create_store

OFFICE = "990101001"
VILLAGE = "990101001001"
PASSPHRASE = "春江水暖鸭先知啊"


def new_store(folder: Path, user: str = "王内勤") -> Store:
    """A fresh store of the office with one village."""
    store, _ = create_store(
        folder,
        FirstRun(
            office={"name": "清溪司法所", "division_code": OFFICE, "county_name": "清溪县", "short_name": "清溪"},
            villages=[{"name": "东村", "division_code": VILLAGE}],
            user_name=user,
            passphrase=PASSPHRASE,
        ),
    )
    return store


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
