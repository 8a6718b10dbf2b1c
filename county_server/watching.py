"""Stands around the whole application: numbers each request, measures it, and writes its line into the log and its counts into the metrics."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from county_server.journal import OURS, request_number
from county_server.metrics import Metrics

NUMBER_HEADER: Final = "x-jusuo-request"
ELSEWHERE: Final = "elsewhere"
"""The route of whatever the table does not know: what somebody types there is nobody's business."""

log: Final = logging.getLogger(OURS)
_KEY: Final = "jusuo.watch"


@dataclass(slots=True)
class Watch:
    """What an endpoint tells about the request it answers."""

    request: str
    route: str = ELSEWHERE
    device: str = ""
    refusal: str = ""


def watch_of(request: Request) -> Watch:
    """The watch over a request."""
    found: Watch = request.scope[_KEY]
    return found


class Watching:
    """An ASGI application around another."""

    def __init__(self, inner: ASGIApp, metrics: Metrics) -> None:
        self._inner, self._metrics = inner, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        watch = scope[_KEY] = Watch(request_number())
        begun, status, sizes = time.monotonic(), 0, [0, 0]

        async def received() -> Message:
            message = await receive()
            sizes[0] += len(message.get("body", b""))
            return message

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", []), (NUMBER_HEADER.encode(), watch.request.encode())]
            sizes[1] += len(message.get("body", b""))
            await send(message)

        error: BaseException | None = None
        try:
            await self._inner(scope, received, sent)
        except Exception as raised:  # a bug of ours; the answer has gone out already, if one could
            error = raised
            if not status:
                raise
        finally:
            seconds = time.monotonic() - begun
            self._metrics.answered(watch.route, status, seconds, *sizes)
            self._log(watch, scope, status, seconds, sizes, error)

    def _log(self, watch: Watch, scope: Scope, status: int, seconds: float, sizes: list[int], error: BaseException | None) -> None:
        line: dict[str, Any] = {
            "request": watch.request,
            "method": scope["method"] if scope["method"] in ("GET", "POST") else "other",
            "route": watch.route,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "bytes_in": sizes[0],
            "bytes_out": sizes[1],
        }
        line |= {name: told for name, told in (("device", watch.device), ("refusal", watch.refusal)) if told}
        if error is not None:
            log.error("request broke", exc_info=error, extra=line)
        else:
            log.info("request", extra=line)
