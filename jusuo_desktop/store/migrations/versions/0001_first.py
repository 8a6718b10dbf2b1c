"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXTS = {
    "setting": ("name", "content"),
    "imported": ("key", "record_id"),
}


def _text(name: str, **more: object) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, **more)  # type: ignore[arg-type]


def _whole(name: str, **more: object) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, **more)  # type: ignore[arg-type]


def _serial() -> sa.Column[int]:
    return sa.Column("serial", sa.Integer, primary_key=True)


def upgrade() -> None:
    """Takes the step."""
    op.create_table(
        "record",
        _serial(),
        _text("id", unique=True),
        _text("kind"),
        _text("scope"),
        _text("parent_id", server_default=""),
        _whole("version", server_default="0"),
        _whole("voided", server_default="0"),
        _text("body"),
        sa.Column("base", sa.Text),
    )
    op.create_index("record_by_parent", "record", ["parent_id"])
    op.create_index("record_by_kind", "record", ["kind"])
    op.create_table(
        "outbox",
        _serial(),
        _text("change_id", unique=True),
        _text("record_id"),
        _text("kind"),
        _text("scope"),
        _text("parent_id"),
        _whole("base_version"),
        _text("author_id"),
        _whole("made_at"),
        sa.Column("fields", sa.LargeBinary, nullable=False),
        _text("state", server_default="waiting"),
        _whole("tries", server_default="0"),
        _text("answer", server_default=""),
    )
    op.create_index("outbox_by_state", "outbox", ["state", "serial"])
    op.create_index("outbox_by_record", "outbox", ["record_id"])
    op.create_table(
        "history", _serial(), _text("record_id"), _text("change_id"), _text("author_id"), _text("device_id"), _whole("made_at"), _text("fields")
    )
    op.create_index("history_by_record", "history", ["record_id"])
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer, primary_key=True),
        _whole("at"),
        _text("user_id"),
        _text("device_id"),
        _text("act"),
        _text("record_id"),
        _text("detail"),
        _text("digest"),
    )
    op.create_table(
        "draft",
        sa.Column("key", sa.Text, primary_key=True),
        _text("user_id"),
        _text("kind"),
        _text("record_id"),
        _text("content"),
        _whole("saved_at"),
    )
    for table, (key, content) in TEXTS.items():
        op.create_table(table, sa.Column(key, sa.Text, primary_key=True), _text(content))
    op.create_table("cursor", sa.Column("feed", sa.Text, primary_key=True), _whole("seq"))
    op.create_table("number_block", _serial(), _text("series"), _whole("first"), _whole("last"), _whole("next"))
    op.create_index("number_block_by_series", "number_block", ["series"])
    op.create_table(
        "number",
        sa.Column("series", sa.Text, primary_key=True),
        sa.Column("value", sa.Integer, primary_key=True),
        _text("printed_as"),
        _text("record_id"),
        _whole("drawn_at"),
    )
    op.create_index("number_by_record", "number", ["record_id"])
    op.create_table(
        "printed",
        _serial(),
        _text("record_id"),
        _text("form"),
        _text("form_version"),
        _whole("at"),
        _text("user_id"),
        _whole("pages"),
        _text("digest"),
        _text("values_digest"),
    )
    op.create_index("printed_by_record", "printed", ["record_id"])
    op.create_table("unindexed", sa.Column("record_serial", sa.Integer, primary_key=True))
    op.execute(
        "CREATE VIRTUAL TABLE search USING fts5(names, numbers, content, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0')"
    )


def downgrade() -> None:
    """Takes it back: nothing is left."""
    op.execute("DROP TABLE search")
    tables = (
        "unindexed", "printed", "number", "number_block", "cursor", "imported", "setting", "draft", "audit", "history", "outbox", "record",
    )  # fmt: skip
    for table in tables:
        op.drop_table(table)
