"""The forms that this office prints: the program's own, and in their place or beside them those that the county made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from jusuo_desktop.actions.save_record import existing, save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.printing import FORMS, Template, TemplateError, broken_forms, shipped_forms
from jusuo_desktop.printing.template_reader import read_template
from jusuo_desktop.records.field import Value
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.records.kind import Record
from jusuo_desktop.store import Store
from jusuo_desktop.store.edit import Edit
from jusuo_desktop.store.refusal import Refused

KIND: Final = "county_form"
MOST_BYTES: Final = 200_000
"""What a long text of a record holds (records.field); the largest form that comes with the program has a fiftieth of it."""


@dataclass(frozen=True, slots=True)
class Forms:
    """What can be printed, in the order of the lists, and by name what is wrong with the others."""

    templates: dict[str, Template]
    broken: dict[str, TemplateError]


@dataclass(frozen=True, slots=True)
class _Known:
    stamp: tuple[tuple[str, str], ...]
    forms: Forms


_known: Final[WeakKeyDictionary[Store, _Known]] = WeakKeyDictionary()


def forms_of(session: Session) -> Forms:
    """The forms of this office; those of the county are read again only when one of them has changed."""
    held = sorted((r for r in session.store.each_record(KIND) if r.values.get("in_use")), key=lambda r: r.id)
    stamp = tuple((str(r.values.get("form_name", "")), str(r.values.get("wording", ""))) for r in held)
    known = _known.get(session.store)
    if known is None or known.stamp != stamp:
        known = _Known(stamp, _read(stamp))
        _known[session.store] = known
    return known.forms


def _read(changed: tuple[tuple[str, str], ...]) -> Forms:
    templates, broken = dict(shipped_forms()), dict(broken_forms())
    for name, wording in changed:
        templates.pop(name, None)
        broken.pop(name, None)
        try:
            template = read_template(wording.encode(), f"{name}.yaml")
            if template.name != name:
                raise TemplateError(f"{name}.yaml", 1, f"表格名“{template.name}”和登记的“{name}”不一致")
            templates[name] = template
        except TemplateError as error:  # made for another version of the program: said, and the others print
            broken[name] = error
    return Forms(dict(sorted(templates.items(), key=lambda pair: (pair[1].order, pair[0]))), broken)


def wording_of(session: Session, name: str) -> str:
    """The template of a form as it is in force, to be changed with any editor.

    Raises:
        Refused: there is no such form.
    """
    record = session.store.record(_identity(session, name))
    if record is not None and record.values.get("in_use"):
        return str(record.values["wording"])
    path = FORMS / f"{name}.yaml"
    if name not in shipped_forms() or not path.is_file():
        raise Refused(f"没有名为“{name}”的表格。")
    return path.read_text(encoding="utf-8")


def adopt_form(session: Session, data: bytes, basis: str = "") -> Record:
    """Takes a changed or new form into use, on this machine at once and on the county's others with the next sync.

    Raises:
        TemplateError: the template has a mistake; says the line.
        Refused: too large, the version was not raised, the role does not allow it. Nothing has changed.
    """
    if len(data) > MOST_BYTES:
        raise Refused(f"模板文件最多{MOST_BYTES // 1000}千字节，这个文件有{len(data) // 1000}千字节，不像一张表格的模板。")
    template = read_template(data, "模板")
    before = forms_of(session).templates.get(template.name)
    if before is not None and before.version == template.version and wording_of(session, template.name) != data.decode("utf-8-sig"):
        raise Refused(f"“{template.title}”的内容改了，版本号还是 {template.version}。请把模板里的 version 改成新的，再导入。")
    values: dict[str, Value | None] = {
        "form_title": template.title,
        "form_name": template.name,
        "form_version": template.version,
        "in_use": True,
        "adopted_on": session.today().isoformat(),
        "basis": basis or None,
        "wording": data.decode("utf-8-sig"),
    }
    identity = _identity(session, template.name)
    if session.store.record(identity) is not None:
        return save(session, KIND, values, record_id=identity).record
    given = {name: value for name, value in values.items() if value is not None}
    return session.store.write([Edit(KIND, given, identity, new=True)], act="adopt_form")[0]


def retire_form(session: Session, name: str) -> Record:
    """Goes back to the program's own form of that name; a form that only the county has is no longer offered.

    Raises:
        Refused: the county has made no such form.
    """
    return save(session, KIND, {"in_use": None}, record_id=existing(session, _identity(session, name)).id).record


def _identity(session: Session, name: str) -> str:
    """One record for each form of an office or county, however many machines adopt it."""
    return place_id(KIND, f"{session.store.scope}/{name}")
