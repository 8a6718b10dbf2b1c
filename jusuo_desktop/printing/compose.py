"""A template and a sheet become units of height: wording, rows, ruled text, signatures, seals. Tables: compose_table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from jusuo_desktop.printing import template as form
from jusuo_desktop.printing.compose_table import table
from jusuo_desktop.printing.fill import PART, YEAR, Filler
from jusuo_desktop.printing.marks import MM, Mark, Rule, Text, moved
from jusuo_desktop.printing.pagination import FREE, NEVER, RATHER_NOT, Head, Span, Unit
from jusuo_desktop.printing.typeset import HIGH, Gap, Line, Piece, Style, Typesetter, Words, placed

RULED_BELOW = 0.42
"""A ruled line below the baseline, in sizes: room for hand-writing above it."""

SIGNED = Style("song", 10.5, 20.0, "left")
"""The line above signatures that begin a page."""

MOST_KEPT = 0.7
"""Empty lines between a text and its signatures stay with them if they take no more than this share of a page."""

SEAL_SHARE = 0.5
"""The seal's place is this share of the width, at the right."""


class Composer:
    """Makes `units` and `spans` from blocks. `left`, `width` and `height` of the type area in points; the last `foot` points of it
    are kept free on each page but the last, so that no unit is taller than `tallest`.
    """

    def __init__(self, template: form.Template, filler: Filler, typesetter: Typesetter, foot: float = 0.0) -> None:
        paper = template.paper
        self.left, self.width = paper.left, paper.width - paper.left - paper.right
        self.height = paper.height - paper.top - paper.bottom
        self.tallest = self.height - foot
        self.filler, self.typesetter = filler, typesetter
        self.units: list[Unit] = []
        self.spans: list[Span] = []
        self._stick = False
        self._of_signatures = self._head_of_signatures(template)

    def _head_of_signatures(self, template: form.Template) -> Head:
        """What stands above signatures that begin a page: so many sign that the text they sign is pages before."""
        lines = self.typesetter.lines([Words(f"（接上页，以下为《{template.title}》的签名）")], SIGNED, self.width)
        marks = [moved(m, 0.0, n * SIGNED.pitch) for n, line in enumerate(lines) for m in placed(line, self.left, SIGNED)]
        return Head(len(lines) * SIGNED.pitch, marks)

    def add(self, unit: Unit, stay: int = FREE) -> None:
        """Appends a unit; it stays with the one before it if that asked for company."""
        unit.stay = max(unit.stay, stay, NEVER if self._stick else FREE)
        self._stick = False
        self.units.append(unit)

    def compose(self, blocks: Sequence[form.Block]) -> None:
        """Appends every block that is printed."""
        for block in blocks:
            if self.filler.holds(block.when):
                self._one(block)

    def _one(self, block: form.Block) -> None:
        match block:
            case form.Paragraph():
                if block.with_previous and self.units:
                    self._stick = True
                self.paragraph(self.filler.pieces(block.content, block.style), block.style)
                self._stick = block.keep
            case form.Row():
                self._row(block)
            case form.Table():
                table(self, block)
            case form.Ruled():
                self._ruled(block)
            case form.Repeat():
                self._repeat(block)
            case form.Signatures():
                self._signatures(block)
            case form.Seal():
                self._seal(block)
            case form.Space():
                self.add(Unit(min(block.height, self.tallest), stretch=block.stretch, vanish=bool(self.units)))
            case form.Cut():
                self._cut(block)
            case form.Keep():
                self._keep(block)
            case _:
                assert_never(block)  # type: ignore[arg-type]

    def paragraph(self, pieces: Sequence[Piece], style: Style) -> None:
        """Lines of text, never one alone at the head or the foot of a page."""
        lines = self.typesetter.lines(pieces, style, self.width)
        for number, line in enumerate(lines):
            stay = NEVER if number and number in (1, len(lines) - 1) else FREE
            self.add(Unit(style.pitch, placed(line, self.left, style), line=number), stay)

    def stick_to_text(self) -> None:
        """What comes next stands with what it belongs to: two lines of a longer text, else what was just before (no lonely signatures)."""
        index, room = len(self.units) - 1, self.tallest * MOST_KEPT
        while index >= 0 and not any(isinstance(mark, Text) for mark in self.units[index].marks) and room > 0:
            self.units[index].stay = NEVER  # empty room and ruled lines nobody wrote on are no text
            room -= self.units[index].height
            index -= 1
        if index >= 0 and self.units[index].line:
            self.units[index].stay = NEVER
        self._stick = bool(self.units)

    def _row(self, block: form.Row) -> None:
        self._stick = self._stick or (block.with_previous and bool(self.units))
        total = sum(cell.weight for cell in block.cells)
        columns: list[tuple[list[Line], float, Style]] = []
        x = self.left
        gap = block.cells[0].style.size * 0.5 if block.cells else 0.0
        for number, cell in enumerate(block.cells):
            width = self.width * cell.weight / total
            inner = width - (gap if number < len(block.cells) - 1 else 0.0)
            lines = self.typesetter.lines(self.filler.pieces(cell.content, cell.style), cell.style, inner)
            columns.append((lines, x, cell.style))
            x += width
        count = max((len(lines) for lines, _, _ in columns), default=0)
        pitch = max((style.pitch for _, _, style in columns), default=0.0)
        for number in range(count):
            marks = [m for lines, x, style in columns if number < len(lines) for m in placed(lines[number], x, style)]
            self.add(Unit(pitch, marks, line=number), NEVER if number and number in (1, count - 1) else FREE)
        self._stick = block.keep

    def _ruled(self, block: form.Ruled) -> None:
        style = block.style
        value = self.filler.text(block.path) if block.path else ""
        pieces: list[Piece] = [Words(block.label)] if block.label else []
        pieces += [Words(value, block.path.written if block.path else "")]
        lines = self.typesetter.lines(pieces, style, self.width)
        label = self.typesetter.width_of(block.label, style) if block.label else 0.0
        count = max(len(lines), block.least)
        for number in range(count):
            marks = placed(lines[number], self.left, style) if number < len(lines) else []
            marks.append(self._ruling(style, 0.0, label if number == 0 else 0.0))
            self.add(Unit(style.pitch, marks, line=number), NEVER if number and number in (1, len(lines) - 1) else FREE)
        if block.stretch:

            def rules(height: float) -> list[Mark]:
                return [self._ruling(style, n * style.pitch) for n in range(int(height / style.pitch + 0.001))]

            self.add(Unit(0.0, stretch=1.0, fill=rules, vanish=True), NEVER)

    def _ruling(self, style: Style, down: float, indent: float = 0.0) -> Rule:
        y = down + style.pitch / 2 + style.size * (HIGH + RULED_BELOW)
        return Rule(self.left + indent, y, self.left + self.width, y)

    def _repeat(self, block: form.Repeat) -> None:
        assert block.each is not None
        for place, row in enumerate(self.filler.rows(block.each, block.least, block.of), 1):
            self.filler.walk(block.each, row, place)
            self.compose(block.body)
        self.filler.leave(block.each)

    def _cut(self, block: form.Cut) -> None:
        """The broken line runs from edge to edge of the type area, through the middle of its wording's line."""
        style = block.style
        for number, line in enumerate(self.typesetter.lines(self.filler.pieces(block.content, style), style, self.width)):
            words = placed(line, self.left, style)
            marks = list(words)
            if number == 0:
                texts = [mark for mark in words if isinstance(mark, Text)]
                ends = (texts[0].x - style.size / 2, texts[-1].x + texts[-1].width + style.size / 2) if texts else (self.left, self.left)
                for x0, x1 in ((self.left, ends[0]), (ends[1], self.left + self.width)):
                    if x1 > x0:
                        marks.append(Rule(x0, style.pitch / 2, x1, style.pitch / 2, dashed=True))
            self.add(Unit(style.pitch, marks), NEVER if number else FREE)

    def _keep(self, block: form.Keep) -> None:
        start = len(self.units)
        self.compose(block.body)
        if sum(u.height for u in self.units[start:]) <= self.tallest:
            for unit in self.units[start + 1 :]:
                unit.stay = NEVER

    def _signatures(self, block: form.Signatures) -> None:
        places = [
            place for place in block.places for _ in (self.filler.rows(place.each, place.least, place.of) if place.each else range(place.least))
        ]
        if not places:
            return
        self.stick_to_text()
        style = block.style
        left = Style(style.role, style.size, style.pitch, "left")
        width = self.width / block.columns
        units: list[Unit] = []
        for start in range(0, len(places), block.columns):
            row: list[tuple[list[Line], float]] = []
            for column, place in enumerate(places[start : start + block.columns]):
                pieces: list[Piece] = [Words(place.label, whole=True), Gap(style.size * 3, fill=True)]
                apart = style.size if column < block.columns - 1 else 0.0
                row.append((self.typesetter.lines(pieces, left, width - apart), place.room * MM))
            height = max(max(room, len(lines) * style.pitch) for lines, room in row)
            marks = [
                moved(mark, 0.0, height - (len(lines) - index) * style.pitch)
                for column, (lines, _) in enumerate(row)
                for index, line in enumerate(lines)
                for mark in placed(line, self.left + column * width, style)
            ]
            units.append(Unit(height, marks, head=self._of_signatures))
        inside = NEVER if sum(unit.height for unit in units) <= self.tallest * 0.4 else RATHER_NOT
        for number, unit in enumerate(units):
            self.add(unit, inside if number else FREE)

    def _seal(self, block: form.Seal) -> None:
        self.stick_to_text()
        style = block.style
        centred = Style(style.role, style.size, style.pitch, "center")
        width = self.width * SEAL_SHARE
        room = min(block.room, self.tallest * 0.6)
        marks: list[Mark] = []
        lines = self.typesetter.lines([Words(block.label)], centred, width)
        down = max(room - (len(lines) + block.dated) * style.pitch, 0.0)
        if block.dated:
            blank: list[Piece]
            if block.date is not None:
                blank = self.filler.pieces([form.Blank(block.date, underline=False, form="day")], style)
            else:
                blank = [
                    p for unit in "年月日" for p in (Gap(style.size * (YEAR if unit == "年" else PART), False, before=True), Words(unit, whole=True))
                ]
            lines += self.typesetter.lines(blank, centred, width)
        for line in lines:
            marks += [moved(m, 0.0, down) for m in placed(line, self.left + self.width - width, style)]
            down += style.pitch
        self.add(Unit(max(down, room), marks, head=self._of_signatures))
