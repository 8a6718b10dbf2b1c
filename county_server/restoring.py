"""After the server came out of a backup: a later epoch, so that every device notices, and numbers that begin behind those given out since."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select, update

from county_server import bulk
from county_server.schema import COUNTY, NUMBER_SERIES
from jusuo_desktop.wire.epoch import after

SKIPPED: Final = 1_000
"""Numbers of each series passed over: more than an office prints between two backups."""
FLOOR: Final = "*/"
"""Before a year, in place of a series: series of that year or an earlier one that the backup did not know begin behind it."""


def go_on(connection: Connection, now: int, year: int, skipped: int = SKIPPED) -> str:
    """Says that the server was restored; returns the new epoch. `now` is the time in milliseconds, `year` the last one of which numbers can
    have been leased. Who restores one backup twice passes over twice as many numbers: the backup knows nothing of the first time.
    """
    epoch = after(str(connection.execute(select(COUNTY.c.epoch)).scalar_one()), now)
    connection.execute(update(COUNTY).values(epoch=epoch))
    connection.execute(update(NUMBER_SERIES).where(~NUMBER_SERIES.c.series.startswith(FLOOR)).values(last=NUMBER_SERIES.c.last + skipped))
    name = f"{FLOOR}{year}"
    bulk.add_missing(connection, NUMBER_SERIES, [{"series": name, "last": 0}])
    connection.execute(update(NUMBER_SERIES).where(NUMBER_SERIES.c.series == name).values(last=NUMBER_SERIES.c.last + skipped))
    return epoch


def floor_of(connection: Connection, series: str) -> int:
    """Behind which number a series begins that this server does not know yet."""
    year = series.split("/")[1] if series.count("/") else ""
    floors = connection.execute(select(NUMBER_SERIES).where(NUMBER_SERIES.c.series.startswith(FLOOR))).all()
    return max((row.last for row in floors if year <= row.series.removeprefix(FLOOR)), default=0)
