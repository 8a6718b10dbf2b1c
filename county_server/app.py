"""The HTTP face: bounds first, then who speaks, then the act; every answer typed and signed."""

from __future__ import annotations

import base64
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

import anyio
import msgspec
import psycopg
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from county_server import failing
from county_server.county import County
from county_server.failing import Refusal
from jusuo_desktop.wire.codec import Malformed, decode, encode
from jusuo_desktop.wire.limits import MOST_BODY_BYTES
from jusuo_desktop.wire.messages import (
    CONTENT_TYPE,
    RECEIPT_HEADER,
    BlocksRequest,
    ChallengeRequest,
    ContentGetRequest,
    ContentPutRequest,
    ContentStateRequest,
    DigestRequest,
    EnrollRequest,
    Failure,
    LeaseRequest,
    PullRequest,
    PushRequest,
    ReleaseRequest,
    ReturnRequest,
    SessionRequest,
    TablePush,
)
from jusuo_desktop.wire.receipt import sign_receipt

BODY_SECONDS: Final = 300
"""A request's body may take that long: 16 MiB at half a megabit; then the line is free for others."""

LITTLE: Final = 64 * 1024
"""Bytes of a request that is made before anybody has proved who he is."""

OUT_OF_REACH: Final = (OperationalError, PoolTimeout, psycopg.OperationalError)
"""The database is locked for too long, full, or gone; the last one comes from COPY, which SQLAlchemy does not see."""

log: Final = logging.getLogger("county_server")


def build(county: County, body_seconds: float = BODY_SECONDS) -> Starlette:
    """The ASGI application of one worker process."""
    face = _Face(county, body_seconds)
    open_acts = [
        face.open_act("/v1/enroll", EnrollRequest, county.enroll),
        face.open_act("/v1/challenge", ChallengeRequest, county.challenge),
        face.open_act("/v1/session", SessionRequest, county.session),
    ]
    acts = [
        face.act("/v1/push", PushRequest, county.push),
        face.act("/v2/push", TablePush, county.push_table),
        face.act("/v1/pull", PullRequest, county.pull),
        face.act("/v1/digest", DigestRequest, county.digest),
        face.act("/v1/lease", LeaseRequest, county.lease),
        face.act("/v1/return", ReturnRequest, county.take_back),
        face.act("/v1/blocks", BlocksRequest, county.blocks),
        face.act("/v1/release", ReleaseRequest, county.release),
        face.act("/v1/content/state", ContentStateRequest, county.content_state),
        face.act("/v1/content/put", ContentPutRequest, county.content_put),
        face.act("/v1/content/get", ContentGetRequest, county.content_get),
    ]
    others = [Route("/v1/hello", face.hello, methods=["GET"]), Route("/health", face.health, methods=["GET"])]
    built = Starlette(routes=[*others, *open_acts, *acts], exception_handlers={HTTPException: face.astray, Exception: face.broke})
    built.router.redirect_slashes = False  # an answer that nobody signed, to a host that the request itself names
    return built


class _Face:
    """Turns the county's acts into endpoints."""

    def __init__(self, county: County, body_seconds: float) -> None:
        self._county, self._body_seconds = county, body_seconds

    def open_act(self, path: str, kind: type[msgspec.Struct], act: Callable[[Any], object]) -> Route:
        """An endpoint for anybody; its requests are small."""

        async def endpoint(request: Request) -> Response:
            async def answer(read: list[bytes]) -> object:
                read.append(body := await _body(request, LITTLE, self._body_seconds))
                return await run_in_threadpool(lambda: act(decode(body, kind, most=LITTLE)))

            return await self._answered(request, answer)

        return Route(path, endpoint, methods=["POST"])

    def act(self, path: str, kind: type[msgspec.Struct], act: Callable[[str, Any], object]) -> Route:
        """An endpoint for devices: the token is looked at before a byte of the body."""

        async def endpoint(request: Request) -> Response:
            async def answer(read: list[bytes]) -> object:
                presented = request.headers.get("authorization", "")
                device_id = self._county.speaker(presented.removeprefix("Bearer ").strip())
                read.append(body := await _body(request, MOST_BODY_BYTES, self._body_seconds))
                return await run_in_threadpool(lambda: act(device_id, decode(body, kind)))

            return await self._answered(request, answer)

        return Route(path, endpoint, methods=["POST"])

    async def hello(self, request: Request) -> Response:
        """The server's face before enrolment."""

        async def answer(read: list[bytes]) -> object:
            return self._county.hello()

        return await self._answered(request, answer)

    async def health(self, request: Request) -> Response:
        """Whether the database answers, for load balancers: plain text, 200 or 503."""
        try:
            await run_in_threadpool(self._county.alive)
        except OUT_OF_REACH:
            return PlainTextResponse("database\n", 503)
        return PlainTextResponse("ok\n")

    async def astray(self, request: Request, error: Exception) -> Response:
        """A path or a method that there is not."""
        status = error.status_code if isinstance(error, HTTPException) else 400
        refusal = failing.no_such_path() if status == 404 else failing.wrong_method()
        return self._signed(b"", Failure(refusal.code, refusal.message), refusal.status)

    async def broke(self, request: Request, error: Exception) -> Response:
        """A bug of ours: the device gets a typed answer, the error goes on to the log."""
        refusal = failing.broken()
        return self._signed(b"", Failure(refusal.code, refusal.message), refusal.status)

    async def _answered(self, request: Request, answer: Callable[[list[bytes]], Awaitable[object]]) -> Response:
        """The signed answer. The receipt names the request that was read; a refusal that came before it was read names none."""
        begun = time.monotonic()
        read: list[bytes] = []
        refusal = None
        message: object = None
        try:
            message = await answer(read)
        except Malformed:
            refusal = failing.malformed()
        except Refusal as refused:
            refusal = refused
        except OUT_OF_REACH:
            log.warning("database does not answer", exc_info=True)
            refusal = failing.busy()
        except ClientDisconnect:
            refusal = failing.malformed()
        if refusal is not None:
            message = Failure(refusal.code, refusal.message)
        body = b"".join(read)
        response = self._signed(body, message, 200 if refusal is None else refusal.status)
        log.info(
            "%s %d %d bytes in, %d out, %.0f ms",
            request.url.path, response.status_code, len(body), len(response.body), (time.monotonic() - begun) * 1000,
        )  # fmt: skip
        return response

    def _signed(self, body: bytes, message: object, status: int) -> Response:
        content = encode(message)
        receipt = base64.b64encode(sign_receipt(self._county.key, body, content)).decode("ascii")
        headers = {RECEIPT_HEADER: receipt, "Cache-Control": "no-store"}
        if status in (429, 503):
            headers["Retry-After"] = "10"
        return Response(content, status, headers, CONTENT_TYPE)


async def _body(request: Request, most: int, seconds: float) -> bytes:
    """The body, refused by its stated length before it is read, and read no further than the limit.

    Raises:
        Refusal: too large, or too slow.
    """
    stated = request.headers.get("content-length", "0")
    if not (stated.isascii() and stated.isdigit()) or int(stated) > most:
        raise failing.too_large()
    pieces: list[bytes] = []
    size = 0
    with anyio.move_on_after(seconds):
        async for piece in request.stream():
            size += len(piece)
            if size > most:
                raise failing.too_large()
            pieces.append(piece)
        return b"".join(pieces)
    raise failing.busy()
