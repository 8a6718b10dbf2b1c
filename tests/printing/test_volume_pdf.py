"""A bound volume read back with PDFium: every page where the arrangement says, with its number, its content untouched, its bookmark."""

from __future__ import annotations

import io
import random
import tracemalloc
from collections.abc import Callable, Sequence
from functools import cache

import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from jusuo_desktop.printing.pdf_objects import PdfObjects, Ref, UnreadablePdf, written
from jusuo_desktop.printing.raster import PagePictures
from jusuo_desktop.printing.volume import FRONT, PLACES, Arrangement, Leaf, Piece, Placing, arrange, said_range
from jusuo_desktop.printing.volume_pdf import A4, Binder, Bookmark, Stamp, page_count

LANDSCAPE = (A4[1], A4[0])
STAMP = Stamp()


@cache
def paper(name: str, pages: int, size: tuple[float, float] = A4) -> bytes:
    """A piece whose pages say which they are; its font is called as ours are."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=1)
    for page in range(pages):
        canvas.drawString(100, 300, f"{name} page {page}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def bind(pieces: Sequence[Piece], found: Arrangement, sheet: Callable[[int], bytes], marks: Sequence[Bookmark] = (), stamp: Stamp = STAMP) -> bytes:
    """As a volume is bound: the numbered papers first, the front matter when their numbers are known."""
    front = [n for n, piece in enumerate(pieces) if piece.row == FRONT]
    with Binder() as binder:
        for number, piece in enumerate(pieces):
            if number not in front:
                assert binder.add(sheet(number)) == piece.pages
        for number in front:
            assert binder.add_front(sheet(number)) == pieces[number].pages
        return binder.bound(found, marks, "卷宗", stamp)


def read_pages(pdf: bytes) -> list[str]:
    """What each page says."""
    document = pdfium.PdfDocument(pdf)
    try:
        return [document[n].get_textpage().get_text_range() for n in range(len(document))]
    finally:
        document.close()


def read_outline(pdf: bytes) -> list[tuple[int, str, int]]:
    """Level, title and page of every bookmark."""
    document = pdfium.PdfDocument(pdf)
    try:
        return [(mark.level, mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()]
    finally:
        document.close()


PIECES = st.lists(st.builds(lambda pages, numbered: (pages, numbered), st.integers(1, 5), st.sampled_from([True, True, True, False])), max_size=14)
PLACINGS = st.builds(Placing, double_sided=st.booleans(), count_empty=st.booleans(), first_number=st.sampled_from([1, 1, 7]))


def pieces_of(front: int, drawn: list[tuple[int, bool]]) -> list[Piece]:
    pieces = [Piece(f"front{n}", n + 1) for n in range(front)]
    return pieces + [Piece(f"paper{n}", pages, row=n // 2 + 1, numbered=numbered) for n, (pages, numbered) in enumerate(drawn)]


@given(front=st.integers(0, 3), drawn=PIECES, placing=PLACINGS)
@settings(max_examples=150, deadline=None)
def test_every_page_once_in_order_and_numbers_without_a_gap(front: int, drawn: list[tuple[int, bool]], placing: Placing) -> None:
    pieces = pieces_of(front, drawn)
    found = arrange(pieces, placing)
    assert [(leaf.piece, leaf.page) for leaf in found.leaves if leaf.piece >= 0] == [
        (p, n) for p, piece in enumerate(pieces) for n in range(piece.pages)
    ]
    numbers = [leaf.number for leaf in found.leaves if leaf.number]
    assert numbers == list(range(placing.first_number, placing.first_number + len(numbers)))
    for leaf in found.leaves:
        if leaf.piece >= 0:
            assert bool(leaf.number) == (pieces[leaf.piece].row != FRONT and pieces[leaf.piece].numbered)
        else:
            assert placing.double_sided
            assert placing.count_empty or not leaf.number
    if placing.double_sided:
        assert all(start % 2 == 0 for start in found.starts)
        assert not any(a.piece == b.piece == -1 for a, b in zip(found.leaves, found.leaves[1:], strict=False))
    else:
        assert len(found.leaves) == sum(piece.pages for piece in pieces)


@given(front=st.integers(0, 2), drawn=PIECES.filter(bool), placing=PLACINGS, place=st.sampled_from(PLACES))
@settings(max_examples=30, deadline=None)
def test_the_bound_volume_is_what_was_arranged(front: int, drawn: list[tuple[int, bool]], placing: Placing, place: str) -> None:
    pieces = pieces_of(front, drawn)
    found = arrange(pieces, placing)
    rows = sorted({piece.row for piece in pieces})
    marks = [
        Bookmark(
            f"第{row}行 —（𬭊）",
            found.starts[[p.row for p in pieces].index(row)],
            tuple(Bookmark(p.title, found.starts[n]) for n, p in enumerate(pieces) if p.row == row),
        )
        for row in rows
    ]

    def sheet(number: int) -> bytes:
        return paper(pieces[number].title, pieces[number].pages, LANDSCAPE if number % 3 == 2 else A4)

    volume = bind(pieces, found, sheet, marks, Stamp(place))
    said = read_pages(volume)
    assert len(said) == len(found.leaves)
    for leaf, words in zip(found.leaves, said, strict=True):
        wanted = {f"{pieces[leaf.piece].title} page {leaf.page}"} if leaf.piece >= 0 else set()
        assert {line.strip() for line in words.splitlines()} == wanted | ({str(leaf.number)} if leaf.number else set())
    for row in rows:
        numbers = found.numbers(pieces, row)
        on_paper = [int(w.strip()) for leaf, words in zip(found.leaves, said, strict=True) for w in words.splitlines()
                    if leaf.piece >= 0 and pieces[leaf.piece].row == row and w.strip().isdigit()]  # fmt: skip
        assert numbers == ((on_paper[0], on_paper[-1]) if on_paper else None)
    outline = read_outline(volume)
    assert [(title, page) for level, title, page in outline if level == 0] == [(m.title, m.page) for m in marks]
    for title, page in [(title, page) for level, title, page in outline if level == 1]:
        assert f"{title} page 0" in said[page]
    assert bind(pieces, found, sheet, marks, Stamp(place)) == volume


@pytest.mark.parametrize("place", PLACES)
def test_a_number_stands_at_the_outer_edge_and_turns_with_the_page(place: str) -> None:
    pieces = [Piece("a", 2, 1), Piece("b", 2, 1)]
    found = arrange(pieces, Placing())
    pdf = bind(pieces, found, lambda n: paper(pieces[n].title, 2, (LANDSCAPE, A4)[n]), stamp=Stamp(place, margin=10, size=12))
    document = pdfium.PdfDocument(pdf)
    for number, leaf in enumerate(found.leaves):
        width, height = document.get_page_size(number)
        page = document[number]
        words = page.get_textpage()
        left, bottom, right, top = words.get_charbox(words.get_text_range().index(str(leaf.number), words.get_text_range().index("page") + 6))
        at_left = place.startswith("outer") and number % 2 == 1
        if place == "centre_bottom":
            assert abs((left + right) / 2 - width / 2) < 2
        else:
            assert abs((left if at_left else width - right) - 28.3) < 2
        assert abs((height - top if place.endswith("top") else bottom) - 28.3) < 3
    document.close()


def test_the_content_of_a_page_is_not_taken_apart() -> None:
    """The streams of a page stand in the volume as they stood in the paper, between two of ours."""
    pieces = [Piece("a", 1, 1)]
    volume = bind(pieces, arrange(pieces, Placing()), lambda n: paper("a", 1))
    objects = PdfObjects(volume)
    assert objects.trailer[b"/Prev"]
    page = objects.dictionary(objects.trailer[b"/Root"])
    assert page[b"/PageMode"] == b"/UseOutlines"
    plain = paper("a", 1)
    start = plain.index(b"stream\n") + 7
    assert plain[start : plain.index(b"endstream", start)].rstrip() in volume


def test_large_scans_are_held_one_at_a_time() -> None:

    @cache
    def scan(number: int) -> bytes:
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=0)
        picture = Image.frombytes("L", (1200, 1600), random.Random(number).randbytes(1200 * 1600))
        canvas.drawImage(ImageReader(picture), 0, 0, *A4)
        canvas.showPage()
        canvas.save()
        return out.getvalue()

    one = len(scan(0))
    pieces = [Piece(f"scan{n}", 1, 1) for n in range(12)]
    found = arrange(pieces, Placing())

    def again(number: int) -> bytes:
        return bytes(bytearray(scan(number % 2)))  # a fresh copy each time, as from the store

    scan(1)
    tracemalloc.start()
    volume = bind(pieces, found, again)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert one > 1_000_000
    assert peak < 2.2 * len(volume) + 3 * one


def test_the_same_papers_give_the_same_bytes_however_many_they_are() -> None:
    pieces = [Piece(f"p{n}", 5, n + 1) for n in range(120)]
    found = arrange(pieces, Placing())
    marks = [Bookmark(piece.title, start) for piece, start in zip(pieces, found.starts, strict=True)]
    made = [bind(pieces, found, lambda n: paper(pieces[n].title, 5), marks) for _ in range(2)]
    assert made[0] == made[1]
    assert b"CreationDate" not in made[0]
    assert len(read_pages(made[0])) == 120 * 6 - 1
    assert read_outline(made[0])[-1] == (0, "p119", 714)


def test_pieces_of_another_length_than_arranged_are_our_bug() -> None:
    found = arrange([Piece("a", 2, 1)], Placing())
    with Binder() as binder:
        assert binder.add(paper("a", 3)) == 3
        with pytest.raises(ValueError, match="other numbers of pages"):
            binder.bound(found, [], "", STAMP)


def test_a_file_of_another_make_is_not_read_as_if_it_were_plain() -> None:
    for data in (b"", b"%PDF-1.7\nstartxref\n9\n%%EOF\n", b"no pdf at all"):
        with pytest.raises(UnreadablePdf):
            PdfObjects(data)


def test_objects_are_written_as_they_are_read() -> None:
    value = {b"/A": [b"1", Ref(3), b"(a\\)b)", {b"/B": b"null"}], b"/C": b"<00FF>"}
    assert written(value) == b"<</A [1 3 0 R (a\\)b) <</B null>>] /C <00FF>>>"


def test_ranges_as_the_index_says_them() -> None:
    assert [said_range(r) for r in (None, (3, 3), (3, 7))] == ["", "3", "3—7"]
    assert Arrangement((Leaf(0, 0, 4),), (0,)).numbers([Piece("a", 1, 2)], 2) == (4, 4)
    assert page_count(paper("a", 3)) == 3


def test_pages_that_bear_a_scan_are_drawn_in_colour_among_those_that_do_not() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.drawImage(ImageReader(Image.new("RGB", (60, 80), (200, 40, 40))), 100, 100, 300, 400)
    canvas.showPage()
    canvas.save()
    pieces = [Piece("a", 1, 1), Piece("scan", 1, 2)]
    volume = bind(pieces, arrange(pieces, Placing(double_sided=False)), lambda n: (paper("a", 1), out.getvalue())[n])
    pages = PagePictures(volume, scans_in_colour=True)
    assert [pages.picture(n, 40).colour for n in range(2)] == [False, True]
    assert PagePictures(volume, colour=True).picture(0, 40).colour


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_on_a_page_that_was_turned_the_number_stands_upright_where_it_is_seen(turned: int) -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(400, 600), invariant=1)
    canvas.setPageRotation(turned)
    canvas.showPage()
    canvas.save()
    pieces = [Piece("turned", 1, 1)]
    volume = bind(pieces, arrange(pieces, Placing(first_number=7)), lambda _: out.getvalue(), stamp=Stamp("right_top", margin=10, size=30))
    picture = PagePictures(volume).picture(0, 72)
    dark = [(n % picture.stride, n // picture.stride) for n, grey in enumerate(picture.pixels) if grey < 100 and n % picture.stride < picture.width]
    right, top = picture.width - max(x for x, _ in dark), min(y for _, y in dark)
    assert abs(right - 28.3) < 4
    assert abs(top - 28.3) < 5
    wide, high = max(x for x, _ in dark) - min(x for x, _ in dark), max(y for _, y in dark) - min(y for _, y in dark)
    assert high > wide, "upright: a seven is higher than it is wide"
    upper = sum(1 for _, y in dark if y < top + high / 4)
    assert upper > sum(1 for _, y in dark if y > top + high * 3 / 4), "and its bar is above"
