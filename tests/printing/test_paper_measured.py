"""Every form measured from its PDF: text whole, inside the margins, nothing over anything; margins, pitch and place of the page number as
the sources give them (domain/forms.md §1), to half a millimetre.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jusuo_desktop.printing import Sheet, Template, lay_out, shipped_fonts, shipped_forms, write_pdf
from jusuo_desktop.printing.bindings import Row
from jusuo_desktop.printing.layout import NUMBER_DROP
from jusuo_desktop.printing.marks import MM, Page, Text
from jusuo_desktop.printing.raster import PagePictures
from jusuo_desktop.printing.template import Block, Keep, Repeat, Seal, Signatures
from tests.printing import sheets

FORMS = shipped_forms()
NAMES = sorted(FORMS)
HALF = 0.5 * MM
OFFICIAL = (37 * MM, 26 * MM, 35 * MM, 28 * MM)
"""The type area of GB/T 9704: top, right, bottom, left."""
AS_THE_MINISTRY = (
    "acceptance_register",
    "mediation_application",
    "mediation_record",
    "mediation_agreement",
    "oral_agreement_register",
    "rights_notice",
    "dossier_note",
)
"""Forms whose geometry the sources give (forms.md §1: S01, S22)."""


class Glyph(NamedTuple):
    """A character as PDFium finds it: its ink, its origin, points from the top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    x: float
    baseline: float
    advance: float


@cache
def paper(name: str, variant: str) -> tuple[list[Page], bytes]:
    template = FORMS[name]
    sheet = Sheet() if variant == "empty" else sheets.full(template, sheets.long_words, rows=2)
    pages = lay_out(template, sheet, shipped_fonts())
    return pages, write_pdf(pages, shipped_fonts(), template.title)


def glyphs(pdf: bytes) -> Iterator[list[Glyph]]:
    """The characters of each page in the order in which they are drawn."""
    document = pdfium.PdfDocument(pdf)
    try:
        for page in document:
            height, words = page.get_height(), page.get_textpage()
            found = []
            for index in range(words.count_chars()):
                text = chr(raw.FPDFText_GetUnicode(words.raw, index))
                if text.isspace() or raw.FPDFText_IsGenerated(words.raw, index):
                    continue
                left, bottom, right, top = words.get_charbox(index)
                x, y = raw.c_double(), raw.c_double()
                raw.FPDFText_GetCharOrigin(words.raw, index, x, y)
                size = raw.FPDFText_GetFontSize(words.raw, index)
                found.append(Glyph(text, left, height - top, right, height - bottom, x.value, height - y.value, size))
            words.close()
            page.close()
            yield found
    finally:
        document.close()


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("variant", ["empty", "long"])
def test_the_pdf_holds_what_was_laid_out_inside_the_margins_and_nothing_over_anything(name: str, variant: str) -> None:
    template, (pages, pdf) = FORMS[name], paper(name, variant)
    read = PagePictures(pdf)
    assert len(read.sizes) == len(pages)
    for number, (page, found) in enumerate(zip(pages, glyphs(pdf), strict=True)):
        said = squeezed("".join(mark.text for mark in page.marks if isinstance(mark, Text)))
        assert sorted(squeezed(read.text(number))) == sorted(said)
        assert_inside(template, found)
        assert_apart(found)


def assert_inside(template: Template, found: list[Glyph]) -> None:
    area = template.paper
    for glyph in found:
        assert area.left - HALF <= glyph.left <= glyph.right <= area.width - area.right + HALF, glyph
        assert 6 * MM < glyph.top <= glyph.bottom < area.height - 2 * MM, glyph


