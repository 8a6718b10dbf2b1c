"""An early warning (预警): a danger seen, its level, who was told and when, and what became of it. domain/rules.md P-09, S-03."""

from __future__ import annotations

from jusuo_desktop.records.field import code, integer, link, long_text, moment, text
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.workflow import Step, Workflow, needs

EARLY_WARNING_WORKFLOW = Workflow(
    field="state",
    first="open",
    steps=(
        Step(
            "report",
            "已报告",
            ("open",),
            "reported",
            (
                needs("told_to", "缺少报告对象：可能激化的纠纷应当采取预防措施，可能引起治安、刑事案件的应当及时报告（人民调解法第25条）。"),
                needs("told_at", "缺少报告时间。"),
            ),
        ),
        Step("resolve", "已解除", ("open", "reported"), "resolved", (needs("measures", "缺少采取的措施。"),)),
        Step("reopen", "再次预警", ("resolved",), "open"),
    ),
)

EARLY_WARNING = RecordKind(
    "early_warning",
    "预警",
    (
        moment("warned_at", "发现时间", required=True, listed=True, begins="now"),
        code("warning_level", "等级", "warning_level", required=True, listed=True, help="重大的须在规定时限内报告"),
        code("risk_forecast", "可能的后果", "risk_forecast", required=True, listed=True),
        link("village", "村（社区）", "village", listed=True),
        text("people", "涉及人员", required=True, listed=True, searched=True, max_length=500),
        integer("people_involved", "涉及人数", most=100_000, listed=True, help="用于统计“防止…人数”"),
        long_text("content", "情况", required=True, searched=True),
        text("told_to", "报告对象", listed=True, max_length=200, help="公安派出所、镇党委政府、县司法局等"),
        moment("told_at", "报告时间", listed=True),
        link("told_by", "报告人", "worker", begins="user"),
        long_text("measures", "采取的措施"),
        link("mediation", "有关调解案件", "mediation"),
        link("screened_dispute", "有关排查事项", "screened_dispute"),
        moment("resolved_at", "解除时间"),
        code("state", "处理情况", "warning_state", listed=True),
    ),
    title=lambda v: f"{str(v.get('warned_at', ''))[:10]} {v.get('people', '')}".strip() or "预警",
    workflow=EARLY_WARNING_WORKFLOW,
    order="warned_at",
    attached=True,
)
