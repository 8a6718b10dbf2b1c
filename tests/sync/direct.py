"""A line to a county in this process: every message goes through the codec, and the line fails where the test says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from county_server.county import County
from county_server.failing import Refusal
from jusuo_desktop.store import Enrolment, Store
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.diagnosis import said
from jusuo_desktop.wire.codec import decode, encode
from jusuo_desktop.wire.messages import (
    BlocksRequest,
    BlocksResponse,
    ContentGetRequest,
    ContentGetResponse,
    ContentPutRequest,
    ContentPutResponse,
    ContentStateRequest,
    ContentStateResponse,
    DigestRequest,
    DigestResponse,
    EnrollRequest,
    LeaseRequest,
    LeaseResponse,
    PullRequest,
    PullResponse,
    PushRequest,
    PushResponse,
    Returned,
    ReturnRequest,
    ReturnResponse,
)
from tests.county_server.counties import code_for

T = TypeVar("T")


class Fate(Enum):
    """What becomes of one exchange."""

    WELL = "well"
    LOST = "lost on the way there"
    UNANSWERED = "lost on the way back"
    TWICE = "delivered twice"


class DirectTransport:
    """A `sync.transport.Transport` by direct calls. Each exchange takes the next fate; when there are no more, all goes well."""

    def __init__(self, county: County, device_id: str, fates: Iterable[Fate] = ()) -> None:
        self._county, self._device_id = county, device_id
        self._fates: Iterator[Fate] = iter(fates)

    def push(self, request: PushRequest) -> PushResponse:
        return self._ask(self._county.push, request, PushResponse)

    def prepared(self, request: PushRequest) -> Callable[[], PushResponse]:
        return lambda: self.push(request)

    def pull(self, request: PullRequest) -> PullResponse:
        return self._ask(self._county.pull, request, PullResponse)

    def digest(self, epoch: str) -> DigestResponse:
        return self._ask(self._county.digest, DigestRequest(epoch), DigestResponse)

    def lease(self, series: str, count: int, request_id: bytes, after: int = 0) -> LeaseResponse:
        return self._ask(self._county.lease, LeaseRequest(request_id, series, count, after), LeaseResponse)

    def take_back(self, returns: list[Returned]) -> ReturnResponse:
        return self._ask(self._county.take_back, ReturnRequest(returns), ReturnResponse)

    def blocks(self, year: int, digest: bytes) -> BlocksResponse:
        return self._ask(self._county.blocks, BlocksRequest(year, digest), BlocksResponse)

    def content_state(self, contents: list[bytes]) -> ContentStateResponse:
        return self._ask(self._county.content_state, ContentStateRequest(self._county.epoch, contents), ContentStateResponse)

    def content_put(self, sha256: bytes, size: int, at: int, data: bytes) -> ContentPutResponse:
        return self._ask(self._county.content_put, ContentPutRequest(self._county.epoch, sha256, size, at, data), ContentPutResponse)

    def content_get(self, sha256: bytes, at: int, most: int) -> ContentGetResponse:
        return self._ask(self._county.content_get, ContentGetRequest(self._county.epoch, sha256, at, most), ContentGetResponse)

    def _ask(self, act: Callable[[str, Any], object], request: object, kind: type[T]) -> T:
        fate = next(self._fates, Fate.WELL)
        if fate is Fate.LOST:
            raise failures.LineCut
        sent = encode(request)
        try:
            for _ in range(2 if fate is Fate.TWICE else 1):
                answer = encode(act(self._device_id, decode(sent, type(request))))
        except Refusal as refused:
            raise said(refused.status, refused.code, refused.message) from None
        if fate is Fate.UNANSWERED:
            raise failures.LineCut
        return decode(answer, kind)


def joined(county: County, store: Store, scope: str) -> str:
    """Enrols a store at the county; returns the device's id."""
    key = Ed25519PrivateKey.generate()
    answer = county.enroll(EnrollRequest(code_for(county, scope), key.public_key().public_bytes_raw(), "电脑"))
    store.enrol(Enrolment("https://county.invalid", answer.device_id, answer.scope, answer.epoch, county.public_key, b"", key.private_bytes_raw()))
    return answer.device_id
