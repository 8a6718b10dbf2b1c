"""Whether a volume is whole (domain/rules.md C-04 to C-06, C-10; forms.md §2), and the retention class proposed for it (C-07). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from jusuo_desktop.records.field import Values
from jusuo_desktop.records.volume import CHANGED, LOST, UNPRINTED, Lack, Proposal, VolumePaper, VolumePlan, VolumeRow, hold
from jusuo_desktop.records.workflow import Family

NOTED: Final = "dossier_note"
"""Field in which the clerk writes why a paper is missing."""


NOT_WHOLE: Final = {
    UNPRINTED: "还没有打印过",
    LOST: "打印过，但原样没有保存在本机，要重新打印",
    CHANGED: "打印以后内容有改动，卷里装的是打印时的样子",
}
NOT_HERE: Final = "的内容不在这台电脑上，联网同步后再装订"


def lacks(plan: VolumePlan, values: Values, family: Family, papers: Sequence[VolumePaper], record_id: str = "") -> list[Lack]:
    """What a volume lacks: first what must be there and is nowhere, then what was never printed, then what changed since it was printed.

    What must be there but the clerk has accounted for by name in the dossier note is no longer demanded.
    """
    found = [lack for row in plan.rows for lack in _missing(row, values, family, papers, record_id)]
    named = {(lack.row, lack.form) for lack in found}
    for state, said in NOT_WHOLE.items():
        found += [
            Lack(p.row, f"“{p.title}”{_about(p)}{NOT_HERE if p.attachment else said}", "", p.form, p.record_id, must=False)
            for p in papers
            if p.state == state and (p.row, p.form) not in named
        ]
    return found


def lacking(plan: VolumePlan, values: Values, family: Family, papers: Sequence[VolumePaper]) -> list[str]:
    """What stands in the way of archiving, a sentence each with the rule behind it; empty when the volume may be closed."""
    return [lack.sentence for lack in lacks(plan, values, family, papers) if lack.must]


def proposed(plan: VolumePlan, values: Values, family: Family) -> Proposal | None:
    """The retention class proposed for a record. The sources give classes but no years, and no rule which case falls in which: the county's
    data proposes, the clerk chooses (domain/rules.md C-07).
    """
    return next((one for one in plan.retention if hold(one.when, values, family)), None)


def runs_out(archived_on: str, years: int | None) -> str:
    """The last day of a retention of so many years that began on a day; '' without a day or without years (for ever, or not set)."""
    if not archived_on or years is None:
        return ""
    day = date.fromisoformat(archived_on)
    try:
        return day.replace(year=day.year + years).isoformat()
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28).isoformat()


def accounted_for(row: VolumeRow, values: Values) -> bool:
    """Whether the dossier note says something of a row: it names its number (“第6项”) or one of its papers."""
    note = str(values.get(NOTED, ""))
    names = [name for name in row.name.replace("（", "、").replace("）", "、").split("、") if name]
    return bool(note) and (f"第{row.number}项" in note or any(name in note for name in names))


def _missing(row: VolumeRow, values: Values, family: Family, papers: Sequence[VolumePaper], record_id: str) -> list[Lack]:
    here = {name for paper in papers if paper.row == row.number and paper.state not in (UNPRINTED, LOST) for name in paper.fills}
    found: list[Lack] = []
    for demand in row.demands:
        if not hold(demand.when, values, family) or accounted_for(row, values):
            continue
        wanted = demand.one_of or tuple(filling.name for filling in row.fillings)
        if here.isdisjoint(wanted) and demand.said not in {lack.said for lack in found}:
            form = next((filling.form for filling in row.fillings if filling.offered and filling.form in wanted), "")
            found.append(Lack(row.number, demand.said, demand.source, form, record_id))
    return found


def _about(paper: VolumePaper) -> str:
    return f"（{paper.about}）" if paper.about else ""
