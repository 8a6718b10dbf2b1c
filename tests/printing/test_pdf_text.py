"""The text layer: what two readers copy out of the PDF is what was put in, rare characters included; every font is embedded."""

from __future__ import annotations

import re
import shutil
import subprocess
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jusuo_desktop.printing import Sheet, render, shipped_forms
from jusuo_desktop.printing.embedded_font import BLOCK, to_unicode_map
from jusuo_desktop.printing.raster import PagePictures
from jusuo_desktop.printing.template_reader import read_template
from tests.printing import sheets
from tests.printing.plain_reader import text_of
from tests.printing.texts import CHARACTERS, NAMES, PLANE_2

PLAIN = read_template(
    b"""
form: plain
title: T
version: "1"
kind: mediation
page_number: none
code: no
body:
  - lines: dispute_summary
    least: 1
""",
    "plain.yaml",
)
HEADS = re.compile(r"T（续页）|第\d+页共\d+页")

POPPLER = shutil.which("pdftotext")
"""A third reader, where the machine has it."""


def squeezed(text: str) -> str:
    return "".join(text.split())


def through_pdfium(pdf: bytes) -> str:
    pictures = PagePictures(pdf)
    return "".join(pictures.text(number) for number in range(len(pictures.sizes)))


def through_poppler(pdf: bytes) -> str:
    assert POPPLER
    done = subprocess.run([POPPLER, "-raw", "-enc", "UTF-8", "-", "-"], input=pdf, check=True, capture_output=True)
    return done.stdout.decode("utf-8").replace("\f", "")


def account(said: str) -> str:
    """The text of the one blank, title and running heads left out."""
    return HEADS.sub("", squeezed(said)).removeprefix("T")


@settings(max_examples=60)
@given(st.text(CHARACTERS, min_size=1, max_size=400))
def test_the_text_of_the_pdf_is_the_text_of_the_record(text: str) -> None:
    pdf = render(PLAIN, Sheet({"dispute_summary": text}))
    assert account(through_pdfium(pdf)) == squeezed(text)
    assert account(text_of(pdf)) == squeezed(text)


@pytest.mark.skipif(POPPLER is None, reason="needs pdftotext (poppler-utils)")
@settings(max_examples=15)
@given(st.text(CHARACTERS, min_size=1, max_size=400))
def test_a_third_reader_reads_the_same(text: str) -> None:
    pdf = render(PLAIN, Sheet({"dispute_summary": text}))
    assert account(through_poppler(pdf)) == squeezed(text)


def test_every_rare_character_of_the_standard_list_comes_back() -> None:
    text = "".join(PLANE_2)
    pdf = render(PLAIN, Sheet({"dispute_summary": text}))
    assert account(through_pdfium(pdf)) == account(text_of(pdf)) == text
    if POPPLER:
        assert account(through_poppler(pdf)) == text


@settings(max_examples=30)
@given(NAMES.map(lambda name: name[:6]))
def test_a_name_of_any_characters_is_searchable_on_the_agreement(name: str) -> None:
    template = shipped_forms()["mediation_agreement"]
    sheet = sheets.rich(template, [{**sheets.PARTIES[0], "name": name}, sheets.PARTIES[1]])
    assert name in through_pdfium(render(template, sheet)).replace("\r\n", "")


WHERE_NOT_SIGNED = {
    "evaluation_consultation": "评价人",
    "refusal_notice": "人民调解委员会（印章）",
    "termination_notice": "人民调解委员会（印章）",
    "dossier_back": "立卷人",
    "dossier_cover": "立 卷 人",
    "spine_label": "沿边框剪下",
    "dossier_index_blank": "页号",
    "identity_sheet": "粘贴处",
    "mediation_invitation": "人民调解委员会（印章）",
    "mediation_proof": "人民调解委员会（印章）",
    "mediator_change_notice": "签收",
    "referral_acceptance": "人民调解委员会（印章）",
    "referral_decline": "人民调解委员会（印章）",
    "referral_feedback": "人民调解委员会（印章）",
}
"""What stands at the place of a signature on forms that ask for none by that word."""


@pytest.mark.parametrize("name", sorted(shipped_forms()))
def test_every_form_reads_back_its_wording_in_every_reader(name: str) -> None:
    template = shipped_forms()[name]
    pdf = render(template, sheets.rich(template))
    readers = [through_pdfium(pdf), text_of(pdf)] + ([through_poppler(pdf)] if POPPLER else [])
    for said in readers:
        assert template.title in squeezed(said) or not template.heading
        assert WHERE_NOT_SIGNED.get(name, "签名") in said


@pytest.mark.parametrize("name", sorted(shipped_forms()))
def test_every_font_is_embedded_and_cut_to_what_is_used(name: str) -> None:
    """Read from the file itself: each font resource has a descriptor with a font program, a subset name and a ToUnicode map."""
    pdf = render(shipped_forms()[name], sheets.rich(shipped_forms()[name]))
    fonts = re.findall(rb"/BaseFont /(\S+)[^>]*?/FontDescriptor (\d+) 0 R[^>]*?/ToUnicode (\d+) 0 R", pdf.replace(b"\n", b" "))
    assert len(fonts) == len(re.findall(rb"/Type /Font\b", pdf))
    for base, descriptor, _ in fonts:
        assert re.match(rb"[A-Z]{6}\+", base)
        found = re.search(rb"\n%s 0 obj\n(.*?)endobj" % descriptor, pdf, re.DOTALL)
        assert found
        assert b"/FontFile2" in found[1]
    assert len(pdf) < 250_000


def test_a_rare_name_draws_its_own_shape_and_not_a_box() -> None:
    """Two rare characters differ on the page from each other, and from a character that is left empty."""
    pictures = [PagePictures(render(PLAIN, Sheet({"dispute_summary": c * 3}))).picture(0, 72).pixels for c in (PLANE_2[0], PLANE_2[7], "\u3000")]
    assert len({zlib.crc32(pixels) for pixels in pictures}) == 3


def test_the_map_to_unicode_keeps_the_bounds_of_the_standard() -> None:
    written = to_unicode_map("ABCDEF+Song", [0x2CB4A + n for n in range(250)])
    blocks = [int(count) for count in re.findall(r"(\d+) beginbfchar", written)]
    assert sum(blocks) == 250
    assert max(blocks) <= BLOCK
    assert "<D872DF4A>" in written
