"""Wording with blanks becomes pieces of text, filled from a sheet; an empty blank stays room to write in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jusuo_desktop.printing.bindings import Path, Sheet, rows_of, shown, value_of
from jusuo_desktop.printing.template import Blank, Choices, Inline, Room, Template, When
from jusuo_desktop.printing.typeset import Gap, Piece, Style, Tick, Typesetter, Words
from jusuo_desktop.records.field import FieldType, Value, Values

LEAD = 0.4
"""Room between the start of an underlined blank and its value, in sizes."""

BOX = "□"

YEAR, PART = 2.8, 1.4
"""Room to write a year, and a month, day, hour or minute, in sizes."""


def is_offered(template: Template, values: Values) -> bool:
    """Whether a form is among the papers for a record with these values; a record without a state stands at the first one."""
    when = template.offered
    if when is None:
        return True
    course = template.kind.workflow
    first = course.first if course is not None and course.field == when.path.field.name else None
    codes = _codes(values.get(when.path.field.name, first))
    return (not codes.isdisjoint(when.codes)) != when.negated


class Filler:
    """Fills blanks from `sheet`; `current` holds the child row at hand of each kind, while rows are repeated."""

    def __init__(self, sheet: Sheet, typesetter: Typesetter) -> None:
        self.sheet, self._typesetter = sheet, typesetter
        self.current: dict[str, Values] = {}

    def pieces(self, content: Sequence[Inline], style: Style) -> list[Piece]:
        """The pieces of wording with its blanks filled or left open."""
        found: list[Piece] = []
        for part in content:
            if isinstance(part, str):
                found.extend(_wording(part))
            elif isinstance(part, Room):
                found.append(Gap(part.width * style.size, fill=part.fill))
            elif isinstance(part, Choices):
                found.extend(self._choices(part, style))
            elif part.options:
                found.extend(self._struck(part))
            elif part.each:
                found.extend(self._each(part, style))
            else:
                found.extend(self._blank(part, self.text(part.path, part.form), style))
        return found

    def text(self, path: Path, form: str = "") -> str:
        """The text at a path."""
        return shown(path, self.sheet, self.current.get(path.row), form)

    def holds(self, when: When | None, row: Values | None = None) -> bool:
        """Whether a block is printed; `row` is the child row asked about where it is not the one at hand."""
        if when is None:
            return True
        value = self._value(when.path) if row is None else value_of(when.path, self.sheet, row)
        return (not _codes(value).isdisjoint(when.codes)) != when.negated

    def rows(self, path: Path, least: int, of: When | None = None) -> list[Values]:
        """The child rows to repeat for, those that `of` holds for, empty ones added up to `least`."""
        rows: list[Values] = [row for row in rows_of(path, self.sheet) if self.holds(of, row)]
        return rows + [{}] * (least - len(rows))

    def _value(self, path: Path) -> Value | None:
        return value_of(path, self.sheet, self.current.get(path.row))

    def _blank(self, blank: Blank, value: str, style: Style) -> Iterator[Piece]:
        room = blank.width * style.size
        if not value:
            yield from self._empty(blank, room, style)
            return
        words = Words(value, blank.path.written, blank.underline and (blank.width > 0 or blank.fill))
        spare = room - self._typesetter.width_of(value, style) if room and not blank.fill else 0.0
        if spare > 0:
            yield Gap(spare / 2, blank.underline, before=True)
            yield words
            yield Gap(spare / 2, blank.underline)
        elif blank.fill:
            yield Gap(LEAD * style.size, blank.underline, before=True)
            yield words
            yield Gap(0.0, blank.underline, fill=True)
        else:
            yield words

    def _empty(self, blank: Blank, room: float, style: Style) -> Iterator[Piece]:
        kind = blank.path.field.type
        if kind in (FieldType.DATE, FieldType.TIME):
            units = "年月" if blank.form == "month" else "年月日" if kind is FieldType.DATE or blank.form == "day" else "年月日时分"
            for unit in units:
                yield Gap((YEAR if unit == "年" else PART) * style.size, underline=False, before=True)
                yield Words(unit, whole=True)
        elif blank.fill:
            yield Gap(room, blank.underline, fill=True)
        elif room:
            yield Gap(room, blank.underline)
        if blank.empty:
            yield Words(blank.empty)

    def _each(self, blank: Blank, style: Style) -> Iterator[Piece]:
        for number, row in enumerate(self.rows(blank.path, blank.least)):
            if number:
                yield Words(blank.join)
            yield from self._blank(blank, shown(blank.path, self.sheet, row, blank.form), style)

    def _struck(self, blank: Blank) -> Iterator[Piece]:
        codes = _codes(self._value(blank.path))
        decided = any(not codes.isdisjoint(option) for option, _ in blank.options)
        for option, wording in blank.options:
            yield Words(wording, struck=decided and codes.isdisjoint(option))

    def _choices(self, choices: Choices, style: Style) -> Iterator[Piece]:
        codes = _codes(self._value(choices.path))
        for number, (offered, label) in enumerate(choices.offered):
            if number:
                yield Gap(choices.apart * style.size, underline=False)
            yield Tick(not codes.isdisjoint(offered), choices.path.written)
            if label:
                yield Words(label, whole=True)
        known = {code for offered, _ in choices.offered for code in offered}
        if choices.other and codes - known:
            yield Gap(choices.apart * style.size, underline=False)
            yield Words(choices.other)
            yield Words(self.text(choices.path), choices.path.written)


def _wording(text: str) -> Iterator[Piece]:
    """Fixed wording; its □ are boxes like all others, to be ticked by hand."""
    for number, part in enumerate(text.split(BOX)):
        if number:
            yield Tick(False)
        if part:
            yield Words(part)


def _codes(value: Value | None) -> frozenset[str]:
    if value is None:
        return frozenset()
    if isinstance(value, list):
        return frozenset(value)
    return frozenset({str(value).lower() if isinstance(value, bool) else str(value)})
