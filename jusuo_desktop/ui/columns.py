"""Which columns a list shows, how wide, sorted by which: chosen by the clerk for each kind and kept in the store's settings. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from jusuo_desktop.actions.where_is import WHEREABOUTS
from jusuo_desktop.records.field import Field, FieldType
from jusuo_desktop.records.kind import RecordKind

WIDTHS: Final = {
    FieldType.DATE: 92, FieldType.TIME: 126, FieldType.CODE: 104, FieldType.CODES: 130, FieldType.LINK: 104, FieldType.LINKS: 84,
    FieldType.INTEGER: 84, FieldType.MONEY: 110, FieldType.PHONE: 112, FieldType.BOOLEAN: 70, FieldType.ID_CARD: 158,
}  # fmt: skip
TEXT_WIDTH: Final = 150
OWN_WIDTHS: Final = {
    "title": 200, "case_number": 178, "consultation_number": 150, "visit_number": 150, "sex": 48, "name": 84, "place": 170, "division_code": 130,
    "whereabouts": 190, "difficulty": 70, "state": 76, "mediation_result": 84, "letters": 70,
}  # fmt: skip
NAMED_WIDTHS: Final = {"judicial_office": 220, "village": 180, "mediation_committee": 280, "phrase": 190}
HIDDEN_AT_FIRST: Final = {
    "mediation": frozenset({"case_source", "committee", "difficulty", "accepted_on"}),
    "consultation": frozenset({"sex", "crowd_types", "reply_due_on"}),
}
"""What does not fit beside the rest on an old screen, and is one right click away."""
NUMBERS: Final = frozenset({"case_number", "consultation_number", "visit_number", "division_code", "agreement_number"})
UNSORTED: Final = frozenset({FieldType.LINK, FieldType.LINKS, FieldType.CODES})
"""Kept as ids or lists: their stored order means nothing to people."""


@dataclass(frozen=True)
class Columns:
    """`shown` field names in order; `widths` in pixels where the clerk changed them; `sort` '' for the kind's own order."""

    shown: tuple[str, ...]
    widths: Mapping[str, int] = field(default_factory=dict)
    sort: str = ""
    descending: bool = True

    def as_setting(self) -> dict[str, Any]:
        """As it is kept."""
        return {"shown": list(self.shown), "widths": dict(self.widths), "sort": self.sort, "descending": self.descending}

    def with_shown(self, kind: RecordKind, name: str, wanted: bool) -> Columns:
        """With one column more, in its declared place, or one less; one column always stays."""
        names = {*self.shown, name} if wanted else {*self.shown} - {name}
        kept = tuple(f.name for f in listable(kind) if f.name in names)
        return replace(self, shown=kept) if kept else self

    def with_width(self, name: str, width: int) -> Columns:
        """With a column as wide as it was dragged."""
        return replace(self, widths={**self.widths, name: width})

    def sorted_by(self, name: str) -> Columns:
        """Sorted by that column; by the same again, the other way round."""
        return replace(self, sort=name, descending=not self.descending if name == self.sort else True)


def listable(kind: RecordKind) -> tuple[Field, ...]:
    """The columns that can be shown: the listed fields, and where each record is."""
    return (*kind.listed, WHEREABOUTS)


def first_columns(kind: RecordKind) -> Columns:
    """What a kind's list shows before anybody changed it."""
    hidden = HIDDEN_AT_FIRST.get(kind.name, frozenset())
    return Columns(tuple(f.name for f in kind.listed if f.name not in hidden), sort=kind.order, descending=not kind.reference)


def from_setting(kind: RecordKind, kept: object) -> Columns:
    """What was kept, without columns that this version does not know; the first columns where nothing usable was kept."""
    usual = first_columns(kind)
    if not isinstance(kept, dict):
        return usual
    names = {f.name for f in listable(kind)}
    shown = tuple(n for n in kept.get("shown", ()) if n in names)
    widths = {n: int(w) for n, w in dict(kept.get("widths", {})).items() if n in names and isinstance(w, int) and 20 <= w <= 2000}
    sort = kept.get("sort", "")
    return Columns(shown or usual.shown, widths, sort if sort in kind.by_name else usual.sort, bool(kept.get("descending", usual.descending)))


def width_of(kind: RecordKind, one: Field, columns: Columns) -> int:
    """How wide a column stands."""
    if one.name == "name" and kind.name in NAMED_WIDTHS:
        usual = NAMED_WIDTHS[kind.name]
    else:
        usual = OWN_WIDTHS.get(one.name) or WIDTHS.get(one.type, TEXT_WIDTH)
    return columns.widths.get(one.name, usual)


def grows(kind: RecordKind, shown: Sequence[Field]) -> int | None:
    """The place of the column that takes the room that is left: the widest text, else the last."""
    usual = Columns(())
    long = [place for place, field in enumerate(shown) if field.type is FieldType.LONG_TEXT]
    texts = long or [place for place, field in enumerate(shown) if field.type is FieldType.TEXT and field.name not in NUMBERS]
    return max(texts, key=lambda place: width_of(kind, shown[place], usual), default=len(shown) - 1 if shown else None)


def sortable(one: Field) -> bool:
    """Whether a click on the heading sorts."""
    return one.type not in UNSORTED and one is not WHEREABOUTS
