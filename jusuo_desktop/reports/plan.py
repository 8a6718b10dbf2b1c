"""What will be done with a ledger: which sheets, where their headings end, what each column holds. A value; changing it makes a new one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from jusuo_desktop.reports.targets import NOTED, RECORD_ID, targets
from jusuo_desktop.reports.workbook_file import Ledger


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet. `target` '' leaves it out; `unit` is yuan per unit for amounts; `remembered` from an earlier import."""

    index: int
    heading: str
    target: str = ""
    confidence: float = 0
    unit: int = 1
    examples: tuple[str, ...] = ()
    remembered: bool = False


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """One sheet: `first` and `last` are its heading rows (from 0), -1 when none were found; `why` says why it is left out."""

    index: int
    name: str
    included: bool
    first: int
    last: int
    columns: tuple[Column, ...]
    year: int | None = None
    why: str = ""
    rows: int = 0

    @property
    def signature(self) -> str:
        """The same for every sheet with these headings; holds nothing of what stands below them."""
        return hashlib.sha256("\x1f".join(c.heading for c in self.columns).encode()).hexdigest()[:32]

    @property
    def by_target(self) -> dict[str, Column]:
        """The columns that are used, by target."""
        return {c.target: c for c in self.columns if c.target}


@dataclass(frozen=True, slots=True)
class Options:
    """What to do about names that are not on file, and about identity numbers that Excel has damaged.

    People and committees come and go, and a ledger of last year names some that nobody entered: they are registered on the way.
    A village carries a division code that decides who holds its cases, so a name alone does not make one.
    """

    register_workers: bool = True
    register_committees: bool = True
    register_villages: bool = False
    blank_damaged_id_cards: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A ledger with what is to be done. `fixed` fills a target for every row that has nothing there, in words as in a cell."""

    ledger: Ledger
    kind: str
    sheets: tuple[SheetPlan, ...]
    options: Options = field(default_factory=Options)
    fixed: Mapping[str, str] = field(default_factory=dict)

    def with_column(self, sheet: int, column: int, target: str, unit: int | None = None) -> Plan:
        """The plan with one column of a sheet put to another use; whichever column of that sheet had the target gives it up.

        Raises:
            KeyError: no such target.
        """
        if target not in ("", NOTED, RECORD_ID):
            targets(self.kind)[target]
        columns = []
        for c in self.sheets[sheet].columns:
            if c.index == column:
                columns.append(replace(c, target=target, unit=c.unit if unit is None else unit, confidence=1.0, remembered=False))
            else:
                columns.append(replace(c, target="") if target not in ("", NOTED) and c.target == target else c)
        return self._with(sheet, replace(self.sheets[sheet], columns=tuple(columns)))

    def with_sheet(self, sheet: int, included: bool) -> Plan:
        """The plan with a sheet taken in or left out."""
        return self._with(sheet, replace(self.sheets[sheet], included=included, why="" if included else self.sheets[sheet].why))

    def with_options(self, options: Options) -> Plan:
        """The plan with other options."""
        return replace(self, options=options)

    def with_fixed(self, target: str, said: str) -> Plan:
        """The plan with a value for every row that has none; '' takes it back."""
        fixed = {k: v for k, v in self.fixed.items() if k != target}
        return replace(self, fixed={**fixed, target: said} if said else fixed)

    def _with(self, index: int, sheet: SheetPlan) -> Plan:
        return replace(self, sheets=tuple(sheet if s.index == index else s for s in self.sheets))
