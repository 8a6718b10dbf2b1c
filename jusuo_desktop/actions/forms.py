"""The forms that this office prints: the program's own, and in their place or beside them those that the county made of them.

What a volume consists of (forms/volume) is kept, taken into use and gone back from in the same way, under the name “volume_mediation”.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from jusuo_desktop.actions.save_record import existing, save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.printing import FORMS, Template, TemplateError, broken_forms, shipped_forms
from jusuo_desktop.printing.template_reader import read_template
from jusuo_desktop.printing.volume_reader import FOLDER, is_bound, read_volume, shipped_volume, tells_of_a_volume
from jusuo_desktop.records.field import Value
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.volume import VolumePlan
from jusuo_desktop.store import Store
from jusuo_desktop.store.edit import Edit
from jusuo_desktop.store.refusal import Refused

KIND: Final = "county_form"
MOST_BYTES: Final = 200_000
"""What a long text of a record holds (records.field); the largest form that comes with the program has a fiftieth of it."""

VOLUME: Final = "volume_"
"""Before the kind of record that is bound: the name under which its volume stands among the forms."""


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
    held = sorted((r for r in session.store.each_record(KIND) if r.values.get("in_use") and not _is_volume(r)), key=lambda r: r.id)
    stamp = tuple((str(r.values.get("form_name", "")), str(r.values.get("wording", ""))) for r in held)
    known = _known.get(session.store)
    if known is None or known.stamp != stamp:
        known = _Known(stamp, _read(stamp))
        _known[session.store] = known
    return known.forms


def volume_of(session: Session, kind: str) -> VolumePlan:
    """The volume of a kind of record: the county's where it has one, else the program's.

    Raises:
        TemplateError: the county's was made for another version of the program; says where.
        KeyError: records of this kind are not bound.
    """
    record = session.store.record(_identity(session, VOLUME + kind))
    if record is None or not record.values.get("in_use"):
        return shipped_volume(kind)
    forms = forms_of(session)
    return read_volume(str(record.values["wording"]).encode(), f"{VOLUME}{kind}.yaml", {*forms.templates, *forms.broken})


def _is_volume(record: Record) -> bool:
    return str(record.values.get("form_name", "")).startswith(VOLUME)


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
    kind = name.removeprefix(VOLUME)
    path = FOLDER / f"{kind}.yaml" if kind != name else FORMS / f"{name}.yaml"
    if not (is_bound(kind) if kind != name else name in shipped_forms() and path.is_file()):
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
    name, title, version, before = _told(session, data)
    if before == version and wording_of(session, name) != data.decode("utf-8-sig"):
        raise Refused(f"“{title}”的内容改了，版本号还是 {version}。请把模板里的 version 改成新的，再导入。")
    values: dict[str, Value | None] = {
        "form_title": title,
        "form_name": name,
        "form_version": version,
        "in_use": True,
        "adopted_on": session.today().isoformat(),
        "basis": basis or None,
        "wording": data.decode("utf-8-sig"),
    }
    identity = _identity(session, name)
    if session.store.record(identity) is not None:
        return save(session, KIND, values, record_id=identity).record
    given = {name: value for name, value in values.items() if value is not None}
    return session.store.write([Edit(KIND, given, identity, new=True)], act="adopt_form")[0]


def _told(session: Session, data: bytes) -> tuple[str, str, str, str]:
    """Name, title and version of what a file holds, and the version that is in force ('' for none)."""
    forms = forms_of(session)
    if not tells_of_a_volume(data):
        template = read_template(data, "模板")
        before = forms.templates.get(template.name)
        return template.name, template.title, template.version, before.version if before is not None else ""
    plan = read_volume(data, "模板", {*forms.templates, *forms.broken})
    if not is_bound(plan.kind):
        raise Refused(f"本程序还不装订{plan.title}。")
    return VOLUME + plan.kind, plan.title, plan.version, volume_of(session, plan.kind).version


def retire_form(session: Session, name: str) -> Record:
    """Goes back to the program's own form of that name; a form that only the county has is no longer offered.

    Raises:
        Refused: the county has made no such form.
    """
    return save(session, KIND, {"in_use": None}, record_id=existing(session, _identity(session, name)).id).record


def _identity(session: Session, name: str) -> str:
    """One record for each form of an office or county, however many machines adopt it."""
    return place_id(KIND, f"{session.store.scope}/{name}")
