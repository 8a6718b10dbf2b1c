"""One PDF of many: every page taken over as it is, its running number stamped, bookmarks beside. The same papers give the same bytes.

One paper at a time is in memory besides the volume itself. PDFium copies the pages; numbers and bookmarks are appended as an update, so
that the content of no page is taken apart.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import pypdfium2 as pdfium

from jusuo_desktop.printing.fonts import shipped_fonts
from jusuo_desktop.printing.marks import MM, Page, Text
from jusuo_desktop.printing.pdf import write_pdf
from jusuo_desktop.printing.pdf_objects import Object, PdfObjects, Ref, Update, text
from jusuo_desktop.printing.raster import pdfium_lock
from jusuo_desktop.printing.volume import CENTRE_BOTTOM, OUTER_BOTTOM, OUTER_TOP, RIGHT_TOP, Arrangement, Leaf

A4: Final = (210 * MM, 297 * MM)
DIGITS: Final = "0123456789"
STAMP_FONT: Final = b"/JSNumber"
VARYING: Final = re.compile(rb"/CreationDate\s*\([^)]*\)")
IDENTITY: Final = re.compile(rb"/ID\s*\[\s*<([0-9A-Fa-f]{32})>\s*<([0-9A-Fa-f]{32})>\s*\]")
NEAR: Final = 512
"""Bytes in which what is looked for stands: the description of the file, and its trailer at the end."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where on a page its number stands: `place`, so many millimetres from both edges, in `size` points."""

    place: str = OUTER_TOP
    margin: float = 10.0
    size: float = 12.0


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A line of the outline that leads to page `page` (from 0), with lines beneath it."""

    title: str
    page: int
    below: tuple[Bookmark, ...] = ()


class Binder:
    """Takes the papers of a volume one by one; each may be forgotten as soon as it is added. To be closed when done."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._front = 0
        with pdfium_lock:
            self._document: Any = pdfium.PdfDocument.new()

    def __enter__(self) -> Binder:
        return self

    def __exit__(self, *_: object) -> None:
        with pdfium_lock:
            self._document.close()

    def add(self, pdf: bytes) -> int:
        """Appends a paper; the number of its pages."""
        return self._take(pdf, None)

    def add_front(self, pdf: bytes) -> int:
        """Puts a paper before all that were appended, behind the other front matter; the number of its pages."""
        pages = self._take(pdf, self._front)
        self._front += pages
        return pages

    def _take(self, pdf: bytes, place: int | None) -> int:
        self._digest.update(hashlib.sha256(pdf).digest())
        with pdfium_lock:
            source = pdfium.PdfDocument(pdf)
            try:
                self._document.import_pages(source, index=place)
                return len(source)
            finally:
                source.close()

    def bound(self, arrangement: Arrangement, bookmarks: Sequence[Bookmark], title: str, stamp: Stamp) -> bytes:
        """The volume: empty backs where the arrangement has them, numbers stamped, bookmarks. Nothing can be added afterwards."""
        self._digest.update(repr((arrangement, tuple(bookmarks), title, stamp)).encode())
        with pdfium_lock:
            for place, leaf in enumerate(arrangement.leaves):
                if leaf.piece < 0:
                    self._document.new_page(*self._document.get_page_size(place - 1), index=place).close()
        if len(self._document) != len(arrangement.leaves):
            raise ValueError("the papers have other numbers of pages than they were arranged with")
        out = io.BytesIO()
        self._take(_digits(), None)
        with pdfium_lock:
            self._document.save(out)
        _finish(out, arrangement.leaves, bookmarks, title, stamp, self._digest.hexdigest()[:32].encode())
        return out.getvalue()


def _finish(out: io.BytesIO, leaves: Sequence[Leaf], bookmarks: Sequence[Bookmark], title: str, stamp: Stamp, identity: bytes) -> None:
    _make_same(out, identity)
    objects = PdfObjects(out.getbuffer())
    update = Update(objects)
    _pages(update, objects, leaves, stamp)
    catalog = {**objects.catalog, b"/PageMode": b"/UseOutlines", b"/Lang": b"(zh-CN)"}
    if bookmarks:
        catalog[b"/Outlines"] = _outline(update, objects.pages, bookmarks)
    update.put(objects.root, catalog)
    about = update.add({b"/Title": text(title), b"/Creator": b"(jusuo-desktop)"})
    appended = update.appended(out.tell(), {b"/Info": about, b"/ID": [b"<" + identity + b">"] * 2})
    objects.close()
    out.write(appended)


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    with pdfium_lock:
        document = pdfium.PdfDocument(pdf)
        try:
            return len(document)
        finally:
            document.close()


@cache
def _digits() -> bytes:
    """A sheet that holds the figures and nothing else: PDFium takes their font over with it."""
    fonts = shipped_fonts()
    glyph = fonts.glyph("song", "0")
    assert glyph is not None
    page = Page(*A4, 1, 1, [Text(10.0, 10.0, DIGITS, glyph.font, 10.0, 50.0)])
    return write_pdf([page], fonts, "")


def _make_same(out: io.BytesIO, identity: bytes) -> None:
    """PDFium writes the time of day and chance into the file; both give way to what the content says."""
    objects = PdfObjects(out.getbuffer())
    about = objects.trailer.get(b"/Info")
    places = [slice(objects.place(about), objects.place(about) + NEAR)] if isinstance(about, Ref) else []
    objects.close()
    view = out.getbuffer()
    try:
        for place in (*places, slice(max(len(view) - NEAR, 0), len(view))):
            part = bytes(view[place])
            part = VARYING.sub(lambda found: b" " * len(found[0]), part)
            part = IDENTITY.sub(lambda found: found[0].replace(found[1], identity).replace(found[2], identity), part)
            view[place] = part
    finally:
        view.release()


