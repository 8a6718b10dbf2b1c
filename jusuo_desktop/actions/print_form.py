"""To print a form: the sheet is gathered from the store, the number drawn, the PDF made, and what went to paper is recorded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from jusuo_desktop.actions.forms import forms_of
from jusuo_desktop.actions.number import draw
from jusuo_desktop.actions.print_sheet import bound, copies_of, office_values, sheet_of, values_digest, with_copies
from jusuo_desktop.actions.session import Session
from jusuo_desktop.printing import Sheet, Template, is_offered, lay_out, shipped_fonts, write_pdf
from jusuo_desktop.records.kind import VOIDED, Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store import Printed
from jusuo_desktop.store.refusal import Refused

READER = "reader"


@dataclass(frozen=True)
class Paper:
    """One form made ready to print: `copies` is what the form asks for; `remark` tells the clerk what to know before printing it.

    `whole` is the same sheet with the form's own wording where `pdf` has the values only.
    """

    form: str
    title: str
    pdf: bytes
    pages: int
    copies: int
    record_id: str
    remark: str = ""
    version: str = ""
    values_digest: str = ""
    whole: bytes = b""


def forms_for(session: Session, kind: str) -> list[Template]:
    """The forms that a record of a kind is printed on, its own and those of its child rows (sessions, agreement …), in their order."""
    return [t for t in forms_of(session).templates.values() if t.kind.name == kind or (t.parent is not None and t.parent.name == kind)]


@dataclass(frozen=True)
class Offer:
    """One paper that can be printed from where the clerk is: a form and the record that fills it, `about` tells sister rows apart."""

    form: str
    title: str
    record_id: str
    about: str = ""


def offers(session: Session, record_id: str = "") -> list[Offer]:
    """Everything that can be printed for a record and its family (the mediation with its sessions, agreement and evaluations).

    Without a record: every form, to be printed blank.
    """
    if not record_id:
        return [Offer(t.name, t.title, "") for t in forms_of(session).templates.values()]
    store = session.store
    record = store.record(record_id)
    if record is None:
        return []
    above = store.record(record.parent_id) if record.parent_id else None
    root = above if above is not None and forms_for(session, above.kind) else record
    found: list[Offer] = []
    below = _below(session, root.id)
    for template in forms_for(session, root.kind):
        if template.kind.name == root.kind:
            if is_offered(template, root.values, rows=below):
                found.append(Offer(template.name, template.title, root.id))
            continue
        kind = template.kind
        rows = below.get(kind.name, [])
        for row in rows:
            also = {*below, *_below(session, row.id)} if template.offered_rows else below
            if is_offered(template, row.values, root.values, also):
                found.append(Offer(template.name, template.title, row.id, kind.title(row.values)))
        if (template.from_parent == "empty" or not rows) and is_offered(template, None, root.values, below):
            about = "空表，由群众填写" if template.from_parent == "empty" else f"还没有{kind.label}"
            found.append(Offer(template.name, template.title, root.id, about))
    return found


def _below(session: Session, record_id: str) -> dict[str, list[Record]]:
    """The child rows of a record by kind, oldest first, voided ones left out."""
    found: dict[str, list[Record]] = {}
    for row in session.store.children(record_id):
        if not row.voided:
            found.setdefault(row.kind, []).append(row)
    return found


def form_named(session: Session, form: str) -> Template:
    """The form of that name, the county's own where it has one.

    Raises:
        TemplateError: its template has a mistake; says where.
        Refused: there is none.
    """
    forms = forms_of(session)
    if form in forms.broken:
        raise forms.broken[form]
    template = forms.templates.get(form)
    if template is None:
        raise Refused(f"没有名为“{form}”的表格；现有：{'、'.join(sorted(forms.templates))}。")
    return template


def prepare(session: Session, form: str, record_id: str, *, values_only: bool = False) -> Paper:
    """The PDF of a form for a record, or for the parent of such a record: then its latest child row, or none, fills the form.

    The number is drawn first where the form prints one and the record has none.

    Raises:
        Refused: no such form or record, no number to be had.
        MissingGlyph: a character that no font has; nothing is printed.
    """
    template = form_named(session, form)
    record, parent = bound(session, template, record_id)
    remarks: list[str] = []
    numbered = {"own": record, "parent": parent}.get(template.number.root) if template.number else None
    if template.number and numbered is not None and KINDS[numbered.kind].number == template.number.field.name:
        record, parent = _number(session, numbered, record, parent, remarks)
    sheet = with_copies(template, sheet_of(session, template, record, parent))
    digest = values_digest(template, sheet)
    holder = record or parent
    assert holder is not None
    note = _note(session, template, holder, digest, remarks)
    fonts = shipped_fonts()
    pages = lay_out(template, replace(sheet, note=note), fonts)
    pdf = write_pdf(pages, fonts, template.title, values_only=values_only)
    whole = write_pdf(pages, fonts, template.title) if values_only else b""
    copies = copies_of(template, sheet)
    return Paper(form, template.title, pdf, len(pages), copies, holder.id, "".join(remarks), template.version, digest, whole)


def prepare_blank(session: Session, form: str) -> Paper:
    """A form without values, to be filled in by hand."""
    template = form_named(session, form)
    sheet = Sheet(office=office_values(session, ""))
    fonts = shipped_fonts()
    pages = lay_out(template, sheet, fonts)
    return Paper(form, template.title, write_pdf(pages, fonts, template.title), len(pages), copies_of(template, sheet), "", "", template.version)


def printed(session: Session, paper: Paper) -> None:
    """Records that the paper went to a printer or was saved as a file; its bytes are kept, so that it can be printed again as it is."""
    session.store.note_print(keep_paper(session, paper))


def keep_paper(session: Session, paper: Paper) -> Printed:
    """What is recorded of a print, once the bytes of the paper are kept. A blank form says nothing of anybody: of it only the digest is kept."""
    store = session.store
    digest = store.keep_content(paper.pdf) if paper.record_id else hashlib.sha256(paper.pdf).hexdigest()
    whole = store.keep_content(paper.whole) if paper.whole else ""
    sheet = Printed(paper.record_id, paper.form, paper.version, paper.pages, digest, paper.values_digest, whole=whole)
    return replace(sheet, size=len(paper.pdf), whole_size=len(paper.whole), title=paper.title)


def _number(
    session: Session, numbered: Record, record: Record | None, parent: Record | None, remarks: list[str]
) -> tuple[Record | None, Record | None]:
    """Draws the number unless there is one or it cannot be: a reader's account changes nothing, a voided record gets none."""
    if numbered.values.get(KINDS[numbered.kind].number) or numbered.voided:
        return record, parent
    if session.store.user.role == READER:
        remarks.append("这条记录还没有编号，您的账号是只读的，不能取号，编号处留空。")
        return record, parent
    done = draw(session, numbered.id)
    return (done, parent) if numbered is record else (record, done)


def _note(session: Session, template: Template, bound: Record, digest: str, remarks: list[str]) -> str:
    """What the paper says of itself: void, or printed before with other content (design.md §7). The clerk is told more in `remarks`."""
    note = ""
    if bound.voided:
        note = f"这条{KINDS[bound.kind].label}已经作废：{bound.values[VOIDED.name]}"
        remarks.append(f"{note}。")
    before = [p for p in session.store.prints(bound.id) if p.form == template.name]
    if before:
        last = before[-1]
        when = datetime.fromtimestamp(last.at / 1000)
        said = f"{when.year}年{when.month}月{when.day}日{when.hour}时{when.minute:02d}分"
        changed = last.values_digest != digest
        remarks.append(f"这张表已经打印过{len(before)}次，最近一次在{said}；" + ("此后内容有改动，纸上会注明。" if changed else "内容没有变化。"))
        if changed and not note:
            note = f"本表曾于{said}打印，此后内容有改动，以本次为准。"
    return note
