"""What a form's blanks are filled with: a path named in a template, resolved against the declared fields, read from a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from jusuo_desktop.printing.capitals import number_in_capitals, yuan_in_capitals
from jusuo_desktop.records.field import Field, FieldType, Value, Values, integer, text
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.place import JUDICIAL_OFFICE
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.values import show

CALLED: Final = "called"
"""Pseudo field of every kind: the line by which people recognise the record (its title)."""

ROW_NUMBER: Final = integer("row_number", "序号")
"""Pseudo field of child rows: the place of the row at hand, counted from 1."""

PARENT: Final = "parent"

DIGITS: Final = "〇一二三四五六七八九"


@dataclass(frozen=True)
class Sheet:
    """Everything one print needs: the values of the bound record and of its neighbourhood. A pure value.

    `rows` are the child rows by kind in printed order, `links` the values of linked records by id. A sheet without
    values prints the form blank.
    """

    values: Values = field(default_factory=dict)
    rows: Mapping[str, Sequence[Values]] = field(default_factory=dict)
    parent: Values = field(default_factory=dict)
    parent_rows: Mapping[str, Sequence[Values]] = field(default_factory=dict)
    links: Mapping[str, Values] = field(default_factory=dict)
    office: Values = field(default_factory=dict)
    record_id: str = ""
    note: str = ""
    """What the paper says of itself in its lower margin: void, or printed before with other content."""


class Row(dict[str, Value]):
    """The values of a row that has rows under it in turn, `below`, by kind in printed order (a case on a register: its parties); under
    PARENT stands the record that it is a row of.
    """

    def __init__(self, values: Values, below: Mapping[str, Sequence[Values]]) -> None:
        super().__init__(values)
        self.below = below


@dataclass(frozen=True)
class Path:
    """Where a value comes from. `root` is 'own', 'parent' or 'office'; `row` names the kind of child rows, '' for none, `below` the
    kind of the rows under each of these.

    `via` is the link field that is followed, None where the field is the record's own. `kind` holds `field`.
    """

    written: str
    root: str
    row: str
    via: Field | None
    kind: RecordKind
    field: Field
    below: str = ""


class UnknownPath(ValueError):
    """A path names nothing that is declared; the message is one Chinese sentence."""


def resolve(written: str, kind: RecordKind, parent: RecordKind | None, kinds: Mapping[str, RecordKind] = KINDS) -> Path:
    """The declared field behind a path like 'dispute_summary', 'parent.case_number', 'party.name', 'adviser.firm_name'.

    Raises:
        UnknownPath: no such field, child or link.
    """
    parts = written.split(".")
    root, here, row, below = "own", kind, "", ""
    if parts[0] == PARENT:
        if parent is None:
            raise UnknownPath(f"“{written}”：这张表的记录没有上级记录")
        root, here, parts = "parent", parent, parts[1:]
    elif parts[0] == "office":
        root, here, parts = "office", JUDICIAL_OFFICE, parts[1:]
    if parts and parts[0] in kinds and here.name in kinds[parts[0]].parents:
        row = parts[0]
        here, parts = kinds[row], parts[1:]
        if parts == [ROW_NUMBER.name] and ROW_NUMBER.name not in here.by_name:
            return Path(written, root, row, None, here, ROW_NUMBER)
        holder = [k for k in here.parents if k in KINDS]
        if len(parts) > 1 and parts[0] == PARENT and len(holder) == 1:
            below, here, parts = PARENT, KINDS[holder[0]], parts[1:]
        elif len(parts) > 1 and parts[0] in kinds and row in kinds[parts[0]].parents:
            below = parts[0]
            here, parts = kinds[below], parts[1:]
    via = None
    if len(parts) == 2 and parts[0] in here.by_name and here.by_name[parts[0]].link:
        via = here.by_name[parts[0]]
        here, parts = KINDS[via.link], parts[1:]
    if len(parts) == 1 and parts[0] == CALLED:
        return Path(written, root, row, via, here, text(CALLED, here.label), below)
    if len(parts) != 1 or parts[0] not in here.by_name:
        raise UnknownPath(f"“{written}”：{here.label}没有字段“{'.'.join(parts)}”")
    return Path(written, root, row, via, here, here.by_name[parts[0]], below)


def at_hand(path: Path) -> str:
    """What has to be walked over for the path to mean one of several: the kind of its child rows, or the link field that it follows."""
    return path.row or (f"{path.root}.{path.via.name}" if path.via is not None else "")


def rows_of(path: Path, sheet: Sheet, current: Values | None = None) -> Sequence[Values]:
    """The child rows that a path walks over; those under the row at hand (`current`), or under all rows, where it goes further down.
    Of a field of several links: the records that it names, each as that field with one link.
    """
    if not path.row and path.via is not None:
        linked = value_in(replace(path, via=None, field=path.via), sheet, _own(path, sheet))
        return [{path.via.name: [identity]} for identity in (linked if isinstance(linked, list) else [])]
    rows = (sheet.rows if path.root == "own" else sheet.parent_rows).get(path.row, ())
    if not path.below:
        return rows
    return [under for row in ([current] if current is not None else rows) if isinstance(row, Row) for under in row.below.get(path.below, ())]


def value_of(path: Path, sheet: Sheet, current: Values | None = None) -> Value | None:
    """The stored value at a path; `current` is the child row at hand where the path walks over rows. Of several rows under that one the
    last counts.
    """
    if path.below:
        return value_in(path, sheet, next(reversed(rows_of(path, sheet, current)), {}))
    if path.row or current is not None:
        return value_in(path, sheet, current if current is not None else next(iter(rows_of(path, sheet)), {}))
    return value_in(path, sheet, _own(path, sheet))


def _own(path: Path, sheet: Sheet) -> Values:
    return {"own": sheet.values, "parent": sheet.parent, "office": sheet.office}[path.root]


def value_in(path: Path, sheet: Sheet, values: Values) -> Value | None:
    """The value in the record that a path leads to, its links followed."""
    if path.via is not None:
        linked = values.get(path.via.name)
        first = linked[0] if isinstance(linked, list) and linked else linked
        values = sheet.links.get(first, {}) if isinstance(first, str) else {}
    if path.field.name == CALLED:
        return path.kind.title(values) if values else None
    return values.get(path.field.name)


def shown(path: Path, sheet: Sheet, current: Values | None = None, form: str = "") -> str:
    """The text that is printed at a path; '' when empty. Dates read 2026年3月7日; `form` 'month' leaves the day out,
    'chinese' writes a number in characters, 'capitals' an amount in 壹贰叁, 'figures' one without its 元 (3,586.50), 'masked' hides the
    middle of an identity number.
    """
    return said(path, sheet, value_of(path, sheet, current), form)


def shown_in(path: Path, sheet: Sheet, values: Values, form: str = "") -> str:
    """The same of the record that the path leads to."""
    return said(path, sheet, value_in(path, sheet, values), form)


def said(path: Path, sheet: Sheet, value: Value | None, form: str = "") -> str:
    """A value of the path's field as it is printed."""
    if value is None:
        return ""
    if path.field.type in (FieldType.DATE, FieldType.TIME):
        return _moment(str(value), form)
    if form == "chinese" and isinstance(value, int) and value < 100:
        return in_characters(value)
    if form == "figures" and path.field.type is FieldType.MONEY and isinstance(value, int):
        return f"{value / 100:,.2f}" if abs(value) < 10**13 else f"{value // 100:,}.{value % 100:02d}"
    if form == "capitals" and isinstance(value, int):
        return yuan_in_capitals(value) if path.field.type is FieldType.MONEY else number_in_capitals(value)
    return show(path.field, value, links=lambda identity: _name(path.field, identity, sheet), masked=form == "masked")


def total(path: Path, sheet: Sheet) -> int | None:
    """The sum of a whole-number or money field over all rows; None where no row has it."""
    found = [value for row in rows_of(path, sheet) if isinstance(value := value_in(path, sheet, row), int)]
    return sum(found) if found else None


def _name(link: Field, identity: str, sheet: Sheet) -> str:
    values = sheet.links.get(identity)
    return KINDS[link.link].title(values) if values else ""


def _moment(value: str, form: str) -> str:
    day, _, hour = value.partition("T")
    year, month, date = ([*day.split("-"), "", ""])[:3]
    if not (year.isdigit() and month.isdigit() and date.isdigit()):
        return value
    said = f"{int(year)}年{int(month)}月" + ("" if form == "month" else f"{int(date)}日")
    hours, _, minutes = hour.partition(":")
    return said + (f"{int(hours)}时{int(minutes)}分" if hours.isdigit() and minutes.isdigit() and form != "day" else "")


def in_characters(number: int) -> str:
    """0 to 99 as spoken: 三, 十二, 二十."""
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones] if ones else "零"
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")
