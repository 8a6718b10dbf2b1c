"""What a form's blanks are filled with: a path named in a template, resolved against the declared fields, read from a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from jusuo_desktop.records.field import Field, FieldType, Value, Values, text
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.place import JUDICIAL_OFFICE
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.values import show

CALLED: Final = "called"
"""Pseudo field of every kind: the line by which people recognise the record (its title)."""

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


@dataclass(frozen=True)
class Path:
    """Where a value comes from. `root` is 'own', 'parent' or 'office'; `row` names the kind of child rows, '' for none.

    `via` is the link field that is followed, None where the field is the record's own. `kind` holds `field`.
    """

    written: str
    root: str
    row: str
    via: Field | None
    kind: RecordKind
    field: Field


class UnknownPath(ValueError):
    """A path names nothing that is declared; the message is one Chinese sentence."""


def resolve(written: str, kind: RecordKind, parent: RecordKind | None, kinds: Mapping[str, RecordKind] = KINDS) -> Path:
    """The declared field behind a path like 'dispute_summary', 'parent.case_number', 'party.name', 'adviser.firm_name'.

    Raises:
        UnknownPath: no such field, child or link.
    """
    parts = written.split(".")
    root, here, row = "own", kind, ""
    if parts[0] == "parent":
        if parent is None:
            raise UnknownPath(f"“{written}”：这张表的记录没有上级记录")
        root, here, parts = "parent", parent, parts[1:]
    elif parts[0] == "office":
        root, here, parts = "office", JUDICIAL_OFFICE, parts[1:]
    if parts and parts[0] in kinds and here.name in kinds[parts[0]].parents:
        row = parts[0]
        here, parts = kinds[row], parts[1:]
    via = None
    if len(parts) == 2 and parts[0] in here.by_name and here.by_name[parts[0]].link:
        via = here.by_name[parts[0]]
        here, parts = KINDS[via.link], parts[1:]
    if len(parts) == 1 and parts[0] == CALLED:
        return Path(written, root, row, via, here, text(CALLED, here.label))
    if len(parts) != 1 or parts[0] not in here.by_name:
        raise UnknownPath(f"“{written}”：{here.label}没有字段“{'.'.join(parts)}”")
    return Path(written, root, row, via, here, here.by_name[parts[0]])


def rows_of(path: Path, sheet: Sheet) -> Sequence[Values]:
    """The child rows that a path walks over."""
    rows = sheet.rows if path.root == "own" else sheet.parent_rows
    return rows.get(path.row, ())


def value_of(path: Path, sheet: Sheet, current: Values | None = None) -> Value | None:
    """The stored value at a path; `current` is the child row at hand where the path walks over rows."""
    if path.row:
        values: Values = current if current is not None else next(iter(rows_of(path, sheet)), {})
    else:
        values = {"own": sheet.values, "parent": sheet.parent, "office": sheet.office}[path.root]
    if path.via is not None:
        linked = values.get(path.via.name)
        first = linked[0] if isinstance(linked, list) and linked else linked
        values = sheet.links.get(first, {}) if isinstance(first, str) else {}
    if path.field.name == CALLED:
        return path.kind.title(values) if values else None
    return values.get(path.field.name)


def shown(path: Path, sheet: Sheet, current: Values | None = None, form: str = "") -> str:
    """The text that is printed at a path; '' when empty. Dates read 2026年3月7日; `form` 'month' leaves the day out,
    'chinese' writes a number in characters, 'masked' hides the middle of an identity number.
    """
    value = value_of(path, sheet, current)
    if value is None:
        return ""
    if path.field.type in (FieldType.DATE, FieldType.TIME):
        return _moment(str(value), form)
    if form == "chinese" and isinstance(value, int) and value < 100:
        return in_characters(value)
    return show(path.field, value, links=lambda identity: _name(path.field, identity, sheet), masked=form == "masked")


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
