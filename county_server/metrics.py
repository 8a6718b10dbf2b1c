"""Counts for a monitor, in Prometheus's text format: what requests did, and how the county stands. No name, no record, no person.

With several workers each writes its counts to files of a folder that they share (the library's multiprocess mode), and whichever is
asked adds all of them up.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from sqlalchemy import Connection, func, select

from county_server import set_aside
from county_server.database import Database
from county_server.schema import CONTENT, DEVICE, FEED
from jusuo_desktop.wire.messages import Result

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The library's own variable; read when it is loaded."""

MEDIA: Final = CONTENT_TYPE_PLAIN_0_0_4
disable_created_metrics()  # type: ignore[no-untyped-call]  # when each count began is of no use to anybody
SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The counts of one worker, and the answer for all of them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        own = self._own = CollectorRegistry()
        self._requests = Counter("jusuo_requests_total", "Requests answered", ["route", "status"], registry=own)
        self._seconds = Histogram("jusuo_request_seconds", "Time to answer", ["route"], buckets=SECONDS, registry=own)
        self._bytes_in = Counter("jusuo_request_bytes_total", "Bytes of request bodies", ["route"], registry=own)
        self._bytes_out = Counter("jusuo_answer_bytes_total", "Bytes of answers", ["route"], registry=own)
        self._changes = Counter("jusuo_changes_total", "Changes pushed, by what became of them", ["result"], registry=own)
        self._pool = Gauge("jusuo_pool_connections_in_use", "Database connections in use", registry=own, multiprocess_mode="livesum")
        for status in ("accepted", "duplicate", "conflict", "held", "rejected"):
            self._changes.labels(status)

    def answered(self, route: str, status: int, seconds: float, bytes_in: int, bytes_out: int) -> None:
        """A request was answered. `route` is one of the table's, or a word for all others."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        self._bytes_in.labels(route).inc(bytes_in)
        self._bytes_out.labels(route).inc(bytes_out)
        self._pool.set(self._database.in_use())

    def pushed(self, results: Iterable[Result]) -> None:
        """A batch was judged."""
        for result in results:
            self._changes.labels(result.status).inc()

    def text(self, now: int) -> bytes:
        """Everything, for one reading."""
        told = CollectorRegistry()
        if FOLDER in os.environ:
            multiprocess.MultiProcessCollector(told)  # type: ignore[no-untyped-call]
        else:
            told.register(_Copy(self._own))
        with self._database.reading() as connection:
            told.register(_Copy(_of_the_county(connection, now)))
        return generate_latest(told)


class _Copy:
    """A collector over what was collected already."""

    def __init__(self, source: CollectorRegistry | list[Metric]) -> None:
        self._source = source

    def collect(self) -> Iterator[Metric]:
        """What was collected."""
        yield from self._source.collect() if isinstance(self._source, CollectorRegistry) else self._source


def _of_the_county(connection: Connection, now: int) -> list[Metric]:
    active, shut_out, oldest = connection.execute(
        select(
            func.count().filter(DEVICE.c.revoked_at.is_(None)),
            func.count().filter(DEVICE.c.revoked_at.is_not(None)),
            func.min(DEVICE.c.last_contact).filter(DEVICE.c.revoked_at.is_(None)),
        )
    ).one()
    devices = GaugeMetricFamily("jusuo_devices", "Devices of the county", labels=["state"])
    devices.add_metric(["active"], active)
    devices.add_metric(["revoked"], shut_out)
    heads = GaugeMetricFamily("jusuo_feed_head", "The last place of each feed", labels=["feed"])
    for row in connection.execute(select(FEED).order_by(FEED.c.name)):
        heads.add_metric([row.name], row.last_seq)
    contact = GaugeMetricFamily("jusuo_oldest_contact_seconds", "Since the device in use that was silent the longest was heard")
    contact.add_metric([], max(0, now - oldest) / 1000 if oldest is not None else 0)
    aside = GaugeMetricFamily("jusuo_changes_set_aside", "Changes that devices hold back because they were not taken in")
    aside.add_metric([], set_aside.open_count(connection))
    contents = GaugeMetricFamily("jusuo_contents_incomplete", "Attachments of which a part is still missing")
    contents.add_metric([], connection.execute(select(func.count()).select_from(CONTENT).where(CONTENT.c.complete == 0)).scalar_one())
    return [devices, heads, contact, aside, contents]


def forget_worker(process: int | None) -> None:
    """A worker has ended: its gauges count no more."""
    if process is not None and FOLDER in os.environ:
        multiprocess.mark_process_dead(process)  # type: ignore[no-untyped-call]
