"""10,000 enrolled devices on a working morning: real server processes with TLS on real PostgreSQL, each device doing what a client does.

A device opens a connection, proves who it is, pushes what was typed since, pulls what the others typed with the digest, and hangs up. They
arrive at random (Poisson) at a given rate, whether or not the earlier ones are served yet: first at the rate of 10,000 between 8:00 and 8:30,
then faster and faster until the county falls behind. The generator is one process over plain sockets, and shares the two cores with
everything that it measures.
"""

from __future__ import annotations

import asyncio
import random
import ssl
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert, text

from county_server.county import County
from county_server.database import POOL, Database
from county_server.founding import url_of
from county_server.schema import DEVICE
from jusuo_desktop.wire.codec import decode, encode
from jusuo_desktop.wire.columns import push_request
from jusuo_desktop.wire.messages import (
    ChallengeRequest,
    ChallengeResponse,
    Change,
    PullRequest,
    PullResponse,
    PushResponse,
    SessionRequest,
    SessionResponse,
)
from jusuo_desktop.wire.receipt import challenge_text
from jusuo_desktop.wire.table import tabled
from tests.bench.figure import Figure, percentile
from tests.county_server.counties import COUNTY_CODE, change, send
from tests.postgres import fresh_database, running_postgres
from tests.running_county import running_county

Answer = TypeVar("Answer")
DEVICES: Final = 10_000
OFFICES: Final = 500
WORKERS: Final = 2
BEFORE: Final = 100
"""Records of each office from the days before."""
TYPED: Final = 5
"""Records that a device brings in the morning."""
HALF_HOUR: Final = 1800
STEADY_SECONDS: Final = 25
STEP_SECONDS: Final = 10
STEPS: Final = (10, 20, 30, 40, 60, 80, 120, 160, 240, 320)
"""Devices a second, one step after the other."""
TOO_LATE: Final = 5.0
"""Seconds for a whole sync, p95: beyond it, or when that long after a step not everybody is served, the county has fallen behind."""
CONTENT: Final = "邻居建房挡了采光，双方争执多次，来问怎么办。经查看现场，已告知可以申请人民调解。" * 4


@dataclass
class Desk:
    """One device and what it held yesterday evening."""

    id: str
    scope: str
    key: Ed25519PrivateKey
    cursor: dict[str, int]


@dataclass
class Tide:
    """What became of the devices that arrived at one rate."""

    rate: float
    arriving: float
    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    records: int = 0
    lasted: float = 0.0

    @property
    def served(self) -> float:
        """Devices a second that were served."""
        return len(self.seconds) / self.lasted

    @property
    def behind(self) -> bool:
        """Whether the county could not keep up."""
        return bool(self.failed) or percentile(self.seconds, 0.95) > TOO_LATE or self.lasted > self.arriving + TOO_LATE


def measure(*, small: bool = False) -> Iterator[Figure]:
    """The morning's rate, then the rate at which the county falls behind."""
    devices, offices = (DEVICES // 10, OFFICES // 10) if small else (DEVICES, OFFICES)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(fresh_database(stack.enter_context(running_postgres(folder)), "bench_morning"))
        running = stack.enter_context(running_county(folder / "county", database_url=url, workers=WORKERS, quiet=True))
        county = County(Database(url_of(folder / "county", url)))
        stack.callback(county.database.close)
        desks = _yesterday(county, devices, offices)
        context = ssl.create_default_context(cadata=county.root_certificate)
        context.check_hostname = False
        morning = _Morning(running.url, county.epoch, context, desks)
        setting = f"{WORKERS} workers, pool of {POOL} each, TLS"
        steady = morning.tide(DEVICES / HALF_HOUR, STEADY_SECONDS / 5 if small else STEADY_SECONDS)
        what = f"morning, {DEVICES:,} devices in half an hour"
        for share, name in ((0.5, "p50"), (0.95, "p95"), (0.99, "p99")):
            yield Figure(f"{what}, {name}", 1000 * percentile(steady.seconds, share), "ms/sync", None, "", "", setting)
        yield Figure(f"{what}, refused or broken", len(steady.failed), "of " + str(len(steady.seconds) + len(steady.failed)), None, "", "0")
        held = steady
        for rate in STEPS[:2] if small else STEPS:
            tide = morning.tide(rate, STEP_SECONDS / 5 if small else STEP_SECONDS)
            if tide.behind:
                break
            held = tide
            yield _step(tide)
        else:
            tide = held
        came = f"{setting}; {devices - len(desks):,} devices came in all"
        yield Figure("the most that it kept up with", held.served, "devices/s", DEVICES / HALF_HOUR, "the morning's rate", ">=1", came)
        if tide is not held:
            yield _step(tide)


def _step(tide: Tide) -> Figure:
    late = ", ".join(f"{name} {1000 * percentile(tide.seconds, share):,.0f} ms" for share, name in ((0.5, "p50"), (0.95, "p95"), (0.99, "p99")))
    note = f"{late}; {tide.records / tide.lasted:,.0f} records/s in, {len(tide.failed)} failed{': ' + tide.failed[0] if tide.failed else ''}"
    return Figure(f"arriving at {tide.rate:g} a second, served", tide.served, "devices/s", None, "", "", note)


def _yesterday(county: County, devices: int, offices: int) -> list[Desk]:
    """Enrols everybody, and fills each office's feed as it was in the evening: a fifth are offices' computers, the others villages' laptops."""
    desks = []
    for n in range(devices):
        office = f"{COUNTY_CODE}{n % offices + 1:03}"
        scope = office if n // offices % 5 == 0 else f"{office}{n // offices:03}"
        desks.append(Desk(f"M{n:09}", scope, Ed25519PrivateKey.generate(), {COUNTY_CODE: 0, office: BEFORE}))
    rows = [
        {"id": d.id, "name": "电脑", "scope": d.scope, "public_key": d.key.public_key().public_bytes_raw(), "enrolled_at": 0, "last_contact": 0}
        for d in desks
    ]
    with county.database.writing() as connection:
        connection.execute(insert(DEVICE), rows)
    for desk in desks[:offices]:
        send(county, desk.id, *(_typed(desk.scope, n) for n in range(BEFORE)))
    with county.database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))
    random.Random(8).shuffle(desks)
    return desks


