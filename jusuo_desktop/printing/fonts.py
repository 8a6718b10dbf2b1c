"""Which font draws which character: a role (song, hei, kai) first, then glyph by glyph through the rest of the shipped fonts."""

from __future__ import annotations

import threading
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from reportlab.pdfbase import pdfmetrics

from jusuo_desktop.printing.embedded_font import EmbeddedFont

FOLDER: Final = Path(__file__).parents[2] / "resources" / "fonts"

ROLES: Final = {
    "song": "NotoSerifSC-Regular",
    "hei": "NotoSansSC-Regular",
    "hei_bold": "NotoSansSC-Bold",
    "kai": "LXGWWenKai-Regular",
}
"""The file (without suffix) that draws a role; `song` is the body of every form (domain/forms.md §1)."""

IGNORED: Final = frozenset({0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)})
"""Characters without a shape of their own: joiners, marks of byte order, variant selectors (the plain form is printed)."""

NO_START: Final = frozenset("，。、；：？！）》〉」』】〕〗”’…—·～％%‰℃°,.;:!?)]}")
"""Never begins a line."""
NO_END: Final = frozenset("（《〈「『【〔〖“‘([{￥¥$№")
"""Never ends a line."""

# Classes of a character in line breaking.
CJK, WORD, CLOSING, OPENING, SPACE = range(5)


class Glyph(NamedTuple):
    """How one character is drawn: the registered font, its width in thousandths of the size, its class in line breaking."""

    font: str
    width: int
    kind: int


def kind_of_character(character: str) -> int:
    """The class of a character in line breaking."""
    if character in NO_START:
        return CLOSING
    if character in NO_END:
        return OPENING
    if character == " ":
        return SPACE
    point = ord(character)
    return WORD if point < 0x2E80 and (character.isalnum() or 0x20 < point < 0x2000) else CJK


class Fonts:
    """The fonts of one folder. A font file is read when the first character needs it; glyphs are remembered for ever.

    Reading is safe from several threads; writing a PDF holds `lock`, since a font's file is read while it is subset.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self.lock = threading.RLock()
        files = {path.stem: path for path in sorted(folder.rglob("*.ttf"))}
        chosen = {role: files[stem] for role, stem in ROLES.items() if stem in files}
        if "song" not in chosen:
            raise FileNotFoundError(f"{folder}: {ROLES['song']}.ttf")
        extra = [path for stem, path in files.items() if stem not in ROLES.values()]
        last = [chosen[role] for role in ("song", "hei", "kai", "hei_bold") if role in chosen]
        self._chains = {role: tuple(dict.fromkeys((chosen.get(role, chosen["song"]), chosen["song"], *extra, *last))) for role in ROLES}
        self._loaded: dict[Path, EmbeddedFont] = {}
        self.glyphs: dict[str, dict[str, Glyph | None]] = {role: {} for role in ROLES}

    def glyph(self, role: str, character: str) -> Glyph | None:
        """How `character` is drawn where a form asks for `role`; None when no font has it."""
        known = self.glyphs[role]
        if character not in known:
            known[character] = self._find(self._chains[role], character)
        return known[character]

    def _find(self, chain: tuple[Path, ...], character: str) -> Glyph | None:
        point = ord(character)
        if point in IGNORED or unicodedata.category(character) == "Co":
            return None  # a private character means something else in every font
        for path in chain:
            face = self._font(path).face
            if point in face.charToGlyph:
                return Glyph(self._font(path).fontName, round(face.charWidths[point]), kind_of_character(character))
        return None

    def _font(self, path: Path) -> EmbeddedFont:
        with self.lock:
            if path not in self._loaded:
                font = EmbeddedFont(path.stem, str(path))
                pdfmetrics.registerFont(font)
                self._loaded[path] = font
            return self._loaded[path]


@cache
def shipped_fonts() -> Fonts:
    """The fonts that come with the program, shared by every print."""
    return Fonts()
