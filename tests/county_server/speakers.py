"""Devices without a store: they speak the protocol over HTTP to a running county and add up for themselves what they were told."""

from __future__ import annotations

import http.client
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jusuo_desktop.records.identity import unpacked
from jusuo_desktop.wire.codec import decode, encode
from jusuo_desktop.wire.columns import push_request
from jusuo_desktop.wire.digest import MODULUS, SIZE, record_digest
from jusuo_desktop.wire.messages import (
    ChallengeRequest,
    ChallengeResponse,
    Change,
    DigestRequest,
    DigestResponse,
    EnrollRequest,
    EnrollResponse,
    Entry,
    Failure,
    PullRequest,
    PullResponse,
    PushResponse,
    Result,
    SessionRequest,
    SessionResponse,
)
from jusuo_desktop.wire.receipt import challenge_text
from jusuo_desktop.wire.table import tabled

Answer = TypeVar("Answer")
PAGE_BYTES = 1 << 18


class Failed(Exception):
    """The county refused."""


class Speaker:
    """One device on one connection."""

    def __init__(self, url: str, code: str, name: str = "电脑") -> None:
        where = urlsplit(url)
        self._line = http.client.HTTPConnection(str(where.hostname), where.port, timeout=120)
        self._key = Ed25519PrivateKey.generate()
        self._token = ""
        answer = self.ask("/v1/enroll", EnrollRequest(code, self._key.public_key().public_bytes_raw(), name), EnrollResponse)
        self.id, self.scope, self.epoch = answer.device_id, answer.scope, answer.epoch

    def close(self) -> None:
        """Hangs up."""
        self._line.close()

    def ask(self, path: str, message: Any, kind: type[Answer]) -> Answer:
        """One exchange.

        Raises:
            Failed: see there.
        """
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        self._line.request("POST", path, encode(message), headers)
        response = self._line.getresponse()
        body = response.read()
        if response.status != 200:
            raise Failed(f"{path}: {response.status} {decode(body, Failure).message}")
        return decode(body, kind)

    def sign_in(self) -> None:
        """Opens a session."""
        asked = self.ask("/v1/challenge", ChallengeRequest(self.id), ChallengeResponse).challenge
        signature = self._key.sign(challenge_text(self.epoch, asked))
        self._token = self.ask("/v1/session", SessionRequest(self.id, asked, signature), SessionResponse).token

    def push(self, changes: Sequence[Change]) -> list[Result]:
        """Sends one batch."""
        batch = tabled(push_request(secrets.token_bytes(16), self.epoch, changes))
        return self.ask("/v2/push", batch, PushResponse).results

    def pull(self, cursor: dict[str, int], most_bytes: int = PAGE_BYTES) -> PullResponse:
        """What comes after a cursor, one's own values included."""
        return self.ask("/v1/pull", PullRequest(self.epoch, cursor, most_bytes, True), PullResponse)

    def digest(self) -> DigestResponse:
        """What the county says that the device must hold."""
        return self.ask("/v1/digest", DigestRequest(self.epoch), DigestResponse)


@dataclass
class Holding:
    """What a device holds by what it was told; made to find a place that was passed over or told twice."""

    cursor: dict[str, int] = field(default_factory=dict)
    records: dict[bytes, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    changes: set[bytes] = field(default_factory=set)
    total: int = 0

    def take(self, entry: Entry, *, whole_feed: bool) -> None:
        """Takes in an entry. Of a `whole_feed` every place is told, of others those that concern the device."""
        expected = self.cursor.get(entry.feed, 0) + 1
        assert entry.seq == expected if whole_feed else entry.seq >= expected, f"{entry.feed}: {entry.seq} came where {expected} is due"
        assert entry.change_id not in self.changes, f"{entry.feed}: {entry.seq} is told twice"
        self.changes.add(entry.change_id)
        self.cursor[entry.feed] = entry.seq
        identity = unpacked(entry.record_id)
        version, values = self.records.get(entry.record_id, (0, {}))
        assert entry.version == version + 1, f"{identity}: version {entry.version} after {version}"
        self.total -= record_digest(identity, version, values) if version else 0
        after = {n: v for n, v in {**values, **(entry.fields or {})}.items() if v is not None}
        self.records[entry.record_id] = entry.version, after
        self.total += record_digest(identity, entry.version, after)

    @property
    def digest(self) -> tuple[bytes, int]:
        """Digest and count."""
        return (self.total % MODULUS).to_bytes(SIZE, "big"), len(self.records)
