"""Between the changes of a batch and the columns in which they travel (wire.messages.PushRequest). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from jusuo_desktop.wire.messages import Change, PushRequest

SIZE: Final = 16
SAME: Final = bytes(SIZE)
"""In place of a change's identity: it goes by its record's."""


def push_request(
    batch_id: bytes,
    epoch: str,
    changes: Sequence[Change],
    cursor: Mapping[str, int] | None = None,
    marks: Mapping[str, bytes] | None = None,
    scope: str = "",
) -> PushRequest:
    """A batch of changes, with what the device holds of the feeds and what it takes for its scope.

    Raises:
        ValueError: an identity that is not sixteen bytes.
    """
    if any(len(c.change_id) != SIZE or len(c.record_id) != SIZE for c in changes):
        raise ValueError("an identity is sixteen bytes")
    return PushRequest(
        batch_id,
        epoch,
        b"".join(c.record_id for c in changes),
        b"".join(SAME if c.change_id == c.record_id else c.change_id for c in changes),
        [c.kind for c in changes],
        [c.scope for c in changes],
        [c.parent_id for c in changes],
        [c.base_version for c in changes],
        [c.author_id for c in changes],
        [c.made_at for c in changes],
        [c.fields for c in changes],
        dict(cursor or {}),
        dict(marks or {}),
        scope,
    )


def changes_of(request: PushRequest) -> list[Change] | None:
    """The changes of a batch; None if its columns differ in length, so that nobody can say which value belongs to which change."""
    count = len(request.fields)
    columns: tuple[list[Any], ...] = (request.kinds, request.scopes, request.parent_ids, request.base_versions, request.author_ids, request.made_ats)
    if any(len(column) != count for column in columns) or not len(request.record_ids) == len(request.change_ids) == SIZE * count:
        return None
    places = range(0, SIZE * count, SIZE)
    record_ids = [request.record_ids[at : at + SIZE] for at in places]
    change_ids = [request.change_ids[at : at + SIZE] for at in places]
    return [
        Change(record_id if change_id == SAME else change_id, record_id, kind, scope, parent_id, base_version, author_id, made_at, fields)
        for change_id, record_id, kind, scope, parent_id, base_version, author_id, made_at, fields in zip(
            change_ids, record_ids, *columns, request.fields, strict=True
        )
    ]
