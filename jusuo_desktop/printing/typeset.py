"""Text into lines: Chinese line breaking, blanks, underlines, boxes to tick. A pure function of the text and the glyph widths.

A paragraph is a row of pieces (Words, Gap, Tick). Lines break between any two Chinese characters, never before 」，。 and
their like nor after （「 and theirs, and inside a Latin word or number only when it is wider than the line.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from jusuo_desktop.printing.fonts import CJK, CLOSING, IGNORED, OPENING, SPACE, WORD, Fonts
from jusuo_desktop.printing.marks import Mark, Rule, Square, Text, moved

GAP_BEFORE, GAP, BREAK = 5, 6, 7
"""Further classes of an atom: room before a centred value, room after a value, the end of a paragraph."""

HIGH = 0.38
"""Baseline below the middle of a line, in sizes: half the height of a Chinese character above the baseline."""

UNDER = 0.24
"""Underline below the baseline, in sizes."""

HOOK = "✓"
BOX = 0.8
"""Side of a box to tick, in sizes."""
HOOK_MIDDLE = 0.365
"""Half the width of the hook's shape, in sizes."""


class Words(NamedTuple):
    """Text. `binding` names the field it came from ('' for wording of the form); `whole` keeps it on one line if it can."""

    text: str
    binding: str = ""
    underline: bool = False
    struck: bool = False
    whole: bool = False


class Gap(NamedTuple):
    """Room to write in, `width` points; `fill` stretches it to the end of its line; `before` binds it to what follows."""

    width: float
    underline: bool = True
    fill: bool = False
    before: bool = False


class Tick(NamedTuple):
    """A box with or without its hook; stays with the word after it."""

    ticked: bool
    binding: str = ""


Piece = Words | Gap | Tick


class Atom(NamedTuple):
    """What never divides: a character, a gap, a box."""

    text: str
    font: str
    width: float
    kind: int
    piece: int


@dataclass(slots=True)
class Line:
    """One line: marks relative to its left end and its baseline, its natural width, whether a paragraph ends with it."""

    marks: list[Mark]
    width: float
    last: bool


@dataclass(frozen=True)
class Style:
    """How a paragraph is set: font role, size and pitch in points, alignment, indents in sizes."""

    role: str = "song"
    size: float = 12.0
    pitch: float = 30.0
    align: str = "justify"
    indent: float = 0.0


@dataclass
class Typesetter:
    """Breaks pieces into lines with `fonts`; characters that no font has are gathered in `missing` as (character, binding)."""

    fonts: Fonts
    missing: dict[tuple[str, str], None] = field(default_factory=dict)

    def width_of(self, text: str, style: Style) -> float:
        """The width of one line of text in points."""
        return sum(atom.width for atom in self._atoms([Words(text)], style))

    def lines(self, pieces: Sequence[Piece], style: Style, width: float) -> list[Line]:
        """The paragraph's lines in a column `width` points wide; at least one line, be it empty."""
        atoms = self._atoms(pieces, style)
        lines: list[Line] = []
        breaks = _breaks(atoms, width, style.indent * style.size)
        if style.align == "center" and len(breaks) > 1 and not style.indent:
            breaks = _evened(atoms, breaks, style.size)
        for start, end, hard in breaks:
            first = not lines
            indent = style.indent * style.size if first else 0.0
            lines.append(_set(atoms[start:end], pieces, style, width - indent, indent, hard))
        return lines

    def _atoms(self, pieces: Sequence[Piece], style: Style) -> list[Atom]:
        atoms: list[Atom] = []
        size, known, scale = style.size, self.fonts.glyphs[style.role], style.size / 1000
        for index, piece in enumerate(pieces):
            if isinstance(piece, Gap):
                atoms.append(Atom("", "", piece.width, GAP_BEFORE if piece.before else GAP, index))
            elif isinstance(piece, Tick):
                hook = self.fonts.glyph("hei_bold", HOOK) if piece.ticked else None
                atoms.append(Atom(HOOK if hook else "", hook.font if hook else "", size * 1.15, OPENING, index))
            else:
                for character in piece.text:
                    glyph = known[character] if character in known else self.fonts.glyph(style.role, character)
                    if glyph is not None:
                        kind = WORD if piece.whole else glyph.kind
                        atoms.append(Atom(character, glyph.font, glyph.width * scale, kind, index))
                    else:
                        atoms.extend(self._unshaped(character, piece, style, index))
        return atoms

    def _unshaped(self, character: str, words: Words, style: Style, index: int) -> list[Atom]:
        """A character that no font has: a break, some kind of space, a mark without a shape, or one that cannot be printed."""
        category = unicodedata.category(character)
        if character == "\n" or category in ("Zl", "Zp"):
            return [Atom("", "", 0.0, BREAK, index)]
        if character == "\t" or category == "Zs":
            space = self.fonts.glyph(style.role, " ")
            return [Atom(" ", space.font if space else "", style.size, SPACE, index)]
        if category not in ("Cc", "Cf") and ord(character) not in IGNORED:
            self.missing[character, words.binding] = None
        return []


