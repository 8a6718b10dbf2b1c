"""What is filed behind one case besides its sessions and its agreement, a row or more of every kind of the dossier, and what is screened and
warned of before there is a case.
"""

from __future__ import annotations

from typing import Any

APPLICANT, RESPONDENT, SUBSIDY_CLASS = (f"0197a0b4-0000-7000-8000-0000000001{n:02}" for n in range(1, 4))

MEDIATION_LATER: dict[str, Any] = {
    "difficulty": "2",
    "rights_notified_on": "2026-03-05",
    "due_on": "2026-04-05",
    "mediation_result": "1",
    "performance_status": "1",
    "performed_on": "2026-04-10",
    "closed_on": "2026-04-16",
    "filed_on": "2026-04-20",
    "dossier_note": "一、被申请人房屋产权证书由其保管，卷内为复印件。\n二、口头通知一次，没有书面通知。",
    "retention_period": "2",
}
"""How the case went on: nothing of it hinders its being mediated, printed or voided."""
REFUSED: dict[str, Any] = {
    "refusal_reason": "3",
    "refusal_note": "双方就同一墙体已于2026年2月向嘉善县人民法院起诉，法院已经立案。",
    "refused_on": "2026-03-06",
    "way_on": ["3", "4"],
    "alternative_channels": "请在法院指定的期限内答辩、举证；经济困难的，可以到镇公共法律服务工作站申请法律援助。",
}
FAILED: dict[str, Any] = {
    "termination_reason": "2",
    "termination_note": "双方对墙体是否拆除分歧较大，三次调解未能达成协议。",
    "terminated_on": "2026-04-03",
    "way_on": ["3"],
    "alternative_channels": "可以向嘉善县人民法院西塘人民法庭起诉。",
}
REFERRED: dict[str, Any] = {
    "case_source": "5",
    "entrusting_body": "嘉善县公安局西塘派出所",
    "referral_number": "嘉公（西）移调字〔2026〕11号",
    "referral_kind": "99",
    "referral_received_on": "2026-03-04",
    "referral_materials": "接处警登记表复印件1份、询问笔录复印件2份",
    "referral_reply_due_on": "2026-04-05",
    "referral_replied_on": "2026-04-08",
}
AGENT: dict[str, Any] = {
    "name": "张晓东",
    "agent_kind": "1",
    "principals": [APPLICANT],
    "relationship": "父子",
    "id_card_number": "330421199306083412",
    "sex": "1",
    "contact_phone": "13957300123",
    "address": "浙江省嘉善县罗星街道健康路88号",
    "authorized_matters": ["1", "2", "5", "6"],
    "authorization_term": "自签字之日起至本纠纷调解结束",
    "authorized_on": "2026-03-06",
}
INVITATION: dict[str, Any] = {
    "invited_persons": "张建国、李秀英",
    "mediated_at": "2026-03-07T09:30",
    "place": "红菱村人民调解委员会调解室",
    "to_bring": "身份证、房屋产权证书或者宅基地使用证、医药费票据",
    "contact": "陆晓燕 0573-84560148",
    "sent_on": "2026-03-05",
}
INQUIRY: dict[str, Any] = {
    "investigated_at": "2026-03-06T14:10",
    "place": "红菱村南浜12号张建国家西墙外",
    "participants": "村委会主任沈金根、镇土管所工作人员吴斌",
    "investigated_person": "邻居钱阿毛（男，1955年生，南浜11号）",
    "record_text": "问：滴水巷原来有多宽？\n答：老早两家造房时留了八十公分，一担水桶好走过去，全埭人都晓得。\n"
    "问：新墙是什么时候砌的？\n答：正月初二动手，初五砌到檐口。\n问：砌墙时张建国家提出过没有？\n答：提出过，在外面吵了一次，没有吵出结果。",
}
EVIDENCE: list[dict[str, Any]] = [
    {
        "evidence_name": "宅基地使用证（南浜12号）",
        "evidence_kind": "1",
        "provided_by": "张建国",
        "collected_on": "2026-03-05",
        "pages": 4,
        "copies": 1,
        "is_original": False,
    },
    {
        "evidence_name": "滴水巷现场照片",
        "evidence_kind": "3",
        "provided_by": "调委会拍摄",
        "pages": 6,
        "copies": 1,
        "is_original": True,
        "remarks": "2026年3月6日摄",
    },
    {"evidence_name": "医药费收据", "evidence_kind": "1", "provided_by": "张建国", "pages": 3, "copies": 1, "is_original": True},
    {"evidence_name": "房屋间距实测记录", "evidence_kind": "9", "provided_by": "镇土管所", "pages": 1, "copies": 2, "is_original": True},
]
PERIOD_CHANGE: dict[str, Any] = {
    "change_kind": "1",
    "decided_on": "2026-04-02",
    "reason": "需要等待土管所重新测量的结果",
    "parties_agreed": True,
    "new_due_on": "2026-04-20",
}
MEDIATOR_CHANGE: dict[str, Any] = {
    "changed_on": "2026-03-06",
    "change_reason": "1",
    "requested_by": "李秀英",
    "remarks": "原调解员与申请人是表兄弟，被申请人申请回避。",
}
PERFORMANCE: list[dict[str, Any]] = [
    {
        "instalment": 1,
        "obligor": "李秀英",
        "content": "支付墙面修复费、医药费",
        "performance_method": "7",
        "amount": 358650,
        "due_on": "2026-03-07",
        "performed_on": "2026-03-07",
        "performed_amount": 358650,
        "voucher": "收条1份",
        "received_by": "张建国",
    },
    {
        "instalment": 2,
        "obligor": "李秀英",
        "content": "拆除外移墙体，恢复滴水巷原宽0.8米",
        "performance_method": "5",
        "due_on": "2026-04-10",
        "performed_on": "2026-04-09",
        "voucher": "现场照片2张",
    },
]
FOLLOW_UP: dict[str, Any] = {
    "visited_at": "2026-04-15T10:00",
    "visited_persons": "张建国、李秀英",
    "visit_reason": "张建国与李秀英邻里纠纷",
    "place": "红菱村南浜",
    "survey_method": "3",
    "performance_status": "1",
    "satisfaction_grade": "5",
    "visit_signs": ["1"],
    "visit_findings": "墙体已于4月9日拆除，巷宽经村调委会丈量为0.81米；修复费、医药费签字当天已付清。双方见面已打招呼，均表示满意，没有起诉。",
    "measures": "提醒双方雨季前清理滴水巷排水沟。",
}
CONFIRMATION: dict[str, Any] = {
    "court_name": "嘉善县人民法院",
    "request_items": "请求确认申请人之间于2026年3月7日达成的人民调解协议有效。",
    "facts_and_reasons": "申请人因滴水巷被占发生纠纷，经西塘镇红菱村人民调解委员会主持调解，于2026年3月7日自愿达成调解协议。"
    "为保证协议履行，申请司法确认。",
    "materials": "调解协议、调解组织主持调解的证明、身份证明复印件、宅基地使用证复印件",
    "applied_on": "2026-03-20",
}
SERVICE_PROOF: dict[str, Any] = {
    "document_names": "终止调解通知书1份、权利义务告知书1份",
    "recipient": "李秀英",
    "service_method": "1",
    "place": "红菱村南浜13号",
    "sent_on": "2026-04-03",
    "served_at": "2026-04-03T16:20",
    "received_by": "其夫周卫东",
}
CLASS: dict[str, Any] = {"class_name": "一般", "holds_from": "2026-01-01", "subsidy_level": "3", "amount": 20000}
CASE_SUBSIDY: dict[str, Any] = {
    "subsidy_class": SUBSIDY_CLASS,
    "class_reason": "一般纠纷，涉及2人，协议金额3,586.50元",
    "amount": 20000,
    "dossier_score": 95,
    "conditions_met": ["1", "2", "3", "4", "7"],
    "claimed_on": "2026-04-22",
    "committee_opinion": "情况属实，同意申报。",
    "office_opinion": "卷宗完整，协议已履行，同意按一般案件补贴。",
    "paid_quarter": "2026-Q2",
}
SCREENING: dict[str, Any] = {
    "screened_on": "2026-03-03",
    "place": "南浜、北浜两个村民小组",
    "other_screeners": "网格员钱小妹",
    "period_from": "2026-02-16",
    "period_to": "2026-02-28",
    "is_zero_report": False,
    "screening_content": "走访农户63户，重点了解春节后建房、土地流转和讨薪情况，发现纠纷两起。",
}
SCREENED: list[dict[str, Any]] = [
    {
        "parties": "张建国、李秀英",
        "dispute_type": "2",
        "people_involved": 2,
        "summary": "翻建辅房外移墙体，占用滴水巷，发生推搡。",
        "risk_forecast": "3",
        "measures": "村干部分头劝说，劝其停工。",
        "responsible_person": "沈金根",
        "due_on": "2026-03-05",
        "screening_outcome": "3",
    },
    {
        "parties": "钱阿毛等7户与村鱼塘承包人",
        "dispute_type": "2",
        "people_involved": 9,
        "summary": "鱼塘换水淹没秧田，七户要求赔偿。",
        "risk_forecast": "1",
        "measures": "现场划定水位线。",
        "responsible_person": "沈金根",
        "due_on": "2026-03-10",
        "screening_outcome": "1",
    },
]
WARNING: dict[str, Any] = {
    "warned_at": "2026-02-26T17:40",
    "warning_level": "2",
    "risk_forecast": "3",
    "people": "张建国、李秀英及其亲属共五人",
    "content": "双方在滴水巷推搡，张建国手臂擦伤，其子扬言带人拆墙。李秀英娘家亲属四人已从邻镇赶来。",
    "told_to": "西塘派出所、镇综治中心",
    "told_at": "2026-02-26T18:05",
    "measures": "派出所民警到场隔开双方；村干部连夜做双方工作，约定3月5日到村调委会调解。",
    "resolved_at": "2026-03-07T16:00",
}

ONE: dict[str, dict[str, Any]] = {
    "agent": AGENT,
    "invitation": INVITATION,
    "inquiry": INQUIRY,
    "period_change": PERIOD_CHANGE,
    "mediator_change": MEDIATOR_CHANGE,
    "follow_up": FOLLOW_UP,
    "judicial_confirmation": CONFIRMATION,
    "service_proof": SERVICE_PROOF,
    "case_subsidy": CASE_SUBSIDY,
}
"""The child rows of the case of which there is one."""
MANY: dict[str, list[dict[str, Any]]] = {"evidence": EVIDENCE, "performance": PERFORMANCE, "screened_dispute": SCREENED}
