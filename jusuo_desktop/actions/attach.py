"""To attach: a scan, photograph or file goes under a record; its bytes first, the record that names them second.

The bytes never change. Turning and ordering pages is a value of the record (`arrangement`), written like any other and told in the history.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Collection, Sequence
from typing import Final

from jusuo_desktop.actions.save_record import existing, save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.pictures.arranging import Arrangement, PagePlace, read_arrangement, write_arrangement
from jusuo_desktop.pictures.taking_in import Taken, join, take_in
from jusuo_desktop.records.attachment import ATTACHMENT
from jusuo_desktop.records.field import Value
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.refusal import NotAllowed, Refused
from jusuo_desktop.store.write import READERS

KIND: Final = ATTACHMENT.name
File = tuple[str, bytes]
"""A name and what is in it."""


def attach(
    session: Session,
    parent_id: str,
    file_name: str,
    data: bytes,
    *,
    description: str = "",
    taken_at: str = "",
    purpose: str = "",
    of_form: str = "",
    stopped: threading.Event | None = None,
) -> Record:
    """Attaches one file to a record; pictures are made upright and small. `taken_at` is else the camera's own time.

    Raises:
        Refused: a role that may not, a record that takes no attachments or was voided, a file that is broken, too large, of a kind that
            is not kept, or attached already; with what to do.
    """
    original = hashlib.sha256(data).hexdigest()
    _may(session, parent_id, original)
    taken = take_in(file_name, data, stopped=stopped)
    return _keep(session, parent_id, taken, original, description, taken_at, purpose, of_form)


def attach_joined(
    session: Session,
    parent_id: str,
    files: Sequence[File],
    *,
    description: str = "",
    purpose: str = "",
    of_form: str = "",
    stopped: threading.Event | None = None,
) -> Record:
    """Attaches several pictures and PDFs as one attachment, a sheet behind the other: a signed agreement of three sheets.

    Raises:
        Refused: as `attach`; nothing is attached when one of them is refused.
    """
    if len(files) == 1:
        return attach(session, parent_id, *files[0], description=description, purpose=purpose, of_form=of_form, stopped=stopped)
    whole = hashlib.sha256()
    for _, data in files:
        whole.update(hashlib.sha256(data).digest())
    _may(session, parent_id, whole.hexdigest())
    taken = join(files, stopped=stopped)
    return _keep(session, parent_id, taken, whole.hexdigest(), description, "", purpose, of_form)


def attachments(session: Session, parent_id: str) -> list[Record]:
    """The attachments of a record that are not voided, in the order in which they came."""
    return [child for child in session.store.children(parent_id, KIND) if not child.voided]


def page_count(record: Record) -> int:
    """How many pages the content has, however they are arranged; 0 for a file that has none."""
    pages = record.values.get("pages")
    return pages if isinstance(pages, int) else 0


def arrangement_of(record: Record) -> Arrangement:
    """The pages of an attachment in order, each with its turn; none for a file that has no pages."""
    pages = page_count(record)
    return read_arrangement(str(record.values.get("arrangement", "")), pages) if pages else ()


def arrange(session: Session, attachment_id: str, arrangement: Arrangement) -> Record:
    """Puts the pages in that order, with those turns; a page that is not named is left out, and can be named again later.

    Raises:
        Refused: no page is left, or a role that may not.
    """
    record = existing(session, attachment_id)
    pages = page_count(record)
    if not arrangement:
        raise Refused("至少要留一页。不要整份附件的话，请作废它。")
    if any(not 0 <= place.page < pages for place in arrangement):
        raise Refused(f"这份附件只有{pages}页。")
    return save(session, KIND, {"arrangement": write_arrangement(arrangement, pages) or None}, record_id=attachment_id).record


def turn(session: Session, attachment_id: str, places: Collection[int] = (), *, by: int = 90) -> Record:
    """Turns pages (by their place, from 0; all unless told) clockwise by so many degrees.

    Raises:
        Refused: a role that may not, or nothing that could be turned.
    """
    now = arrangement_of(existing(session, attachment_id))
    if not now:
        raise Refused("这种文件没有页面，不能旋转。")
    turned = tuple(PagePlace(place.page, (place.turn + by) % 360) if not places or number in places else place for number, place in enumerate(now))
    return arrange(session, attachment_id, turned)


def move_page(session: Session, attachment_id: str, place: int, to: int) -> Record:
    """Puts the page at `place` to the place `to` (from 0).

    Raises:
        Refused: a role that may not.
    """
    pages = list(arrangement_of(existing(session, attachment_id)))
    if not 0 <= place < len(pages):
        raise Refused(f"这份附件只有{len(pages)}页。")
    pages.insert(max(to, 0), pages.pop(place))
    return arrange(session, attachment_id, tuple(pages))


def leave_out(session: Session, attachment_id: str, place: int) -> Record:
    """Leaves the page at `place` out; its picture stays in the content.

    Raises:
        Refused: it is the last one, or a role that may not.
    """
    pages = arrangement_of(existing(session, attachment_id))
    return arrange(session, attachment_id, tuple(page for number, page in enumerate(pages) if number != place))


def _may(session: Session, parent_id: str, original: str) -> None:
    """Refuses before the long work what the write would refuse after it."""
    if session.store.user.role in READERS:
        raise NotAllowed("您的账号是只读的，不能添加附件。请用内勤或所长账号登录。")
    parent = existing(session, parent_id)
    kind = KINDS.get(parent.kind)
    if parent.voided:
        raise Refused("所属的记录已经作废，不能再添加附件。")
    if kind is None or parent.kind not in KINDS[KIND].parents:
        raise Refused(f"{kind.label if kind is not None else '这种记录'}不带附件，请添加到它所属的案件上。")
    for known in attachments(session, parent_id):
        if known.values.get("original_sha256") == original:
            raise Refused(f"这个文件已经添加过了（{KINDS[KIND].title(known.values)}），没有重复添加。")


def _keep(session: Session, parent_id: str, taken: Taken, original: str, description: str, taken_at: str, purpose: str, of_form: str) -> Record:
    values: dict[str, Value | None] = {
        "file_name": taken.file_name,
        "media_type": taken.media_type,
        "sha256": session.store.keep_content(taken.data),
        "size_bytes": len(taken.data),
        "original_sha256": original,
        "pages": taken.pages or None,
        "purpose": purpose or None,
        "of_form": of_form or None,
        "description": description or None,
        "taken_at": taken_at or taken.taken_at or None,
    }
    return save(session, KIND, values, parent_id=parent_id).record
