"""The endpoints for devices: bounds first, then who speaks, then the act; every answer typed and signed."""

from __future__ import annotations

import base64
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

import anyio
import psycopg
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from county_server import failing, routes
from county_server.county import County
from county_server.failing import Refusal
from county_server.journal import OURS
from county_server.limits import LITTLE, Limits
from county_server.metrics import Metrics
from county_server.openapi import description
from county_server.routes import Act
from county_server.watching import watch_of
from jusuo_desktop.wire.codec import Malformed, decode, encode
from jusuo_desktop.wire.limits import MOST_BODY_BYTES
from jusuo_desktop.wire.messages import CONTENT_TYPE, RECEIPT_HEADER, Failure, PushResponse
from jusuo_desktop.wire.program import program_version
from jusuo_desktop.wire.receipt import sign_receipt

OUT_OF_REACH: Final = (OperationalError, PoolTimeout, psycopg.OperationalError)
"""The database is locked for too long, full, or gone; the last one comes from COPY, which SQLAlchemy does not see."""

log: Final = logging.getLogger(OURS)


def host_of(request: Request) -> str:
    """The address that a request comes from."""
    return request.client.host if request.client is not None else ""


class Face:
    """Turns the county's acts into endpoints."""

    def __init__(self, county: County, limits: Limits, metrics: Metrics, body_seconds: float) -> None:
        self._county, self._limits, self._metrics, self._body_seconds = county, limits, metrics, body_seconds
        self._described = description()

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route(routes.HELLO, self.hello, methods=["GET"]),
            Route(routes.HEALTH, self.health, methods=["GET"]),
            Route(routes.DESCRIPTION, self.describe, methods=["GET"]),
            *(self._open_act(act) if act.opened else self._act(act) for act in routes.ACTS),
        ]

    def _open_act(self, one: Act) -> Route:
        """An endpoint for anybody; its requests are small."""
        act: Callable[[Any], object] = getattr(self._county, one.act)

        async def endpoint(request: Request) -> Response:
            async def answer(read: list[bytes]) -> object:
                self._measured(request)
                with self._limits.body_of_address(host_of(request), stated_size(request, LITTLE)):
                    read.append(body := await read_body(request, LITTLE, self._body_seconds))
                    return await run_in_threadpool(lambda: act(decode(body, one.asked, most=LITTLE)))

            return await self._answered(request, one.path, answer)

        return Route(one.path, endpoint, methods=["POST"])

    def _act(self, one: Act) -> Route:
        """An endpoint for devices: the token, and what else the device is sending, are looked at before a byte of the body."""
        act: Callable[[str, Any], object] = getattr(self._county, one.act)

        async def endpoint(request: Request) -> Response:
            async def answer(read: list[bytes]) -> object:
                device_id = self._speaker(request)
                with self._limits.body_of_device(device_id, stated_size(request, MOST_BODY_BYTES)):
                    read.append(body := await read_body(request, MOST_BODY_BYTES, self._body_seconds))
                    message = await run_in_threadpool(lambda: act(device_id, decode(body, one.asked)))
                if isinstance(message, PushResponse):
                    self._metrics.pushed(message.results)
                return message

            return await self._answered(request, one.path, answer)

        return Route(one.path, endpoint, methods=["POST"])

    def _speaker(self, request: Request) -> str:
        """The device whose token this is, if it does not ask too often; a wrong token counts against its address."""
        presented = request.headers.get("authorization", "")
        try:
            device_id = self._county.speaker(presented.removeprefix("Bearer ").strip())
        except Refusal:
            self._measured(request)
            raise
        watch_of(request).device = device_id
        if wait := self._limits.device(device_id):
            raise failing.too_often(wait)
        return device_id

    def _measured(self, request: Request) -> None:
        if wait := self._limits.address(host_of(request)):
            raise failing.too_often(wait)

    async def hello(self, request: Request) -> Response:
        """The server's face before enrolment."""

        async def answer(read: list[bytes]) -> object:
            self._measured(request)
            return self._county.hello()

        return await self._answered(request, routes.HELLO, answer)

    async def health(self, request: Request) -> Response:
        """Whether this worker can serve, for load balancers: plain text, 200 or 503. It cannot when the database does not answer, or stands at
        another schema than that of this version: an update is under way.
        """
        watch_of(request).route = routes.HEALTH
        try:
            schema = await run_in_threadpool(self._county.alive)
        except OUT_OF_REACH:
            return PlainTextResponse("database\n", 503)
        if schema is None:
            return PlainTextResponse("schema\n", 503)
        return PlainTextResponse(f"ok\nschema {schema}\nversion {program_version()}\n")

    async def describe(self, request: Request) -> Response:
        """The OpenAPI description."""
        watch_of(request).route = routes.DESCRIPTION
        return JSONResponse(self._described)

    async def astray(self, request: Request, error: Exception) -> Response:
        """A path or a method that there is not."""
        status = error.status_code if isinstance(error, HTTPException) else 400
        refusal = failing.no_such_path() if status == 404 else failing.wrong_method()
        if wait := self._limits.address(host_of(request)):
            refusal = failing.too_often(wait)
        return self._refused(request, b"", refusal)

    async def broke(self, request: Request, error: Exception) -> Response:
        """A bug of ours: the device gets a typed answer, the error goes on to the log."""
        return self._refused(request, b"", failing.broken())

    async def _answered(self, request: Request, route: str, answer: Callable[[list[bytes]], Awaitable[object]]) -> Response:
        """The signed answer. The receipt names the request that was read; a refusal that came before it was read names none."""
        watch_of(request).route = route
        read: list[bytes] = []
        try:
            message = await answer(read)
        except (Malformed, ClientDisconnect):
            refusal = failing.malformed()
        except Refusal as refused:
            refusal = refused
        except OUT_OF_REACH:
            log.warning("database does not answer", exc_info=True, extra={"request": watch_of(request).request, "route": route})
            refusal = failing.busy()
        else:
            return self._signed(b"".join(read), message, 200)
        return self._refused(request, b"".join(read), refusal)

    def _refused(self, request: Request, read: bytes, refusal: Refusal) -> Response:
        watch_of(request).refusal = refusal.code
        response = self._signed(read, Failure(refusal.code, refusal.message), refusal.status)
        if refusal.status in failing.PASSING:
            response.headers["Retry-After"] = str(refusal.wait)
        return response

    def _signed(self, body: bytes, message: object, status: int) -> Response:
        content = encode(message)
        receipt = base64.b64encode(sign_receipt(self._county.key, body, content)).decode("ascii")
        return Response(content, status, {RECEIPT_HEADER: receipt, "Cache-Control": "no-store"}, CONTENT_TYPE)


def stated_size(request: Request, most: int) -> int:
    """Bytes that the body will have; one that does not say so counts as the largest.

    Raises:
        Refusal: too large.
    """
    if "transfer-encoding" in request.headers:
        return most
    stated = request.headers.get("content-length", "0")
    if not (stated.isascii() and stated.isdigit()) or int(stated) > most:
        raise failing.too_large()
    return int(stated)


async def read_body(request: Request, most: int, seconds: float) -> bytes:
    """The body, read no further than the limit.

    Raises:
        Refusal: too large, or too slow.
    """
    body = bytearray()  # not a list: a body may come byte by byte
    with anyio.move_on_after(seconds):
        async for piece in request.stream():
            if len(body) + len(piece) > most:
                raise failing.too_large()
            body += piece
        return bytes(body)
    raise failing.busy()
