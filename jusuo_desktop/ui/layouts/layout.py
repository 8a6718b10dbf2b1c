"""How a page is laid out, as data: rows of field names, tables of child rows, lists of children. Written once per record kind."""

from __future__ import annotations

from dataclasses import dataclass

from jusuo_desktop.records.field import FieldType, Values
from jusuo_desktop.records.kind import VOIDED, RecordKind


@dataclass(frozen=True, slots=True)
class Cell:
    """One field's place: how many columns it takes, how many lines a long text shows, "row" for all choices side by side.

    `share` is its part of the width in a table of child rows, in characters; 0 takes what is left.
    """

    field: str
    span: int = 1
    lines: int = 3
    style: str = ""
    share: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of cells in `columns` equal columns; a folded one opens with its heading and is not built before.

    Folded sections that follow one another share one line of headings. `key` opens one with Alt. One opens by itself where a field
    holds one of the codes that `when` names, and with `held` where any of its fields holds something,
    those of `aside` left out: they hold something in nearly every record.
    """

    label: str
    rows: tuple[tuple[Cell | str, ...], ...]
    columns: int = 4
    folded: bool = False
    key: str = ""
    when: tuple[tuple[str, frozenset[str]], ...] = ()
    held: bool = False
    aside: frozenset[str] = frozenset()

    @property
    def fields(self) -> list[str]:
        """The fields in it, in order."""
        return [cell(one).field for row in self.rows for one in row]

    def opens_for(self, values: Values) -> bool:
        """Whether it is open from the start for a record of those values."""
        if any(values.get(name) in codes for name, codes in self.when):
            return True
        return self.held and any(name in values for name in self.fields if name not in self.aside)


@dataclass(frozen=True, slots=True)
class Table:
    """Child rows typed on the page itself, one line each: `line` always, `wide` where the window has room, `more` on unfolding.

    A new record starts with a row for each entry of `begin` (values by field name).
    """

    kind: str
    label: str
    line: tuple[Cell, ...]
    wide: tuple[Cell, ...] = ()
    more: tuple[Cell, ...] = ()
    begin: tuple[tuple[tuple[str, str], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Children:
    """Child rows with pages of their own, listed with a way to add one; `keys` are the letters that add one with Alt, in the kinds' order."""

    kinds: tuple[str, ...]
    keys: str = ""


Part = Section | Table | Children


@dataclass(frozen=True, slots=True)
class Layout:
    """The page of one kind, from top to bottom."""

    kind: str
    parts: tuple[Part, ...]

    @property
    def fields(self) -> list[str]:
        """Every field of the kind itself that the page shows, in order."""
        return [name for part in self.parts if isinstance(part, Section) for name in part.fields]


def cell(one: Cell | str) -> Cell:
    """A bare name is a cell of one column."""
    return Cell(one) if isinstance(one, str) else one


def generic(kind: RecordKind) -> Layout:
    """All fields in the order of their declaration, two to a row, long texts alone."""
    rows: list[tuple[Cell, ...]] = []
    waiting: list[Cell] = []
    state = kind.workflow.field if kind.workflow is not None else ""
    for field in kind.fields:
        if field is VOIDED or field.name == state:
            continue
        if field.type is FieldType.LONG_TEXT or (field.max_length > 200 and field.type is FieldType.TEXT):
            rows += [tuple(waiting)] if waiting else []
            waiting = []
            rows.append((Cell(field.name, span=2),))
        else:
            waiting.append(Cell(field.name))
            if len(waiting) == 2:
                rows.append(tuple(waiting))
                waiting = []
    rows += [tuple(waiting)] if waiting else []
    return Layout(kind.name, (Section("", tuple(rows), columns=2),))
