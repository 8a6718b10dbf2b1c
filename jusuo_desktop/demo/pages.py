"""All forms on paper: PDF files, filled and blank, and a picture of each page to look at."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from jusuo_desktop.actions.print_form import Paper, prepare, prepare_blank, printed
from jusuo_desktop.actions.print_list import prepare_list
from jusuo_desktop.actions.session import Session
from jusuo_desktop.demo.journal import Journal
from jusuo_desktop.demo.records import records_of_demo
from jusuo_desktop.printing import Template, shipped_forms
from jusuo_desktop.printing.raster import PagePictures
from jusuo_desktop.store.keys import write_whole
from jusuo_desktop.store.listing import ListQuery

DOTS_PER_INCH: Final = 110


def print_all(session: Session, journal: Journal, folder: Path) -> list[Path]:
    """Prints every form that comes with the program; what was confirmed as printed is not printed again."""
    made = records_of_demo(session)
    files = []
    for name, template in shipped_forms().items():
        filled, blank = folder / f"{name}.pdf", folder / f"{name}-blank.pdf"
        files += [filled, blank]
        if not journal.has(f"print {name}"):
            record_id = _record_for(session, template, made)
            paper = _paper(session, template, record_id)
            write_whole(filled, paper.pdf)
            printed(session, paper)
            write_whole(blank, prepare_blank(session, name).pdf)
            journal.confirm(f"print {name}", [record_id] if record_id else [])
    return files


def _record_for(session: Session, template: Template, made: Mapping[tuple[str, str], str]) -> str:
    """The demo's record that fills a form, else its parent, else any record of the kind that the office has; '' for none, and for a list."""
    kind, above = template.kind.name, template.parent.name if template.parent else ""
    if template.rows is not None:
        return ""
    if found := made.get((kind, above)) or made.get((above, "")):
        return found
    return next((row.id for row in session.store.rows(session.store.keys(ListQuery(kind), 1))), "")


def _paper(session: Session, template: Template, record_id: str) -> Paper:
    if template.rows is not None:
        return prepare_list(session, template.name, ListQuery(template.rows.name))
    return prepare(session, template.name, record_id) if record_id else prepare_blank(session, template.name)


def draw_pages(files: list[Path], folder: Path) -> list[Path]:
    """A PNG of every page of the PDF files."""
    from PIL import Image

    pictures = []
    for file in files:
        pages = PagePictures(file.read_bytes())
        for number in range(len(pages.sizes)):
            page = pages.picture(number, DOTS_PER_INCH)
            path = folder / f"{file.stem}-{number + 1}.png"
            Image.frombuffer("L", (page.width, page.height), page.pixels, "raw", "L", page.stride, 1).save(path)
            pictures.append(path)
    return pictures
