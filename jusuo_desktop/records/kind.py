"""What a kind of record is: its fields, its place under a parent, its workflow and how one of it is called in a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from jusuo_desktop.records.field import Field, Value, Values, text
from jusuo_desktop.records.workflow import Workflow

VOIDED = text("voided_reason", "作废理由", help="记录有了编号或者已经上报后不能删除，只能写明理由作废", max_length=500)
"""Every kind carries it: a record is never erased, it is voided with a reason and stays readable (design.md §4)."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record as a value: `values` holds the stored value of each field that is not empty.

    `scope` is a division code: 6 digits county, 9 judicial office, 12 village; it decides who holds a copy, by prefix.
    `version` counts the changes that the county server accepted (0: it has not seen the record).
    Values of fields this version does not know are kept in `values` untouched (promise S6).
    """

    id: str
    kind: str
    scope: str
    values: Mapping[str, Value] = field(default_factory=dict)
    parent_id: str = ""
    version: int = 0

    @property
    def voided(self) -> bool:
        """Whether the record was voided with a reason."""
        return VOIDED.name in self.values


def newer_label(name: str) -> str:
    """What people call a field, or a kind, that only a newer version of the program knows."""
    return f"新版本的栏目（{name}）"


@dataclass(frozen=True)
class RecordKind:
    """The declaration of one kind of record.

    `title` makes the line by which people recognise a record, from its own values (and its children's titles where
    the caller has them). `parents` are the kinds under which it lives as a child row with an identity of its own.
    `number` names the field that carries its printed number. `order` is the field that lists sort by, newest first.
    `reference` kinds (offices, villages, people) are also held by every device below their scope.
    Scans, photographs and files may be added to `attached` kinds.
    """

    name: str
    label: str
    own_fields: tuple[Field, ...]
    title: Callable[[Values], str]
    parents: tuple[str, ...] = ()
    workflow: Workflow | None = None
    number: str = ""
    order: str = ""
    reference: bool = False
    attached: bool = False

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All fields, those of every kind included."""
        return (*self.own_fields, VOIDED)

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The fields by name."""
        return {f.name: f for f in self.fields}

    def label_of(self, name: str) -> str:
        """What people call a field; one that only a newer version of the program knows says so."""
        field = self.by_name.get(name)
        return field.label if field is not None else newer_label(name)

    @cached_property
    def listed(self) -> tuple[Field, ...]:
        """The columns of the list page, in order."""
        return tuple(f for f in self.fields if f.listed)

    @cached_property
    def made(self) -> frozenset[str]:
        """The fields that the program makes from others."""
        return frozenset(f.name for f in self.fields if f.made)

    @cached_property
    def searched(self) -> tuple[Field, ...]:
        """The fields that feed the search index."""
        return tuple(f for f in self.fields if f.searched)
