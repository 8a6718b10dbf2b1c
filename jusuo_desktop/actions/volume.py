"""A mediation's volume (卷宗) as it stands: which papers fill its rows, in their last printed version, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from jusuo_desktop.actions.attachment_pages import is_shown
from jusuo_desktop.actions.forms import forms_of, volume_of
from jusuo_desktop.actions.reprint import current_digest, family_of
from jusuo_desktop.actions.session import Session
from jusuo_desktop.printing import Template, is_offered
from jusuo_desktop.printing.volume_reader import is_bound
from jusuo_desktop.records.field import Values
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.volume import (
    CHANGED,
    COMING,
    INSTEAD,
    LOST,
    PRESENT,
    UNPRINTED,
    Filling,
    Lack,
    VolumePaper,
    VolumePlan,
    VolumeRow,
    VolumeState,
    hold,
)
from jusuo_desktop.records.volume_check import lacks, proposed
from jusuo_desktop.records.workflow import Family
from jusuo_desktop.store import Printed
from jusuo_desktop.store.refusal import Refused

ATTACHMENT: Final = "attachment"


@dataclass(frozen=True)
class Gathered:
    """The record that is bound with its whole family, and what was printed of them."""

    record: Record
    rows: Sequence[Record]
    family: Family
    prints: Mapping[tuple[str, str], Printed]


def volume_state(session: Session, record_id: str) -> VolumeState:
    """The volume of a record: its papers in order, and what it lacks.

    Raises:
        Refused: no such record, or its kind is not bound.
        TemplateError: the file that tells what belongs in a volume is wrong.
    """
    gathered, plan = gather(session, record_id)
    papers = tuple(_papers(session, plan, gathered))
    found = lacks(plan, gathered.record.values, gathered.family, papers, record_id)
    duties = tuple(row.duty(gathered.record.values, gathered.family) for row in plan.rows)
    values = gathered.record.values
    proposal = None if values.get("retention_period") else proposed(plan, values, gathered.family)
    return VolumeState(plan, papers, (*found, *_unplaced(gathered, papers)), duties, proposal)


def lacking(session: Session, record_id: str) -> list[str]:
    """What stands in the way of archiving, a sentence each (domain/rules.md C-04, C-10)."""
    return [lack.sentence for lack in volume_state(session, record_id).lacks if lack.must]


def refuse_unless_whole(session: Session, record_id: str) -> None:
    """Lets a record be archived whose volume is whole, or of a kind that is not bound.

    Raises:
        Refused: what its volume lacks.
    """
    record = session.store.record(record_id)
    if record is None or not is_bound(record.kind):
        return
    if missing := lacking(session, record_id):
        raise Refused(f"卷宗不齐，还不能归档：{''.join(missing)}请在“卷宗”里补齐，或者在那里写明缺少的原因（记入卷宗情况说明）。")


def gather(session: Session, record_id: str) -> tuple[Gathered, VolumePlan]:
    """The record with everything that may be in its volume, and the plan of it."""
    everything = family_of(session, record_id)
    record = everything.get(record_id)
    if record is None:
        raise Refused("这条记录不在本机上，可能已经移交给别的司法所。")
    try:
        plan = volume_of(session, record.kind)
    except KeyError:
        raise Refused(f"{KINDS[record.kind].label}不装订卷宗。") from None
    rows = [one for one in everything.values() if not one.voided and one.id != record.id]
    family: dict[str, list[Values]] = {}
    for one in rows:
        family.setdefault(one.kind, []).append(one.values)
    prints = {(p.record_id, p.form): p for p in session.store.prints(*everything)}  # the last of each stands
    return Gathered(record, rows, family, prints), plan


def _papers(session: Session, plan: VolumePlan, gathered: Gathered) -> Iterator[VolumePaper]:
    attachments = _in_order([r for r in gathered.rows if r.kind == ATTACHMENT])
    signed: dict[tuple[str, str], list[Record]] = {}
    for one in attachments:
        if one.values.get("purpose") in plan.signed_purposes and one.values.get("of_form"):
            signed.setdefault((one.parent_id, str(one.values["of_form"])), []).append(one)
    beside = {scan.id for scans in signed.values() for scan in scans}
    places = _places(plan, gathered, [one for one in attachments if one.id not in beside])
    for row in plan.rows:
        for filling in row.fillings:
            if filling.form:
                yield from _form(session, plan, row.number, filling, gathered, signed)
            else:
                yield from (_scan(session, row.number, one) for one in places.get(_place(row, filling), ()))


def _place(row: VolumeRow, filling: Filling) -> tuple[int, int]:
    """By which a filling is told from the others: its row and its place in it."""
    return row.number, row.fillings.index(filling)


def _places(plan: VolumePlan, gathered: Gathered, attachments: Sequence[Record]) -> dict[tuple[int, int], list[Record]]:
    """Which filling takes which attachments: the first that names its purpose, else the first that takes any."""
    kinds = {r.id: r.kind for r in (gathered.record, *gathered.rows)}
    takers = [(row, f) for row in plan.rows for f in row.fillings if not f.form and hold(f.when, gathered.record.values, gathered.family)]
    found: dict[tuple[int, int], list[Record]] = {}
    for one in attachments:
        of_kind = [(row, f) for row, f in takers if not f.of or kinds.get(one.parent_id) in f.of]
        named = [(row, f) for row, f in of_kind if one.values.get("purpose") in f.purposes]
        if taker := next(iter(named or [(row, f) for row, f in of_kind if not f.purposes]), None):
            found.setdefault(_place(*taker), []).append(one)
    return found


def _unplaced(gathered: Gathered, papers: Sequence[VolumePaper]) -> list[Lack]:
    """Attachments that no row takes are told of, so that none is left out unseen."""
    taken = {paper.record_id for paper in papers if paper.attachment}
    left = [r for r in gathered.rows if r.kind == ATTACHMENT and r.id not in taken]
    said = "附件“{}”没有装进卷里，要装订请填写它的用途"
    return [Lack(0, said.format(KINDS[ATTACHMENT].title(r.values)), record_id=r.id, must=False) for r in left]


def _form(
    session: Session, plan: VolumePlan, row: int, filling: Filling, gathered: Gathered, signed: Mapping[tuple[str, str], Sequence[Record]]
) -> Iterator[VolumePaper]:
    """For each record that a form prints its last print, or the print that is still to be made; and the scans of the signed sheet. What was
    signed is not printed anew: where there is no print of it here, the scan stands alone.
    """
    template = forms_of(session).templates.get(filling.form)
    if template is None:
        return
    own = template.kind.name == gathered.record.kind
    records = [gathered.record] if own else _in_order([r for r in gathered.rows if r.kind == template.kind.name])
    for record in records:
        scans = signed.get((record.id, filling.form), ())
        paper = VolumePaper(row, template.title, record.id, filling.form, about="" if own else KINDS[record.kind].title(record.values))
        held = _print(session, paper, template, filling, record, gathered)
        if held is not None and not (scans and (plan.signed == INSTEAD or held.state not in (PRESENT, CHANGED))):
            yield held
        for scan in scans:
            made = _scan(session, row, scan)
            yield replace(made, title=f"{paper.title}（签署件）", about=paper.about, form=filling.form, signed=True)


def _print(session: Session, paper: VolumePaper, template: Template, filling: Filling, record: Record, gathered: Gathered) -> VolumePaper | None:
    """The last print of a form for a record, the one that is still to be made, or None."""
    last = gathered.prints.get((record.id, filling.form))
    if last is None:
        if not _is_wanted(template, filling, record, gathered):
            return None
        return replace(paper, state=COMING if filling.with_volume else UNPRINTED, origin="按现在的内容")
    origin = f"{datetime.fromtimestamp(last.at / 1000):%Y-%m-%d} {session.store.name_of(last.user_id)}打印"
    if not session.store.has_content(last.readable):
        return replace(paper, state=LOST, origin=origin)
    state = PRESENT if current_digest(session, filling.form, record.id) == last.values_digest else CHANGED
    return replace(paper, state=state, content=last.readable, pages=last.pages, origin=origin)


def _is_wanted(template: Template, filling: Filling, record: Record, gathered: Gathered) -> bool:
    """Whether a form that was never printed is lacking: of forms of the bound record itself the volume's own data decides."""
    if not filling.offered or any((record.id, form) in gathered.prints for form in filling.unless):
        return False
    bound, kinds = gathered.record.values, set(gathered.family)
    offered = set(template.offered_rows) <= kinds if record is gathered.record else is_offered(template, record.values, bound, kinds)
    return offered and hold(filling.when, bound, gathered.family)


def _scan(session: Session, row: int, attachment: Record) -> VolumePaper:
    content = str(attachment.values.get("sha256", ""))
    pages = attachment.values.get("pages", 1)
    return VolumePaper(
        row,
        KINDS[ATTACHMENT].title(attachment.values),
        attachment.id,
        state=PRESENT if session.store.has_content(content) else LOST,
        content=content,
        pages=pages if isinstance(pages, int) else 1,
        origin="附件",
        attachment=True,
        apart=not is_shown(attachment),
    )


def _in_order(records: Sequence[Record]) -> list[Record]:
    return sorted(records, key=lambda r: (str(r.values.get(KINDS[r.kind].order, "")), r.id))
