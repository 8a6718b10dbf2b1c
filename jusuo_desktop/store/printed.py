"""What was printed, by whom, in which version, and of which values: a print after a change can say so, and the same bytes come out again.

A print is a record (records.printed_sheet) and travels like every other, so that each computer of the office knows it; the bytes follow as
contents (store.contents). The table `printed` is what a print is found by, and holds the blank forms, which say nothing of anybody and stay here.
The order of prints is that in which the county took them in, the same everywhere; those that it does not have yet come last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, case, insert, select, update

from jusuo_desktop.records.field import Value
from jusuo_desktop.records.printed_sheet import PRINTED_SHEET, VOLUME
from jusuo_desktop.store.edit import Edit, Hand
from jusuo_desktop.store.rows import chunks
from jusuo_desktop.store.schema import PRINTED, RECORD
from jusuo_desktop.store.write import write
from jusuo_desktop.wire.scope import within

KIND = PRINTED_SHEET.name


@dataclass(frozen=True, slots=True)
class Printed:
    """One print: `digest` of the PDF's bytes, `values_digest` of what was bound into it (hex SHA-256).

    `whole` is the digest of the same sheet with the form's own wording where only the values went onto pre-printed paper. `size` and
    `whole_size` are the bytes of the two, 0 where that is not known. `at_county`: the county knows of it, and has its bytes or gets them.
    """

    record_id: str
    form: str
    form_version: str
    pages: int
    digest: str
    values_digest: str
    at: int = 0
    user_id: str = ""
    whole: str = ""
    size: int = 0
    whole_size: int = 0
    title: str = ""
    at_county: bool = False

    @property
    def readable(self) -> str:
        """The digest of the sheet as a reader sees it: with the form's wording."""
        return self.whole or self.digest


def note(connection: Connection, sheet: Printed, hand: Hand) -> None:
    """Keeps one print. Who may only read may print, and the print is noted all the same."""
    if not sheet.record_id:
        _put(connection, sheet, "", hand.user.id, hand.at)
        return
    scopes = _scopes(connection, [sheet.record_id])
    writing = replace(hand, user=replace(hand.user, role="clerk"))
    (made,) = write(connection, [_edit(sheet, scopes.get(sheet.record_id, ""), hand.scope, hand.at)], writing, "print")
    _put(connection, sheet, made.id, hand.user.id, hand.at)


def prints(connection: Connection, record_ids: Iterable[str]) -> list[Printed]:
    """The prints of some records, oldest first."""
    last = case((RECORD.c.place > 0, 0), else_=1)
    query = select(PRINTED, RECORD.c.place).outerjoin(RECORD, RECORD.c.id == PRINTED.c.print_id)
    rows = connection.execute(query.where(PRINTED.c.record_id.in_(list(record_ids))).order_by(last, RECORD.c.place, PRINTED.c.serial))
    return [replace(_printed(row), at_county=bool(row.place) and row.form != VOLUME) for row in rows]


def arrived(connection: Connection, records: Iterable[tuple[str, Mapping[str, Any], str]]) -> None:
    """Takes in prints that others made: (id, values, who made it)."""
    for print_id, values, author_id in records:
        if "of_record" not in values or connection.execute(select(PRINTED.c.serial).where(PRINTED.c.print_id == print_id)).first():
            continue
        told = {n: str(values.get(f, "")) for n, f in (("form", "form"), ("form_version", "form_version"), ("digest", "sha256"))}
        sheet = Printed(
            str(values["of_record"]), told["form"], told["form_version"], _whole_number(values.get("page_count")), told["digest"],
            str(values.get("values_digest", "")), whole=str(values.get("whole_sha256", "")),
        )  # fmt: skip
        _put(connection, sheet, print_id, author_id, _whole_number(values.get("printed_at")))


def make_records(connection: Connection, hand: Hand) -> int:
    """Makes records of the prints of before there were such records, each in the name of who printed it; returns of how many."""
    rows = connection.execute(select(PRINTED).where(PRINTED.c.print_id == "", PRINTED.c.record_id != "").order_by(PRINTED.c.serial)).all()
    scopes = _scopes(connection, [row.record_id for row in rows])
    here = [row for row in rows if row.record_id in scopes]
    for user_id in dict.fromkeys(row.user_id for row in here):
        own = [row for row in here if row.user_id == user_id]
        writing = replace(hand, user=replace(hand.user, id=user_id or hand.user.id, role="clerk"))
        edits = [_edit(_printed(row), scopes[row.record_id], hand.scope, row.at) for row in own]
        for row, made in zip(own, write(connection, edits, writing, "print_records"), strict=True):
            connection.execute(update(PRINTED).where(PRINTED.c.serial == row.serial).values(print_id=made.id))
    return len(here)


def _edit(sheet: Printed, scope: str, device_scope: str, at: int) -> Edit:
    values: dict[str, Value | None] = {
        "of_record": sheet.record_id,
        "form": sheet.form,
        "form_title": sheet.title or None,
        "form_version": sheet.form_version or None,
        "page_count": sheet.pages,
        "printed_at": at,
        "sha256": sheet.digest,
        "size_bytes": sheet.size or None,
        "values_digest": sheet.values_digest or None,
        "whole_sha256": sheet.whole or None,
        "whole_bytes": sheet.whole_size or None,
    }
    return Edit(KIND, values, scope=scope if within(scope, device_scope) else device_scope)


def _put(connection: Connection, sheet: Printed, print_id: str, user_id: str, at: int) -> None:
    connection.execute(
        insert(PRINTED).values(
            record_id=sheet.record_id, form=sheet.form, form_version=sheet.form_version, at=at, user_id=user_id, pages=sheet.pages,
            digest=sheet.digest, values_digest=sheet.values_digest, whole=sheet.whole, print_id=print_id,
        )
    )  # fmt: skip


def _printed(row: Row[Any]) -> Printed:
    return Printed(row.record_id, row.form, row.form_version, row.pages, row.digest, row.values_digest, row.at, row.user_id, row.whole)


def _scopes(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in chunks(list(dict.fromkeys(ids))):
        found |= {row.id: row.scope for row in connection.execute(select(RECORD.c.id, RECORD.c.scope).where(RECORD.c.id.in_(some)))}
    return found


def _whole_number(value: Any) -> int:
    return value if isinstance(value, int) else 0
