"""Attachments' bytes, their pieces, and the scopes whose records name them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Takes the step. No program made attachments before this version, so no record names a content yet."""
    op.create_table(
        "content",
        sa.Column("sha256", sa.LargeBinary, primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("complete", sa.Integer, nullable=False),
        sa.Column("touched_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "content_piece",
        sa.Column("sha256", sa.LargeBinary, primary_key=True),
        sa.Column("at", sa.BigInteger, primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_table("content_use", sa.Column("sha256", sa.LargeBinary, primary_key=True), sa.Column("scope", sa.Text, primary_key=True))


def downgrade() -> None:
    """Takes it back."""
    for name in ("content_use", "content_piece", "content"):
        op.drop_table(name)
