"""To print a list form: a register of the records that a list shows, or rows that an act hands in (a ledger, a payment sheet)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from jusuo_desktop.actions.forms import forms_of
from jusuo_desktop.actions.number import office_of
from jusuo_desktop.actions.print_form import Paper, form_named
from jusuo_desktop.actions.print_sheet import links_of, office_values, values_digest
from jusuo_desktop.actions.session import Session
from jusuo_desktop.printing import Sheet, Template, lay_out, shipped_fonts, write_pdf
from jusuo_desktop.printing.bindings import PARENT, Row
from jusuo_desktop.records.field import FieldType, Value, Values
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.values import show
from jusuo_desktop.store.listing import Filter, ListQuery
from jusuo_desktop.store.refusal import Refused

MOST_ROWS: Final = 3000
"""More is printed in parts: a register of a year of the largest office has less."""
MOST_SAID: Final = 120
"""Characters that the conditions of a list may take on paper."""


def lists_for(session: Session, kind: str) -> list[Template]:
    """The list forms on which records of a kind are printed."""
    return [t for t in forms_of(session).templates.values() if t.rows is not None and t.rows.name == kind]


def prepare_list(session: Session, form: str, wanted: ListQuery | Sequence[str], about: str = "") -> Paper:
    """The PDF of a list form with the records of a query (in time's order, unless it sorts by something else) or of these ids, in their order.

    `about` says on the paper what the list holds; without it, the query's conditions say it.

    Raises:
        Refused: no such form, not a list of these records, too many.
        MissingGlyph: a character that no font has; nothing is printed.
    """
    template = form_named(session, form)
    if template.rows is None:
        raise Refused(f"“{template.title}”不是清单，请打开一条记录来打印。")
    query = wanted if isinstance(wanted, ListQuery) else None
    found = _queried(session, template, query) if query is not None else _named(session, wanted)  # type: ignore[arg-type]
    rows = [_row(session, template, identity, values, parent_id) for identity, values, parent_id in found]
    about = about or (conditions_said(session, query) if query is not None else "")
    return list_paper(session, template, rows, about=about, unit_name=_unit(session, template, rows))


def _queried(session: Session, template: Template, query: ListQuery) -> list[tuple[str, Values, str]]:
    kind = template.rows
    assert kind is not None
    if query.kind != kind.name:
        raise Refused(f"“{template.title}”是{kind.label}的清单，不能打印{KINDS[query.kind].label}。")
    if query.sort in ("", kind.order):
        query = replace(query, descending=False)
    keys = session.store.keys(query, MOST_ROWS + 1)
    if len(keys) > MOST_ROWS:
        raise Refused(f"这里超过{MOST_ROWS:,}条，一次最多打印{MOST_ROWS:,}条。请先按日期或者村居筛选，再分几次打印。")
    nested = any(path.below == PARENT for path in template.paths)
    found: list[tuple[str, Values, str]] = []
    for row in session.store.rows(keys):
        record = session.store.record(row.id) if nested else None
        found.append((row.id, row.values, record.parent_id if record is not None else ""))
    return found


def _named(session: Session, ids: Sequence[str]) -> list[tuple[str, Values, str]]:
    records = [record for identity in ids if (record := session.store.record(identity)) is not None]
    return [(record.id, record.values, record.parent_id) for record in records]


def _row(session: Session, template: Template, identity: str, values: Values, parent_id: str) -> Row:
    """A record with what the form names under and above it."""
    kinds = {path.below for path in template.paths if path.below}
    below: dict[str, Sequence[Values]] = {
        kind: [r.values for r in session.store.children(identity, kind) if not r.voided] for kind in kinds if kind != PARENT
    }
    parent = session.store.record(parent_id) if PARENT in kinds and parent_id else None
    below[PARENT] = [parent.values] if parent is not None else []
    return Row(values, below)


def _unit(session: Session, template: Template, rows: Sequence[Values]) -> str:
    """Whose list it is: the committee of all rows where they have one in common, else the office."""
    committees = {row.get("committee") for row in rows}
    if len(committees) == 1 and isinstance(one := committees.pop(), str):
        return session.store.name_of(one)
    office = office_of(session, "")
    return str(office.values.get("name", "")) if office is not None else ""


def list_paper(session: Session, template: Template, rows: Sequence[Values], *, about: str = "", unit_name: str = "", summary: str = "") -> Paper:
    """The PDF of a list form with these rows.

    Raises:
        MissingGlyph: a character that no font has; nothing is printed.
    """
    assert template.rows is not None
    said: dict[str, Value] = {
        "unit_name": unit_name,
        "about": about,
        "summary": summary,
        "row_count": len(rows),
        "made_on": session.today().isoformat(),
        "made_by": session.store.user.name,
    }
    gathered = [values for row in rows for values in (row, *(v for some in getattr(row, "below", {}).values() for v in some))]
    sheet = Sheet(
        {name: value for name, value in said.items() if value != ""},
        {template.rows.name: rows},
        links=links_of(session, template, gathered),
        office=office_values(session, ""),
    )
    fonts = shipped_fonts()
    pages = lay_out(template, sheet, fonts)
    pdf = write_pdf(pages, fonts, template.title)
    return Paper(template.name, template.title, pdf, len(pages), template.copies, "", "", template.version, values_digest(template, sheet))


def conditions_said(session: Session, query: ListQuery) -> str:
    """What a list holds, as its conditions say it: 登记日期 2026-01-01 至 2026-03-31；村(社区) 红菱村."""
    said = [_said(session, query, one) for one in query.filters]
    if query.text.strip():
        said.append(f"含“{query.text.strip()}”")
    if query.include_voided:
        said.append("含作废")
    whole = "；".join(part for part in said if part)
    return whole if len(whole) <= MOST_SAID else whole[: MOST_SAID - 1] + "…"


def _said(session: Session, query: ListQuery, one: Filter) -> str:
    field = KINDS[query.kind].by_name[one.field]

    def named(value: object) -> str:
        if field.type in (FieldType.CODES, FieldType.LINKS) and isinstance(value, str):
            value = [value]
        return show(field, value, links=session.store.name_of)  # type: ignore[arg-type]

    if one.comparison == "empty":
        return f"没有{field.label}"
    if one.comparison == "between":
        first, last = (named(bound) if bound is not None else "" for bound in one.value)
        return f"{field.label} {first}至{last}" if first or last else ""
    values = one.value if one.comparison == "in" else [one.value]
    return f"{field.label} {'、'.join(named(value) for value in values)}"


def filled(said: Mapping[str, str]) -> Values:
    """A row of an act's own, empty fields left out."""
    return {name: value for name, value in said.items() if value}
