"""Wording with blanks becomes pieces of text, filled from a sheet; an empty blank stays room to write in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from jusuo_desktop.printing.bindings import ROW_NUMBER, Path, Sheet, at_hand, rows_of, said, shown, shown_in, total, value_in, value_of
from jusuo_desktop.printing.template import Blank, Choices, Inline, Room, Template, When
from jusuo_desktop.printing.typeset import Gap, Piece, Style, Tick, Typesetter, Words
from jusuo_desktop.records.field import FieldType, Value, Values

LEAD = 0.4
"""Room between the start of an underlined blank and its value, in sizes."""

BOX = "□"

YEAR, PART = 2.8, 1.4
"""Room to write a year, and a month, day, hour or minute, in sizes."""


def is_offered(template: Template, values: Values | None, parent: Values | None = None, rows: Collection[str] | None = None) -> bool:
    """Whether a form is among the papers for a record with these values and of this parent; a record without a state stands at the first one.

    `values` None: there is no such record yet, only its parent. `rows` are the kinds of child rows that record and parent have; None: not known.
    """
    if rows is not None and not set(template.offered_rows) <= set(rows):
        return False
    asked = {"own": values, "parent": parent}
    return all(_is_met(when, held) for when in template.offered if (held := asked[when.path.root]) is not None)


def _is_met(when: When, values: Values) -> bool:
    course = when.path.kind.workflow
    first = course.first if course is not None and course.field == when.path.field.name else None
    return _meets(when, values.get(when.path.field.name, first))


def _meets(when: When, value: Value | None) -> bool:
    return (value is not None if when.filled else not _codes(value).isdisjoint(when.codes)) != when.negated


class Filler:
    """Fills blanks from `sheet`; `current` holds the child row at hand of each kind, while rows are repeated. `listed` is the kind of the
    rows of a list form.
    """

    def __init__(self, sheet: Sheet, typesetter: Typesetter, listed: str = "") -> None:
        self.sheet, self._typesetter, self._listed = sheet, typesetter, listed
        self.current: dict[str, Values] = {}
        self._places: dict[str, int] = {}

    def walk(self, each: Path, values: Values, place: int) -> None:
        """The row at hand from now on, the `place`-th of its kind."""
        self.current[at_hand(each)] = values
        self._places[at_hand(each)] = place

    def leave(self, each: Path) -> None:
        """No row of that kind is at hand any more."""
        self.current.pop(at_hand(each), None)
        self._places.pop(at_hand(each), None)

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
            elif part.last and part.path.row not in self.current:
                last = next(reversed(rows_of(part.path, self.sheet)), {})
                found.extend(self._blank(part, shown_in(part.path, self.sheet, last, part.form), style))
            elif part.total:
                found.extend(self._blank(part, said(part.path, self.sheet, total(part.path, self.sheet), part.form), style))
            else:
                found.extend(self._blank(part, self.text(part.path, part.form), style))
        return found

    def text(self, path: Path, form: str = "") -> str:
        """The text at a path."""
        if path.field is ROW_NUMBER:
            return str(self._places[path.row]) if self.current.get(path.row) else ""
        return shown(path, self.sheet, self.current.get(at_hand(path)), form)

    def holds(self, when: When | None, row: Values | None = None) -> bool:
        """Whether a block is printed; `row` is the child row asked about where it is not the one at hand."""
        if when is None:
            return True
        value = self._value(when.path) if row is None else value_in(when.path, self.sheet, row)
        return _meets(when, value)

    def rows(self, path: Path, least: int, of: When | None = None) -> list[Values]:
        """The child rows to repeat for, those that `of` holds for, empty ones added up to `least`."""
        rows: list[Values] = [row for row in rows_of(path, self.sheet, self.current.get(path.row) if path.below else None) if self.holds(of, row)]
        if rows and path.row == self._listed and not path.below:
            return rows  # empty lines are for the blank list, to be written on by hand
        return rows + [{}] * (least - len(rows))

    def _value(self, path: Path) -> Value | None:
        return value_of(path, self.sheet, self.current.get(at_hand(path)))

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
        if kind in (FieldType.DATE, FieldType.TIME) and not (blank.path.row and blank.path.row == self._listed):
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
        for number, row in enumerate(self.rows(blank.path, blank.least, blank.of)):
            if number:
                yield Words(blank.join)
            yield from self._blank(blank, shown_in(blank.path, self.sheet, row, blank.form), style)

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
