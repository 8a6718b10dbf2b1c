"""An office to test with, and the records that tests write into it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jusuo_desktop.records.identity import new_id, place_id
from jusuo_desktop.records.kind import Record
from jusuo_desktop.store import Edit, FirstRun, Store, create_store
from jusuo_desktop.store.keys import RECOVERY, read_keys, read_recovery_key, unwrap
from jusuo_desktop.wire.messages import Entry

CODE = "990101001"
VILLAGE_CODE = "990101001201"
VILLAGE = place_id("village", VILLAGE_CODE)
USER = "王芳"
PASSPHRASE = "稻花香里说丰年 听取蛙声"


class Clock:
    """A clock that moves by a second each time it is read."""

    def __init__(self, now: int = 1_767_225_600_000) -> None:
        self.now = now

    def __call__(self) -> int:
        self.now += 1000
        return self.now


@dataclass(frozen=True)
class Office:
    folder: Path
    key: bytes
    user_id: str
    recovery_key: str


def first_run(**more: Any) -> FirstRun:
    """What the first-run dialog would say."""
    said: dict[str, Any] = {
        "office": {"name": "清溪司法所", "division_code": CODE, "short_name": "清溪"},
        "user_name": USER,
        "passphrase": PASSPHRASE,
        "villages": [{"name": "红旗村", "division_code": VILLAGE_CODE}],
        "committees": [{"name": "清溪镇人民调解委员会", "short_name": "清民", "committee_type": "03"}],
    }
    return FirstRun(**{**said, **more})


def make_office(folder: Path) -> Office:
    """Makes and closes the store."""
    store, recovery_key = create_store(folder, first_run(), Clock())
    user_id = store.user.id
    store.close()
    key = unwrap(read_keys(folder)[RECOVERY], read_recovery_key(recovery_key), RECOVERY)
    return Office(folder, key, user_id, recovery_key)


def consultation(store: Store, name: str = "单雄信", **values: Any) -> Record:
    """Saves a new consultation."""
    return store.write([Edit("consultation", {"name": name, "contact_phone": "13800138000", **values})], act="save")[0]


def edit(store: Store, record: Record, **values: Any) -> Record:
    """Saves a change of a record."""
    return store.write([Edit(record.kind, values, record.id)], act="save")[0]


def mediation(store: Store, *names: str, **values: Any) -> Record:
    """Saves a mediation with its parties."""
    identity = new_id()
    edits = [Edit("mediation", {"title": f"{'与'.join(names)}邻里纠纷", "dispute_type": "2", **values}, identity, new=True)]
    edits += [Edit("party", {"name": name, "party_role": str(i + 1)}, parent_id=identity) for i, name in enumerate(names)]
    return store.write(edits, act="save")[0]


def entry_of(
    seq: int,
    record_id: str,
    version: int,
    fields: dict[str, Any] | None,
    *,
    change_id: str = "",
    kind: str = "consultation",
    scope: str = CODE,
    parent_id: str = "",
    refused: tuple[str, ...] = (),
    device_id: str = "another",
    author_id: str = "somebody",
) -> Entry:
    """An accepted change at place `seq` of the office's feed."""
    from jusuo_desktop.records.identity import packed

    return Entry(
        CODE, seq, packed(change_id or new_id()), packed(record_id), kind, scope, packed(parent_id), version, device_id, author_id, 1, 2, fields,
        list(refused),
    )  # fmt: skip
