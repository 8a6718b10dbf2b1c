"""What a push costs as the table grows tenfold, beside COPY of the same rows into the same tables; real PostgreSQL, 10,000 devices enrolled.

A batch goes through the server's own act, from the decoded message to the commit; HTTP is measured by `morning` and `sync_rate`.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, MetaData, insert, text

from county_server import bulk
from county_server.county import County
from county_server.schema import CHANGE, DEVICE, KNOWN, PARTITIONS, RECORD
from jusuo_desktop.wire.messages import Change
from tests.bench.figure import Figure
from tests.county_server.counties import COUNTY_CODE, change, enrolled, founded, send
from tests.postgres import fresh_database, running_postgres

ROWS: Final = 50_000
BATCH: Final = 1_000
TIMES: Final = 21
DEVICES: Final = 10_000
OFFICES: Final = 20
WRITTEN: Final = (CHANGE, RECORD, KNOWN)
"""The tables that a push of new records fills."""


def measure(*, small: bool = False) -> Iterator[Figure]:
    """Push and COPY at N rows, at 10 N rows, and how each of them grew."""
    rows = ROWS // 10 if small else ROWS
    taken = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(fresh_database(stack.enter_context(running_postgres(folder)), "bench_push"))
        county = stack.enter_context(founded(folder / "county", url))
        _enrol_many(county)
        writers = [enrolled(county, f"{COUNTY_CODE}{n + 1:03}")[0] for n in range(OFFICES)]
        for total in (rows, 10 * rows):
            _fill(county, writers, total)
            pushed, copied = _timed(county, writers[0])
            taken.append((pushed, copied))
            what, note = f"server push, {BATCH:,} records into {total:,}", f"{DEVICES:,} devices enrolled"
            yield Figure(what, BATCH / pushed, "records/s", BATCH / copied, "COPY of the same rows", "", note)
    (push_before, copy_before), (push_after, copy_after) = taken
    yield Figure("server push, time at 10 times the rows", push_after / push_before, "x", copy_after / copy_before, "COPY's own growth", "flat")


def _enrol_many(county: County) -> None:
    rows = [
        {
            "id": f"B{n:09}",
            "name": "电脑",
            "scope": f"{COUNTY_CODE}{n % OFFICES + 1:03}",
            "public_key": bytes(32),
            "enrolled_at": 0,
            "last_contact": 0,
        }
        for n in range(DEVICES)
    ]
    with county.database.writing() as connection:
        connection.execute(insert(DEVICE), rows)


def _batch(office: int, count: int) -> list[Change]:
    made = []
    for n in range(count):
        one = change({"name": f"来访人{n}", "consultation_content": "邻居建房挡了采光，问怎么办。" * 6}, scope=f"{COUNTY_CODE}{office + 1:03}")
        made.append(Change(one.record_id, one.record_id, one.kind, one.scope, b"", 0, one.author_id, one.made_at, one.fields))
    return made


def _fill(county: County, writers: list[str], total: int) -> None:
    """Brings the table to that many rows by pushing, and lets PostgreSQL tidy up as it does by itself in the night."""
    with county.database.reading() as connection:
        held = int(connection.execute(text("SELECT coalesce(sum(last_seq), 0) FROM feed")).scalar_one())
    while held < total:
        office = held // (5 * BATCH) % OFFICES
        send(county, writers[office], *_batch(office, 5 * BATCH))
        held += 5 * BATCH
    with county.database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))


def _timed(county: County, writer: str) -> tuple[float, float]:
    """Seconds of the median push, and of the median COPY of the rows of one such batch into twins of the tables, by turns: as many rows, the
    same keys and partitions, the same minute.
    """
    send(county, writer, *_batch(0, BATCH))
    with county.database.writing() as connection:
        rows = [[tuple(row) for row in connection.execute(_last_rows(table))] for table in WRITTEN]
        for table in WRITTEN:
            _twin(connection, table.name)
    twins = [table.to_metadata(MetaData(), name=f"twin_{table.name}") for table in WRITTEN]
    pushed, copied = [], []
    for number in range(TIMES):
        batch = _batch(0, BATCH)
        begun = time.perf_counter()
        results = send(county, writer, *batch)
        pushed.append(time.perf_counter() - begun)
        assert all(one.status == "accepted" for one in results)
        parts = [[_moved(table.name, row, number) for row in part] for table, part in zip(WRITTEN, rows, strict=True)]
        begun = time.perf_counter()
        with county.database.writing() as connection:
            for twin, part in zip(twins, parts, strict=True):
                bulk.add(connection, twin, part)
        copied.append(time.perf_counter() - begun)
    with county.database.writing() as connection:
        for twin in twins:
            connection.execute(text(f"DROP TABLE {twin.name}"))
    return statistics.median(pushed), statistics.median(copied)


def _last_rows(table: Any) -> Any:
    feed = f"{COUNTY_CODE}001"
    if table is CHANGE:
        return CHANGE.select().where(CHANGE.c.feed == feed).order_by(CHANGE.c.seq.desc()).limit(BATCH)
    key = RECORD.c.id if table is RECORD else KNOWN.c.id
    return table.select().where(table.c.feed == feed).order_by(key.desc()).limit(BATCH)


def _twin(connection: Connection, name: str) -> None:
    if name == KNOWN.name:
        connection.execute(text(f"CREATE TABLE twin_{name} (LIKE {name} INCLUDING ALL)"))
    else:
        connection.execute(text(f"CREATE TABLE twin_{name} (LIKE {name} INCLUDING ALL) PARTITION BY HASH (feed)"))
        for part in range(PARTITIONS):
            of = f"FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {part})"
            connection.execute(text(f"CREATE TABLE twin_{name}_{part} PARTITION OF twin_{name} {of}"))
    connection.execute(text(f"INSERT INTO twin_{name} SELECT * FROM {name}"))


def _moved(name: str, row: tuple[Any, ...], number: int) -> tuple[Any, ...]:
    """The same row at a place of its own, behind all others as a new one would be."""
    if name == CHANGE.name:
        return (row[0], row[1] + (number + 1) * BATCH, *row[2:])
    place = 1 if name == RECORD.name else 0
    identity = (int.from_bytes(row[place], "big") + ((number + 1) << 80)).to_bytes(16, "big")
    return (*row[:place], identity, *row[place + 1 :])
