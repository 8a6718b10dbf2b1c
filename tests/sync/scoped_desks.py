"""Computers with a line to a county in this process, for tests of what lies in whose scope."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from county_server import devices
from county_server.county import County
from county_server.moving import move_village
from county_server.sealed import ROWS_FILE, open_sealed
from jusuo_desktop.records.identity import new_id, place_id
from jusuo_desktop.store import Edit, FirstRun, Store, create_store
from jusuo_desktop.store.sealing import SealedAway
from jusuo_desktop.sync.contents import ContentRun
from jusuo_desktop.sync.courier import SEAL_KEY
from jusuo_desktop.sync.engine import sync_once
from jusuo_desktop.sync.patience import Patience
from jusuo_desktop.sync.progress import SyncReport
from jusuo_desktop.sync.sealing import sealed_away
from tests.county_server.counties import COUNTY_CODE
from tests.sync.direct import DirectTransport, joined
from tests.sync.offices import OFFICE, PASSPHRASE, VILLAGE, new_store

OTHER_OFFICE = "990101002"
NEW = OTHER_OFFICE + "007"
PLACE = place_id("village", VILLAGE)
AT_ONCE = Patience(tries=2, first_pause=0.0, longest_pause=0.0)


@dataclass
class Desk:
    """A computer with its line."""

    store: Store
    line: DirectTransport

    def sync(self) -> SyncReport:
        """As actions.sync_now does it: the records, then the scans, then the sealing."""
        report = sync_once(self.store, self.line, patience=AT_ONCE)
        assert report.digest_equal is True
        assert not report.repaired
        ContentRun(self.store, self.line, patience=AT_ONCE).send()
        self.sealed = sealed_away(self.store)
        assert self.store.local_digest() == self.store.held_digest()
        return report

    sealed: SealedAway | None = None


def desk(county: County, folder: Path, scope: str = OFFICE, store: Store | None = None) -> Desk:
    made = store or new_store(folder)
    device = joined(county, made, scope)
    made.set(SEAL_KEY, county.seal_key.public_key().public_bytes_raw().hex())
    return Desk(made, DirectTransport(county, device))


def other_office(folder: Path) -> Store:
    """The store of the office that the village goes to."""
    store, _ = create_store(
        folder,
        FirstRun(
            office={"name": "白石司法所", "division_code": OTHER_OFFICE, "county_name": "清溪县", "short_name": "白石"},
            user_name="赵内勤",
            passphrase=PASSPHRASE,
        ),
    )
    return store


def case(store: Store, mark: str, village: str = PLACE) -> str:
    """A case with a party, typed with a word that must not be found afterwards."""
    identity = new_id()
    edits = [
        Edit("mediation", {"title": f"{mark}宅基地纠纷", "dispute_type": "2", "village": village, "place": f"{mark}村东"}, identity, new=True),
        Edit("party", {"name": f"{mark}张三", "party_role": "1", "phone": "13800000000"}, parent_id=identity),
    ]
    store.write(edits, act="save")
    return identity


def moved(county: County, old: str = VILLAGE, new: str = NEW) -> None:
    with county.database.writing() as connection:
        move_village(connection, COUNTY_CODE, old, new, county.now())


def rescoped(county: County, device: str, scope: str) -> None:
    with county.database.writing() as connection:
        assert devices.rescope(connection, device, scope)


def opened(county: County, store: Store, into: Path) -> list[dict[str, Any]]:
    """What the county finds in the files of the last sealing."""
    last = store.sealed_away()[-1]
    parts = [(name, (store.folder / "sealed" / name).read_bytes()) for name in last.files]
    open_sealed(county, parts, into)
    return [json.loads(line) for line in (into / ROWS_FILE).read_text(encoding="utf-8").splitlines()]
