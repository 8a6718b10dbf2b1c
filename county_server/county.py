"""One county as a worker process knows it, and the acts that a device can ask of it, each in its own transaction."""

from __future__ import annotations

import hashlib
import hmac
import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Final, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from psycopg.errors import DeadlockDetected, SerializationFailure, UniqueViolation
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from county_server import contents, devices, number_returns, numbers, releasing, sessions, set_aside
from county_server.database import Database, county_row
from county_server.failing import Refusal, malformed, other_epoch, too_large, too_many_codes, too_new, too_old, went_backward, wrong_content
from county_server.judging import Device
from county_server.moving import moves, readable_until, resettled, unheard
from county_server.pull import CursorAhead, check_cursor, digest, pull
from county_server.push import Moved, push
from county_server.sightings import Sightings
from county_server.upgrade import HEAD, revision
from jusuo_desktop.wire.bundle import seal_key_of
from jusuo_desktop.wire.columns import changes_of
from jusuo_desktop.wire.limits import MOST_CHANGES
from jusuo_desktop.wire.messages import (
    OLDEST,
    PROTOCOL,
    PUSH_FORM,
    BlocksRequest,
    BlocksResponse,
    ChallengeRequest,
    ChallengeResponse,
    Change,
    ContentGetRequest,
    ContentGetResponse,
    ContentPutRequest,
    ContentPutResponse,
    ContentStateRequest,
    ContentStateResponse,
    DigestRequest,
    DigestResponse,
    EnrollRequest,
    EnrollResponse,
    Hello,
    LeaseRequest,
    LeaseResponse,
    PullRequest,
    PullResponse,
    PushRequest,
    PushResponse,
    ReleaseRequest,
    ReleaseResponse,
    ReturnRequest,
    ReturnResponse,
    SessionRequest,
    SessionResponse,
    TablePush,
)
from jusuo_desktop.wire.release_code import device_secret
from jusuo_desktop.wire.table import changes_in

T = TypeVar("T")

OVERTAKEN: Final = (UniqueViolation, DeadlockDetected, SerializationFailure)
"""As they come from COPY, which SQLAlchemy does not see."""

TRIES: Final = 5
"""Two batches that create one record in two feeds collide; the second try sees what the first one wrote."""


