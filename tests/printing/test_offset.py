"""套打: the offset moves every glyph by exactly that; the test page says how to find it, and what was measured leads to it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jusuo_desktop.printing import lay_out, shipped_fonts, shipped_forms, write_pdf
from jusuo_desktop.printing.marks import MM
from jusuo_desktop.printing.raster import PagePictures
from jusuo_desktop.printing.ruler_page import CROSS, corrected, ruler_page
from tests.printing import sheets
from tests.printing.test_paper_measured import glyphs

TENTHS = st.integers(-300, 300)


@settings(max_examples=15, deadline=None)
@given(TENTHS, TENTHS)
def test_the_offset_moves_every_glyph_by_exactly_that(right: int, down: int) -> None:
    template = shipped_forms()["acceptance_register"]
    pages = lay_out(template, sheets.rich(template), shipped_fonts())
    before = [g for page in glyphs(write_pdf(pages, shipped_fonts(), "", values_only=True)) for g in page]
    after = [g for page in glyphs(write_pdf(pages, shipped_fonts(), "", values_only=True, shift=(right, down))) for g in page]
    assert [g.text for g in before] == [g.text for g in after]
    assert len(before) > 100
    for one, other in zip(before, after, strict=True):
        assert other.x - one.x == pytest.approx(right * MM / 10, abs=0.002)
        assert other.baseline - one.baseline == pytest.approx(down * MM / 10, abs=0.002)


@given(TENTHS, TENTHS, TENTHS, TENTHS)
def test_what_is_measured_on_the_test_page_corrects_the_printer(off_right: int, off_down: int, right: int, down: int) -> None:
    """A printer that is off by some tenths, its page printed with any shift: one measurement sets it right."""
    measured = (CROSS[0] + (off_right + right) / 10, CROSS[1] + (off_down + down) / 10)
    assert corrected((right, down), *measured) == (-off_right, -off_down)


def test_the_test_page_says_what_to_do_and_its_rulers_are_true() -> None:
    pdf = ruler_page(shipped_fonts(), "HP LaserJet 1020", (3, -5))
    pictures = PagePictures(pdf)
    said = "".join(pictures.text(0).split())
    for part in ("HPLaserJet1020", "已右移0.3毫米、下移-0.5毫米", "对准时是50毫米", "对准时是60毫米", "实际大小"):
        assert part in said
    dpi = 600
    picture = pictures.picture(0, dpi)

    def dark(x: float, y: float) -> bool:
        pixel = round(y * dpi / 25.4) * picture.stride + round(x * dpi / 25.4)
        return min(picture.pixels[pixel - 1 : pixel + 2]) < 160

    assert all(dark(x, 10) for x in range(12, 198))  # a line for each millimetre of the upper ruler
    assert not any(dark(x + 0.5, 10.5) for x in range(15, 195))
    assert all(dark(CROSS[0], CROSS[1] + n) for n in (-7, -3, 3, 7))
