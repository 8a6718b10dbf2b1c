"""Pages of a PDF as pixels, for the preview and for printers. PDFium is not safe from several threads: one lock for all of it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

import pypdfium2 as pdfium

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
    """The pages of one PDF that is kept in memory; nothing touches the disk. `sizes` are widths and heights in points."""

    def __init__(self, pdf: bytes, *, colour: bool = False) -> None:
        self._pdf, self._colour = pdf, colour
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
                bitmap = page.render(scale=scale, grayscale=not self._colour, draw_annots=False)
                found = Picture(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer), self._colour)
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
