"""Pages of a PDF as pixels, for the preview and for printers. PDFium is not safe from several threads: one lock for all of it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as raw

pdfium_lock: Final = threading.RLock()
"""Held by whoever calls PDFium."""

MOST_PIXELS: Final = 72_000_000
"""Of one page: A3 at 600 dots an inch. A poster that somebody attached is drawn coarser, whatever was asked for."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One page, 8 bits of grey a pixel (0 black), or of blue, green and red each where it is in `colour`; rows of `stride` bytes."""

    width: int
    height: int
    stride: int
    pixels: bytes
    colour: bool = False


class PagePictures:
    """The pages of one PDF that is kept in memory; nothing touches the disk. `sizes` are widths and heights in points.

    With `scans_in_colour` the pages that bear a photograph or scan are drawn in colour and the others are not: among the papers of a volume
    the scans must not be cut to black and white.
    """

    def __init__(self, pdf: bytes, *, colour: bool = False, scans_in_colour: bool = False) -> None:
        self._pdf, self._colour, self._scans_in_colour = pdf, colour, scans_in_colour
        with pdfium_lock:
            document = pdfium.PdfDocument(pdf)
            try:
                self.sizes: tuple[tuple[float, float], ...] = tuple(document.get_page_size(n) for n in range(len(document)))
            finally:
                document.close()

    def picture(self, number: int, dpi: float) -> Picture:
        """Page `number` (from 0) with `dpi` pixels an inch."""
        with pdfium_lock:
            document = pdfium.PdfDocument(self._pdf)
            try:
                page = document[number]
                width, height = self.sizes[number]
                scale = min(dpi / 72, (MOST_PIXELS / max(width * height, 1.0)) ** 0.5)
                colour = self._colour or (self._scans_in_colour and _bears_picture(page))
                bitmap = page.render(scale=scale, grayscale=not colour, draw_annots=False)
                found = Picture(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer), colour)
                bitmap.close()
                page.close()
                return found
            finally:
                document.close()

    def text(self, number: int) -> str:
        """The text of page `number` (from 0) as a reader copies it."""
        with pdfium_lock:
            document = pdfium.PdfDocument(self._pdf)
            try:
                page = document[number]
                words = page.get_textpage()
                found = str(words.get_text_range())
                words.close()
                page.close()
                return found
            finally:
                document.close()


def _bears_picture(page: Any) -> bool:
    """Whether a raster image stands on a page; our own forms have none."""
    return any(
        raw.FPDFPageObj_GetType(raw.FPDFPage_GetObject(page, place)) == raw.FPDF_PAGEOBJ_IMAGE for place in range(raw.FPDFPage_CountObjects(page))
    )
