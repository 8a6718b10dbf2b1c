"""Numbers that this device gives back, and the blocks of the office's devices as the county told them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Takes the step."""
    op.create_table(
        "number_return",
        sa.Column("return_id", sa.Text, primary_key=True),
        sa.Column("series", sa.Text, nullable=False),
        sa.Column("first", sa.Integer, nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("returned_at", sa.Integer, nullable=False),
        sa.Column("noted", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_index("number_return_by_series", "number_return", ["series"])
    op.create_table(
        "block_told",
        sa.Column("serial", sa.Integer, primary_key=True),
        sa.Column("series", sa.Text, nullable=False),
        sa.Column("block", sa.Text, nullable=False),
    )
    op.create_index("block_told_by_series", "block_told", ["series"])


def downgrade() -> None:
    """Takes it back."""
    op.drop_table("block_told")
    op.drop_table("number_return")
