"""To make one attachment of several: three photographs of an agreement that came one by one."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from jusuo_desktop.actions.attach import attach_joined
from jusuo_desktop.actions.attachment_pages import arranged_content
from jusuo_desktop.actions.save_record import existing
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.void_record import void
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.refusal import Refused


def merge(session: Session, parent_id: str, attachment_ids: Sequence[str], *, stopped: threading.Event | None = None) -> Record:
    """Several attachments of a record become one, in the order given; they themselves are voided and stay readable.

    Raises:
        Refused: fewer than two, one that has no pages, or as `attach`; then all stay as they are.
    """
    if len(attachment_ids) < 2:
        raise Refused("请先选中两份以上的附件再合并（按住Ctrl逐个选，或者按住Shift连选）。")
    records = [existing(session, one) for one in attachment_ids]
    files = [(str(r.values.get("file_name")), arranged_content(session, r)) for r in records]
    first = records[0].values
    said = {name: str(first.get(name, "")) for name in ("description", "purpose", "of_form")}
    made = attach_joined(session, parent_id, files, stopped=stopped, **said)
    for one in attachment_ids:
        void(session, one, f"已合并到“{KINDS[made.kind].title(made.values)}”")
    return made
