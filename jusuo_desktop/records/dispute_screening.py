"""A round of dispute screening (矛盾纠纷排查) in a village or office, and the matters it found, 'none' included.

Fields: domain/forms.md §2.22; frequency and zero report: domain/rules.md §8 S-01, S-04.
"""

from __future__ import annotations

from jusuo_desktop.records.field import Values, code, date, integer, link, links, long_text, text, yes_no
from jusuo_desktop.records.kind import RecordKind

DISPUTE_SCREENING = RecordKind(
    "dispute_screening",
    "矛盾纠纷排查",
    (
        date("screened_on", "排查日期", required=True, listed=True, begins="today", headings=("日期", "排查时间")),
        link("village", "村（社区）", "village", listed=True, help="镇、街道和行业调委会自己的排查不填"),
        link("committee", "调委会", "mediation_committee", required=True, listed=True),
        text("place", "排查地点", listed=True, headings=("排查区域", "地点")),
        links("screeners", "排查人", "worker", required=True, listed=True, begins="user", headings=("排查人员",)),
        text("other_screeners", "其他排查人员", max_length=200, help="不在名册里的网格员、村民小组长等"),
        date("period_from", "排查期间自", help="补报上一期的，填上一期的起止日期；不填按排查日期算"),
        date("period_to", "排查期间至"),
        yes_no("is_zero_report", "零报告", listed=True, help="本期没有发现矛盾纠纷，也要报告"),
        long_text("screening_content", "排查内容", searched=True),
        text("remarks", "备注", max_length=1000),
    ),
    title=lambda v: f"{v.get('screened_on', '')} 排查{'（零报告）' if v.get('is_zero_report') else ''}".strip(),
    order="screened_on",
    attached=True,
)


def _entry_title(values: Values) -> str:
    return str(values.get("parties") or values.get("summary", ""))[:40] or "排查事项"


SCREENED_DISPUTE = RecordKind(
    "screened_dispute",
    "排查出的纠纷",
    (
        text("parties", "当事人", required=True, listed=True, searched=True, max_length=300),
        code("dispute_type", "纠纷类型", "dispute_type", required=True, listed=True),
        integer("people_involved", "涉及人数", most=100_000, listed=True),
        text("place", "地点", searched=True),
        long_text("summary", "简要情况", required=True, searched=True),
        code("risk_forecast", "风险预测", "risk_forecast", listed=True),
        text("measures", "化解措施", max_length=1000),
        text("responsible_person", "责任人", listed=True, max_length=60),
        date("due_on", "化解时限", listed=True),
        code("screening_outcome", "化解结果", "screening_outcome", listed=True),
        link("mediation", "转为调解案件", "mediation", help="由“转为案件”填写"),
        text("remarks", "备注", max_length=500),
    ),
    title=_entry_title,
    parents=("dispute_screening",),
    order="due_on",
    attached=True,
)
