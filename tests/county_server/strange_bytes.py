"""A county that is asked everything by everybody, and a reader of every byte it answers: each planted word knows the record it was written on.

The real application answers, in this process. A word may stand in an answer to a device if the record's scope lies inside the device's, or
around it for places and people; where a record belongs is read from the database at that moment, so moves and rescopes count at once.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import anyio.from_thread
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from county_server import devices, routes
from county_server.app import build
from county_server.county import County
from county_server.courier import take_in
from county_server.failing import Refusal
from county_server.judging import is_reference
from county_server.limits import Measure
from county_server.moving import NotMoved, move_village
from county_server.schema import DEVICE, RECORD
from jusuo_desktop.records.identity import new_id, packed
from jusuo_desktop.wire import messages as m
from jusuo_desktop.wire.bundle import FROM_DEVICE, Answer, Head, Outgoing, open_bundle, seal_key_of, write_bundle
from jusuo_desktop.wire.codec import decode, encode, inflated
from jusuo_desktop.wire.columns import push_request
from jusuo_desktop.wire.limits import MOST_INFLATED_BYTES
from jusuo_desktop.wire.receipt import challenge_text
from jusuo_desktop.wire.scope import visible
from jusuo_desktop.wire.table import tabled
from tests.county_server.counties import COUNTY_CODE, change, enrolled

OFFICES: Final = ("990101001", "990101002")
VILLAGES: Final = ("990101001001", "990101001002", "990101002001")
SCOPES: Final = (COUNTY_CODE, *OFFICES, *VILLAGES)
WORD: Final = re.compile(rb"~\d{7}~")
KINDS: Final[dict[str, tuple[str, ...]]] = {
    "consultation": ("name", "consultation_content", "work_unit", "from_a_newer_version"),
    "mediation": ("title", "place", "dispute_summary"),
    "worker": ("name", "firm_name"),
    "of_a_newer_version": ("title", "something"),
    "judicial_office": ("name", "address"),
    "village": ("name", "contact_name"),
}
REFERENCES: Final = ("worker", "judicial_office", "village")


@dataclass
class Asker:
    """A device with its key; `token` of its last session, `cursor` of its last pull."""

    id: str
    key: Ed25519PrivateKey
    token: str = ""
    cursor: dict[str, int] = field(default_factory=dict)


@dataclass
class Bazaar:
    """The county, everybody's devices, and which word was written on which record. `chance` decides everything."""

    county: County
    app: Any
    portal: anyio.from_thread.BlockingPortal
    chance: Random
    words: dict[bytes, bytes] = field(default_factory=dict)
    records: list[tuple[bytes, str, str]] = field(default_factory=list)
    contents: list[tuple[bytes, bytes]] = field(default_factory=list)
    askers: list[Asker] = field(default_factory=list)
    seen: int = 0
    """Words that were read in answers: a reader that sees none proves nothing."""
    paths: set[str] = field(default_factory=set)

    # -- what everybody may see ----------------------------------------------------------

    def word(self, record_id: bytes) -> str:
        """A fresh word that stands on a record."""
        made = f"~{len(self.words):07d}~"
        self.words[made.encode()] = record_id
        return made

    def read(self, asker: Asker | None, *parts: bytes) -> None:
        """Reads every byte of an answer; fails on a word that this device may not see."""
        found = {word for part in parts for word in WORD.findall(part)}
        self.seen += len(found)
        if not found:
            return
        with self.county.database.reading() as connection:
            row = None if asker is None else connection.execute(select(DEVICE).where(DEVICE.c.id == asker.id)).one()
            homes = {bytes(r.id): (r.kind, r.scope) for r in connection.execute(select(RECORD.c.id, RECORD.c.kind, RECORD.c.scope))}
        for word in found:
            kind, scope = homes[self.words[word]]
            assert row is not None, f"S5: a word of {scope} was told to somebody who has not signed in"
            assert row.revoked_at is None, f"S5: a word of {scope} was told to a revoked device"
            assert visible(scope, row.scope, reference=is_reference(kind)), f"S5: a word on a {kind} of {scope} was told to a device of {row.scope}"

    # -- asking ---------------------------------------------------------------------------

    def ask(self, path: str, asker: Asker | None = None, request: msgspec.Struct | bytes | None = None, method: str = "POST") -> tuple[int, bytes]:
        """One request at the application; what comes back is read, compressed and not."""
        body = request if isinstance(request, bytes) else b"" if request is None else encode(request)
        status, headers, answer = self.portal.call(_exchange, self.app, method, path, asker.token if asker else "", body)
        self.paths.add(path)
        plain = b""
        with contextlib.suppress(Exception):
            plain = inflated(answer, MOST_INFLATED_BYTES)
        self.read(asker, answer, plain, repr(headers).encode())
        return status, answer

    def sign_in(self, asker: Asker) -> None:
        """Gets a session, if the county gives one."""
        _, told = self.ask("/v1/challenge", None, m.ChallengeRequest(asker.id))
        nonce = decode(told, m.ChallengeResponse).challenge
        signature = asker.key.sign(challenge_text(self.county.epoch, nonce))
        status, told = self.ask("/v1/session", None, m.SessionRequest(asker.id, nonce, signature))
        asker.token = decode(told, m.SessionResponse).token if status == 200 else asker.token

    def push(self, asker: Asker, *changes: m.Change) -> None:
        """A batch in either form."""
        request = push_request(secrets.token_bytes(16), self.county.epoch, changes, asker.cursor, scope=self.chance.choice(("", *SCOPES)))
        path, made = ("/v2/push", tabled(request)) if self.chance.random() < 0.5 else ("/v1/push", request)
        self.ask(path, asker, made)

    def create(self, asker: Asker, scope: str) -> None:
        """A record with a word in every field, sometimes with a scan that has one in its bytes."""
        kind = self.chance.choice(tuple(KINDS))
        record_id = packed(new_id())
        fields: dict[str, Any] = {name: self.word(record_id) for name in KINDS[kind]}
        if kind == "village" and len(scope) == 12:
            scope, fields["division_code"] = scope[:9], scope
        changes = [change(fields, kind=kind, scope=scope, record_id=record_id)]
        self.records.append((record_id, kind, scope))
        if kind in ("consultation", "mediation"):
            attached = packed(new_id())
            data = f"scan {self.word(attached)}".encode()
            sha256 = hashlib.sha256(data).digest()
            named = {"sha256": sha256.hex(), "size_bytes": len(data), "file_name": self.word(attached), "title": self.word(attached)}
            changes.append(change(named, kind="attachment", scope=scope, record_id=attached, parent_id=record_id))
            self.records.append((attached, "attachment", scope))
            self.contents.append((sha256, data))
        self.push(asker, *changes)

    def edit(self, asker: Asker) -> None:
        """Somebody's record, from the beginning: often a conflict, often not this device's to change."""
        if self.records:
            record_id, kind, scope = self.chance.choice(self.records)
            name = self.chance.choice(KINDS.get(kind, ("file_name",)))
            base = self.chance.choice((0, 1, 1, 2))
            self.push(asker, change({name: self.word(record_id)}, kind=kind, scope=scope, record_id=record_id, base_version=base))

    def pull(self, asker: Asker) -> None:
        """From where it is, or from some other place, as much as it likes."""
        cursor = self.chance.choice((asker.cursor, {}, {scope[:9]: self.chance.randrange(4) for scope in SCOPES}))
        request = m.PullRequest(self.county.epoch, cursor, self.chance.choice((1, 300, 1 << 20)), self.chance.random() < 0.5)
        status, told = self.ask("/v1/pull", asker, request)
        if status == 200 and cursor is asker.cursor:
            asker.cursor = decode(told, m.PullResponse).cursor

    def content(self, asker: Asker) -> None:
        """Asks for a scan that it may have heard of, or gives it."""
        if not self.contents:
            return
        sha256, data = self.chance.choice(self.contents)
        epoch = self.county.epoch
        self.ask("/v1/content/state", asker, m.ContentStateRequest(epoch, [one for one, _ in self.contents]))
        self.ask("/v1/content/put", asker, m.ContentPutRequest(epoch, sha256, len(data), 0, data))
        self.ask("/v1/content/get", asker, m.ContentGetRequest(epoch, sha256, self.chance.choice((0, 0, 3)), 1000))

    def everything_else(self, asker: Asker) -> None:
        """Every other path, and nonsense on all of them."""
        for act in routes.ACTS:
            self.ask(act.path, asker, self.chance.randbytes(20))
            self.ask(act.path, None, encode([]))
        for path in (routes.HELLO, routes.HEALTH, routes.METRICS, routes.DESCRIPTION, routes.STATUS, "/v1/nothing"):
            self.ask(path, asker, method="GET")
        self.ask("/v1/digest", asker, m.DigestRequest(self.county.epoch))
        self.ask("/v1/lease", asker, m.LeaseRequest(secrets.token_bytes(16), f"{new_id()}/2026/mediation", 3))

    def bundle(self, asker: Asker) -> None:
        """What a USB stick brings back."""
        made = change({"name": "甲"}, scope=self.chance.choice(SCOPES))
        batch = encode(push_request(secrets.token_bytes(16), self.county.epoch, [made]))
        reply = seal_key_of(asker.key.private_bytes_raw())
        head = Head(FROM_DEVICE, asker.id, self.county.epoch, secrets.token_bytes(16), 1, reply.public_key().public_bytes_raw())
        content = Outgoing([batch], self.chance.choice((asker.cursor, {})), [], self.chance.random() < 0.5)
        data = write_bundle(head, content, asker.key, self.county.seal_key.public_key().public_bytes_raw())
        try:
            taken = take_in(self.county, data)
        except Refusal as refused:
            self.read(asker, refused.message.encode())
            return
        answer: Answer = open_bundle(taken.answer, Answer, self.county.public_key, reply)
        pages = [inflated(page, MOST_INFLATED_BYTES) for page in answer.pages]
        self.read(asker, taken.answer, msgspec.msgpack.encode(answer), *pages)

    # -- the administrator ----------------------------------------------------------------

    def administer(self, asker: Asker) -> None:
        """A village moves, a device gets another scope, one is shut out, a new one joins."""
        act = self.chance.choice(("move", "move", "rescope", "revoke", "join"))
        with self.county.database.writing() as connection:
            match act:
                case "move":
                    old = self.chance.choice(VILLAGES)
                    new = f"{OFFICES[1] if old.startswith(OFFICES[0]) else OFFICES[0]}{self.chance.randrange(100, 999)}"
                    with contextlib.suppress(NotMoved):
                        move_village(connection, COUNTY_CODE, old, new, self.county.now())
                case "rescope":
                    devices.rescope(connection, asker.id, self.chance.choice(SCOPES))
                case "revoke":
                    devices.revoke(connection, asker.id, self.county.now())
        if act in ("join", "revoke"):
            self.join(self.chance.choice(SCOPES))

    def join(self, scope: str) -> None:
        """A new device."""
        identity, key = enrolled(self.county, scope)
        self.askers.append(Asker(identity, key))
        self.sign_in(self.askers[-1])


@contextmanager
def bazaar(folder: Path, county: County, seed: int) -> Iterator[Bazaar]:
    """A bazaar with a device of every scope and an office record at each office."""
    with anyio.from_thread.start_blocking_portal() as portal:
        made = Bazaar(county, build(county, measure=Measure(0, 0)), portal, Random(seed))
        for scope in SCOPES:
            made.join(scope)
        for asker, scope in zip(made.askers, SCOPES, strict=True):
            if scope in OFFICES:
                record_id = packed(new_id())
                made.push(
                    asker, change({"name": made.word(record_id), "division_code": scope}, kind="judicial_office", scope=scope, record_id=record_id)
                )
        yield made


async def _exchange(app: Any, method: str, path: str, token: str, body: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    got: dict[str, Any] = {"body": b""}
    asked = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> dict[str, Any]:
        return next(asked, {"type": "http.disconnect"})

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            got.update(status=message["status"], headers=message["headers"])
        else:
            got["body"] += message.get("body", b"")

    headers = [(b"content-length", str(len(body)).encode()), (b"authorization", f"Bearer {token}".encode())]
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
    }
    await app(
        {**scope, "query_string": b"", "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 1), "scheme": "http"}, receive, send
    )
    return got["status"], got["headers"], got["body"]
