"""What a bound volume (卷宗) consists of, as a value: its rows, what fills each and what must not be missing. Read from forms/volume.

domain/forms.md §2 gives the thirteen rows and 必须/按需; a county that files otherwise changes the data, not the program.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from jusuo_desktop.records.field import Values
from jusuo_desktop.records.workflow import Family

MUST, NEEDED = "必须", "按需"
BEHIND, INSTEAD = "behind", "instead"
"""Where the scan of a signed sheet stands: behind the print of it, or in its place."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds where the record's `field` has one of `codes` (`negated`: none), or is filled where no codes are given; or where there
    is a child row of the kind `has`.
    """

    field: str = ""
    codes: tuple[str, ...] = ()
    negated: bool = False
    has: str = ""

    def holds(self, values: Values, family: Family) -> bool:
        """Whether it does."""
        if self.has:
            return bool(family.get(self.has)) != self.negated
        held = values.get(self.field)
        if not self.codes:
            return (held not in (None, "", [], False)) != self.negated
        said = {str(one).lower() for one in (held if isinstance(held, list) else [held])}
        return (not said.isdisjoint(self.codes)) != self.negated


Conditions = tuple[Condition, ...]


def hold(conditions: Conditions, values: Values, family: Family) -> bool:
    """Whether all of them hold."""
    return all(condition.holds(values, family) for condition in conditions)


@dataclass(frozen=True, slots=True)
class Filling:
    """One thing that fills a row: a printed form, or the attachments of some purposes on records of some kinds (none named: of any).

    `offered`: a form that was never printed is lacking here as soon as `when` holds, `unless` one of those forms was printed for the same
    record; else it is taken only if it was printed. `with_volume`: it is made when the volume is, and until then nothing is lacking.
    """

    form: str = ""
    purposes: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    when: Conditions = ()
    offered: bool = True
    unless: tuple[str, ...] = ()
    with_volume: bool = False

    @property
    def name(self) -> str:
        """By which a demand names it: the form, or “scans”."""
        return self.form or SCANS


SCANS: Final = "scans"


@dataclass(frozen=True, slots=True)
class Demand:
    """What must be there when `when` holds: one of the fillings named (of any in the row where none is), with the rule behind it."""

    said: str
    source: str
    one_of: tuple[str, ...] = ()
    when: Conditions = ()


@dataclass(frozen=True, slots=True)
class VolumeRow:
    """One row of the index."""

    number: int
    name: str
    fillings: tuple[Filling, ...]
    demands: tuple[Demand, ...] = ()
    numbered: bool = True

    def duty(self, values: Values, family: Family) -> str:
        """必须 where a demand stands for this record, else 按需 (domain/forms.md §2)."""
        return MUST if any(hold(demand.when, values, family) for demand in self.demands) else NEEDED


@dataclass(frozen=True, slots=True)
class Proposal:
    """A retention class for records for which `when` holds, and why; the first that holds is proposed, the clerk chooses."""

    code: str
    because: str
    when: Conditions = ()


@dataclass(frozen=True)
class VolumePlan:
    """The volume of one kind of record. `signed` is BEHIND or INSTEAD; the rest of the data is about numbers on pages."""

    kind: str
    title: str
    rows: tuple[VolumeRow, ...]
    version: str = "1"
    cover: str = ""
    spine: str = ""
    signed: str = BEHIND
    signed_purposes: tuple[str, ...] = ()
    double_sided: bool = True
    count_empty: bool = False
    first_number: int = 1
    number_place: str = "outer_top"
    number_margin: float = 10.0
    number_size: float = 12.0
    retention: tuple[Proposal, ...] = ()
    retention_years: Mapping[str, int] = field(default_factory=dict)
    source: str = ""


PRESENT, CHANGED, UNPRINTED, LOST, COMING = "present", "changed", "unprinted", "lost", "coming"
"""A paper is here as printed; printed, but its record says something else since; never printed; printed, but the bytes are not here;
made with the volume.
"""


@dataclass(frozen=True, slots=True)
class VolumePaper:
    """One paper of a volume. `form` is '' for an attachment that is no signed sheet; `content` names the bytes, '' where there are none yet.

    `origin` tells the clerk where it comes from: printed when and by whom, or an attachment. What stands `apart` has no pages (a
    recording): it is told of in the index and kept beside the volume.
    """

    row: int
    title: str
    record_id: str
    form: str = ""
    state: str = PRESENT
    content: str = ""
    pages: int = 0
    about: str = ""
    origin: str = ""
    attachment: bool = False
    signed: bool = False
    apart: bool = False

    @property
    def fills(self) -> tuple[str, ...]:
        """As what it fills its row: the scan of a signed sheet is as good as the print of it."""
        if not self.attachment:
            return (self.form,)
        return (SCANS, self.form) if self.signed else (SCANS,)


@dataclass(frozen=True)
class Lack:
    """Something that should be in the volume and is not: the sentence, the rule behind it, and where it is mended.

    `form` can be printed (for `record_id`); without one a scan is wanted.
    """

    row: int
    said: str
    source: str = ""
    form: str = ""
    record_id: str = ""
    must: bool = True

    @property
    def sentence(self) -> str:
        """For a list."""
        return f"{self.said}（{self.source}）。" if self.source else f"{self.said}。"


@dataclass(frozen=True)
class VolumeState:
    """A volume as it stands: its plan, its papers in order, what it lacks, and the duty of each row.

    `proposal` is the retention class that is proposed, where none was chosen yet.
    """

    plan: VolumePlan
    papers: tuple[VolumePaper, ...]
    lacks: tuple[Lack, ...] = ()
    duties: tuple[str, ...] = ()
    proposal: Proposal | None = None

    def of_row(self, number: int) -> Sequence[VolumePaper]:
        """The papers of one row in order."""
        return [paper for paper in self.papers if paper.row == number]
