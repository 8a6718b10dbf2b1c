"""A return visit (回访) on the performance of an agreement and what the parties think. Fields: domain/forms.md §2.13; rules.md C-01."""

from __future__ import annotations

from jusuo_desktop.records.field import code, codes, link, long_text, moment, text
from jusuo_desktop.records.kind import RecordKind

FOLLOW_UP = RecordKind(
    "follow_up",
    "回访记录",
    (
        moment("visited_at", "回访时间", required=True, listed=True, begins="now"),
        text("visited_persons", "当事人（被回访人）", required=True, listed=True, max_length=500),
        text("visit_reason", "回访事由", required=True),
        text("place", "回访地点"),
        code("survey_method", "回访方式", "survey_method", listed=True),
        code("performance_status", "履行情况", "evaluation_performance", required=True, listed=True),
        code("satisfaction_grade", "满意度", "satisfaction_grade", listed=True),
        codes("visit_signs", "发现的情况", "visit_sign", help="是否起诉、有无新的矛盾和隐患"),
        long_text("visit_findings", "回访情况", required=True, searched=True),
        text("measures", "采取的措施", max_length=1000),
        link("visitor", "回访人", "worker", required=True, begins="user"),
    ),
    title=lambda v: f"{str(v.get('visited_at', '')).replace('T', ' ')} 回访{v.get('visited_persons', '')}".strip(),
    parents=("mediation",),
    order="visited_at",
    attached=True,
)
