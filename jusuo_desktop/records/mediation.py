"""A mediation (调解案件) and its child rows: parties, sessions, the agreement. Fields: domain/forms.md §2; rules: domain/rules.md §2-7."""

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
    links,
    long_text,
    moment,
    money,
    phone,
    text,
    yes_no,
)
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.mediation_workflow import MEDIATION_WORKFLOW
from jusuo_desktop.records.place import PERSON_NAME

MEDIATION = RecordKind(
    "mediation",
    "人民调解",
    (
        text(
            "case_number",
            "案号",
            listed=True,
            searched=True,
            max_length=60,
            headings=("案件编号", "编号", "卷号", "文号", "协议编号", "调解编号", "协议书编号", "受理编号", "案卷编号", "案件号"),
        ),
        text(
            "title",
            "纠纷名称",
            listed=True,
            searched=True,
            help="当事人加纠纷类型，如“张三与李四邻里纠纷”；不填则自动生成",
            headings=("卷名", "案由", "纠纷简称", "案件名称", "纠纷事项", "案件简称"),
        ),
        date(
            "registered_on",
            "登记日期",
            required=True,
            listed=True,
            headings=("登记时间", "申请日期", "申请时间", "日期", "登记日", "申请调解日期", "立案日期", "收案日期"),
        ),
        code(
            "dispute_type",
            "纠纷类型",
            "dispute_type",
            required=True,
            listed=True,
            headings=("纠纷类别", "类型", "类别", "案件类型", "案由", "纠纷性质", "矛盾类型", "纠纷种类", "案件类别"),
        ),
        code(
            "case_source",
            "案件来源",
            "case_source",
            required=True,
            listed=True,
            headings=("来源", "受理方式", "纠纷来源", "受理来源", "受理类型", "调解方式"),
        ),
        link(
            "village",
            "村（社区）",
            "village",
            listed=True,
            headings=("村居", "所属村", "村名", "所在村", "发生地", "村（居）", "村（社区）名称", "村别", "村/社区", "纠纷发生地", "所属村（社区）"),
        ),
        link(
            "committee",
            "调委会",
            "mediation_committee",
            required=True,
            listed=True,
            headings=("人民调解委员会", "调解组织", "承办单位", "调解委员会", "调委会名称", "调解单位", "受理单位"),
        ),
        links(
            "mediators",
            "调解员",
            "worker",
            required=True,
            listed=True,
            headings=("人民调解员", "承办人", "调解人员", "主持人", "调解人", "主持调解人", "调解主持人", "调解员姓名"),
        ),
        link("registered_by", "登记人", "worker", headings=("经办人", "填表人", "记录人", "记录人签名")),
        long_text(
            "dispute_summary",
            "纠纷简要情况",
            required=True,
            searched=True,
            headings=(
                "简要情况",
                "纠纷概况",
                "主要事实",
                "纠纷事由",
                "案情",
                "纠纷情况",
                "简要案情",
                "内容摘要",
                "纠纷内容",
                "主要内容",
                "纠纷简况",
                "案情简介",
                "基本案情",
                "纠纷事实",
                "事由",
                "纠纷简介",
            ),
        ),
        long_text("application_items", "申请事项", searched=True, headings=("诉求", "当事人申请事项", "请求事项")),
        code("difficulty", "难易程度", "difficulty", listed=True, headings=("难度", "难度级别", "难易", "案件等级")),
        code("risk_forecast", "案件预测", "risk_forecast", headings=("风险预测", "风险")),
        integer("people_involved", "涉及人数", most=100_000, headings=("涉及当事人数", "人数", "涉及当事人", "涉及人员数量")),
        date("accepted_on", "受理日期", listed=True, headings=("受理时间", "受理日")),
        date("rights_notified_on", "权利义务告知日期", help="调解前必须告知（规定第30条）", headings=("告知日期",)),
        date("due_on", "办理期限", listed=True, help="自受理起一个月（规定第33条）；经当事人同意可以延长"),
        text("place", "调解地点", headings=("地点",)),
        yes_no("is_public", "公开调解"),
        code(
            "mediation_result",
            "调解结果",
            "mediation_result",
            listed=True,
            headings=("结果", "处理结果", "调处结果", "是否成功", "调解情况", "调解是否成功", "办理结果", "化解结果", "结案方式", "是否调解成功"),
        ),
        code("termination_reason", "终止原因", "termination_reason"),
        code("refusal_reason", "不予受理理由", "refusal_reason"),
        code("performance_status", "协议履行情况", "performance_status", headings=("履行情况", "履行", "协议履行", "履约情况")),
        date("performed_on", "履行完毕日期"),
        date(
            "closed_on",
            "结案日期",
            listed=True,
            headings=("结案时间", "办结日期", "调解日期", "调结日期", "调解时间", "化解日期", "化解时间", "办结时间", "调解成功日期"),
        ),
        code("retention_period", "保管期限", "retention_period"),
        text("remarks", "备注", max_length=2000, searched=True, headings=("说明",)),
        code("state", "办理状态", "mediation_state", listed=True),
    ),
    title=lambda v: str(v.get("title") or v.get("case_number") or "未命名纠纷"),
    workflow=MEDIATION_WORKFLOW,
    number="case_number",
    order="registered_on",
)