def _typed(scope: str, n: int) -> Change:
    one = change({"name": f"来访人{n}", "consultation_content": CONTENT}, scope=scope)
    return Change(one.record_id, one.record_id, one.kind, one.scope, b"", 0, one.author_id, one.made_at, one.fields)


class _Morning:
    """The devices' side."""

    def __init__(self, url: str, epoch: str, context: ssl.SSLContext, desks: list[Desk]) -> None:
        where = urlsplit(url)
        self._host, self._port = str(where.hostname), where.port
        self._epoch, self._context, self._waiting = epoch, context, desks
        self._chance = random.Random(830)

    def tide(self, rate: float, seconds: float) -> Tide:
        """Devices that have not come yet arrive at that rate, for so long."""
        tide = Tide(rate, seconds)
        asyncio.run(self._come(tide))
        return tide

    async def _come(self, tide: Tide) -> None:
        begun = due = time.perf_counter()
        under_way = []
        while self._waiting and (due := due + self._chance.expovariate(tide.rate)) < begun + tide.arriving:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            under_way.append(asyncio.create_task(self._sync(self._waiting.pop(), tide, due)))
        await asyncio.gather(*under_way)
        tide.lasted = max(tide.arriving, time.perf_counter() - begun)

    async def _sync(self, desk: Desk, tide: Tide, due: float) -> None:
        """One device's whole sync; it counts from when it wanted to begin."""
        try:
            reader, writer = await asyncio.open_connection(self._host, self._port, ssl=self._context)
            try:
                await self._talk(desk, tide, _Line(reader, writer))
            finally:
                writer.close()
        except (OSError, asyncio.IncompleteReadError, _Refused) as trouble:
            tide.failed.append(str(trouble))
        else:
            tide.seconds.append(time.perf_counter() - due)

    async def _talk(self, desk: Desk, tide: Tide, line: _Line) -> None:
        asked = (await line.ask("/v1/challenge", ChallengeRequest(desk.id), ChallengeResponse)).challenge
        signature = desk.key.sign(challenge_text(self._epoch, asked))
        line.token = (await line.ask("/v1/session", SessionRequest(desk.id, asked, signature), SessionResponse)).token
        batch = push_request(self._chance.randbytes(16), self._epoch, [_typed(desk.scope, n) for n in range(TYPED)], desk.cursor)
        answer = await line.ask("/v2/push", tabled(batch), PushResponse)
        if any(result.status != "accepted" for result in answer.results):
            raise _Refused(str(answer.results))
        tide.records += TYPED
        more = True
        while more:
            page = await line.ask("/v1/pull", PullRequest(self._epoch, desk.cursor, 1 << 18), PullResponse)
            desk.cursor, more = page.cursor, page.more
        if page.count < 0:  # the last page tells them
            raise _Refused("no digest")


class _Refused(Exception):
    """The county said no, or 'busy'."""


class _Line:
    """HTTP/1.1 as far as it goes here."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.token = ""

    async def ask(self, path: str, message: Any, kind: type[Answer]) -> Answer:
        body = encode(message)
        head = f"POST {path} HTTP/1.1\r\nHost: county\r\nAuthorization: Bearer {self.token}\r\nContent-Length: {len(body)}\r\n\r\n"
        self._writer.write(head.encode() + body)
        lines = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
        length = next(int(line.partition(":")[2]) for line in lines if line.startswith("content-length:"))
        answer = await self._reader.readexactly(length)
        status = lines[0].split(" ")[1]
        if status != "200":
            raise _Refused(f"{path}: {status}")
        return decode(answer, kind)
