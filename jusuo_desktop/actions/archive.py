"""The archive of a kind of record: what was archived in a year, as a list to hand over; what has run out its time, to be appraised.

Nothing is ever deleted: what has run out is a list for those who decide (domain/rules.md C-07 to C-09).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from jusuo_desktop.actions.forms import volume_of
from jusuo_desktop.actions.number import office_of
from jusuo_desktop.actions.print_form import Paper
from jusuo_desktop.actions.print_list import list_paper
from jusuo_desktop.actions.session import Session
from jusuo_desktop.printing import FORMS, Template, load
from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.field import Value, Values, date, integer, text
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.printed_sheet import VOLUME
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.volume_check import runs_out
from jusuo_desktop.store import Printed
from jusuo_desktop.store.listing import Filter, ListQuery

KIND: Final = "mediation"
STATE: Final = "archived"
ROW: Final = RecordKind(
    "archive_row",
    "卷宗",
    (
        integer("place", "序号", most=100_000),
        text("number", "卷号"),
        text("called_as", "卷名", max_length=300),
        text("retention", "保管期限"),
        integer("pages", "面数", most=100_000),
        date("filed_on", "立卷日期"),
        date("archived_on", "归档日期"),
        text("remarks", "备注", max_length=300),
    ),
    title=lambda v: str(v.get("called_as", "")),
)
"""A row of the hand-over list; no record: it is read anew each time."""
BATCH: Final = 500


@dataclass(frozen=True)
class ArchivedVolume:
    """One archived case. `pages` of its volume as it was bound last, 0 where it was not bound here; `until` the last day of its retention,
    '' for ever or where the county has set no years.
    """

    record_id: str
    number: str
    title: str
    retention: str
    pages: int
    filed_on: str
    archived_on: str
    until: str


def archived(session: Session, year: int) -> list[ArchivedVolume]:
    """What was archived in a year, in the order of the days."""
    span = (f"{year}-01-01", f"{year}-12-31")
    filters = (Filter("state", "in", [STATE]), Filter("archived_on", "between", span))
    query = ListQuery(KIND, filters=filters, sort="archived_on", descending=False)
    return list(_volumes(session, query))


def run_out(session: Session) -> list[ArchivedVolume]:
    """到期待鉴定: every volume whose retention has ended by today, the oldest first. None is deleted."""
    query = ListQuery(KIND, filters=(Filter("state", "in", [STATE]),), sort="archived_on", descending=False)
    today = session.today().isoformat()
    return [one for one in _volumes(session, query) if one.until and one.until < today]


def years_said(session: Session) -> str:
    """How long the classes are kept, as the county's data says; or that it says nothing."""
    years = volume_of(session, KIND).retention_years
    if not years:
        return "县里还没有定各保管期限的年数（卷宗数据文件里的 retention_years），不能推算到期。"
    classes = code_list("retention_period")
    return "；".join(f"{classes.label_of(code)}{count}年" for code, count in sorted(years.items()))


def handover_paper(session: Session, year: int) -> Paper:
    """The list to hand over with the volumes of a year; that it was made stands in the audit chain.

    Raises:
        MissingGlyph: a name has a character that no font has.
    """
    found = archived(session, year)
    rows = [_row(place, one) for place, one in enumerate(found, 1)]
    pages = sum(one.pages for one in found)
    office = office_of(session, "")
    unit = str(office.values.get("name", "")) if office is not None else ""
    session.store.audit_note("print_list", "", f"archive_handover:{year}:{len(rows)}")
    summary = f"以上共{len(rows)}卷，{pages}面。"
    return list_paper(session, _template(), rows, about=f"{year}年归档", unit_name=unit, summary=summary)


def _volumes(session: Session, query: ListQuery) -> Iterator[ArchivedVolume]:
    keys = session.store.keys(query)
    years = volume_of(session, KIND).retention_years
    for start in range(0, len(keys), BATCH):
        rows = session.store.rows(keys[start : start + BATCH])
        bound = {p.record_id: p for p in session.store.prints(*(row.id for row in rows)) if p.form == VOLUME}
        for row in rows:
            yield _told(row.id, row.values, bound.get(row.id), years)


def _told(record_id: str, values: Values, bound: Printed | None, years: Mapping[str, int]) -> ArchivedVolume:
    retention = str(values.get("retention_period", ""))
    day = str(values.get("archived_on", ""))
    return ArchivedVolume(
        record_id,
        str(values.get("case_number", "")),
        KINDS[KIND].title(values),
        code_list("retention_period").label_of(retention) if retention else "",
        bound.pages if bound is not None else 0,
        str(values.get("filed_on", "")),
        day,
        runs_out(day, years.get(retention)),
    )


def _row(place: int, one: ArchivedVolume) -> Values:
    said: dict[str, Value] = {
        "place": place,
        "number": one.number,
        "called_as": one.title,
        "retention": one.retention,
        "pages": one.pages,
        "filed_on": one.filed_on,
        "archived_on": one.archived_on,
    }
    return {name: value for name, value in said.items() if value}


@cache
def _template() -> Template:
    return load(FORMS / "office" / "archive_handover.yaml", {**KINDS, ROW.name: ROW})
