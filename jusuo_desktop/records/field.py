"""The one declaration of a field: entry forms, lists, import, export, wire, history and print bindings all read it from here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

Value = str | int | bool | list[str]
"""A stored value. An empty field is absent, never None or ''.

TEXT, LONG_TEXT, CODE, ID_CARD, PHONE, LINK: str; DATE: 'YYYY-MM-DD'; TIME: 'YYYY-MM-DDTHH:MM' (local); INTEGER: int;
MONEY: int in fen (1/100 yuan); BOOLEAN: bool; CODES, LINKS: list of str without duplicates.
"""
Values = Mapping[str, Value]


class FieldType(Enum):
    """How a value is typed, kept, checked and shown."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    DATE = "date"
    TIME = "time"
    INTEGER = "integer"
    MONEY = "money"
    BOOLEAN = "boolean"
    CODE = "code"
    CODES = "codes"
    ID_CARD = "id_card"
    PHONE = "phone"
    LINK = "link"
    LINKS = "links"


class Sensitivity(Enum):
    """Who may see a value unmasked and whether seeing it is recorded (design.md §8)."""

    PLAIN = "plain"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"
    """Masked in lists and on screen shares; each unmasked view goes into the audit chain."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a value, in one plain Chinese sentence for the clerk.

    `blocking` problems refuse the write; others are shown beside the field and saved all the same
    (an old villager's wrong card is still his card: domain/codes.md §5).
    """

    field: str
    message: str
    blocking: bool = True


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record kind.

    `required` means "needed before the record is complete": a draft may lack it. `headings` are further column
    headings under which ledgers carry the field. `check` gets the stored value and returns a sentence or None; `doubt` likewise, but
    what it says is shown beside the field and the value is saved all the same.
    `code_list` names a list of resources/codes.toml; `link` names the record kind that a LINK points to.
    `listed` fields are columns of the list page and can be sorted and filtered by; `searched` ones feed the search index.
    `begins` is what a new record starts with: "today", "now" or "user" (the worker at the screen); it can be typed over.
    `among` = "family" bounds a link to the other child rows of the same parent (whose agent: one of the parties of this case).
    A `made` field is made by the program from other fields and rows (records.derived.made): where two people change what it is made of, it is
    made anew and is never a conflict.
    """

    name: str
    label: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    code_list: str = ""
    link: str = ""
    sensitivity: Sensitivity = Sensitivity.PLAIN
    help: str = ""
    max_length: int = 200
    least: int | None = None
    most: int | None = None
    check: Callable[[Value], str | None] | None = None
    doubt: Callable[[Value], str | None] | None = None
    headings: tuple[str, ...] = ()
    listed: bool = False
    searched: bool = False
    begins: str = ""
    among: str = ""
    made: bool = False

    def __post_init__(self) -> None:
        if (self.type in (FieldType.CODE, FieldType.CODES)) != bool(self.code_list):
            raise ValueError(f"{self.name}: a code field names its code list, and no other does")
        if (self.type in (FieldType.LINK, FieldType.LINKS)) != bool(self.link):
            raise ValueError(f"{self.name}: a link field names the kind it points to, and no other does")


def text(name: str, label: str, **more: object) -> Field:
    """A single line of text, at most 200 characters unless told."""
    return Field(name, label, FieldType.TEXT, **more)  # type: ignore[arg-type]


def long_text(name: str, label: str, **more: object) -> Field:
    """Text of any length that grows over pages; bounded at 200,000 characters to bound the wire."""
    return Field(name, label, FieldType.LONG_TEXT, **{"max_length": 200_000, **more})  # type: ignore[arg-type]


def date(name: str, label: str, **more: object) -> Field:
    """A calendar day, GB/T 7408: 'YYYY-MM-DD'."""
    return Field(name, label, FieldType.DATE, **more)  # type: ignore[arg-type]


def code(name: str, label: str, code_list: str, **more: object) -> Field:
    """One code of a code list."""
    return Field(name, label, FieldType.CODE, code_list=code_list, **more)  # type: ignore[arg-type]


def codes(name: str, label: str, code_list: str, **more: object) -> Field:
    """Several codes of a code list."""
    return Field(name, label, FieldType.CODES, code_list=code_list, **more)  # type: ignore[arg-type]


def link(name: str, label: str, kind: str, **more: object) -> Field:
    """The id of one record of `kind`."""
    return Field(name, label, FieldType.LINK, link=kind, **more)  # type: ignore[arg-type]


def links(name: str, label: str, kind: str, **more: object) -> Field:
    """The ids of several records of `kind`, the first one leading."""
    return Field(name, label, FieldType.LINKS, link=kind, **more)  # type: ignore[arg-type]


def integer(name: str, label: str, **more: object) -> Field:
    """A whole number, 0 to 999,999,999 unless told."""
    return Field(name, label, FieldType.INTEGER, **{"least": 0, "most": 999_999_999, **more})  # type: ignore[arg-type]


def money(name: str, label: str, **more: object) -> Field:
    """An amount of yuan, kept in fen; 0 to a hundred thousand million yuan."""
    return Field(name, label, FieldType.MONEY, **{"least": 0, "most": 10**13, **more})  # type: ignore[arg-type]


def yes_no(name: str, label: str, **more: object) -> Field:
    """True or False; absent means not asked."""
    return Field(name, label, FieldType.BOOLEAN, **more)  # type: ignore[arg-type]


def moment(name: str, label: str, **more: object) -> Field:
    """A local date and time to the minute: 'YYYY-MM-DDTHH:MM'."""
    return Field(name, label, FieldType.TIME, **more)  # type: ignore[arg-type]


def id_card(name: str, label: str, **more: object) -> Field:
    """A citizen identity number (GB 11643), 18 characters or the old 15; a wrong check digit warns and never blocks."""
    return Field(
        name,
        label,
        FieldType.ID_CARD,
        sensitivity=Sensitivity.SENSITIVE,
        searched=True,
        max_length=18,
        **more,  # type: ignore[arg-type]
    )


def phone(name: str, label: str, **more: object) -> Field:
    """A mobile of 11 digits or a landline '区号-号码' (domain/codes.md §5)."""
    return Field(
        name,
        label,
        FieldType.PHONE,
        sensitivity=Sensitivity.PERSONAL,
        searched=True,
        max_length=40,
        **more,  # type: ignore[arg-type]
    )
