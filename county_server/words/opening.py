"""Opening the county for a word, and the sentence for a word that cannot be done."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from county_server.county import County
from county_server.database import DATABASE_FILE, Database
from county_server.founding import url_of
from county_server.upgrade import upgrade
from jusuo_desktop.wire.scope import is_scope


class Wrong(Exception):
    """What the administrator must mend, one sentence."""


@contextmanager
def opened(args: argparse.Namespace) -> Iterator[County]:
    """The county of the folder that the words name, for the time of the block.

    Raises:
        LookupError: there is none.
        NewerDatabase: a newer version wrote it.
        OldPostgres: its PostgreSQL is too old.
    """
    url = url_of(args.dir, args.database_url)
    if url.startswith("sqlite") and not args.dir.joinpath(DATABASE_FILE).exists():
        raise LookupError(args.dir)
    database = Database(url)
    try:
        upgrade(database)
        yield County(database)
    finally:
        database.close()


def is_ours(county: County, scope: str) -> bool:
    """Whether that is the county's own scope, or one of an office or a village of it."""
    return is_scope(scope) and scope.startswith(county.code)


def no_such_device(device_id: str) -> Wrong:
    """The sentence for an id that no device has."""
    return Wrong(f"没有编号为 {device_id} 的设备，请用 county-server list 查看。")
