"""A store of any size in seconds: a sample office whose mediations are copied inside the database. For lists and start-up, not for search."""

from __future__ import annotations

from pathlib import Path

from jusuo_desktop.actions.sample_office import SAMPLE_PASSPHRASE, make_sample_office
from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.store.store import Store

SEED_MEDIATIONS = 300
PASSPHRASE = SAMPLE_PASSPHRASE
COPY = (
    "INSERT INTO record (id, kind, scope, parent_id, version, voided, body)"
    " SELECT lower(hex(randomblob(16))), kind, scope, '', 0, 0,"
    " json_set(body, '$.registered_on', date(json_extract(body, '$.registered_on'), '-' || (abs(random()) % 1500) || ' days'))"
    " FROM record WHERE kind = 'mediation' LIMIT :most"
)
"""Fewer days than rows: ties in the order are as common as in an office."""


def multiplied_store(folder: Path, mediations: int) -> None:
    """Makes the store unless it is there."""
    if (folder / "keys.json").exists():
        return
    session = make_sample_office(folder, PASSPHRASE, mediations=SEED_MEDIATIONS)
    _copy(session.store, mediations)
    session.store.close()


def _copy(store: Store, mediations: int) -> None:
    from sqlalchemy import text

    while (missing := mediations - store.count(ListQuery("mediation", include_voided=True))) > 0:
        with store._writing() as connection:
            connection.execute(text(COPY), {"most": min(missing, 100_000)})
