"""The network road to the county server: signs in with the device key and repeats the sign-in when it has run out."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec
import requests.adapters
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jusuo_desktop.store.enrolment import Enrolment
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.county_line import CountyLine, seconds_allowed
from jusuo_desktop.sync.county_root import written_root
from jusuo_desktop.wire.codec import encode
from jusuo_desktop.wire.messages import (
    OLDEST,
    PROTOCOL,
    PUSH_FORM,
    BlocksRequest,
    BlocksResponse,
    ChallengeRequest,
    ChallengeResponse,
    ContentGetRequest,
    ContentGetResponse,
    ContentPutRequest,
    ContentPutResponse,
    ContentStateRequest,
    ContentStateResponse,
    DigestRequest,
    DigestResponse,
    Hello,
    LeaseRequest,
    LeaseResponse,
    PullRequest,
    PullResponse,
    PushRequest,
    PushResponse,
    ReleaseRequest,
    ReleaseResponse,
    Returned,
    ReturnRequest,
    ReturnResponse,
    SessionRequest,
    SessionResponse,
)
from jusuo_desktop.wire.program import program_version
from jusuo_desktop.wire.receipt import challenge_text
from jusuo_desktop.wire.table import tabled

Answer = TypeVar("Answer")


class HttpTransport:
    """A `sync.transport.Transport` over HTTPS. `folder` takes the county's root certificate, which is public, as a file.

    A session token lives as long as the server says; one that is refused earlier is renewed once per exchange.
    """

    def __init__(
        self,
        enrolment: Enrolment,
        folder: Path,
        *,
        allowed: Callable[[int], float] = seconds_allowed,
        road: requests.adapters.BaseAdapter | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds = seconds
        self.enrolment = enrolment
        root = written_root(folder, enrolment.root_certificate)
        self._line = CountyLine(enrolment.url, root=root, server_key=enrolment.server_key, allowed=allowed, road=road)
        self._device_id, self._epoch = enrolment.device_id, enrolment.epoch
        self._key = Ed25519PrivateKey.from_private_bytes(enrolment.private_key)
        self._token = ""
        self._token_ends = 0.0
        self._push_form = 1
        self.release_secret = b""
        """What the county said in this session that opens a locked device (wire.release_code); b'' before it has spoken."""
        self.heard = False
        """Whether the county has spoken to this device: signed, and not shut out."""

    def close(self) -> None:
        """Closes the line. The transport may be used again later: a token that still holds spares two round trips."""
        self._line.close()
        self.heard = False

    def hello(self) -> Hello:
        """The county's face, signed by the key that this machine enrolled with."""
        return self._line.ask("/v1/hello", None, Hello)

    def shut_out(self) -> bool:
        """Whether the county says that it revoked this device: asked anew by signing in, because that question names the device, and believed
        only under a signature over that very question. No old answer and none to another device can stand in for it.
        """
        self._token = ""
        try:
            self._signed_in()
        except failures.Revoked as revoked:
            return revoked.proved
        except failures.SyncFailure:
            return False
        return False

    def push(self, request: PushRequest) -> PushResponse:
        """Sends a batch, in the newest form that both sides know."""
        self._signed_in()
        return self._pushed(self._push_bytes(request))

    def prepared(self, request: PushRequest) -> Callable[[], PushResponse]:
        """Turns a batch into its bytes; the call sends them. Before the first sign-in nobody knows the form that the county reads."""
        if not self._token:
            return lambda: self.push(request)
        ready = self._push_bytes(request)
        return lambda: self._pushed(ready)

    def _push_bytes(self, request: PushRequest) -> tuple[str, bytes]:
        return ("/v2/push", encode(tabled(request))) if self._push_form >= PUSH_FORM else ("/v1/push", encode(request))

    def _pushed(self, ready: tuple[str, bytes]) -> PushResponse:
        path, sent = ready
        return self._ask(path, sent, PushResponse)

    def pull(self, request: PullRequest) -> PullResponse:
        """Fetches what comes after a cursor."""
        return self._ask("/v1/pull", request, PullResponse, awaited=request.most_bytes)

    def digest(self, epoch: str) -> DigestResponse:
        """Fetches the digest of everything this device may hold."""
        return self._ask("/v1/digest", DigestRequest(epoch), DigestResponse)

    def lease(self, series: str, count: int, request_id: bytes, after: int = 0) -> LeaseResponse:
        """Fetches a block of numbers; the same `request_id` brings the same block."""
        return self._ask("/v1/lease", LeaseRequest(request_id, series, count, after), LeaseResponse)

    def take_back(self, returns: list[Returned]) -> ReturnResponse:
        """Gives back numbers; the same again changes nothing."""
        return self._ask("/v1/return", ReturnRequest(returns), ReturnResponse)

    def blocks(self, year: int, digest: bytes) -> BlocksResponse:
        """Fetches the list of the office's blocks, if it is another than that of `digest`."""
        return self._ask("/v1/blocks", BlocksRequest(year, digest), BlocksResponse)

    def release(self, request: ReleaseRequest) -> ReleaseResponse:
        """Fetches the code that opens a locked device."""
        return self._ask("/v1/release", request, ReleaseResponse)

    def content_state(self, contents: list[bytes]) -> ContentStateResponse:
        """How much of some contents the county holds."""
        return self._ask("/v1/content/state", ContentStateRequest(self._epoch, contents), ContentStateResponse)

    def content_put(self, sha256: bytes, size: int, at: int, data: bytes) -> ContentPutResponse:
        """Sends a piece of a content."""
        return self._ask("/v1/content/put", ContentPutRequest(self._epoch, sha256, size, at, data), ContentPutResponse)

    def content_get(self, sha256: bytes, at: int, most: int) -> ContentGetResponse:
        """Fetches a piece of a content."""
        return self._ask("/v1/content/get", ContentGetRequest(self._epoch, sha256, at, most), ContentGetResponse, awaited=most)

    def _ask(self, path: str, request: msgspec.Struct | bytes, answer: type[Answer], *, awaited: int = 0) -> Answer:
        fresh = self._signed_in()
        try:
            answered = self._line.ask(path, request, answer, token=self._token, awaited=awaited)
        except failures.Unauthorized:
            self._token = ""
            if fresh:
                raise
            self._signed_in()
            answered = self._line.ask(path, request, answer, token=self._token, awaited=awaited)
        self.heard = True
        return answered

    def _signed_in(self) -> bool:
        """Makes sure of a token; tells whether it is fresh."""
        if self._token and self._seconds() < self._token_ends:
            return False
        nonce = self._line.ask("/v1/challenge", ChallengeRequest(self._device_id), ChallengeResponse).challenge
        signature = self._key.sign(challenge_text(self._epoch, nonce))
        asked = SessionRequest(self._device_id, nonce, signature, program_version(), PROTOCOL, OLDEST)
        session = self._line.ask("/v1/session", asked, SessionResponse)
        self._token = session.token
        self._push_form = session.push_form
        self.release_secret, self.heard = session.release_secret, True
        self._token_ends = self._seconds() + session.seconds * 0.9
        return True
