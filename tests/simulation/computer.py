"""A computer of a run: a real store on a simulated disk, its users, its wrong clock, its line to the county."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jusuo_desktop.actions.contents import fetches_ahead
from jusuo_desktop.actions.number_exchange import exchange
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.contact_lock import contact_state
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.store import Edit, Enrolment, FirstRun, Store, create_store
from jusuo_desktop.store.backup import restore
from jusuo_desktop.store.contents import COMING, HEAD
from jusuo_desktop.store.contents import FOLDER as CONTENTS
from jusuo_desktop.store.engine import DATABASE_FILE
from jusuo_desktop.store.keys import read_keys, unwrap
from jusuo_desktop.store.opening import open_unlocked
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.contents import ContentRun, missing
from jusuo_desktop.sync.courier import SEAL_KEY
from jusuo_desktop.sync.engine import sync_once
from jusuo_desktop.sync.following import followed
from jusuo_desktop.sync.http_transport import HttpTransport
from jusuo_desktop.sync.patience import BatchSize, Patience
from jusuo_desktop.sync.progress import Reins, SyncReport
from jusuo_desktop.sync.sealing import sealed_away
from tests.simulation.county_house import CountyHouse
from tests.simulation.faults import Fate, Mains, power_back
from tests.simulation.log import Mirror
from tests.simulation.road import Road

OFFICE, VILLAGE, OTHER_VILLAGE, OTHER_OFFICE = "990101001", "990101001001", "990101001002", "990101002"
URL: Final = "http://127.0.0.1:9"
AT_ONCE: Final = Patience(tries=2, first_pause=0.0, longest_pause=0.0)
LOCKS_AFTER: Final = 30
"""Days without contact."""
LATEST: Final = 7_200_000_000_000
"""Milliseconds since 1970 beyond which no clock is set: the year 2198."""


@dataclass(frozen=True)
class Original:
    """A store as its first run left it, with its key and two users."""

    folder: Path
    key: bytes
    users: tuple[tuple[str, str], ...]


def original(folder: Path, office: str, clerk: str, second: str) -> Original:
    """Makes one, to be copied for each run."""
    store, _ = create_store(
        folder,
        FirstRun(
            office={"name": f"{office}司法所", "division_code": office, "county_name": "清溪县", "short_name": "清"},
            villages=[{"name": "东村", "division_code": office + "001"}, {"name": "西村", "division_code": office + "002"}],
            committees=[{"name": "东村人民调解委员会", "short_name": "东民", "committee_type": "01", "village": place_id("village", office + "001")}],
            user_name=clerk,
            passphrase="春江水暖鸭先知啊",
        ),
    )
    other = store.write([Edit("worker", {"name": second, "access_role": "director"})], act="add_user")[0].id
    users = ((clerk, store.user.id), (second, other))
    store.close()
    return Original(folder, unwrap(read_keys(folder)[clerk], "春江水暖鸭先知啊", clerk), users)


class Computer:
    """A computer of a run. `offset` is the error of its clock in milliseconds."""

    def __init__(
        self,
        name: str,
        scope: str,
        made: Original,
        folder: Path,
        house: CountyHouse,
        chance: Random,
        true_time: Callable[[], int],
        late: list[tuple[str, str, bytes]],
        tell: Callable[[str], None],
    ) -> None:
        shutil.copytree(made.folder, folder)
        self.name, self.folder, self._made, self._house, self._chance = name, folder, made, house, chance
        self._true_time, self._tell = true_time, tell
        self.offset = 0
        self.user = 0
        self.road = Road(house, chance, late, tell)
        self._first_scope = scope
        self.mirror, self._who = Mirror(house.log, scope), (house.epoch, "")
        self._heard = 0
        """Which of the scopes that it was given under the present epoch it took on last."""
        self._queued: dict[int, str] | None = None
        self._author: dict[str, str] = {}
        self.odd: set[str] = set()
        """Records of which the county refused something at some time: what was typed into them may have stayed here."""
        self.attached: set[str] = set()
        """The contents that were ever attached here."""
        self.last: dict[tuple[str, str], Any] = {}
        """What was typed here last, by record and field, since the disk was new."""
        self.stick = folder.with_name(f"{name}的U盘")
        self.locked = False
        """Whether it was found locked, for want of contact, and nothing has opened it since."""
        self.rotten: list[str] = []
        """Contents of which a piece was changed on this disk since it came."""
        self._open()

    # -- the machine ------------------------------------------------------------------

    def now(self) -> int:
        """What its clock says."""
        return min(max(self._true_time() + self.offset, 86_400_000), LATEST)

    def local_time(self) -> datetime:
        """The same on the office wall."""
        return datetime.fromtimestamp(self.now() / 1000)

    @property
    def device_id(self) -> str:
        """By which the county knows it."""
        return self.store.device_id

    @property
    def scope(self) -> str:
        """What it takes for its scope."""
        enrolment = self.store.enrolment
        return self.store.scope if enrolment is not None else self._first_scope

    @property
    def epoch(self) -> str:
        """The county's order of changes that it follows."""
        enrolment = self.store.enrolment
        assert enrolment is not None
        return enrolment.epoch

    def _open(self) -> None:
        name, identity = self._made.users[self.user]
        self.store: Store = open_unlocked(self.folder, self._made.key, name, identity, self.now)
        self.session = Session(self.store, self.local_time)
        self.mains = Mains(self.store._engine, self.folder / DATABASE_FILE, self.folder / "left", self._chance)
        self._transport: HttpTransport | None = None

    def close(self) -> None:
        """The program ends."""
        if self._transport is not None:
            self._transport.close()
        self.store.close()

    def restart(self, user: int | None = None) -> None:
        """The program ends and begins again, perhaps with another user."""
        self.close()
        self.user = self.user if user is None else user
        self._open()

    def power_back(self) -> None:
        """After a power cut: what the disk held is there again."""
        self.close()
        power_back(self.folder / DATABASE_FILE, self.folder / "left")
        coming = self.folder / CONTENTS / COMING
        coming.mkdir(parents=True, exist_ok=True)
        (coming / "0123456789abcdef").write_bytes(HEAD)  # a content was being written
        self._open()
        assert not any(coming.iterdir()), f"S9: {self.name} keeps a half of a content"

    def restore(self, backup: Path, mirror: Mirror) -> None:
        """The disk was lost: the store comes out of a backup, on a new disk or beside what the old one still gave back. `mirror` is of when
        the backup was made.
        """
        self.close()
        if self._chance.random() < 0.5:
            shutil.rmtree(self.folder / CONTENTS, ignore_errors=True)
        restore(self.folder, backup, self.local_time())
        self._queued, self._heard = None, 0
        self._open()
        self.mirror, self._who, self.locked = mirror, (self.epoch, self.device_id), False

    # -- the county ---------------------------------------------------------------------

    def enrol(self) -> None:
        """Joins the county, for the first time or again."""
        key = Ed25519PrivateKey.generate()
        answer = self._house.enrol(self._house.now_called(self.scope), key.public_key().public_bytes_raw())
        self.store.enrol(Enrolment(URL, answer.device_id, answer.scope, answer.epoch, self._house.public_key, b"", key.private_bytes_raw()))
        self._transport = None

    def sync(self, size: BatchSize | None = None, *, numbers: bool = True, fates: Sequence[Fate] = ()) -> SyncReport:
        """As actions.sync_now does it; without `numbers` no block is leased. `fates` of the line once it comes to the attachments."""
        transport = self._signed_in()
        try:
            return self._synced(transport, size or BatchSize(), numbers, fates)
        finally:
            heard = self._transport or transport
            if heard.heard:
                self.store.note_contact(heard.release_secret)
                self.locked = False

    def _synced(self, transport: HttpTransport, size: BatchSize, numbers: bool, fates: Sequence[Fate]) -> SyncReport:
        try:
            report = self._once(transport, size)
        except (failures.EpochChanged, failures.Unauthorized):
            if not followed(self.store, transport):
                raise
            transport = self._line()
            report = self._once(transport, size)
        if not self.store.get(SEAL_KEY):
            self.store.set(SEAL_KEY, transport.hello().seal_key.hex())
        if numbers:
            exchange(self.session, transport, Reins(), (self.local_time() - timedelta(milliseconds=report.clock_offset_ms)).date())
        self.road.fates.extend(fates)
        contents = ContentRun(self.store, transport, patience=AT_ONCE, seconds=self._seconds)
        contents.send()
        if fetches_ahead(self.store):
            contents.fetch(missing(self.store))
        try:
            sealed_away(self.store)
        except failures.PostEnded:
            self._tell("post ended")  # somebody else of the new place takes the seat
        return report

    def is_locked(self) -> bool:
        """Whether it locks itself: a county's number of days has passed by its clock since it was last in contact."""
        self.store.note_time()
        contact = self.store.contact()
        return contact is not None and contact_state(contact, self.now(), LOCKS_AFTER).locked

    def open_attachment(self, sha256: str) -> bytes:
        """Somebody opens an attachment: its content, from the county unless it is here."""
        run = ContentRun(self.store, self._signed_in(), patience=AT_ONCE, seconds=self._seconds)
        return self.store.content(sha256) or run.fetch_one(sha256)

    def _signed_in(self) -> HttpTransport:
        """The line of the last sync, unless this machine is somebody else to the county by now."""
        if self._transport is None or self._transport.enrolment != self.store.enrolment:
            return self._line()
        return self._transport

    def _line(self) -> HttpTransport:
        enrolment = self.store.enrolment
        assert enrolment is not None
        self._transport = HttpTransport(enrolment, self.folder, road=self.road, seconds=lambda: self._true_time() / 1000)
        return self._transport

    def _once(self, transport: HttpTransport, size: BatchSize) -> SyncReport:
        return sync_once(self.store, transport, patience=AT_ONCE, size=size, seconds=self._seconds, wall=lambda: self.now() / 1000)

    def _seconds(self) -> float:
        return self._true_time() / 1000 + self.road.exchanges * self._chance.choice((0.01, 1.0, 9.0))

    @contextmanager
    def _reading(self) -> Iterator[Any]:
        with self.store._reading() as connection:
            yield connection

    def records(self, kind: str) -> list[str]:
        """The ids of its records of a kind."""
        with self._reading() as connection:
            return [str(i) for (i,) in connection.exec_driver_sql("SELECT id FROM record WHERE kind = ? AND voided = 0 ORDER BY serial", (kind,))]
