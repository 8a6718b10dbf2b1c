"""One measured figure beside its reference."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`ours` and `reference` in `unit`; `budget` is the ratio that design.md §9 asks for ('<=1.5', '>=1').

    `reference` None: the budget is absolute, or the reference could not be had here (`note` says why).
    """

    what: str
    ours: float
    unit: str
    reference: float | None = None
    against: str = ""
    budget: str = ""
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours over the reference."""
        return self.ours / self.reference if self.reference else None

    def row(self) -> str:
        """One line of the table."""
        beside = f"{self.reference:>12,.3f}" if self.reference is not None else f"{'–':>12}"
        ratio = f"{self.ratio:>7.2f} x" if self.ratio is not None else f"{'–':>9}"
        return f"{self.what:<44}{self.ours:>14,.3f} {self.unit:<10}{beside}{ratio}  {self.budget:<10}{self.against} {self.note}".rstrip()

    def markdown(self) -> str:
        """One line of a README's table."""
        beside = f"{self.against}, {_short(self.reference)} {self.unit}" if self.reference is not None else "–"
        ratio = f"{self.ratio:.2f} ×" if self.ratio is not None else ""
        budget = f"(budget {self.budget.replace('<=', '≤ ').replace('>=', '≥ ')})" if self.budget else ""
        noted = f"; {self.note}" if self.note else ""
        return f"| {self.what} | {_short(self.ours)} {self.unit}{noted} | {beside} | {' '.join(p for p in (ratio, budget) if p) or '–'} |"

    def as_json(self) -> dict[str, object]:
        """For machines."""
        return {**asdict(self), "ratio": self.ratio}


def _short(value: float) -> str:
    """Three figures are what a shared machine's measurements bear."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


MARKDOWN = "| what | ours | reference | ratio |\n| --- | --- | --- | --- |"
HEADING = f"{'what':<44}{'ours':>14} {'unit':<10}{'reference':>12}{'ratio':>9}  {'budget':<10}against"


def median_seconds(work: Callable[[], object], times: int = 7) -> float:
    """The median duration of `work` in seconds, after one run that is not counted."""
    work()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def percentile(seconds: list[float], share: float) -> float:
    """The value below which `share` of the measurements lie."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
