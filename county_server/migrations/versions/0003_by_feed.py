"""Every table that grows carries its feed in its key; on PostgreSQL changes and records are partitioned by it; `known` keeps identities unique."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

PARTITIONS = 8
FEED = "substr(scope, 1, 9)"
"""wire.scope.feed_of in SQL: scopes have six, nine or twelve digits."""

COPIES = {
    "change": "feed, seq, change_id, scope, kind, device_id, entry",
    "record": "feed, id, kind, scope, parent_id, version, body, marks, digest",
    "tally": "feed, scope, kind, records, digest",
    "content_use": "feed, sha256, scope",
}


def upgrade() -> None:
    """Takes the step: new tables beside the old ones, everything carried over, the old ones dropped."""
    postgres = op.get_bind().dialect.name == "postgresql"
    op.drop_index("change_by_id", "change")
    for name in COPIES:
        op.rename_table(name, f"{name}_before")
        if postgres:
            op.execute(f"ALTER INDEX {name}_pkey RENAME TO {name}_before_pkey")
    by_feed: dict[str, Any] = {"postgresql_partition_by": "HASH (feed)"}
    op.create_table(
        "change",
        sa.Column("feed", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True),
        sa.Column("change_id", sa.LargeBinary, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("device_id", sa.Text, nullable=False),
        sa.Column("entry", sa.LargeBinary, nullable=False),
        **by_feed,
    )
    op.create_table(
        "record",
        sa.Column("feed", sa.Text, primary_key=True),
        sa.Column("id", sa.LargeBinary, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("parent_id", sa.LargeBinary, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("marks", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        **by_feed,
    )
    op.create_table(
        "tally",
        sa.Column("feed", sa.Text, primary_key=True),
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("records", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "content_use",
        sa.Column("sha256", sa.LargeBinary, primary_key=True),
        sa.Column("feed", sa.Text, primary_key=True),
        sa.Column("scope", sa.Text, primary_key=True),
    )
    op.create_table(
        "known",
        sa.Column("id", sa.LargeBinary, primary_key=True),
        sa.Column("feed", sa.Text, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("home", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    if postgres:
        for name in ("change", "record"):
            for part in range(PARTITIONS):
                op.execute(f"CREATE TABLE {name}_{part} PARTITION OF {name} FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {part})")
    for name, columns in COPIES.items():
        given = columns if name == "change" else columns.replace("feed", FEED, 1)
        op.execute(f"INSERT INTO {name} ({columns}) SELECT {given} FROM {name}_before")
    op.execute(
        f"INSERT INTO known (id, feed, seq, home) SELECT c.change_id, c.feed, c.seq, coalesce({FEED.replace('scope', 'r.scope')}, '')"
        " FROM change_before c LEFT JOIN record_before r ON r.id = c.change_id"
    )
    op.execute(
        f"INSERT INTO known (id, feed, seq, home) SELECT id, '', 0, {FEED} FROM record_before r"
        " WHERE NOT EXISTS (SELECT 1 FROM known k WHERE k.id = r.id)"
    )
    for name in COPIES:
        op.drop_table(f"{name}_before")
