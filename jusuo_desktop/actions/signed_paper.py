"""The paper that people signed, for whoever must decide between two values: the newest scan of it that a record or the one above holds."""

from __future__ import annotations

from collections.abc import Sequence

from jusuo_desktop.actions.attach import KIND
from jusuo_desktop.actions.attachment_pages import is_shown
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.signed_scan import SIGNED
from jusuo_desktop.records.kind import Record


def newest_signed(session: Session, record_ids: Sequence[str]) -> Record | None:
    """The newest signed scan of the first of these records that has one."""
    for record_id in record_ids:
        scans = [one for one in session.store.children(record_id, KIND) if not one.voided and one.values.get("purpose") == SIGNED and is_shown(one)]
        if scans:
            return max(scans, key=lambda one: one.id)
    return None
