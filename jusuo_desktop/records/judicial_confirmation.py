"""A joint application to the court for judicial confirmation (司法确认) and its outcome. Fields: domain/forms.md §2.14; rules.md §6."""

from __future__ import annotations

from jusuo_desktop.records.field import Values, code, date, long_text, text
from jusuo_desktop.records.kind import RecordKind


def _title(values: Values) -> str:
    return " ".join(str(values[n]) for n in ("applied_on", "court_name") if n in values) or "司法确认"


JUDICIAL_CONFIRMATION = RecordKind(
    "judicial_confirmation",
    "司法确认",
    (
        text("court_name", "人民法院", required=True, listed=True, searched=True, help="一般为调委会所在地的基层人民法院（民事诉讼法第205条）"),
        long_text("request_items", "请求事项", required=True),
        long_text("facts_and_reasons", "事实和理由", required=True, searched=True),
        text("materials", "所附材料", max_length=1000, help="调解协议、调解组织主持调解的证明、身份证明、财产权利证明等（民诉法解释第354条）"),
        date("applied_on", "申请日期", required=True, listed=True, begins="today"),
        date("accepted_on", "法院受理日期"),
        code("ruling_result", "裁定结果", "ruling_result", listed=True),
        text("ruling_number", "裁定书文号", listed=True, searched=True, max_length=60),
        date("ruled_on", "裁定日期", listed=True),
        text("remarks", "备注", max_length=1000),
    ),
    title=_title,
    parents=("mediation",),
    order="applied_on",
    attached=True,
)
