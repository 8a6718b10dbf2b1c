"""Every scope that a device is given has a number, so that an answer that was long under way does not turn it back to a former one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Takes the step."""
    op.add_column("device", sa.Column("scope_number", sa.Integer, nullable=False, server_default="0"))
