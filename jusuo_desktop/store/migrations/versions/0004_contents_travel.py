"""Which contents the county holds, and the parts of those that are on their way here (promise S9)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Takes the step."""
    op.create_table("content_sent", sa.Column("sha256", sa.Text, primary_key=True))
    op.create_table(
        "content_part",
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("at", sa.Integer, primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    """Takes it back."""
    op.drop_table("content_part")
    op.drop_table("content_sent")