def _may_break(before: Atom, after: Atom) -> bool:
    a, b = before.kind, after.kind
    if b in (SPACE, CLOSING, GAP, GAP_BEFORE) or a in (OPENING, GAP_BEFORE):
        return False
    if a == SPACE or CJK in (a, b) or GAP in (a, b):
        return True
    if a == CLOSING:
        return b == OPENING or ord(before.text) > 0xFF
    return not (a == WORD and b in (WORD, OPENING)) or (b == OPENING and bool(after.text) and ord(after.text) > 0xFF)


def _breaks(atoms: Sequence[Atom], width: float, indent: float) -> list[tuple[int, int, bool]]:
    """(start, end, whether the paragraph ends here) of every line."""
    found: list[tuple[int, int, bool]] = []
    start, place, room, used = 0, -1, width - indent + 0.01, 0.0
    index, count = 0, len(atoms)
    while index < count:
        atom = atoms[index]
        if atom.kind == BREAK:
            found.append((start, index, True))
            start, place, room, used = index + 1, -1, width + 0.01, 0.0
            index += 1
            continue
        if index > start and _may_break(atoms[index - 1], atom):
            place = index
        if used + atom.width > room and atom.kind != SPACE and index > start:
            end = place if place > start else index
            found.append((start, end, False))
            start, place, room, used, index = end, -1, width + 0.01, 0.0, end
            continue
        used += atom.width
        index += 1
    found.append((start, count, True))
    return found


def _evened(atoms: Sequence[Atom], breaks: list[tuple[int, int, bool]], size: float) -> list[tuple[int, int, bool]]:
    """Centred lines of which the last would hold a character or two: as many lines, the narrowest that do (证据／种类, not 证据种／类)."""
    start, end, _ = breaks[-1]
    if sum(a.width for a in atoms[start:end]) > 2 * size + 0.01 or any(hard for *_, hard in breaks[:-1]):
        return breaks
    width = sum(a.width for a in atoms) / len(breaks)
    while len(found := _breaks(atoms, width, 0.0)) > len(breaks):
        width += size / 4
    return found


def _set(atoms: Sequence[Atom], pieces: Sequence[Piece], style: Style, width: float, indent: float, hard: bool) -> Line:
    """One line's atoms placed: runs of one font and one piece, underlines, boxes."""
    end = len(atoms)
    while end and atoms[end - 1].kind == SPACE and not hard:
        end -= 1
    atoms = atoms[:end]
    natural = sum(a.width for a in atoms)
    spare = max(width - natural, 0.0)
    fills = [a.piece for a in atoms if a.kind in (GAP, GAP_BEFORE) and pieces[a.piece].fill]  # type: ignore[union-attr]
    x, spacing, stretch = indent, 0.0, 0.0
    if fills:
        stretch = spare / len(fills)
    elif style.align == "justify" and not hard and end > 1 and spare < 4 * style.size:
        spacing = spare / (end - 1)
    elif style.align == "right":
        x += spare
    elif style.align == "center":
        x += spare / 2
    marks: list[Mark] = []
    rules: list[tuple[float, float, float]] = []
    run = 0
    size = style.size
    while run < end:
        first = atoms[run]
        piece = pieces[first.piece]
        stop, begin = run, x
        if isinstance(piece, Words):
            while stop < end and atoms[stop].piece == first.piece and atoms[stop].font == first.font:
                x += atoms[stop].width + spacing
                stop += 1
            text = "".join([a.text for a in atoms[run:stop]])
            last = spacing if stop == end else 0.0
            marks.append(Text(begin, 0.0, text, first.font, size, x - begin - last, spacing, not piece.binding, piece.binding))
            if piece.underline:
                rules.append((begin, x - last, size * UNDER))
            if piece.struck:
                rules.append((begin, x - last, -size * HIGH))
        elif isinstance(piece, Gap):
            stop += 1
            x += first.width + spacing + (stretch if piece.fill else 0.0)
            if piece.underline:
                rules.append((begin, x - (spacing if stop == end else 0.0), size * UNDER))
        else:
            stop += 1
            side = size * BOX
            top = -size * HIGH - side / 2
            marks.append(Square(begin + size * 0.05, top, side))
            x += first.width + spacing
            if first.text:
                left = begin + size * (0.05 + BOX / 2 - HOOK_MIDDLE)
                marks.append(Text(left, 0.0, HOOK, first.font, size, size * 2 * HOOK_MIDDLE, 0.0, False, piece.binding))
        run = stop
    marks.extend(_joined(rules))
    return Line(marks, natural, hard)


def _joined(rules: Sequence[tuple[float, float, float]]) -> list[Mark]:
    """Underlines and strokes, neighbours joined into one."""
    joined: list[tuple[float, float, float]] = []
    for x0, x1, y in rules:
        if joined and joined[-1][2] == y and x0 - joined[-1][1] < 0.05:
            joined[-1] = (joined[-1][0], x1, y)
        elif x1 > x0:
            joined.append((x0, x1, y))
    return [Rule(x0, y, x1, y) for x0, x1, y in joined]


def placed(line: Line, x: float, style: Style) -> list[Mark]:
    """A line's marks in a unit: its left end at `x`, its middle in the middle of the pitch."""
    baseline = style.pitch / 2 + style.size * HIGH
    return [moved(mark, x, baseline) for mark in line.marks]
