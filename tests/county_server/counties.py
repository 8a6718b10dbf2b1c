"""A county in this process, on either database, with devices that speak to it by direct calls."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from county_server import devices
from county_server.county import County
from county_server.database import Database
from county_server.founding import found, url_of
from jusuo_desktop.records.identity import new_id, packed
from jusuo_desktop.wire.columns import push_request
from jusuo_desktop.wire.enroll_code import fingerprint
from jusuo_desktop.wire.messages import Change, EnrollRequest, Entry, PullRequest, Result

COUNTY_CODE = "990101"
OFFICE, OTHER_OFFICE = "990101001", "990101002"
VILLAGE, OTHER_VILLAGE = "990101001001", "990101001002"
HOUR = 3_600_000


@contextmanager
def founded(folder: Path, url: str | None = None, clock: Callable[[], int] | None = None) -> Iterator[County]:
    """A fresh county on SQLite in `folder`, or on the database at `url`."""
    found(folder, COUNTY_CODE, "清溪县", [], url)
    database = Database(url_of(folder, url))
    try:
        yield County(database, clock)
    finally:
        database.close()


def code_for(county: County, scope: str, hours: int = 1) -> str:
    """A one-time code."""
    with county.database.writing() as connection:
        ours = fingerprint(county.public_key, county.root_certificate)
        return devices.new_code(connection, scope, ours, county.now() + hours * HOUR)


def enrolled(county: County, scope: str, name: str = "电脑") -> tuple[str, Ed25519PrivateKey]:
    """A device of that scope: its id and its key."""
    key = Ed25519PrivateKey.generate()
    answer = county.enroll(EnrollRequest(code_for(county, scope), key.public_key().public_bytes_raw(), name))
    return answer.device_id, key


def change(fields: dict[str, Any], **more: Any) -> Change:
    """A change that makes a consultation of the office, but for what is told."""
    made: dict[str, Any] = {
        "change_id": packed(new_id()),
        "record_id": packed(new_id()),
        "kind": "consultation",
        "scope": OFFICE,
        "parent_id": b"",
        "base_version": 0,
        "author_id": "0190aaaa",
        "made_at": 1_770_000_000_000,
        "fields": fields,
    }
    return Change(**{**made, **more})


def send(county: County, device_id: str, *changes: Change) -> list[Result]:
    """Pushes changes in one batch."""
    return county.push(device_id, push_request(secrets.token_bytes(16), county.epoch, changes)).results


def entries(county: County, device_id: str, cursor: dict[str, int] | None = None, most_bytes: int = 1 << 20) -> list[Entry]:
    """Everything that a device may see after a cursor, with its own fields, as it reads them off the wire."""
    from jusuo_desktop.wire.codec import decode, encode
    from jusuo_desktop.wire.messages import PullResponse

    got: list[Entry] = []
    while True:
        answer = decode(encode(county.pull(device_id, PullRequest(county.epoch, cursor or {}, most_bytes, True))), PullResponse)
        got += answer.entries
        cursor = answer.cursor
        if not answer.more:
            return got
