"""The line between one machine and the county: carries real HTTP messages by direct calls and fails as it was told."""

from __future__ import annotations

import base64
import errno
import io
from collections import deque
from collections.abc import Callable
from random import Random
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from jusuo_desktop.wire.codec import decode, encode
from jusuo_desktop.wire.messages import (
    CONTENT_TYPE,
    RECEIPT_HEADER,
    Entry,
    Failure,
    PullRequest,
    PullResponse,
    PushResponse,
    Result,
    TablePush,
)
from tests.simulation.county_house import COUNTY_CODE, Answer, CountyHouse
from tests.simulation.faults import Fate


class Road(HTTPAdapter):
    """Takes the place of the sockets. `fates` are used up one by one; when there are no more, all goes well. `late` takes what will arrive later."""

    def __init__(self, house: CountyHouse, chance: Random, late: list[tuple[str, str, bytes]], tell: Callable[[str], None]) -> None:
        super().__init__()
        self._house, self._chance, self._late, self._tell = house, chance, late, tell
        self.fates: deque[Fate] = deque()
        self.exchanges = 0
        self.closed_to: frozenset[str] = frozenset()
        """Paths on which no exchange gets through."""

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """One exchange."""
        fate = self.fates.popleft() if self.fates else Fate.WELL
        path = urlsplit(str(request.url)).path
        fate = Fate.NO_ROUTE if path in self.closed_to else fate
        self.exchanges += 1
        self._tell(f"{path.removeprefix('/v1/')}:{fate.name}")
        token = str(request.headers.get("Authorization", "")).removeprefix("Bearer ").strip()
        sent = request.body or b""
        body = sent if isinstance(sent, bytes) else sent.encode()
        match fate:
            case Fate.NO_ROUTE:
                raise requests.ConnectionError(OSError(errno.ENETUNREACH, "no route"))
            case Fate.BEFORE_REQUEST:
                raise requests.ConnectionError(ConnectionResetError(errno.ECONNRESET, "reset"))
            case Fate.IN_BODY:
                self._house.serve(path, token, body[: self._chance.randrange(max(1, len(body)))])
                raise requests.ConnectionError(BrokenPipeError(errno.EPIPE, "pipe"))
            case Fate.LATE:
                self._late.append((path, token, body))
                raise requests.ReadTimeout("late")
            case Fate.PORTAL:
                return self._response(request, (200, b"<html>please log in</html>", ""), media="text/html")
            case Fate.FORGED:
                return self._response(request, forged(path, body))
            case Fate.SERVER_DIES:
                answer = self._house.serve(path, token, body, dies_at=self._chance.randint(1, 14))
            case Fate.TWICE:
                self._house.serve(path, token, body)
                answer = self._house.serve(path, token, body)
            case _:
                answer = self._house.serve(path, token, body)
        if answer is None or fate is Fate.BEFORE_HEADERS:
            raise requests.ConnectionError(ConnectionResetError(errno.ECONNRESET, "reset"))
        if fate is Fate.SILENT:
            raise requests.ReadTimeout("silent")
        cut = self._chance.randrange(len(answer[1])) if fate is Fate.IN_ANSWER else None
        return self._response(request, answer, cut=cut)

    def _response(self, request: requests.PreparedRequest, answer: Answer, *, cut: int | None = None, media: str = CONTENT_TYPE) -> requests.Response:
        status, body, receipt = answer
        headers = {"Content-Type": media, "Content-Length": str(len(body)), RECEIPT_HEADER: receipt}
        raw = urllib3.HTTPResponse(
            io.BytesIO(body[:cut]), headers, status, preload_content=False, decode_content=False, enforce_content_length=True, request_method="POST"
        )
        return self.build_response(request, raw)


def forged(path: str, asked: bytes) -> Answer:
    """The answer of somebody who knows everything of the county but its key: all was taken in, and here is a record that nobody typed."""
    now = 1_770_000_000_000
    match path:
        case "/v1/pull":
            pull = decode(asked, PullRequest)
            feed, seq = next(iter(pull.cursor.items()), (COUNTY_CODE, 0))
            told = Entry(feed, seq + 1, b"f" * 16, b"g" * 16, "consultation", feed, b"", 1, "x", "", now, now, {"name": "没有来过的人"})
            message: object = PullResponse(pull.epoch, [told], {**pull.cursor, feed: seq + 1}, False, now)
        case "/v2/push":
            push = decode(asked, TablePush)
            message = PushResponse(push.epoch, [Result("accepted", 1)] * len(push.shape_of), now)
        case _:
            return 401, encode(Failure("revoked", "本机已被停用。")), base64.b64encode(bytes(64)).decode()
    return 200, encode(message), base64.b64encode(bytes(64)).decode()
