"""A village legal adviser's visit (村(居)法律顾问服务), one record per visit and matter. Fields: domain/forms.md §4.1."""

from __future__ import annotations

from jusuo_desktop.records.field import Values, code, codes, date, integer, link, long_text, text
from jusuo_desktop.records.kind import RecordKind


def _clock(value: object) -> str | None:
    hours, colon, minutes = str(value).partition(":")
    ok = colon and hours.isdigit() and minutes.isdigit() and len(minutes) == 2 and int(hours) < 24 and int(minutes) < 60
    return None if ok else "时间请写成“9:30”这样的形式。"


def _visit_title(values: Values) -> str:
    return " ".join(str(values[n]) for n in ("served_on", "place") if n in values) or "顾问服务"


ADVISER_VISIT = RecordKind(
    "adviser_visit",
    "村居法律顾问",
    (
        text("visit_number", "服务编号", listed=True, searched=True, max_length=40, headings=("编号",)),
        date(
            "served_on",
            "服务日期",
            required=True,
            listed=True,
            begins="today",
            headings=("日期", "时间", "服务时间", "走访日期", "到村日期", "到村时间", "值班日期", "走访时间"),
        ),
        link(
            "village",
            "村（社区）",
            "village",
            required=True,
            listed=True,
            headings=("村居", "村名", "服务村", "村（社区）名称", "村居名称", "村社区", "服务村居", "村（居）", "村（社区）", "所在村", "服务单位"),
        ),
        link(
            "adviser",
            "法律顾问",
            "worker",
            required=True,
            listed=True,
            headings=("顾问", "顾问姓名", "律师", "法律顾问姓名", "律师姓名", "驻村律师", "村居律师"),
        ),
        text("started_at", "开始时间", check=_clock, max_length=5),
        text("ended_at", "结束时间", check=_clock, max_length=5),
        integer(
            "duration_minutes",
            "时长（分钟）",
            most=24 * 60,
            listed=True,
            help="起止时间都填时自动计算",
            headings=(
                "服务时长",
                "时长",
            ),
        ),
        text("place", "服务地点", listed=True, searched=True, headings=("地点",)),
        code("service_mode", "服务方式", "service_mode", required=True, listed=True, headings=("方式", "服务形式", "形式")),
        text("served_persons", "服务对象", searched=True, max_length=500, headings=("对象", "服务人员", "受益对象")),
        codes(
            "service_types",
            "服务类型",
            "adviser_service",
            required=True,
            listed=True,
            headings=("服务内容分类", "类型", "服务项目", "服务事项", "服务类别"),
        ),
        long_text(
            "service_content",
            "服务内容",
            required=True,
            searched=True,
            headings=("内容", "工作内容", "服务情况", "主要内容", "具体内容", "内容摘要", "工作情况", "服务内容摘要"),
        ),
        long_text("result", "处理结果", searched=True, headings=("结果", "办理结果", "办理情况", "服务结果", "服务成效")),
        integer("lecture_attendance", "讲座人次", headings=("听讲人次", "受教育人次")),
        integer("consultation_count", "咨询次数", headings=("解答咨询", "咨询人次")),
        integer("mediation_count", "调解件数"),
        integer("training_attendance", "培训人数"),
        integer("material_count", "资料份数", headings=("发放资料",)),
        integer("legal_aid_count", "法援件数"),
        integer("document_count", "文书份数", headings=("代写文书",)),
        integer("charter_count", "制度个数", help="审查的村规民约、制度、合同个数"),
        code("rating", "群众/村委评价", "satisfaction_grade", listed=True, headings=("评价",)),
        text("remarks", "备注", max_length=2000),
    ),
    title=_visit_title,
    number="visit_number",
    order="served_on",
    attached=True,
)
