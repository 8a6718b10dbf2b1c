"""Builds the supplement fonts: the plane-2 characters that the shipped Song and Hei lack, with TrueType outlines.

A tool for whoever renews the fonts, not part of set-up. Needs fonttools, and Noto Serif/Sans CJK SC (OFL 1.1) as the OpenType collections
that Linux distributions ship:

    python packaging/build_fonts.py NotoSerifCJK-Regular.ttc resources/fonts/NotoSerifSC-Regular.ttf resources/fonts/SongPlane2.ttf
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont

SIMPLIFIED = "Noto %s CJK SC"
MOST_ERROR = 1.0
"""Font units by which a quadratic outline may leave the cubic one; the em has 1000."""


def simplified(collection: Path) -> TTFont:
    """The SC face of a CJK collection."""
    for font in TTCollection(str(collection)):
        if font["name"].getDebugName(4).endswith("CJK SC"):
            return font
    raise SystemExit(f"{collection}: no SC face")


def build(source: TTFont, beside: TTFont, family: str, target: Path) -> int:
    """Writes the plane-2 glyphs of `source` that `beside` lacks; returns how many."""
    held = beside.getBestCmap()
    wanted = {code: name for code, name in source.getBestCmap().items() if 0x20000 <= code < 0x30000 and code not in held}
    outlines = source.getGlyphSet()
    scale = 1000 / source["head"].unitsPerEm
    glyphs = {".notdef": TTGlyphPen(None).glyph()}
    advances = {".notdef": (1000, 0)}
    names = {}
    for code, name in sorted(wanted.items()):
        pen = TTGlyphPen(None)
        outlines[name].draw(TransformPen(Cu2QuPen(pen, MOST_ERROR, reverse_direction=True), (scale, 0, 0, scale, 0, 0)))
        made = f"u{code:05X}"
        glyphs[made] = pen.glyph()
        advances[made] = (round(outlines[name].width * scale), 0)
        names[code] = made
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap(names)
    builder.setupGlyf(glyphs)
    metrics = {n: (advance, builder.font["glyf"][n].xMin if hasattr(builder.font["glyf"][n], "xMin") else 0) for n, (advance, _) in advances.items()}
    builder.setupHorizontalMetrics(metrics)
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=1000, usWinDescent=200, fsType=0)
    builder.setupNameTable(
        {
            "familyName": family,
            "styleName": "Regular",
            "fullName": family,
            "psName": family.replace(" ", ""),
            "copyright": source["name"].getDebugName(0),
            "licenseDescription": "SIL Open Font License, Version 1.1",
            "licenseInfoURL": "https://openfontlicense.org",
        }
    )
    builder.setupPost()
    builder.save(str(target))
    return len(names)


if __name__ == "__main__":
    collection, beside, target = (Path(word) for word in sys.argv[1:4])
    family = "Jusuo " + target.stem.replace("Plane2", " Plane2")
    sys.stdout.write(f"{build(simplified(collection), TTFont(str(beside)), family, target)} glyphs in {target}\n")
