"""The pages of a PDF put in another order, turned, left out, or several PDFs behind one another; the same bytes for the same arrangement.

PDFium is not safe from several threads: whoever calls this in the window's process holds printing.raster.pdfium_lock.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pypdfium2 as pdfium

_MADE: Final = re.compile(rb"/CreationDate\(D:[0-9]{14}[^)]*\)/Creator\(PDFium\)")
_NAMED: Final = re.compile(rb"/ID\s*\[\s*<[0-9A-Fa-f]*>\s*<[0-9A-Fa-f]*>\s*\]")


@dataclass(frozen=True, slots=True)
class PagePlace:
    """A page of the content (from 0) and how far it is turned clockwise, in degrees."""

    page: int
    turn: int = 0


Arrangement = tuple[PagePlace, ...]


def read_arrangement(written: str, pages: int) -> Arrangement:
    """The pages in order: “1 3:90 2”; what is not written so, or names no page, is left out. Nothing written is all as it came."""
    found = []
    for one in written.split():
        match = re.fullmatch(r"(\d{1,4})(?::(90|180|270))?", one)
        if match and 0 < int(match[1]) <= pages:
            found.append(PagePlace(int(match[1]) - 1, int(match[2] or 0)))
    return tuple(found) or tuple(PagePlace(n) for n in range(pages))


def write_arrangement(arrangement: Arrangement, pages: int) -> str:
    """The arrangement as it is kept; '' for all as it came."""
    if arrangement == tuple(PagePlace(n) for n in range(pages)):
        return ""
    return " ".join(f"{p.page + 1}:{p.turn}" if p.turn else str(p.page + 1) for p in arrangement)


def arranged(pdf: bytes, arrangement: Arrangement) -> bytes:
    """The PDF with its pages so."""
    import pypdfium2 as pdfium  # here and below: the pages of a record are counted without it

    source, made = pdfium.PdfDocument(pdf), pdfium.PdfDocument.new()
    try:
        made.import_pages(source, [place.page for place in arrangement])
        for number, place in enumerate(arrangement):
            page = made[number]
            page.set_rotation((page.get_rotation() + place.turn) % 360)
            page.close()
        return _saved(made)
    finally:
        made.close()
        source.close()


def joined(pdfs: Sequence[bytes]) -> bytes:
    """Several PDFs as one."""
    import pypdfium2 as pdfium

    made = pdfium.PdfDocument.new()
    try:
        for pdf in pdfs:
            source = pdfium.PdfDocument(pdf)
            made.import_pages(source)
            source.close()
        return _saved(made)
    finally:
        made.close()


def _saved(document: pdfium.PdfDocument) -> bytes:
    """Saved without the time and the chance that PDFium writes into it."""
    into = io.BytesIO()
    document.save(into)
    whole = _MADE.sub(lambda m: b"/CreationDate(D:" + b"0" * 14 + m[0][m[0].index(b"D:") + 16 :], into.getvalue(), count=1)
    head, tail = whole[:-400], whole[-400:]
    return head + _NAMED.sub(lambda m: re.sub(rb"[0-9A-Fa-f](?=[0-9A-Fa-f]*>)", b"0", m[0]), tail)
