"""`print FORM`: a form as a PDF file, filled from a record or blank."""

from __future__ import annotations

import argparse
from pathlib import Path

from jusuo_desktop.actions.print_form import prepare, prepare_blank, printed
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
