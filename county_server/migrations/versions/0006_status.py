"""What the status page shows: changes that were not taken in, what devices hold and run, courier files, and the administrator's notes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Takes the step."""
    op.create_table(
        "set_aside",
        sa.Column("device_id", sa.Text, primary_key=True),
        sa.Column("change_id", sa.LargeBinary, primary_key=True),
        sa.Column("record_id", sa.LargeBinary, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("held", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("settled_at", sa.BigInteger),
    )
    op.create_table(
        "device_seen",
        sa.Column("device_id", sa.Text, primary_key=True),
        sa.Column("pulled_at", sa.BigInteger, nullable=False),
        sa.Column("cursor", sa.LargeBinary, nullable=False),
        sa.Column("program", sa.Text, nullable=False),
    )
    op.create_table(
        "courier_file",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("device_id", sa.Text, nullable=False),
        sa.Column("taken_at", sa.BigInteger, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("counts", sa.Text, nullable=False),
        sa.Column("entries", sa.Integer, nullable=False),
    )
    op.create_table(
        "note",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("noted_at", sa.BigInteger, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
    )
    named = sa.text("kind = 'conflict'")
    op.create_index("record_conflicts", "record", ["feed"], sqlite_where=named, postgresql_where=named)
