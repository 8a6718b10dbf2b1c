"""The per-case subsidy (以案定补): the county's classes with their amounts, and one claim for one mediator and one case.

domain/rules.md §9, domain/forms.md §2.23: classes, amounts and proofs are the county's own and hold from a day.
"""

from __future__ import annotations

from typing import Final

from jusuo_desktop.records.field import Values, code, codes, date, integer, link, money, text
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.workflow import Step, Workflow, needs


def _class_title(values: Values) -> str:
    since = f"（{values['holds_from']}起）" if "holds_from" in values else ""
    return f"{values.get('class_name', '')}{since}" or "补贴档次"


SUBSIDY_CLASS = RecordKind(
    "subsidy_class",
    "以案定补档次",
    (
        text("class_name", "档次", required=True, listed=True, max_length=40, help="如“一般”“疑难”“重大”"),
        date("holds_from", "自何日起", required=True, listed=True, help="从这一天起结案的按新标准，以前的不变"),
        code("subsidy_level", "适用于", "subsidy_level", required=True, listed=True),
        money("amount", "每件金额", required=True, listed=True),
        integer("oral_share", "口头协议按百分之几", most=100, help="不填按百分之百"),
        integer("rank", "档次高低", required=True, least=1, most=9, help="数字大的为高档；同时符合几档时按高的"),
        codes("difficulties", "难易程度", "difficulty", help="难易、人数、金额符合其一就算这一档；都不填则各类案件都算"),
        integer("least_people", "涉及人数不少于", most=100_000),
        money("least_amount", "协议金额不少于"),
        codes("conditions", "发放条件", "subsidy_condition", required=True, help="都满足才能申报"),
        text("basis", "依据", required=True, listed=True, searched=True, help="文件名称和文号"),
    ),
    title=_class_title,
    order="holds_from",
    reference=True,
)


DIRECTOR: Final = ("director",)
FAST: Final = frozenset({"mediator", "subsidy_class", "amount"})
"""What the director confirmed is changed only by him, by taking the confirmation back."""

CASE_SUBSIDY_WORKFLOW = Workflow(
    field="state",
    first="proposed",
    steps=(
        Step(
            "confirm",
            "所长确认",
            ("proposed",),
            "confirmed",
            (
                needs("subsidy_class", "缺少补贴档次。"),
                needs("mediator", "缺少调解员。"),
                needs("amount", "缺少金额。"),
                needs("confirmed_by", "缺少确认人。"),
            ),
            DIRECTOR,
        ),
        Step(
            "reject",
            "不予补贴",
            ("proposed", "confirmed"),
            "rejected",
            (needs("office_opinion", "缺少司法所审核意见：请写明为什么不予补贴。"),),
            DIRECTOR,
        ),
        Step("pay", "列入发放表", ("confirmed",), "paid", (needs("paid_quarter", "缺少发放的季度。"),)),
        Step("reconsider", "重新核定", ("confirmed", "rejected"), "proposed", (), DIRECTOR),
    ),
    sealed=(("confirmed", FAST), ("paid", FAST | {"paid_quarter"})),
)

CASE_SUBSIDY = RecordKind(
    "case_subsidy",
    "以案定补",
    (
        link("mediator", "调解员", "worker", required=True, listed=True),
        link("proposed_class", "程序建议的档次", "subsidy_class"),
        link("subsidy_class", "核定档次", "subsidy_class", required=True, listed=True),
        text("class_reason", "建议的依据", max_length=500),
        money("amount", "金额", required=True, listed=True),
        integer("dossier_score", "卷宗评查得分", most=100),
        codes("conditions_met", "已具备的条件", "subsidy_condition"),
        date("claimed_on", "申报日期", required=True, listed=True, begins="today"),
        text("committee_opinion", "调委会意见", max_length=500),
        text("office_opinion", "司法所审核意见", max_length=500),
        link("confirmed_by", "确认人", "worker"),
        date("confirmed_on", "确认日期"),
        text("paid_quarter", "发放季度", listed=True, max_length=10, help="如 2026-Q3"),
        code("state", "办理状态", "subsidy_state", listed=True),
    ),
    title=lambda v: f"以案定补 {v.get('claimed_on', '')}".strip(),
    parents=("mediation",),
    workflow=CASE_SUBSIDY_WORKFLOW,
    order="claimed_on",
)
