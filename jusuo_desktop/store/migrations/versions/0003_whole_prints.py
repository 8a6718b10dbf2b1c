"""A print onto pre-printed paper (套打) names also the whole sheet, with the form's own wording, that a volume takes in its place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Takes the step."""
    op.add_column("printed", sa.Column("whole", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Takes it back."""
    op.drop_column("printed", "whole")
