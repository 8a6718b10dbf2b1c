"""The county's side: real server logic in several workers over one disk, with a power supply, an administrator and copies of the disk."""

from __future__ import annotations

import base64
import copy
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, Final, TypeVar

from sqlalchemy import select

from county_server import devices
from county_server.county import County
from county_server.courier import Taken, take_in
from county_server.database import DATABASE_FILE, Database
from county_server.failing import Refusal, malformed
from county_server.founding import found, url_of
from county_server.judging import is_reference
from county_server.moving import move_village
from county_server.number_returns import close_blocks
from county_server.restoring import go_on
from county_server.schema import CONTENT_PIECE, DEVICE, NUMBER_LEASE, NUMBER_RETURN
from jusuo_desktop.wire.codec import Malformed, decode, encode
from jusuo_desktop.wire.enroll_code import fingerprint
from jusuo_desktop.wire.messages import (
    COUNTY_DEVICE,
    BlocksRequest,
    ChallengeRequest,
    ContentGetRequest,
    ContentPutRequest,
    ContentPutResponse,
    ContentStateRequest,
    DigestRequest,
    EnrollRequest,
    EnrollResponse,
    Failure,
    LeaseRequest,
    PullRequest,
    PullResponse,
    PushRequest,
    ReturnRequest,
    SessionRequest,
    TablePush,
)
from jusuo_desktop.wire.receipt import sign_receipt
from jusuo_desktop.wire.scope import visible
from tests.simulation.faults import Mains, PowerCut, power_back
from tests.simulation.log import Log

COUNTY_CODE: Final = "990101"
HOUR: Final = 3_600_000
OPEN: Final[dict[str, tuple[type[Any], str]]] = {"/v1/challenge": (ChallengeRequest, "challenge"), "/v1/session": (SessionRequest, "session")}
ACTS: Final[dict[str, tuple[type[Any], str]]] = {
    "/v1/push": (PushRequest, "push"),
    "/v2/push": (TablePush, "push_table"),
    "/v1/pull": (PullRequest, "pull"),
    "/v1/digest": (DigestRequest, "digest"),
    "/v1/lease": (LeaseRequest, "lease"),
    "/v1/return": (ReturnRequest, "take_back"),
    "/v1/blocks": (BlocksRequest, "blocks"),
    "/v1/content/state": (ContentStateRequest, "content_state"),
    "/v1/content/put": (ContentPutRequest, "content_put"),
    "/v1/content/get": (ContentGetRequest, "content_get"),
}
T = TypeVar("T")
Answer = tuple[int, bytes, str]
"""Status, body, receipt."""


def founded(folder: Path) -> Path:
    """A county's folder, to be copied for each run."""
    found(folder, COUNTY_CODE, "清溪县", [], None)
    return folder


