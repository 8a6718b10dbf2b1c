"""The headings of sample ledgers: two of each kind, in the wordings and orders of two different clerks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the group above it ('' none), its heading, and the target it holds ('' for none: 序号).

    Targets are field names; those of the parties and the agreement have 'applicant.', 'respondent.' or 'agreement.' before them.
    """

    group: str
    heading: str
    target: str
    unit: int = 1


MEDIATION: Final = (
    (
        Column("", "序号", ""),
        Column("", "案件编号", "case_number"),
        Column("", "登记时间", "registered_on"),
        Column("", "村（居）", "village"),
        Column("申请人", "姓名", "applicant.name"),
        Column("申请人", "身份证号码", "applicant.id_card_number"),
        Column("申请人", "联系电话", "applicant.contact_phone"),
        Column("被申请人", "姓名（单位）", "respondent.name"),
        Column("被申请人", "联系方式", "respondent.contact_phone"),
        Column("", "纠纷类别", "dispute_type"),
        Column("", "案件来源", "case_source"),
        Column("", "纠纷简要情况", "dispute_summary"),
        Column("调解情况", "调解员", "mediators"),
        Column("调解情况", "调解结果", "mediation_result"),
        Column("调解情况", "结案日期", "closed_on"),
        Column("协议", "协议形式", "agreement.agreement_form"),
        Column("协议", "涉及金额（元）", "agreement.agreement_amount"),
        Column("", "履行情况", "performance_status"),
        Column("", "备注", "remarks"),
    ),
    (
        Column("", "序\n号", ""),
        Column("", "日期", "registered_on"),
        Column("", "类型", "dispute_type"),
        Column("当事人甲方", "姓  名", "applicant.name"),
        Column("当事人甲方", "住址", "applicant.address"),
        Column("当事人甲方", "身份证", "applicant.id_card_number"),
        Column("当事人乙方", "姓  名", "respondent.name"),
        Column("当事人乙方", "电话", "respondent.contact_phone"),
        Column("", "案情", "dispute_summary"),
        Column("", "涉及当事人数（人）", "people_involved"),
        Column("", "所属村", "village"),
        Column("", "调解组织", "committee"),
        Column("", "承办人", "mediators"),
        Column("", "是否成功", "mediation_result"),
        Column("", "协议金额（万元）", "agreement.agreement_amount", 10_000),
        Column("", "难易程度", "difficulty"),
    ),
)
CONSULTATION: Final = (
    (
        Column("", "编号", "consultation_number"),
        Column("", "咨询时间", "consulted_at"),
        Column("来访人", "姓名", "name"),
        Column("来访人", "性别", "sex"),
        Column("来访人", "联系电话", "contact_phone"),
        Column("来访人", "住址", "address"),
        Column("", "咨询方式", "consultation_channel"),
        Column("", "事项类型", "matter_type"),
        Column("", "咨询内容", "consultation_content"),
        Column("", "答复意见", "reply_opinion"),
        Column("", "接待人", "received_by"),
        Column("", "满意度", "satisfaction_grade"),
    ),
    (
        Column("", "序号", ""),
        Column("", "日期", "consulted_at"),
        Column("", "来访人姓名", "name"),
        Column("", "手机", "contact_phone"),
        Column("", "村居", "village"),
        Column("", "来访方式", "consultation_channel"),
        Column("", "咨询类别", "matter_type"),
        Column("", "内容摘要", "consultation_content"),
        Column("", "答复摘要", "reply_opinion"),
        Column("", "经办人", "received_by"),
    ),
)
VISIT: Final = (
    (
        Column("", "序号", ""),
        Column("", "服务日期", "served_on"),
        Column("", "村（社区）名称", "village"),
        Column("", "法律顾问姓名", "adviser"),
        Column("", "服务方式", "service_mode"),
        Column("", "服务内容分类", "service_types"),
        Column("", "服务内容", "service_content"),
        Column("", "处理结果", "result"),
        Column("服务成效", "听讲人次", "lecture_attendance"),
        Column("服务成效", "解答咨询", "consultation_count"),
        Column("服务成效", "发放资料", "material_count"),
        Column("", "时长（分钟）", "duration_minutes"),
    ),
    (
        Column("", "村名", "village"),
        Column("", "顾问", "adviser"),
        Column("", "时间", "served_on"),
        Column("", "地点", "place"),
        Column("", "工作内容", "service_content"),
        Column("", "类型", "service_types"),
        Column("", "办理结果", "result"),
        Column("", "评价", "rating"),
    ),
)
CALLED: Final = {"mediation": "人民调解案件台账", "consultation": "法律咨询登记台账", "adviser_visit": "村（居）法律顾问服务台账"}
LAYOUTS: Final = {"mediation": MEDIATION, "consultation": CONSULTATION, "adviser_visit": VISIT}
MEASURES: Final = {
    "people_involved": "人",
    "lecture_attendance": "人次",
    "consultation_count": "次",
    "material_count": "份",
    "duration_minutes": "分钟",
}
