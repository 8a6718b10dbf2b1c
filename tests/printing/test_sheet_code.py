"""The code on every sheet, read back from the rendered page by another program."""

from __future__ import annotations

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.printing import Sheet, render, shipped_forms
from jusuo_desktop.printing.raster import PagePictures
from jusuo_desktop.printing.sheet_code import SheetCode, read_sheet_code
from tests.printing import sheets

DPI = 200
"""What an office scanner gives at least."""


def codes_on(pdf: bytes) -> list[str]:
    pictures = PagePictures(pdf)
    found = []
    for number in range(len(pictures.sizes)):
        picture = pictures.picture(number, DPI)
        rows = [picture.pixels[top : top + picture.width] for top in range(0, picture.height * picture.stride, picture.stride)]
        pixels = memoryview(b"".join(rows)).cast("B", shape=[picture.height, picture.width])
        found += [code.text for code in zxingcpp.read_barcodes(pixels, formats=zxingcpp.BarcodeFormat.QRCode)]
    return found


@pytest.mark.parametrize("name", sorted(name for name, template in shipped_forms().items() if template.coded))
def test_every_page_names_its_record_form_version_and_place(name: str) -> None:
    template = shipped_forms()[name]
    sheet = sheets.full(template, sheets.long_words)
    read = [read_sheet_code(text) for text in codes_on(render(template, sheet))]
    assert read == [SheetCode(name, template.version, sheet.record_id, page, len(read)) for page in range(1, len(read) + 1)]
    assert len(read) > 1 or (read and not sheets.grows(template))


def test_a_blank_form_names_itself_and_no_record() -> None:
    template = shipped_forms()["consultation_register"]
    assert [read_sheet_code(text) for text in codes_on(render(template, Sheet()))] == [SheetCode("consultation_register", "1", "", 1, 1)]


@given(st.text(max_size=80))
def test_a_code_of_somebody_else_is_none_of_ours(text: str) -> None:
    assert read_sheet_code(text) is None