def _pages(update: Update, objects: PdfObjects, leaves: Sequence[Leaf], stamp: Stamp) -> None:
    """Stamps the numbers, and takes the sheet of figures out of the tree of pages again."""
    figures = objects.pages[-1]
    fonts = objects.dictionary(objects.dictionary(objects.dictionary(figures)[b"/Resources"])[b"/Font"])
    (font,) = set(fonts.values())
    first = update.add({}, b"q\n")
    for number, (leaf, page) in enumerate(zip(leaves, objects.pages[:-1], strict=True)):
        if leaf.number:
            held = objects.dictionary(page)
            drawn = update.add({}, b"\nQ\n" + _figures(leaf.number, stamp, _seen(objects, held), right_hand=number % 2 == 0))
            resources = objects.dictionary(held.get(b"/Resources", b"null"))
            resources[b"/Font"] = {**objects.dictionary(resources.get(b"/Font", b"null")), STAMP_FONT: font}
            update.put(page, {**held, b"/Resources": resources, b"/Contents": [first, *_contents(objects, held), drawn]})
    parent = objects.dictionary(figures)[b"/Parent"]
    kids = [page for page in objects.pages if page != figures]
    node = objects.dictionary(parent)
    update.put(parent, {**node, b"/Kids": kids, b"/Count": str(len(kids)).encode()})


def _contents(objects: PdfObjects, page: dict[bytes, Any]) -> list[Object]:
    held = page.get(b"/Contents")
    if held is None:
        return []
    behind = objects.read(held) if isinstance(held, Ref) else held
    return list(behind) if isinstance(behind, list) else [held]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A page as it is seen: its size upright, and how the directions right and up, and its lower left corner, lie in the page's own room."""

    width: float
    height: float
    turned: int
    left: float
    bottom: float

    def placed(self, x: float, y: float) -> bytes:
        """The matrix that sets text at a seen place."""
        across, up = {0: ((1, 0), (0, 1)), 90: ((0, 1), (-1, 0)), 180: ((-1, 0), (0, -1)), 270: ((0, -1), (1, 0))}[self.turned]
        corner = {0: (0.0, 0.0), 90: (self.height, 0.0), 180: (self.width, self.height), 270: (0.0, self.width)}[self.turned]
        at = [self.left + corner[0] + across[0] * x + up[0] * y, self.bottom + corner[1] + across[1] * x + up[1] * y]
        return b"%d %d %d %d %.2f %.2f Tm" % (*across, *up, *at)


def _seen(objects: PdfObjects, page: dict[bytes, Any]) -> _Seen:
    box = objects.read(page.get(b"/CropBox", page.get(b"/MediaBox", b"null")))
    turned = objects.read(page.get(b"/Rotate", b"0"))
    degrees = int(turned) % 360 if isinstance(turned, bytes) else 0
    left, bottom, right, top = (float(side) for side in box) if isinstance(box, list) else (0.0, 0.0, *A4)
    width, height = right - left, top - bottom
    return _Seen(*((height, width) if degrees in (90, 270) else (width, height)), degrees, left, bottom)


def _figures(number: int, stamp: Stamp, seen: _Seen, *, right_hand: bool) -> bytes:
    """The number as drawing operators; the font that ReportLab made counts the figures from 1."""
    said = str(number)
    glyph = shipped_fonts().glyph("song", "0")
    assert glyph is not None
    room, margin = glyph.width / 1000 * stamp.size * len(said), stamp.margin * MM
    at_left = stamp.place in (OUTER_TOP, OUTER_BOTTOM) and not right_hand
    x = (seen.width - room) / 2 if stamp.place == CENTRE_BOTTOM else margin if at_left else seen.width - margin - room
    y = seen.height - margin - stamp.size * 0.75 if stamp.place in (OUTER_TOP, RIGHT_TOP) else margin
    codes = "".join(f"{DIGITS.index(figure) + 1:02X}" for figure in said)
    return b"BT 0 g %s %g Tf %s <%s> Tj ET\n" % (STAMP_FONT, stamp.size, seen.placed(x, y), codes.encode())


def _outline(update: Update, pages: Sequence[Ref], bookmarks: Sequence[Bookmark]) -> Ref:
    root = update.reserve()
    first, last = _lines(update, pages, bookmarks, root)
    update.put(root, {b"/Type": b"/Outlines", b"/First": first, b"/Last": last, b"/Count": str(len(bookmarks)).encode()})
    return root


def _lines(update: Update, pages: Sequence[Ref], bookmarks: Sequence[Bookmark], parent: Ref) -> tuple[Ref, Ref]:
    """The lines of one level, those beneath them folded away."""
    places = [update.reserve() for _ in bookmarks]
    for number, (bookmark, place) in enumerate(zip(bookmarks, places, strict=True)):
        line: dict[bytes, Any] = {b"/Title": text(bookmark.title), b"/Parent": parent, b"/Dest": [pages[bookmark.page], b"/Fit"]}
        if number:
            line[b"/Prev"] = places[number - 1]
        if number < len(places) - 1:
            line[b"/Next"] = places[number + 1]
        if bookmark.below:
            line[b"/First"], line[b"/Last"] = _lines(update, pages, bookmark.below, place)
            line[b"/Count"] = str(-len(bookmark.below)).encode()
        update.put(place, line)
    return places[0], places[-1]
