"""Villages that moved to another office, and the scope that a device had before it was given another one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Takes the step."""
    op.add_column("device", sa.Column("former_scope", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "village_move",
        sa.Column("serial", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("old_scope", sa.Text, nullable=False),
        sa.Column("new_scope", sa.Text, nullable=False),
        sa.Column("old_seq", sa.BigInteger, nullable=False),
        sa.Column("new_seq", sa.BigInteger, nullable=False),
        sa.Column("moved_at", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Takes it back."""
    op.drop_table("village_move")
    op.drop_column("device", "former_scope")
