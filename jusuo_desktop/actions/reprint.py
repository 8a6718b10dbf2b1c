"""To print again exactly what was printed: the same bytes, whatever became of the template, the program or the record meanwhile.

The sheet bears no mark of it; that it came out once more stands in the audit chain.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from jusuo_desktop.actions.forms import forms_of
from jusuo_desktop.actions.print_sheet import bound, sheet_of, values_digest, with_copies
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.printed_sheet import VOLUME
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store import Printed
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.sync import failures


@dataclass(frozen=True)
class PastPrint:
    """One print of before. `about` tells sister rows apart; `changed`: what the form would say now differs from what it said then.

    `kept` is false for a print whose bytes are neither here nor with the county: that it was made is known, not how it looked.
    """

    printed: Printed
    title: str
    about: str
    at: datetime
    by: str
    changed: bool
    kept: bool


def past_prints(session: Session, record_id: str) -> list[PastPrint]:
    """What was printed of a record and its family, newest first."""
    records = family_of(session, record_id)
    found = session.store.prints(*records)
    now = {(p.record_id, p.form): current_digest(session, p.form, p.record_id) for p in found}
    return [_told(session, p, records[p.record_id], now[p.record_id, p.form]) for p in reversed(found)]


def family_of(session: Session, record_id: str) -> dict[str, Record]:
    """A record with its child rows and theirs, voided ones included, by id; of a child row the whole family."""
    store = session.store
    record = store.record(record_id)
    while record is not None and record.parent_id and (above := store.record(record.parent_id)) is not None:
        record = above
    if record is None:
        return {}
    found = {record.id: record}
    waiting: Iterable[Record] = [record]
    while waiting:
        waiting = [child for above in waiting for child in store.children(above.id)]
        found |= {child.id: child for child in waiting}
    return found


def current_digest(session: Session, form: str, record_id: str) -> str:
    """The digest of what a form would say of a record now; '' where there is no such form (any more)."""
    template = forms_of(session).templates.get(form)
    if template is None:
        return ""
    try:
        record, parent = bound(session, template, record_id)
    except Refused:
        return ""
    return values_digest(template, with_copies(template, sheet_of(session, template, record, parent)))


def sheet_again(session: Session, printed: Printed) -> bytes:
    """The PDF as it went to paper.

    Raises:
        Refused: its bytes are not here.
        DamagedContent: they are not what was kept.
    """
    pdf = session.store.content(printed.digest)
    if pdf is not None:
        return pdf
    if printed.at_county:
        from jusuo_desktop.actions.contents import content_of  # it brings the network

        try:
            return content_of(session, printed.digest, printed.title or "这次打印")
        except (failures.WrongContent, failures.ScopeRefused):
            raise Refused("这次打印的原样还没有传到县服务器：请在打印它的那台电脑上同步一次，再到这里打。") from None
    raise Refused(
        "这次打印的原样没有保存在本机：可能是旧版本程序打印的，或者是在别的电脑上打印、还没有同步的。"
        "请找出当时的纸质件扫描后作为附件添加；要按现在的内容打印，请用“打印”。"
    )


def reprinted(session: Session, printed: Printed) -> None:
    """Notes in the audit chain that the sheet went to paper once more."""
    session.store.audit_note("reprint", printed.record_id, f"{printed.form} {printed.digest}")


def _told(session: Session, printed: Printed, record: Record, now: str) -> PastPrint:
    template = forms_of(session).templates.get(printed.form)
    own = template is not None and template.kind.name == record.kind
    title = template.title if template is not None else "卷宗" if printed.form == VOLUME else f"{printed.form}（现在已没有这种表格）"
    about = KINDS[record.kind].title(record.values) if own and template is not None and template.parent is not None else ""
    changed = bool(now) and now != printed.values_digest
    at = datetime.fromtimestamp(printed.at / 1000)
    kept = printed.at_county or session.store.has_content(printed.digest)
    return PastPrint(printed, title, about, at, session.store.name_of(printed.user_id), changed, kept)
