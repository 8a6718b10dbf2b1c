"""A satisfaction evaluation (满意度测评) of a mediation, consultation or adviser visit. Items: domain/forms.md §5."""

from __future__ import annotations

from jusuo_desktop.records.field import Sensitivity, code, date, link, long_text, text, yes_no
from jusuo_desktop.records.kind import RecordKind

EVALUATION = RecordKind(
    "evaluation",
    "满意度测评",
    (
        code("evaluation_subject", "测评对象", "evaluation_subject", required=True, listed=True),
        date("evaluated_on", "测评日期", required=True, listed=True, begins="today"),
        code("survey_method", "测评方式", "survey_method", required=True, listed=True),
        text("respondent_name", "被测评人", help="可以不填（匿名）", sensitivity=Sensitivity.PERSONAL, max_length=60, listed=True),
        code("service_attitude", "服务态度", "satisfaction_grade"),
        code("impartiality", "是否公正", "satisfaction_grade"),
        code("service_efficiency", "办理效率", "satisfaction_grade"),
        code("service_competence", "法律政策讲解水平", "satisfaction_grade"),
        yes_no("fee_charged", "是否收取费用", help="人民调解不收取任何费用（人民调解法第4条）"),
        code("performance", "协议履行", "evaluation_performance"),
        code("overall_satisfaction", "总体满意度", "satisfaction_grade", required=True, listed=True),
        long_text("comments", "意见建议", searched=True),
        link("visited_by", "回访人", "worker"),
    ),
    title=lambda v: f"{v.get('evaluated_on', '')} 满意度测评".strip(),
    parents=("mediation", "consultation", "adviser_visit"),
    order="evaluated_on",
    attached=True,
)