class CountyHouse:
    """The county server of a run. `offset` is the error of its clock in milliseconds."""

    def __init__(self, folder: Path, template: Path, chance: Random, true_time: Callable[[], int], workers: int) -> None:
        shutil.copytree(template, folder)
        self.folder, self._chance, self._true_time, self._count = folder, chance, true_time, workers
        self.offset = 0
        self.log = Log()
        self.revoked: set[str] = set()
        self.scopes: dict[str, str] = {}
        self.former: dict[str, str] = {}
        """What a device's scope was before it was given another: what lies there it may hand over, and does not get."""
        self.given: dict[str, list[str]] = {}
        """Every scope that a device was given under the present epoch, in order."""
        self.moved: dict[str, str] = {}
        self.deaths = 0
        self.restored = 0
        self.logs: dict[str, Log] = {}
        """What was written down under each epoch."""
        self.known: set[str] = set()
        self._backups: list[tuple[Log, Path]] = []
        self._start()
        self.logs[self.epoch] = self.log

    def _start(self) -> None:
        self.workers = [County(Database(url_of(self.folder, None)), self._now, self._chance) for _ in range(self._count)]
        self._mains = [Mains(w.database.engine, self.folder / DATABASE_FILE, self.folder / "left", self._chance) for w in self.workers]

    def _now(self) -> int:
        return self._true_time() + self.offset

    def close(self) -> None:
        """Stops every worker."""
        for worker in self.workers:
            worker.database.close()

    @property
    def public_key(self) -> bytes:
        """By which answers are checked."""
        return self.workers[0].public_key

    @property
    def epoch(self) -> str:
        """This installation."""
        return self.workers[0].epoch

    # -- requests -----------------------------------------------------------------

    def serve(self, path: str, token: str, body: bytes, *, dies_at: int = 0) -> Answer | None:
        """One request, by any worker; None if the power went before it answered (it is back by the next one)."""

        def answered(worker: County) -> Answer:
            status, message = self._answer(worker, path, token, body)
            content = encode(message)
            return status, content, base64.b64encode(sign_receipt(worker.key, body, content)).decode("ascii")

        return self._powered(answered, dies_at)

    def take_in(self, data: bytes, *, dies_at: int = 0) -> Taken | None:
        """A bundle on a stick, taken in by the administrator; None if the power went.

        Raises:
            BadBundle, Refusal: it is not taken in.
        """

        def taken_in(worker: County) -> Taken:
            taken = take_in(worker, data)
            assert taken.device_id not in self.revoked, "S5: a revoked device was answered by stick"
            return taken

        return self._powered(taken_in, dies_at)

    def _powered(self, act: Callable[[County], T], dies_at: int) -> T | None:
        """What any worker does; None when the power went at that statement (it is back by the end)."""
        worker = self._chance.choice(self.workers)
        mains = self._mains[self.workers.index(worker)]
        mains.arm(dies_at)
        try:
            return act(worker)
        except PowerCut:
            self.deaths += 1
            self.close()
            power_back(self.folder / DATABASE_FILE, self.folder / "left")
            self._start()
            return None
        finally:
            mains.disarm()
            self._read_log()

    def _answer(self, worker: County, path: str, token: str, body: bytes) -> tuple[int, object]:
        try:
            if path == "/v1/hello":
                return 200, worker.hello()
            if path in OPEN:
                kind, act = OPEN[path]
                return 200, getattr(worker, act)(decode(body, kind))
            kind, act = ACTS[path]
            device_id = worker.speaker(token)
            message = getattr(worker, act)(device_id, decode(body, kind))
        except Malformed:
            refusal = malformed()
            return refusal.status, Failure(refusal.code, refusal.message)
        except Refusal as refused:
            return refused.status, Failure(refused.code, refused.message)
        assert device_id not in self.revoked, f"S5: a revoked device was answered ({path})"
        if isinstance(message, PullResponse):
            self._read_log()
            self.check_page(decode(encode(message), PullResponse), self.scopes[device_id])
        elif path.startswith("/v1/content/"):
            self._check_content(decode(body, kind), message, device_id)
        return 200, message

    def _check_content(self, asked: Any, told: Any, device_id: str) -> None:
        """What was told of contents, or given of them, is of the device's scope (taken, of what was its own); whole is what its name says."""
        self._read_log()
        if isinstance(asked, ContentStateRequest):
            names = [name for name, received in zip(asked.contents, told.received, strict=True) if received >= 0]
        else:
            names = [asked.sha256]
        for name in names:
            told_of, scopes = set(self.log.contents.get(name.hex(), ())), [self.scopes[device_id]]
            if not isinstance(asked, ContentGetRequest):
                told_of |= {old for old in self.moved if self.now_called(old) in told_of}
                scopes += [self.former[device_id]] if device_id in self.former else []
            assert any(s.startswith(tuple(scopes)) for s in told_of), f"S5: content {name.hex()[:8]} shown to {scopes}"
        if isinstance(told, ContentPutResponse) and told.complete:
            assert hashlib.sha256(self.content(asked.sha256)).digest() == asked.sha256, "S9: the county calls whole what is not what its name says"

    def content(self, name: bytes) -> bytes:
        """What the county holds of a content."""
        with self.workers[0].database.reading() as connection:
            pieces = select(CONTENT_PIECE.c.data).where(CONTENT_PIECE.c.sha256 == name).order_by(CONTENT_PIECE.c.at)
            return b"".join(connection.execute(pieces).scalars())

    def check_page(self, message: PullResponse, scope: str) -> None:
        """Nothing is told to a device that lies outside its scope, but that a record has left it."""
        for entry in message.entries:
            label = self.log.labels[entry.feed][entry.seq - 1]
            assert visible(label, scope, reference=is_reference(entry.kind)), f"S5: {entry.kind} of {label} sent to {scope}"
            left = entry.device_id == COUNTY_DEVICE and not entry.fields
            assert left or visible(entry.scope, scope, reference=is_reference(entry.kind)), f"S5: {entry.kind} of {entry.scope} sent to {scope}"

    # -- the disk of the server ---------------------------------------------------------

    def back_up(self) -> None:
        """A copy of the database is put away."""
        self._backups.append((copy.deepcopy(self.log), self.folder / f"backup{len(self._backups)}"))
        shutil.copytree(self.folder, self._backups[-1][1], ignore=shutil.ignore_patterns("backup*", "coming", "left"))

    def restore(self, *, newest: bool = False) -> bool:
        """The disk was lost: the database comes out of a backup, and the administrator says so."""
        if not self._backups:
            return False
        log, kept = self._backups[-1] if newest else self._chance.choice(self._backups)
        self.close()
        coming = Path(shutil.copytree(kept, self.folder / "coming"))
        power_back(self.folder / DATABASE_FILE, coming)
        shutil.rmtree(coming)
        self._start()
        with self.workers[0].database.writing() as connection:
            self.restored += 1
            go_on(connection, self._true_time(), 2300, 1000 * self.restored)
            rows = connection.execute(select(DEVICE)).all()
        self.revoked = {row.id for row in rows if row.revoked_at is not None}
        self.known = {row.id for row in rows}
        self.scopes |= {row.id: row.scope for row in rows}
        self.given = {row.id: [row.scope] for row in rows}
        self.former = {row.id: row.former_scope for row in rows if row.former_scope}
        self.close()
        self._start()  # the epoch is read once
        self.log = self.logs[self.epoch] = copy.deepcopy(log)
        return True

    def _read_log(self) -> None:
        with self.workers[0].database.reading() as connection:
            self.log.read(connection)

    # -- the administrator ------------------------------------------------------------

    def enrol(self, scope: str, key: bytes) -> EnrollResponse:
        """A device joins with a one-time code."""
        county = self.workers[0]
        with county.database.writing() as connection:
            ours = fingerprint(county.public_key, county.root_certificate)
            code = devices.new_code(connection, scope, ours, county.now() + HOUR)
        answer = county.enroll(EnrollRequest(code, key, "电脑"))
        self.scopes[answer.device_id] = answer.scope
        self.given[answer.device_id] = [answer.scope]
        self.known.add(answer.device_id)
        return answer

    def move_village(self, old: str, new: str) -> int:
        """A village goes to another office.

        Raises:
            NotMoved: it cannot.
        """
        with self.workers[0].database.writing() as connection:
            count = move_village(connection, COUNTY_CODE, old, new, self._now())
        with self.workers[0].database.reading() as connection:
            self.log.read_anew(connection)
        for device_id in [device_id for device_id, scope in self.scopes.items() if scope == old]:
            self._give(device_id, new)
        self.moved[old] = new
        return count

    def release_code(self, device_id: str, challenge: str) -> str:
        """What opens a machine that locked itself."""
        return self.workers[0].release_code(device_id, challenge).code

    @property
    def moves(self) -> int:
        """How often villages were moved."""
        return len(self.moved)

    def rescope(self, device_id: str, scope: str) -> None:
        """A device is to serve another place."""
        with self.workers[0].database.writing() as connection:
            assert devices.rescope(connection, device_id, scope)
        if self.scopes[device_id] != scope:
            self.former[device_id] = self.scopes[device_id]
            self._give(device_id, scope)

    def _give(self, device_id: str, scope: str) -> None:
        self.scopes[device_id] = scope
        self.given[device_id].append(scope)

    def now_called(self, scope: str) -> str:
        """What a scope is called since the last moves."""
        while scope in self.moved:
            scope = self.moved[scope]
        return scope

    def revoke(self, device_id: str) -> None:
        """Shuts a device out, and perhaps closes the numbers that it holds."""
        with self.workers[0].database.writing() as connection:
            assert devices.revoke(connection, device_id, self._now())
            if self._chance.random() < 0.5:
                close_blocks(connection, device_id, self._now(), "设备丢失")
        self.revoked.add(device_id)

    def check_numbers(self) -> None:
        """No number lies in two blocks, unless the one it was in first has come back with it."""
        with self.workers[0].database.reading() as connection:
            leases = connection.execute(select(NUMBER_LEASE)).all()
            returns = connection.execute(select(NUMBER_RETURN)).all()
        given: dict[tuple[str, int], bytes] = {}
        back = {(r.lease_id, number) for r in returns for number in range(r.first, r.last + 1)}
        for row in leases:
            for number in range(row.first, row.last + 1):
                if (row.request_id, number) not in back:
                    holder = given.setdefault((row.series, number), row.request_id)
                    assert holder == row.request_id, f"S8: number {number} of {row.series} was given out twice"
