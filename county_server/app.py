"""The HTTP face: bounds first, then who speaks, then the act; every answer typed and signed."""

from __future__ import annotations

import base64
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.engine import Engine
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from county_server import devices, numbers
from county_server.database import county_row, open_database, reading, writing
from county_server.failing import Refusal, busy, malformed, other_epoch, too_large, unauthorized
from county_server.pull import CursorAhead, digest, pull
from county_server.push import Device, push
from county_server.schema import FEED
from jusuo_desktop.wire.codec import Malformed, decode, encode
from jusuo_desktop.wire.limits import MOST_BODY_BYTES, MOST_CHANGES
from jusuo_desktop.wire.messages import (
    CONTENT_TYPE,
    PROTOCOL,
    RECEIPT_HEADER,
    ChallengeRequest,
    ChallengeResponse,
    DigestRequest,
    EnrollRequest,
    EnrollResponse,
    Failure,
    Hello,
    LeaseRequest,
    LeaseResponse,
    PullRequest,
    PushRequest,
    PushResponse,
    SessionRequest,
    SessionResponse,
)
from jusuo_desktop.wire.receipt import sign_receipt

T = TypeVar("T")

MOST_WRONG_CODES: Final = 20
WRONG_CODE_SECONDS: Final = 600


def now() -> int:
    """The server's clock, milliseconds since 1970."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class County:
    """What every request needs; read once per worker process."""

    engine: Engine
    name: str
    epoch: str
    key: Ed25519PrivateKey
    secret: bytes
    root_certificate: bytes


def open_county(database_url: str) -> County:
    """The county behind a database.

    Raises:
        LookupError: the database has not been initialised.
    """
    engine = open_database(database_url)
    with reading(engine).begin() as connection:
        row = county_row(connection)
    if row is None:
        raise LookupError(database_url)
    key = Ed25519PrivateKey.from_private_bytes(bytes(row.signing_key))
    return County(engine, row.name, row.epoch, key, bytes(row.token_secret), bytes(row.root_certificate))


class Face:
    """The endpoints over one county."""

    def __init__(self, county: County) -> None:
        self.county = county
        self._wrong_codes: deque[float] = deque(maxlen=MOST_WRONG_CODES)

    def routes(self) -> list[Route]:
        """Every path that the server answers."""
        acts: dict[str, Callable[[bytes, str], Any]] = {
            "/v1/enroll": self.enroll,
            "/v1/challenge": self.challenge,
            "/v1/session": self.session,
            "/v1/push": self.push,
            "/v1/pull": self.pull,
            "/v1/digest": self.digest,
            "/v1/lease": self.lease,
        }
        posts = [Route(path, self._answering(act), methods=["POST"]) for path, act in acts.items()]
        return [Route("/v1/hello", self._answering(self.hello), methods=["GET"]), Route("/health", self.health), *posts]

    def _answering(self, act: Callable[[bytes, str], Any]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            body = b""
            try:
                body = await bounded_body(request)
                token = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
                status, message = 200, await run_in_threadpool(act, body, token)
            except Malformed:
                refusal = malformed()
                status, message = refusal.status, Failure(refusal.code, refusal.message)
            except Refusal as refusal:
                status, message = refusal.status, Failure(refusal.code, refusal.message)
            content = encode(message)
            receipt = base64.b64encode(sign_receipt(self.county.key, body, content)).decode()
            return Response(content, status, {RECEIPT_HEADER: receipt, "Cache-Control": "no-store"}, CONTENT_TYPE)

        return answer

    async def health(self, request: Request) -> Response:
        """Whether the database answers; for load balancers."""

        def look() -> None:
            with reading(self.county.engine).begin() as connection:
                connection.execute(select(FEED.c.name).limit(1)).first()

        await run_in_threadpool(look)
        return PlainTextResponse("ok\n")

    def hello(self, body: bytes, token: str) -> Hello:
        """The server's face before enrolment."""
        county = self.county
        return Hello(PROTOCOL, county.epoch, county.name, county.key.public_key().public_bytes_raw(), county.root_certificate)

    def enroll(self, body: bytes, token: str) -> EnrollResponse:
        """Redeems a one-time code."""
        recent = [t for t in self._wrong_codes if t > time.monotonic() - WRONG_CODE_SECONDS]
        if len(recent) >= MOST_WRONG_CODES:
            raise busy()
        request = decode(body, EnrollRequest)
        try:
            with writing(self.county.engine).begin() as connection:
                device_id, scope = devices.enrol(connection, request, now())
        except Refusal:
            self._wrong_codes.append(time.monotonic())
            raise
        return EnrollResponse(device_id, scope, self.county.epoch)

    def challenge(self, body: bytes, token: str) -> ChallengeResponse:
        """A nonce for any device id: who asks is proved only with the session."""
        request = decode(body, ChallengeRequest)
        return ChallengeResponse(devices.challenge(self.county.secret, request.device_id[:64], now()))

    def session(self, body: bytes, token: str) -> SessionResponse:
        """A token for a signed challenge."""
        request = decode(body, SessionRequest)
        with reading(self.county.engine).begin() as connection:
            opened, scope = devices.open_session(connection, self.county.secret, self.county.epoch, request, now())
        return SessionResponse(opened, devices.SESSION_SECONDS, scope)

    def _device(self, connection: Any, token: str) -> Device:
        if not token:
            raise unauthorized()
        return devices.device_of(connection, self.county.secret, token, now())

    def _same_past(self, epoch: str) -> None:
        if epoch != self.county.epoch:
            raise other_epoch()

    def push(self, body: bytes, token: str) -> PushResponse:
        """Takes in a batch."""
        with reading(self.county.engine).begin() as connection:
            device = self._device(connection, token)
        request = decode(body, PushRequest)
        self._same_past(request.epoch)
        if len(request.changes) > MOST_CHANGES:
            raise too_large()
        with writing(self.county.engine).begin() as connection:
            device = self._device(connection, token)  # again under the lock: a revocation takes effect at once
            results = push(connection, device, request.changes, now())
            devices.touched(connection, device.id, now())
        return PushResponse(self.county.epoch, results, now())

    def pull(self, body: bytes, token: str) -> Any:
        """Hands out what comes after a cursor."""
        with reading(self.county.engine).begin() as connection:
            device = self._device(connection, token)
            request = decode(body, PullRequest)
            self._same_past(request.epoch)
            try:
                return pull(connection, device, request, self.county.epoch, now())
            except CursorAhead:
                raise other_epoch() from None

    def digest(self, body: bytes, token: str) -> Any:
        """The digest of the device's scope."""
        with reading(self.county.engine).begin() as connection:
            device = self._device(connection, token)
            self._same_past(decode(body, DigestRequest).epoch)
            return digest(connection, device)

    def lease(self, body: bytes, token: str) -> LeaseResponse:
        """A block of numbers."""
        request = decode(body, LeaseRequest)
        with writing(self.county.engine).begin() as connection:
            device = self._device(connection, token)
            return LeaseResponse(*numbers.lease(connection, device.id, request, now()))


async def bounded_body(request: Request) -> bytes:
    """The body, read no further than the limit.

    Raises:
        Refusal: too large.
    """
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > MOST_BODY_BYTES:
            raise too_large()
        pieces.append(piece)
    return b"".join(pieces)


def build(database_url: str) -> Starlette:
    """The ASGI application of one worker process."""
    return Starlette(routes=Face(open_county(database_url)).routes())
