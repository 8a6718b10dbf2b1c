"""Where each record's last accepted change stands in the county's feed, and when the county took it in: its receipt; and which fields the
answer to a refused change is about.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Takes the step. The receipts of what was accepted before come with the next change of each record."""
    op.add_column("record", sa.Column("place", sa.Integer, nullable=False, server_default="0"))
    op.add_column("record", sa.Column("received_at", sa.Integer, nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("answer_fields", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Takes it back."""
    op.drop_column("outbox", "answer_fields")
    op.drop_column("record", "received_at")
    op.drop_column("record", "place")