def party_fields() -> tuple[Field, ...]:
    """The common party block (domain/forms.md §1)."""
    return (
        PERSON_NAME,
        code("party_role", "地位", "party_role", required=True, listed=True),
        code("party_type", "当事人类型", "party_type"),
        id_card(
            "id_card_number", "身份证号", headings=("身份证", "身份证号码", "证件号码", "公民身份号码", "身份证件号码", "证件号", "居民身份证号")
        ),
        code("sex", "性别", "sex", listed=True),
        code("ethnicity", "民族", "ethnicity"),
        date("birth_date", "出生日期", sensitivity=Sensitivity.PERSONAL, headings=("出生年月",)),
        integer("age", "年龄", most=150, help="不知道出生日期时填写"),
        text("occupation", "职业或职务", headings=("职业", "职务")),
        phone("contact_phone", "联系方式", listed=True, headings=("电话", "联系电话", "手机", "手机号码", "手机号", "电话号码", "联系号码")),
        text(
            "address",
            "单位或住址",
            searched=True,
            sensitivity=Sensitivity.PERSONAL,
            headings=("住址", "家庭住址", "单位", "地址", "工作单位", "现住址", "住所", "户籍地址", "住所地", "家庭地址", "住址或单位"),
        ),
        text("organization_name", "当事单位名称", searched=True, headings=("单位名称",)),
        text(
            "organization_principal",
            "单位负责人",
            headings=(
                "法定代表人",
                "负责人",
            ),
        ),
    )


PARTY = RecordKind(
    "party",
    "当事人",
    party_fields(),
    title=lambda v: str(v.get("name") or v.get("organization_name", "")),
    parents=("mediation",),
)

MEDIATION_SESSION = RecordKind(
    "mediation_session",
    "调解记录",
    (
        moment("mediated_at", "时间", required=True, listed=True),
        text("place", "地点", required=True),
        text("participants", "参加人", max_length=1000),
        long_text("record_text", "调解记录", required=True, searched=True),
        code("mediation_result", "调解结果", "mediation_result", required=True, listed=True),
        links("mediators", "调解员", "worker", required=True),
        link("recorder", "记录人", "worker", required=True),
    ),
    title=lambda v: f"{str(v.get('mediated_at', '')).replace('T', ' ')} 调解记录".strip(),
    parents=("mediation",),
    order="mediated_at",
)


def _agreement_title(values: Values) -> str:
    return f"调解协议 {values.get('agreement_number', '')}".strip()


AGREEMENT = RecordKind(
    "agreement",
    "调解协议",
    (
        text(
            "agreement_number",
            "协议编号",
            listed=True,
            searched=True,
            max_length=60,
            headings=(
                "协议书编号",
                "协议书号",
            ),
        ),
        code(
            "agreement_form", "协议形式", "agreement_form", required=True, listed=True, headings=("协议类型", "协议种类", "口头或书面", "书面或口头")
        ),
        long_text(
            "facts_and_disputed_matters",
            "纠纷主要事实、争议事项",
            required=True,
            searched=True,
            help="写明主要事实、争议事项和各方的责任（人民调解法第29条）",
        ),
        long_text(
            "agreement_content",
            "协议内容",
            required=True,
            searched=True,
            headings=("协议主要内容", "达成协议", "协议事项", "达成协议内容", "调解协议内容", "调解协议"),
        ),
        codes("performance_methods", "履行方式", "performance_method"),
        long_text(
            "performance_terms",
            "履行方式、时限",
            required=True,
            headings=(
                "履行方式及时限",
                "履行方式和期限",
            ),
        ),
        date(
            "performance_due_on",
            "履行期限",
            listed=True,
            headings=(
                "履行时限",
                "履行日期",
                "约定履行日期",
            ),
        ),
        money(
            "agreement_amount",
            "协议涉及金额",
            listed=True,
            headings=(
                "涉及金额",
                "金额",
                "标的额",
                "协议金额",
                "涉案金额",
                "调解金额",
                "标的",
                "涉案标的",
                "标的金额",
                "赔偿金额",
                "兑现金额",
                "涉及标的",
            ),
        ),
        date("agreed_on", "协议日期", required=True, listed=True, headings=("签订日期", "达成协议日期", "协议时间", "协议签订日期")),
        integer("copies", "份数", most=99, least=1, help="当事人各一份，调委会一份（人民调解法第29条）"),
        date("effective_on", "生效日期", help="最后一方签名、盖章之日（人民调解法第29条）；口头协议自达成之日（第30条）"),
        link("recorder", "记录人", "worker"),
    ),
    title=_agreement_title,
    parents=("mediation",),
    number="agreement_number",
    order="agreed_on",
)
