"""Open conflicts as people read them: which record and field, both values with who wrote each, where and when, and what both started from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec

from jusuo_desktop.actions.session import Session
from jusuo_desktop.records import values as shown_values
from jusuo_desktop.records.conflict import CONFLICT
from jusuo_desktop.records.field import Field, FieldType, Sensitivity
from jusuo_desktop.records.kind import VOIDED, Record, newer_label
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.listing import Filter, ListQuery

OPEN: Final = "open"
EMPTY: Final = "（空）"
NOT_VOIDED: Final = "（没有作废）"
CHOSEN_TYPES: Final = frozenset({FieldType.CODE, FieldType.CODES, FieldType.LINK, FieldType.LINKS, FieldType.BOOLEAN})
TYPED_TYPES: Final = frozenset({FieldType.TEXT, FieldType.LONG_TEXT})


@dataclass(frozen=True, slots=True)
class Said:
    """One of the two values: as it is shown, who wrote it, on which device, when by that device's clock, when it reached the county (ms)."""

    text: str
    person: str
    device: str
    made_at: int = 0
    received_at: int = 0
    decided: str = ""
    """What this person decided, where two people decided one conflict differently."""


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """A conflict as people read it. `kept` and `other` are the two values, `said` and `said_other` the same with all that is known of them;
    `base` is what both started from, None when nobody knows. `top_kind` and `top_id` are the record whose page shows the field, `scan_of` the
    records whose signed papers may settle it. `mixable` text can be written together from both.
    """

    id: str
    record_kind: str
    record_id: str
    title: str
    label: str
    kept: str
    kept_by: str
    other: str
    other_by: str
    field: str
    said: Said
    said_other: Said
    base: str | None
    top_kind: str
    top_id: str
    scan_of: tuple[str, ...]
    mixable: bool
    twice: bool
    chosen: bool
    """The value is chosen, not typed: its parts are words, not characters."""
    sensitive: bool
    """Seeing it in full goes into the audit chain."""

    @property
    def masked(self) -> OpenConflict:
        """The same with both values covered, where the field is one to be covered."""
        if not self.sensitive:
            return self
        kept, other = (replace(said, text=shown_values.mask(said.text)) for said in (self.said, self.said_other))
        base = shown_values.mask(self.base) if self.base is not None else None
        return replace(self, kept=kept.text, other=other.text, said=kept, said_other=other, base=base)


def open_conflicts(session: Session, limit: int = 200) -> list[OpenConflict]:
    """The conflicts that wait for a decision, the oldest first, those of one record together."""
    query = ListQuery(CONFLICT.name, (Filter("state", "=", OPEN),), descending=False)
    rows = session.store.rows(session.store.keys(query, limit))
    found = [session.store.record(row.id) for row in rows]
    read = [read_conflict(session, one) for one in found if one is not None]
    first: dict[str, int] = {}
    for place, one in enumerate(read):
        first.setdefault(one.top_id, place)
    return sorted(read, key=lambda one: first[one.top_id])


def decided_twice(session: Session, conflict: Record) -> Record | None:
    """The conflict that two people decided differently, where this conflict is about that."""
    about = session.store.record(conflict.parent_id)
    return about if about is not None and about.kind == CONFLICT.name and conflict.values.get("field_name") == "decision" else None


def value_of(kept: object) -> Any:
    """The value that a conflict keeps as JSON."""
    try:
        return msgspec.json.decode(str(kept or "null"))
    except msgspec.DecodeError:
        return str(kept)


def read_conflict(session: Session, conflict: Record) -> OpenConflict:
    """One conflict."""
    store = session.store
    first = decided_twice(session, conflict)
    of = first or conflict
    about = store.record(of.parent_id)
    above = store.record(about.parent_id) if about is not None and about.parent_id else None
    name = str(of.values.get("field_name", ""))
    kind = KINDS.get(about.kind) if about is not None else None
    field = kind.by_name.get(name) if kind is not None else None
    said, said_other = (_said(session, conflict, first, field, side) for side in ("kept", "other"))
    base: str | None = None
    if first is None and about is not None:
        said, base = _standing(session, about, conflict, field, said)
    top = above or about
    return OpenConflict(
        conflict.id,
        about.kind if about is not None else "",
        of.parent_id,
        _title(about, above),
        f"{field.label if field is not None else newer_label(name)}{'（两个人的决定不同）' if first is not None else ''}",
        said.text,
        _by(said),
        said_other.text,
        _by(said_other),
        name,
        said,
        said_other,
        base,
        top.kind if top is not None else "",
        top.id if top is not None else of.parent_id,
        tuple(one.id for one in (about, above) if one is not None),
        first is None and field is not None and field.type in TYPED_TYPES and field is not VOIDED,
        first is not None,
        field is not None and field.type in CHOSEN_TYPES,
        field is not None and field.sensitivity is Sensitivity.SENSITIVE,
    )


def _title(about: Record | None, above: Record | None) -> str:
    if about is None:
        return "记录不在本机上"
    kind = KINDS.get(about.kind)
    title = kind.title(about.values) if kind is not None else about.kind
    if above is None or above.kind not in KINDS:
        return title
    called = f"{kind.label}{title}" if kind is not None and title else kind.label if kind is not None else title
    return f"{called}（{KINDS[above.kind].title(above.values)}）"


def _shown(session: Session, field: Field | None, value: Any) -> str:
    if value is None:
        return NOT_VOIDED if field is VOIDED else EMPTY
    if field is None:
        return str(value)
    text = shown_values.show(field, value, links=session.store.name_of)
    return f"作废：{text}" if field is VOIDED else text


def _said(session: Session, conflict: Record, first: Record | None, field: Field | None, side: str) -> Said:
    store, told = session.store, conflict.values
    value, decided = value_of(told.get(f"{side}_value")), ""
    if first is not None:
        decided = shown_values.show(CONFLICT.by_name["decision"], value)
        value = value_of(first.values.get(f"{value}_value"))
    author, device = str(told.get(f"{side}_author", "")), str(told.get(f"{side}_device", ""))
    return Said(
        _shown(session, field, value),
        store.name_of(author) if author else "未注明",
        _device(session, device, str(told.get(f"{side}_device_name", ""))),
        _ms(told.get(f"{side}_made_at")),
        _ms(told.get(f"{side}_received_at")),
        decided,
    )


def _standing(session: Session, about: Record, conflict: Record, field: Field | None, said: Said) -> tuple[Said, str | None]:
    """What stands in the record now, which may have been changed again since, and what both people started from, by the history."""
    name, kept = str(conflict.values.get("field_name", "")), value_of(conflict.values.get("kept_value"))
    current, base = about.values.get(name), None
    rows = [row for row in session.store.history(about.id) if name in row.fields]
    for row in rows:
        if row.fields[name][1] == kept:
            base = _shown(session, field, row.fields[name][0])
    if current == kept:
        return said, base
    later = next((row for row in reversed(rows) if row.fields[name][1] == current), None)
    if later is None:
        return Said(_shown(session, field, current), "未注明", ""), base
    person = session.store.name_of(later.author_id) if later.author_id else "未注明"
    return Said(_shown(session, field, current), person, _device(session, later.device_id, ""), later.at), base


def _device(session: Session, device_id: str, name: str) -> str:
    if device_id and device_id == session.store.device_id:
        return "本机"
    return name or (f"设备 {device_id}" if device_id else "设备未注明")


def _by(said: Said) -> str:
    return f"{said.person}（{said.device}）" if said.device else said.person


def _ms(value: object) -> int:
    return value if isinstance(value, int) else 0
