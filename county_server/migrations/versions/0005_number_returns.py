"""Numbers that came back unused, and blocks that the administrator closed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Takes the step."""
    op.add_column("number_lease", sa.Column("closed_at", sa.BigInteger))
    op.add_column("number_lease", sa.Column("because", sa.Text, nullable=False, server_default=""))
    op.create_index("number_lease_by_series", "number_lease", ["series"])
    op.create_index("number_lease_by_device", "number_lease", ["device_id"])
    op.create_table(
        "number_return",
        sa.Column("return_id", sa.LargeBinary, primary_key=True),
        sa.Column("lease_id", sa.LargeBinary, nullable=False),
        sa.Column("series", sa.Text, nullable=False),
        sa.Column("first", sa.BigInteger, nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.Column("device_id", sa.Text, nullable=False),
        sa.Column("returned_at", sa.BigInteger, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
    )
    op.create_index("number_return_by_lease", "number_return", ["lease_id"])
