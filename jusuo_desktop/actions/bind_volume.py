"""To bind a volume: every paper in its last printed version, scans in their place, index with the right pages, one PDF for one print run.

Papers that were never printed are made with it; they count as printed when the volume is. What was bound is kept encrypted under its
digest, so that the volume comes out identical again.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import msgspec

from jusuo_desktop.actions.attachment_pages import pdf_of
from jusuo_desktop.actions.print_form import Paper, keep_paper, prepare
from jusuo_desktop.actions.print_sheet import sheet_of
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.volume import volume_state
from jusuo_desktop.printing import Template, lay_out, load, shipped_fonts, write_pdf
from jusuo_desktop.printing.volume import Arrangement, Piece, Placing, arrange, said_range
from jusuo_desktop.printing.volume_pdf import Binder, Bookmark, Stamp
from jusuo_desktop.printing.volume_reader import FOLDER
from jusuo_desktop.records.field import Values, integer, text
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.printed_sheet import VOLUME
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.volume import COMING, LOST, UNPRINTED, Lack, VolumePaper, VolumePlan, VolumeState
from jusuo_desktop.store import Printed
from jusuo_desktop.store.contents import MOST_BYTES
from jusuo_desktop.store.refusal import Refused

ROW: Final = RecordKind(
    "volume_row",
    "卷内文书",
    (
        integer("row_number", "序号", most=999),
        text("document_name", "文书名称", max_length=500),
        text("page_numbers", "页号", max_length=100),
        text("remarks", "备注", max_length=1000),
    ),
    title=lambda v: str(v.get("document_name", "")),
    parents=("mediation",),
)
"""What the index binds for each row. It is no record: it is counted anew whenever the volume is bound."""


@dataclass(frozen=True)
class Volume:
    """A bound volume. `state` has its papers with their pages counted; `starts` is the page (from 0) each of them begins on, -1 for one
    that is not bound, `numbers` what its pages bear; `ranges` the numbers of each row as the index says them. `fresh` are the papers made
    for it.
    """

    record_id: str
    title: str
    pdf: bytes
    pages: int
    state: VolumeState
    starts: tuple[int, ...]
    numbers: tuple[str, ...]
    ranges: Mapping[int, str]
    fresh: tuple[Paper, ...]
    said_digest: str
    double_sided: bool


def bind_volume(
    session: Session, record_id: str, stopped: threading.Event | None = None, tell: Callable[[str], None] = lambda _: None
) -> Volume | None:
    """The volume of a record; None when it was stopped.

    Raises:
        Refused: no such record, its kind is not bound, its scans are too large for one volume.
        MissingGlyph: cover or index have a character that no font has.
    """
    stopped = stopped or threading.Event()
    state = volume_state(session, record_id)
    plan = state.plan
    refused: list[Lack] = []
    fresh: list[Paper] = []
    bound: list[VolumePaper] = []
    contents: list[str] = []
    size = 0
    with Binder() as binder:
        for place, paper in enumerate(state.papers):
            if stopped.is_set():
                return None
            tell(f"正在装订：{paper.title}（{place + 1}/{len(state.papers)}）…")
            try:
                pdf, made = _pdf(session, paper)
            except Refused as why:
                refused.append(Lack(paper.row, why.message.rstrip("。"), "", paper.form, paper.record_id, must=False))
                pdf, made = b"", None
            fresh += [made] if made is not None else []
            size += len(pdf)
            if size > MOST_BYTES:
                raise Refused(f"卷里的扫描件太大，装到“{paper.title}”已超过{MOST_BYTES >> 20}兆，不能装成一本。请把大的扫描件压缩或者另存。")
            contents.append(hashlib.sha256(pdf).hexdigest())
            bound.append(replace(paper, pages=binder.add(pdf) if pdf else 0))
        if stopped.is_set():
            return None
        tell("正在编页号、目录…")
        pieces = [Piece(p.title, p.pages, p.row, _numbered(plan, p.row)) for p in bound if p.pages]
        placing = Placing(plan.double_sided, plan.count_empty, plan.first_number)
        numbered = arrange(pieces, placing)
        ranges = {row.number: said_range(numbered.numbers(pieces, row.number)) for row in plan.rows}
        front = []
        if plan.cover:
            cover = prepare(session, plan.cover, record_id)
            front.append(Piece(cover.title, binder.add_front(cover.pdf)))
        front.append(Piece(_index_form().title, binder.add_front(_index(session, record_id, plan, ranges, bound))))
        arrangement = arrange([*front, *pieces], placing)
        title = f"{plan.title}　{_called(session, record_id)}"
        starts = _starts(arrangement, bound, len(front))
        marks = _bookmarks(plan, front, arrangement, bound, starts)
        stamp = Stamp(plan.number_place, plan.number_margin, plan.number_size)
        pdf = binder.bound(arrangement, marks, title, stamp)
    said = hashlib.sha256(msgspec.json.encode([[p.row, p.title, c] for p, c in zip(bound, contents, strict=True)])).hexdigest()
    whole = replace(state, papers=tuple(bound), lacks=(*state.lacks, *refused))
    numbers = tuple(_numbers_at(arrangement, start, paper.pages) for paper, start in zip(bound, starts, strict=True))
    return Volume(record_id, title, pdf, len(arrangement.leaves), whole, starts, numbers, ranges, tuple(fresh), said, plan.double_sided)


def volume_printed(session: Session, volume: Volume) -> None:
    """Records that the volume went to paper or was put away: the papers made for it count as printed, all or none; its own bytes are kept.

    Raises:
        Refused: it is larger than what can be kept.
    """
    digest = session.store.keep_content(volume.pdf)
    sheets = [keep_paper(session, paper) for paper in volume.fresh]
    own = Printed(volume.record_id, VOLUME, volume.state.plan.version, volume.pages, digest, volume.said_digest, title="卷宗")
    session.store.note_print(*sheets, own)


def prints_lacking(session: Session, record_id: str) -> list[Paper]:
    """Every paper of the volume that was never printed, or whose print is lost, made ready to be printed now.

    Raises:
        Refused: one of them cannot be made; says which and why.
    """
    wanted = [paper for paper in volume_state(session, record_id).papers if not paper.attachment and paper.state in (UNPRINTED, LOST)]
    return [prepare(session, paper.form, paper.record_id) for paper in wanted]


def _pdf(session: Session, paper: VolumePaper) -> tuple[bytes, Paper | None]:
    """The pages of one paper; with the paper itself where it was made just now."""
    if paper.apart:
        return b"", None
    if paper.attachment:
        record = session.store.record(paper.record_id)
        assert record is not None
        return pdf_of(session, record), None
    if paper.state in (UNPRINTED, COMING, LOST):
        made = prepare(session, paper.form, paper.record_id)
        return made.pdf, made
    kept = session.store.content(paper.content)
    assert kept is not None
    return kept, None


def _numbered(plan: VolumePlan, row: int) -> bool:
    return next(r.numbered for r in plan.rows if r.number == row)


@cache
def _index_form() -> Template:
    return load(FOLDER / "dossier_index.yaml", {**KINDS, ROW.name: ROW})


def _index(session: Session, record_id: str, plan: VolumePlan, ranges: Mapping[int, str], papers: Sequence[VolumePaper]) -> bytes:
    template, fonts = _index_form(), shipped_fonts()
    rows: list[Values] = []
    for row in plan.rows:
        apart = [p.title for p in papers if p.row == row.number and p.apart]
        filled: Values = {"row_number": row.number, "document_name": row.name, "page_numbers": ranges[row.number], "remarks": _apart(apart)}
        rows.append({name: value for name, value in filled.items() if value})
    sheet = sheet_of(session, template, session.store.record(record_id), None)
    return write_pdf(lay_out(template, replace(sheet, rows={**sheet.rows, ROW.name: rows}), fonts), fonts, template.title)


def _apart(titles: Sequence[str]) -> str:
    return f"另附：{'、'.join(titles)}" if titles else ""


def _starts(arrangement: Arrangement, papers: Sequence[VolumePaper], front: int) -> tuple[int, ...]:
    pages = iter(arrangement.starts[front:])
    return tuple(next(pages) if paper.pages else -1 for paper in papers)


def _numbers_at(arrangement: Arrangement, start: int, pages: int) -> str:
    borne = [leaf.number for leaf in arrangement.leaves[start : start + pages] if leaf.number] if start >= 0 else []
    return said_range((borne[0], borne[-1])) if borne else ""


def _bookmarks(
    plan: VolumePlan, front: Sequence[Piece], arrangement: Arrangement, papers: Sequence[VolumePaper], starts: Sequence[int]
) -> list[Bookmark]:
    """Cover, index, then the rows as the index names them, each with its papers beneath."""
    found = [Bookmark(piece.title, start) for piece, start in zip(front, arrangement.starts, strict=False)]
    for row in plan.rows:
        here = [(p, start) for p, start in zip(papers, starts, strict=True) if p.row == row.number and start >= 0]
        if here:
            below = tuple(Bookmark(f"{p.title}　{p.about}".rstrip("　"), start) for p, start in here)
            found.append(Bookmark(f"{row.number}　{row.name}", here[0][1], below if len(below) > 1 else ()))
    return found


def _called(session: Session, record_id: str) -> str:
    record = session.store.record(record_id)
    assert record is not None
    return KINDS[record.kind].title(record.values)
