"""The cross-checks of the tables (domain/statistics.md T1b, T4): what does not add up, and which records are why. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from jusuo_desktop.reports.facts import Fact
from jusuo_desktop.reports.statistics import Table
from jusuo_desktop.reports.statistics_columns import SOURCES_REFERRED, Column

ERROR, WARNING, QUESTION = "error", "warning", "question"
LEVELS: Final = {ERROR: "不符", WARNING: "提醒", QUESTION: "请核实"}
MUCH: Final = 1000 * 10_000 * 100
"""K12: a single amount of ten million yuan, in fen."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check that did not hold: its number in the notes, how grave, a sentence, and the records to look at."""

    check: str
    level: str
    said: str
    ids: tuple[str, ...] = ()


def mediation_checks(table: Table) -> list[Finding]:
    """K1 to K8 and K12 of the mediation table. K9 and K11 to K14 need what is not recorded yet or other returns."""
    columns, cell = table.form.columns, table.cell
    total = cell("cases_total")
    found: list[Finding] = []

    def parts(prefix: tuple[str, ...]) -> int:
        return sum(cell(c.name) for c in columns if c.name.startswith(prefix) and c.formula is not None)

    def odd(test: Callable[[Fact], bool]) -> tuple[str, ...]:
        return tuple(f.id for f in table.own_facts if test(f))

    def expect(check: str, whole: int, sum_of: int, said: str, ids: tuple[str, ...]) -> None:
        if whole != sum_of:
            found.append(Finding(check, ERROR, f"{said}（{whole}，各项之和{sum_of}）。", ids))

    expect("K1", total, parts(("type_",)), "总数与18类纠纷之和不符", odd(lambda f: not _within(columns, f, ("type_",))))
    ways = cell("source_initiative") + cell("source_application") + cell("source_referred")
    expect("K2", total, ways, "总数与三种案件来源之和不符", odd(lambda f: not f.values["source"]))
    referred = sum(cell(n) for n in ("source_court", "source_procuratorate", "source_police", "source_petition_office", "source_other_department"))
    expect("K3", cell("source_referred"), referred, "委托移送与五项其中之和不符", odd(lambda f: f.values["source"] in SOURCES_REFERRED))
    expect("K4", total, parts(("by_",)), "总数与各类调委会之和不符", odd(lambda f: not _within(columns, f, ("by_",))))
    succeeded = cell("cases_succeeded")
    formed = cell("agreement_oral") + cell("agreement_written")
    expect("K5", succeeded, formed, "调解成功与口头、书面协议之和不符", odd(lambda f: f.values["result"] == "1" and not f.values["form"]))
    if succeeded > total or cell("cases_difficult") > total:
        found.append(Finding("K6", ERROR, "调解成功或疑难复杂案件多于总数。"))
    if cell("agreement_amount") and not any(f.values["form"] for f in table.own_facts):
        found.append(Finding("K7", WARNING, "有协议金额，却没有一件协议。", odd(lambda f: f.number("fen") > 0)))
    few = odd(lambda f: f.number("people") < 2)
    if few:
        found.append(Finding("K8", WARNING, f"{len(few)}件的涉及当事人数不足2人，请补填人数或当事人。", few))
    much = odd(lambda f: f.number("fen") >= MUCH)
    if much:
        found.append(Finding("K12", QUESTION, f"{len(much)}件的协议金额在1000万元以上，请核实单位是否有误。", much))
    return found


def consultation_checks(table: Table) -> list[Finding]:
    """The total against channels and matters; granted applications against applications (T4)."""
    total, found = table.cell("consultations_total"), list[Finding]()
    for check, said, names, field in (
        ("T4-1", "咨询总数与咨询方式之和不符", ("by_visit", "by_letter", "by_call", "by_web"), "consultation_channel"),
        ("T4-2", "咨询总数与事项类型之和不符", tuple(c.name for c in table.form.columns if c.name.startswith("matter_")), "matter_type"),
    ):
        added = sum(table.cell(n) for n in names)
        if added != total:
            empty = tuple(f.id for f in table.own_facts if not f.values[field])
            found.append(Finding(check, ERROR, f"{said}（{total}，各项之和{added}）。", empty))
    if table.cell("applied_and_granted") > table.cell("applied_for_aid"):
        found.append(Finding("T4-3", ERROR, "批准的法律援助申请多于提出的申请。"))
    return found


def visit_checks(table: Table, months: Sequence[str], villages: dict[str, str]) -> list[Finding]:
    """Villages that had no visit in a month of the period (rules.md V-02: at least one a month)."""
    seen = {(f.village, f.month) for f in table.own_facts}
    lacking = [(name, month) for village, name in villages.items() for month in months if (village, month) not in seen]
    if not lacking:
        return []
    first = "、".join(f"{name}{int(month[5:7])}月" for name, month in lacking[:4])
    return [Finding("T7", WARNING, f"{len(lacking)}个村月没有顾问服务记录：{first}{'等' if len(lacking) > 4 else ''}。")]


def _within(columns: Sequence[Column], fact: Fact, prefix: tuple[str, ...]) -> bool:
    return any(c.formula is not None and c.name.startswith(prefix) and c.formula(fact) for c in columns)
