"""Names and numbers are searched in a table of their own; a number block can say why it was closed.

The entries are made again in the background: every record goes into the queue of those that wait for the index.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Takes the step."""
    op.execute("DROP TABLE search")
    op.execute(
        "CREATE VIRTUAL TABLE search_name USING fts5(kind, names, numbers, content='', contentless_delete=1, tokenize='ascii', prefix='1 2 3')"
    )
    op.execute("CREATE VIRTUAL TABLE search_text USING fts5(kind, body, content='', contentless_delete=1, tokenize='ascii', prefix='1')")
    op.execute("INSERT OR IGNORE INTO unindexed (record_serial) SELECT serial FROM record")
    op.add_column("number_block", sa.Column("note", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Takes it back."""
    op.drop_column("number_block", "note")
    op.execute("DROP TABLE search_name")
    op.execute("DROP TABLE search_text")
    op.execute(
        "CREATE VIRTUAL TABLE search USING fts5(names, numbers, content, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0')"
    )
    op.execute("INSERT OR IGNORE INTO unindexed (record_serial) SELECT serial FROM record")
