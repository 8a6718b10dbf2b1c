"""A legal consultation (法律咨询). Fields: domain/forms.md §3.1; rules: domain/rules.md §10."""

from __future__ import annotations

from jusuo_desktop.records.field import (
    Field,
    Sensitivity,
    Values,
    code,
    codes,
    date,
    id_card,
    integer,
    link,
    long_text,
    moment,
    phone,
    text,
    yes_no,
)
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.workflow import Family, Step, Workflow


def _has_reply(values: Values, family: Family) -> str | None:
    return None if values.get("reply_opinion") else "缺少答复意见。"


def _has_handling(values: Values, family: Family) -> str | None:
    return None if values.get("handling_method") else "缺少处理方式。"


CONSULTATION_WORKFLOW = Workflow(
    field="state",
    first="open",
    steps=(
        Step("answer", "答复", ("open", "referred"), "answered", (_has_reply,)),
        Step("refer", "转办", ("open", "answered"), "referred", (_has_handling,)),
        Step("close", "办结", ("answered", "referred"), "closed", (_has_handling,)),
        Step("reopen", "重新办理", ("closed",), "open"),
    ),
)

FIELDS: tuple[Field, ...] = (
    text("consultation_number", "咨询编号", listed=True, searched=True, max_length=40, headings=("编号", "流水号", "咨询登记号", "序列号")),
    moment(
        "consulted_at",
        "咨询时间",
        begins="now",
        required=True,
        listed=True,
        headings=("日期", "接待日期", "咨询日期", "来访时间", "时间", "接待时间", "来访日期", "登记日期", "登记时间"),
    ),
    code(
        "consultation_channel",
        "咨询类型",
        "consultation_channel",
        required=True,
        listed=True,
        headings=("咨询方式", "来访方式", "方式", "来源", "接待方式"),
    ),
    code("call_type", "来电类型", "call_type"),
    code("letter_route", "来信途径", "letter_route"),
    text(
        "name",
        "咨询人姓名",
        listed=True,
        searched=True,
        max_length=60,
        sensitivity=Sensitivity.PERSONAL,
        headings=("姓名", "咨询人", "来访人", "来访人姓名", "当事人", "来访者", "群众姓名", "来访者姓名", "咨询者"),
    ),
    yes_no("identity_refused", "拒绝提供身份", help="来访人不愿提供身份时注明（服务指南）"),
    id_card("id_card_number", "身份证号", help="可以不填", headings=("身份证", "身份证号码")),
    code("sex", "性别", "sex", listed=True),
    date("birth_date", "出生日期", sensitivity=Sensitivity.PERSONAL),
    phone(
        "contact_phone", "联系电话", required=True, listed=True, headings=("电话", "联系方式", "手机", "手机号码", "电话号码", "联系方法", "手机号")
    ),
    text("address", "住址", searched=True, sensitivity=Sensitivity.PERSONAL, headings=("地址", "家庭住址", "现住址", "住所", "居住地", "单位或住址")),
    codes("crowd_types", "身份类别", "crowd_type", listed=True, headings=("人群类别", "人员类别", "群体", "身份", "人群")),
    integer("accompanying_count", "同来人数", most=10_000),
    link("village", "村（社区）", "village", listed=True, headings=("村居", "所属村")),
    code(
        "matter_type",
        "事项类型",
        "matter_type",
        required=True,
        listed=True,
        headings=("事项", "类别", "咨询类别", "咨询事项类型", "案件类型", "事项类别"),
    ),
    code("cause_of_action", "咨询事项案由", "cause_of_action", headings=("案由",)),
    long_text(
        "consultation_content",
        "咨询内容",
        required=True,
        searched=True,
        headings=("内容", "内容摘要", "咨询事由", "来访事由", "咨询问题", "咨询事项", "反映问题", "主要问题", "简要情况", "内容简介"),
    ),
    long_text(
        "reply_opinion",
        "答复意见",
        searched=True,
        headings=("答复", "答复摘要", "解答内容", "处理情况", "答复情况", "解答情况", "答复内容", "解答意见", "处理意见"),
    ),
    moment("replied_at", "答复时间"),
    date("reply_due_on", "约期答复日期", listed=True, help="疑难问题可以约期答复"),
    code("handling_method", "处理方式", "handling_method", listed=True, headings=("办理方式", "处理结果", "处理", "办理情况")),
    yes_no("told_legal_aid", "已告知法律援助条件", help="符合法律援助条件的应告知条件和程序（服务指南）"),
    yes_no("transferred_to_legal_aid", "转法律援助申请"),
    link(
        "received_by",
        "接待人",
        "worker",
        begins="user",
        required=True,
        listed=True,
        headings=("记录人", "经办人", "解答人", "接待人员", "接待律师", "值班人员", "值班律师", "工作人员"),
    ),
    code("satisfaction_grade", "满意度", "satisfaction_grade", listed=True, headings=("评价", "满意程度")),
    text("remarks", "备注", max_length=2000, searched=True),
    code("state", "办理状态", "consultation_state", listed=True),
)

CONSULTATION = RecordKind(
    "consultation",
    "法律咨询",
    FIELDS,
    title=lambda v: " ".join(str(v[n]) for n in ("name", "consultation_number") if n in v) or "未具名咨询",
    workflow=CONSULTATION_WORKFLOW,
    number="consultation_number",
    order="consulted_at",
    attached=True,
)
