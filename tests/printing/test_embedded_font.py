"""The fonts are read in bulk: what comes of it is what ReportLab reads number by number, and their outlines stay on the disk."""

from __future__ import annotations

import mmap
from pathlib import Path

import pytest
from reportlab.pdfbase.ttfonts import TTFontFace

from jusuo_desktop.printing.embedded_font import Face
from jusuo_desktop.printing.fonts import FOLDER

FONTS = sorted(FOLDER.rglob("*.ttf"))
LEFT_OUT = frozenset({"_ttf_data", "_pos", "_pdfScale", "glyphToChar"})
"""How a font is read, and what serves ReportLab's shaping alone, which is off."""


@pytest.mark.parametrize("path", FONTS, ids=lambda path: path.stem)
def test_a_font_is_read_as_reportlab_reads_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = {name: value for name, value in vars(TTFontFace(str(path))).items() if name not in LEFT_OUT}
    counted = 0

    def counting(self: Face) -> int:
        nonlocal counted
        counted += 1
        return original(self)

    original = Face.read_ushort
    monkeypatch.setattr(Face, "read_ushort", counting)
    face = Face(str(path))
    ours = {name: value for name, value in vars(face).items() if name in theirs}
    ours["glyphPos"] = list(ours["glyphPos"])
    assert ours == theirs
    assert isinstance(face._ttf_data, mmap.mmap), "ten megabytes less for each font that was ever printed with"
    assert counted < 2000, "not character by character: the first paper would wait for it"


def test_the_subset_of_a_font_is_the_same() -> None:
    for path in FONTS:
        face, theirs = Face(str(path)), TTFontFace(str(path))
        drawn = [0, *(ord(c) for c in "协议书 １23 𰻝，（）" if ord(c) in face.charToGlyph)]
        assert face.makeSubset(drawn) == theirs.makeSubset(drawn)
