"""`print FORM`: a form as a PDF file, filled from a record or blank. `volume ID`: what a case's volume lacks, or the volume as a PDF file."""

from __future__ import annotations

import argparse
from pathlib import Path

from jusuo_desktop.actions.bind_volume import bind_volume, volume_printed
from jusuo_desktop.actions.print_form import prepare, prepare_blank, printed
from jusuo_desktop.actions.volume import volume_state
from jusuo_desktop.store.keys import write_whole
from jusuo_desktop.words.answer import Answer
from jusuo_desktop.words.opening import opened, record_said


def print_form(args: argparse.Namespace) -> Answer:
    """Makes the PDF and puts it into `--out`: a file that was there is replaced only by the whole new one."""
    out = Path(args.out)
    with opened(args) as session:
        if args.blank:
            paper = prepare_blank(session, args.form)
        else:
            paper = prepare(session, args.form, record_said(session, args.record).id, values_only=args.values_only)
        write_whole(out, paper.pdf)
        if not args.blank:
            printed(session, paper)
    said = f"《{paper.title}》{paper.pages} 页，已存为 {out}；应打印 {paper.copies} 份。{paper.remark}"
    data = {"form": paper.form, "record": paper.record_id, "pages": paper.pages, "copies": paper.copies, "out": str(out), "remark": paper.remark}
    return Answer(said, data)


def volume(args: argparse.Namespace) -> Answer:
    """Says what the volume of a case lacks; with `--out` it is bound into that file and kept as if it had been printed."""
    with opened(args) as session:
        record_id = record_said(session, args.record).id
        state = volume_state(session, record_id)
        lacks = [lack.sentence for lack in state.lacks]
        said = "\n".join(lacks) if lacks else "卷宗齐全。"
        data = {"record": record_id, "papers": len(state.papers), "lacks": lacks, "whole": not any(lack.must for lack in state.lacks)}
        if not args.out:
            return Answer(said, data)
        bound = bind_volume(session, record_id)
        assert bound is not None, "nobody stopped it"
        out = Path(args.out)
        write_whole(out, bound.pdf)
        volume_printed(session, bound)
    return Answer(f"{said}\n{bound.title}，共 {bound.pages} 面，已存为 {out}。", {**data, "pages": bound.pages, "out": str(out)})
