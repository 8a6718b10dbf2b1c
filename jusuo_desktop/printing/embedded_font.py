"""A TrueType font as ReportLab embeds it, read at once and with the text layer put right.

ReportLab 5.1 writes `<%04X>` into the ToUnicode map, so every character above U+FFFF is copied and searched as another
one (U+2CB4A comes back as U+2CB4), puts more than the permitted 100 entries into one block, and names the parts of a font by
its PostScript name alone, so that two files of one name would overwrite each other. It also reads a font number by number, which for the
30,000 characters of a Chinese one makes the first paper wait a tenth of a second, and keeps the whole file in memory. Nothing else is changed here.
"""

from __future__ import annotations

import mmap
from array import array
from collections.abc import Sequence
from pathlib import Path
from struct import iter_unpack, unpack_from
from sys import byteorder
from typing import Any
from weakref import WeakKeyDictionary

from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.ttfonts import SUBSETN, TTEncoding, TTFont, TTFontFace

BLOCK = 100
"""The most entries in one bfchar block (Adobe Technical Note 5411)."""
GROUPS = 12
"""The format of a character map in groups of following characters, which every font has that goes beyond U+FFFF (OpenType, 'cmap')."""
BLANK, FIXED_BLANK = 0x20, 0xA0


def to_unicode_map(name: str, subset: Sequence[int]) -> str:
    """The ToUnicode CMap of one subset: glyph code -> character, UTF-16BE as the PDF standard asks (surrogate pairs included)."""
    entries = [
        f"<{code:02X}> <{chr(point).encode('utf-16-be').hex().upper()}>" for code, point in enumerate(subset) if point and (point != 32 or code == 32)
    ]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo",
        f"<< /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
        f"/CMapName /{name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
    ]
    for start in range(0, len(entries), BLOCK):
        block = entries[start : start + BLOCK]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


class Face(TTFontFace):  # type: ignore[misc]
    """A font file: its tables are read in bulk, its outlines stay on the disk until they are drawn. A font of another build is left to ReportLab."""

    def readFile(self, f: str) -> None:
        """Maps the file into memory."""
        self.filename, self._pos = f, 0
        with Path(f).open("rb") as file:
            self._ttf_data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def extractInfo(self, charInfo: int = 1) -> None:
        """What ReportLab extracts (its docstring names it): the head of the font by its own means, the characters here."""
        groups, long_places = self._unicode_map(), self._number("head", 50) == 1
        if not charInfo or groups is None or not long_places:
            super().extractInfo(charInfo)
            return
        super().extractInfo(0)
        glyphs: dict[int, int] = {}
        for first, last, glyph in iter_unpack(">LLL", groups):
            glyphs.update(zip(range(first, last + 1), range(glyph, glyph + last - first + 1), strict=True))
        measures = self.get_table("hmtx")
        counted = 4 * self._number("hhea", 34)
        self.hmetrics = list(iter_unpack(">HH", measures[:counted]))
        as_last = self.hmetrics[-1][0]
        self.hmetrics += [(as_last, bearing) for (bearing,) in iter_unpack(">H", measures[counted : counted + 2 * (self.numGlyphs - counted // 4)])]
        widths = [self._pdfScale(advance) for advance, _ in self.hmetrics]
        self.charToGlyph, self.defaultWidth = glyphs, widths[0]
        self.charWidths = {character: widths[glyph] for character, glyph in glyphs.items()}
        self.glyphPos = array("I", self.get_table("loca")[: 4 * (self.numGlyphs + 1)])
        if byteorder == "little":
            self.glyphPos.byteswap()
        there, lacking = (BLANK, FIXED_BLANK) if BLANK in glyphs else (FIXED_BLANK, BLANK)
        if there in glyphs:
            glyphs[lacking], self.charWidths[lacking] = glyphs[there], self.charWidths[there]

    def _unicode_map(self) -> bytes | None:
        """The groups of the character map that ReportLab would take; None where it is of another format."""
        table = self.get_table("cmap")
        found = [offset for platform, encoding, offset in iter_unpack(">HHL", table[4 : 4 + 8 * unpack_from(">H", table, 2)[0]])
                 if platform == 3 or (platform == 0 and encoding != 5)]  # fmt: skip
        if not found or unpack_from(">H", table, found[-1])[0] != GROUPS:
            return None
        (count,) = unpack_from(">L", table, found[-1] + 12)
        return bytes(table[found[-1] + 16 : found[-1] + 16 + 12 * count])

    def _number(self, table: str, place: int) -> int:
        return int(self.get_ushort(self.get_table_pos(table)[0] + place))


class EmbeddedFont(TTFont):  # type: ignore[misc]
    """One font file, subset into every document that uses it. `asciiReadable` stays off: only the used glyphs are embedded."""

    def __init__(self, name: str, filename: str) -> None:
        self.fontName, self.face, self.encoding = name, Face(filename), TTEncoding()  # in place of TTFont's own, which would make its own face
        self.state: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()
        self._asciiReadable, self.shapable = False, False

    def addObjects(self, doc: Any) -> None:
        """Writes the subsets into `doc` (called once by ReportLab when the document is saved)."""
        state = self.state[doc]
        state.frozen = 1
        for number, subset in enumerate(state.subsets):
            internal = self.getSubsetInternalName(number, doc)[1:]
            base = f"{SUBSETN(number).decode('ascii')}+{self.fontName}"
            font = pdfdoc.PDFTrueTypeFont()
            font.Name, font.BaseFont = internal, base
            font.FirstChar, font.LastChar = 0, len(subset) - 1
            font.Widths = pdfdoc.PDFArray([self.face.getCharWidth(point) for point in subset])
            stream = pdfdoc.PDFStream()
            stream.content = to_unicode_map(base, subset)
            if doc.compression:
                stream.filters = [pdfdoc.PDFZCompress]
            font.ToUnicode = doc.Reference(stream, f"toUnicodeCMap:{base}")
            font.FontDescriptor = self.face.addSubsetObjects(doc, base, subset)
            doc.Reference(font, internal)
            doc.idToObject["BasicFonts"].dict[internal] = font
        del self.state[doc]
