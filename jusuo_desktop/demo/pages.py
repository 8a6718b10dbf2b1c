"""All forms on paper: PDF files, filled and blank, and a picture of each page to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from jusuo_desktop.actions.print_form import prepare, prepare_blank, printed
from jusuo_desktop.actions.session import Session
from jusuo_desktop.demo.journal import Journal
from jusuo_desktop.demo.records import records_of_demo
from jusuo_desktop.printing import shipped_forms
from jusuo_desktop.printing.raster import PagePictures
from jusuo_desktop.store.keys import write_whole

DOTS_PER_INCH: Final = 110


def print_all(session: Session, journal: Journal, folder: Path) -> list[Path]:
    """Prints every form that comes with the program; what was confirmed as printed is not printed again."""
    made = records_of_demo(session)
    files = []
    for name, template in shipped_forms().items():
        filled, blank = folder / f"{name}.pdf", folder / f"{name}-blank.pdf"
        files += [filled, blank]
        if not journal.has(f"print {name}"):
            record_id = made[template.kind.name, template.parent.name if template.parent else ""]
            paper = prepare(session, name, record_id)
            write_whole(filled, paper.pdf)
            printed(session, paper)
            write_whole(blank, prepare_blank(session, name).pdf)
            journal.confirm(f"print {name}", [record_id])
    return files


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
