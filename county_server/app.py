"""The application of one worker process: the table of acts behind measures, with the log and the counts around it."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import anyio
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from county_server.county import County
from county_server.face import OUT_OF_REACH, Face
from county_server.journal import OURS
from county_server.limits import Limits, Measure
from county_server.metrics import Metrics
from county_server.status.face import StatusFace
from county_server.watching import Watching

BODY_SECONDS: Final = 300
"""A request's body may take that long: 16 MiB at half a megabit; then the line is free for others."""

WRITE_DOWN_EVERY: Final = 10
"""Seconds between two times at which a worker writes down what it has seen of devices."""

log: Final = logging.getLogger(OURS)


def build(county: County, body_seconds: float = BODY_SECONDS, measure: Measure | None = None, clock: Callable[[], float] = time.monotonic) -> ASGIApp:
    """The ASGI application of one worker process; by `clock`, in seconds, it is measured how often one asks."""
    limits, metrics = Limits(measure or Measure(), clock), Metrics(county.database)
    face = Face(county, limits, metrics, body_seconds)
    status = StatusFace(county, limits, metrics, face.astray, body_seconds)

    @asynccontextmanager
    async def alive(_: Starlette) -> AsyncIterator[None]:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_now_and_then, county)
            yield
            tasks.cancel_scope.cancel()
        await _written_down(county)

    errors = {HTTPException: face.astray, Exception: face.broke}
    built = Starlette(routes=[*face.routes(), *status.routes()], exception_handlers=errors, lifespan=alive)
    built.router.redirect_slashes = False  # an answer that nobody signed, to a host that the request itself names
    return Watching(built, metrics)


async def _now_and_then(county: County) -> None:
    while True:
        await anyio.sleep(WRITE_DOWN_EVERY)
        await _written_down(county)


async def _written_down(county: County) -> None:
    try:
        await run_in_threadpool(county.write_down)
    except OUT_OF_REACH:
        log.warning("database does not answer", exc_info=True)
