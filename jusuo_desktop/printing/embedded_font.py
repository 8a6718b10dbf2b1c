"""A TrueType font as ReportLab embeds it, with the text layer put right.

ReportLab 5.1 writes `<%04X>` into the ToUnicode map, so every character above U+FFFF is copied and searched as another
one (U+2CB4A comes back as U+2CB4), puts more than the permitted 100 entries into one block, and names the parts of a font by
its PostScript name alone, so that two files of one name would overwrite each other. Nothing else is changed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont

BLOCK = 100
"""The most entries in one bfchar block (Adobe Technical Note 5411)."""


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


class EmbeddedFont(TTFont):  # type: ignore[misc]
    """One font file, subset into every document that uses it. `asciiReadable` stays off: only the used glyphs are embedded."""

    def __init__(self, name: str, filename: str) -> None:
        super().__init__(name, filename, asciiReadable=False, shapable=False)

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
