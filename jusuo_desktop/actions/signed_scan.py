"""To say which printed paper an attachment is the signed scan of: the volume binds it in that paper's place."""

from __future__ import annotations

from typing import Final

from jusuo_desktop.actions.attach import KIND
from jusuo_desktop.actions.forms import forms_of
from jusuo_desktop.actions.print_form import Offer, offers
from jusuo_desktop.actions.save_record import existing, save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.field import Value
from jusuo_desktop.records.identity import new_id
from jusuo_desktop.records.kind import VOIDED, Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.edit import Edit
from jusuo_desktop.store.refusal import Refused

SIGNED: Final = "1"
"""Code of attachment_purpose."""


def signed_papers(session: Session, record_id: str) -> list[Offer]:
    """The papers of a record and its family whose scans can be kept, those that were printed first."""
    templates = forms_of(session).templates
    found = [offer for offer in offers(session, record_id) if offer.record_id and _takes(session, offer.record_id, templates[offer.form].kind.name)]
    printed = {(sheet.record_id, sheet.form) for sheet in session.store.prints(*{offer.record_id for offer in found})} if found else set()
    return sorted(found, key=lambda offer: (offer.record_id, offer.form) not in printed)


def mark_signed(session: Session, attachment_id: str, paper: Offer) -> Record:
    """Makes the attachment the signed scan of that paper; where the paper belongs to another record of the family, it goes there.

    Raises:
        Refused: a voided attachment, a record that takes none, a role that may not.
    """
    record = existing(session, attachment_id)
    if record.voided:
        raise Refused("这份附件已经作废，请重新添加。")
    if not _takes(session, paper.record_id):
        raise Refused(f"“{paper.title}”所属的记录不带附件，请放在案件上。")
    values: dict[str, Value | None] = {"purpose": SIGNED, "of_form": paper.form}
    if not record.values.get("description"):
        values["description"] = f"{paper.title}（签署件）"
    if record.parent_id == paper.record_id:
        return save(session, KIND, values, record_id=attachment_id).record
    moved = {**{name: value for name, value in record.values.items() if name in KINDS[KIND].by_name}, **values}
    leaving = Edit(KIND, {VOIDED.name: f"移到“{paper.title}”"}, attachment_id)
    return session.store.write([Edit(KIND, moved, new_id(), paper.record_id, new=True), leaving], act="save")[0]


def _takes(session: Session, record_id: str, kind: str = "") -> bool:
    """Whether attachments may go there; with `kind`, also whether it is of that kind (a blank sheet stands beside a record that it does not tell)."""
    record = session.store.record(record_id)
    return record is not None and not record.voided and record.kind in KINDS[KIND].parents and kind in ("", record.kind)
