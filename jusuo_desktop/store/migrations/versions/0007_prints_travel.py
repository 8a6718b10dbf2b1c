"""A print is a record that travels; the row of this table is what this machine finds it by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Takes the step. Prints of before become records when the store is opened next (store.printed.make_records)."""
    op.add_column("printed", sa.Column("print_id", sa.Text, nullable=False, server_default=""))
    op.create_index("printed_by_print", "printed", ["print_id"])


def downgrade() -> None:
    """Takes it back."""
    op.drop_index("printed_by_print", "printed")
    op.drop_column("printed", "print_id")