def assert_apart(found: list[Glyph]) -> None:
    """No character's ink over another's; the hook stands in its box and is left out."""
    lines: dict[int, list[Glyph]] = {}
    inked = [g for g in found if g.text != "✓"]
    for glyph in inked:
        for band in range(int(glyph.top // 20), int(glyph.bottom // 20) + 1):
            lines.setdefault(band, []).append(glyph)
    for band in lines.values():
        band.sort(key=lambda g: g.left)
        for index, one in enumerate(band):
            for other in band[index + 1 :]:
                if other.left >= one.right - 0.6:
                    break
                assert min(one.bottom, other.bottom) - max(one.top, other.top) < 0.6, (one, other)


@pytest.mark.parametrize("name", AS_THE_MINISTRY)
def test_margins_pitch_and_page_number_are_those_of_the_sources(name: str) -> None:
    template, (_, pdf) = FORMS[name], paper(name, "long")
    area = template.paper
    assert (area.top, area.right, area.bottom, area.left) == pytest.approx(OFFICIAL)
    first = next(glyphs(pdf))
    title = [g for g in first if abs(g.advance - 22) < 0.1][: len(template.title)]
    assert "".join(g.text for g in title) == template.title
    assert (title[0].x + title[-1].x + 22) / 2 == pytest.approx((area.left + area.width - area.right) / 2, abs=HALF)
    body = [g for found in glyphs(pdf) for g in found if abs(g.advance - 12) < 0.1]
    assert min(g.x for g in body) == pytest.approx(area.left, abs=HALF)
    if sheets.grows(template):
        assert max(g.x + 12 for g in body if "一" <= g.text <= "龥") == pytest.approx(area.width - area.right, abs=HALF)
    assert min(g.baseline for g in title) - 22 >= area.top
    numbers = [g for g in first if abs(g.advance - 14) < 0.1]
    assert "".join(g.text for g in numbers) == "—1—"
    middle = sum((g.top + g.bottom) / 2 for g in numbers[:1])
    assert middle == pytest.approx(area.height - area.bottom + NUMBER_DROP, abs=3 * HALF)


def test_the_lines_of_an_account_stand_thirty_points_apart() -> None:
    pages, _ = paper("mediation_record", "long")
    lines = max((sorted({round(m.baseline, 2) for m in page.marks if isinstance(m, Text) and m.binding == "record_text"}) for page in pages), key=len)
    assert len(lines) > 10
    assert {round(b - a, 1) for a, b in itertools.pairwise(lines)} == {30.0}


# -- signatures -----------------------------------------------------------------


def places(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Signatures):
            yield from (place.label for place in block.places)
        elif isinstance(block, Seal):
            yield block.label
        elif isinstance(block, (Repeat, Keep)):
            yield from places(block.body)


SIGNED = sorted(name for name in NAMES if any(places(FORMS[name].body)))


def short(sheet: Sheet, length: int, signers: int) -> Sheet:
    """The same sheet with accounts of another length, and other numbers of rows."""

    def cut(values: object) -> object:
        assert isinstance(values, dict)
        made = {n: v[:length] if isinstance(v, str) and len(v) > 60 else v for n, v in values.items()}
        return Row(made, values.below) if isinstance(values, Row) else made

    def rows(family: object) -> dict[str, list[object]]:
        assert isinstance(family, dict)
        return {kind: [cut(one) for one in (list(some) * signers)[:signers]] for kind, some in family.items()}

    return Sheet(cut(sheet.values), rows(sheet.rows), cut(sheet.parent), rows(sheet.parent_rows), sheet.links, sheet.office)  # type: ignore[arg-type]


@cache
def whole(name: str) -> Sheet:
    return sheets.full(FORMS[name], sheets.long_words, rows=1)


def assert_not_alone(template: Template, pages: list[Page]) -> None:
    """Where somebody signs, text of the act stands above: its wording, or the line that says whose signatures these are."""
    labels = {squeezed(label) for label in places(template.body)}
    for page in pages:
        texts = [m for m in page.marks if isinstance(m, Text) and template.paper.top <= m.baseline <= template.paper.height - template.paper.bottom]
        signing = [m for m in texts if squeezed(m.text) in labels]
        if not signing:
            continue
        highest = min(m.baseline for m in signing)
        assert any(m.baseline < highest - 1 for m in texts if m not in signing), (template.name, page.number)


@settings(max_examples=6, deadline=None)
@given(st.integers(1, 1200), st.integers(1, 30))
@pytest.mark.parametrize("name", SIGNED)
def test_a_signature_never_stands_on_a_page_without_text_of_what_it_signs(name: str, length: int, signers: int) -> None:
    template = FORMS[name]
    assert_not_alone(template, lay_out(template, short(whole(name), length, signers), shipped_fonts()))


def test_whose_signatures_they_are_is_said_where_they_fill_a_page() -> None:
    template = FORMS["mediation_agreement"]
    pages = lay_out(template, sheets.rich(template, sheets.PARTIES * 30), shipped_fonts())
    said = ["".join(m.text for m in page.marks if isinstance(m, Text)) for page in pages]
    assert any("接上页，以下为《人民调解协议书》的签名" in one for one in said[1:])
    assert "接上页" not in said[0]