class County:
    """A county behind a database. Its key, secret and epoch are read once; everything else is in the database.

    Raises:
        LookupError: the database has not been initialised.
    """

    def __init__(self, database: Database, clock: Callable[[], int] | None = None, chance: random.Random | None = None) -> None:
        self.database = database
        self._chance = chance
        self.now = clock or (lambda: time.time_ns() // 1_000_000)
        with database.reading() as connection:
            row = county_row(connection)
        if row is None:
            raise LookupError("no county here")
        self.code, self.name, self.epoch = str(row.code), str(row.name), str(row.epoch)
        self.key = Ed25519PrivateKey.from_private_bytes(bytes(row.signing_key))
        self.root_certificate = bytes(row.root_certificate)
        self._secret = bytes(row.token_secret)
        self.seal_key = seal_key_of(self._secret)
        self.sightings = Sightings()

    @property
    def public_key(self) -> bytes:
        """The key by which every answer is checked, 32 bytes."""
        return self.key.public_key().public_bytes_raw()

    def alive(self) -> str | None:
        """The schema at which the database answers; None if it is not that of this version."""
        with self.database.reading() as connection:
            present = revision(connection)
        return present if present == HEAD else None

    def write_down(self) -> None:
        """Writes down what this worker has seen of devices since the last time."""
        if self.sightings.waiting():
            with self.database.writing() as connection:
                self.sightings.write(connection)

    def seal(self, purpose: bytes, content: bytes) -> str:
        """What only this county can have made of `content`, for one purpose."""
        return hmac.new(self._secret, purpose + b"\n" + content, hashlib.sha256).hexdigest()

    def hello(self) -> Hello:
        """The server's face before enrolment."""
        seal_key = self.seal_key.public_key().public_bytes_raw()
        return Hello(PROTOCOL, self.epoch, self.name, self.public_key, self.root_certificate, seal_key, OLDEST)

    def enroll(self, request: EnrollRequest) -> EnrollResponse:
        """Redeems a one-time code."""
        with self.database.reading() as connection:
            if devices.wrong_codes(connection, self.now()) >= devices.MOST_WRONG:
                raise too_many_codes()
        try:
            with self.database.writing() as connection:
                device = devices.enrol(connection, request, self.now(), self._chance)
        except Refusal:
            with self.database.writing() as connection:
                devices.count_wrong_code(connection, self.now())
            raise
        return EnrollResponse(device.id, device.scope, self.epoch)

    def challenge(self, request: ChallengeRequest) -> ChallengeResponse:
        """A nonce for any device id: who asks is proved only with the session."""
        return ChallengeResponse(sessions.challenge(self._secret, request.device_id, self.now()))

    def session(self, request: SessionRequest) -> SessionResponse:
        """A token for a signed challenge, if both sides have a protocol in common."""
        if request.protocol < OLDEST:
            raise too_old()
        if request.oldest > PROTOCOL:
            raise too_new()
        with self.database.reading() as connection:
            row = devices.device_row(connection, request.device_id)
        key, now = bytes(row.public_key), self.now()
        sessions.answered(self._secret, self.epoch, row.id, key, request.challenge, request.signature, now)
        if row.last_contact < now - devices.CONTACT_EVERY:
            with self.database.writing() as connection:
                devices.touched(connection, row.id, now)
        self.sightings.runs(row.id, request.program)
        token = sessions.token(self._secret, row.id, now)
        return SessionResponse(token, sessions.SESSION_SECONDS, row.scope, PUSH_FORM, device_secret(self._secret, row.id))

    def speaker(self, token: str) -> str:
        """The device id in a token; whether it may still speak is asked again in each act's own transaction.

        Raises:
            Refusal: forged or expired.
        """
        return sessions.device_in(self._secret, token, self.now())

    def push(self, device_id: str, request: PushRequest) -> PushResponse:
        """Takes in a batch."""
        self._same_past(request.epoch)
        return self._taken_in(device_id, request, changes_of(request))

    def push_table(self, device_id: str, request: TablePush) -> PushResponse:
        """Takes in a batch that comes as a table."""
        self._same_past(request.epoch)
        return self._taken_in(device_id, request, changes_in(request))

    def _taken_in(self, device_id: str, request: PushRequest | TablePush, changes: list[Change] | None) -> PushResponse:
        if changes is None:
            raise malformed()
        if len(changes) > MOST_CHANGES:
            raise too_large()

        def taken_in(connection: Connection) -> PushResponse:
            device = devices.giving_device(connection, device_id, request.scope)
            now, moved = self.now(), moves(connection)
            new = unheard(moved, device.scope, request.cursor)
            device = replace(device, also=(*device.also, *(resettled(moved, m.old_scope) for m in new)))
            try:
                check_cursor(connection, device.scope, request.cursor, request.marks)
            except CursorAhead:
                raise went_backward() from None
            results, place = push(connection, device, changes, now, moved, new)
            if place is not None and readable_until(moved, device.scope, place.feed, request.cursor, place.first) < place.first:
                place = None  # something that left is to be told before
            set_aside.note(connection, device.id, changes, results, now)
            devices.touched(connection, device.id, now)
            return PushResponse(self.epoch, results, now, place)

        return self._written(taken_in)

    def pull(self, device_id: str, request: PullRequest) -> PullResponse:
        """Hands out what comes after a cursor."""
        self._same_past(request.epoch)
        with self.database.reading() as connection:
            device = devices.known_device(connection, device_id)
            now = self.now()
            try:
                answer = pull(connection, device, request, self.epoch, now)
            except CursorAhead:
                raise went_backward() from None
        self.sightings.pulled(device.id, answer.cursor, now)
        return answer

    def digest(self, device_id: str, request: DigestRequest) -> DigestResponse:
        """The digest of the device's scope."""
        self._same_past(request.epoch)
        with self.database.reading() as connection:
            return digest(connection, devices.known_device(connection, device_id))

    def content_state(self, device_id: str, request: ContentStateRequest) -> ContentStateResponse:
        """How much of some attachments is here."""
        self._same_past(request.epoch)
        with self.database.reading() as connection:
            return contents.state(connection, self._giver(connection, device_id), request)

    def content_put(self, device_id: str, request: ContentPutRequest) -> ContentPutResponse:
        """Takes in a piece of an attachment."""
        self._same_past(request.epoch)

        def taken_in(connection: Connection) -> ContentPutResponse:
            done = contents.put(connection, self._giver(connection, device_id), request, self.now())
            if done.received < 0:
                contents.forget_wrong(connection, request.sha256)
            return done

        done = self._written(taken_in)
        if done.received < 0:
            raise wrong_content()
        return done

    def content_get(self, device_id: str, request: ContentGetRequest) -> ContentGetResponse:
        """A piece of an attachment."""
        self._same_past(request.epoch)
        with self.database.reading() as connection:
            return contents.get(connection, devices.known_device(connection, device_id), request)

    def lease(self, device_id: str, request: LeaseRequest) -> LeaseResponse:
        """A block of numbers."""

        def leased(connection: Connection) -> LeaseResponse:
            device: Device = devices.known_device(connection, device_id)
            return LeaseResponse(*numbers.lease(connection, device, request, self.now()))

        return self._written(leased)

    @staticmethod
    def _giver(connection: Connection, device_id: str) -> Device:
        """A device that hands over attachments, those of villages as well that were its own before they were moved."""
        device, moved = devices.giving_device(connection, device_id), moves(connection)
        return replace(device, also=(*device.also, *(resettled(moved, m.old_scope) for m in unheard(moved, device.scope, {}))))

    def take_back(self, device_id: str, request: ReturnRequest) -> ReturnResponse:
        """Takes back numbers that were not used."""

        def taken(connection: Connection) -> ReturnResponse:
            return number_returns.take_back(connection, devices.known_device(connection, device_id), request, self.now())

        return self._written(taken)

    def blocks(self, device_id: str, request: BlocksRequest) -> BlocksResponse:
        """The blocks of numbers within the device's scope."""
        with self.database.reading() as connection:
            return number_returns.told(connection, devices.known_device(connection, device_id), request)

    def release(self, device_id: str, request: ReleaseRequest) -> ReleaseResponse:
        """A release code for a director."""
        with self.database.reading() as connection:
            device = devices.known_device(connection, device_id)
            return releasing.release_asked(connection, self._secret, device, request, self._today())

    def release_code(self, device_id: str, challenge: str, days: int = 0) -> ReleaseResponse:
        """A release code for the administrator.

        Raises:
            Refusal: no such device, or a challenge that was misheard.
        """
        with self.database.reading() as connection:
            return releasing.release(connection, self._secret, device_id, challenge, self._today(), days)

    def _today(self) -> date:
        return datetime.fromtimestamp(self.now() / 1000).date()

    def _same_past(self, epoch: str) -> None:
        if epoch != self.epoch:
            raise other_epoch()

    def _written(self, act: Callable[[Connection], T]) -> T:
        """The result of `act` in a writing transaction, tried again when another one came in between."""
        for tried in range(1, TRIES + 1):
            try:
                with self.database.writing() as connection:
                    return act(connection)
            except (Moved, IntegrityError, *OVERTAKEN):
                if tried == TRIES:
                    raise
            except DBAPIError as error:
                if tried == TRIES or not isinstance(error.orig, DeadlockDetected | SerializationFailure):
                    raise
        raise AssertionError("the last try returns or raises")
