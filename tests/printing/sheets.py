"""Sheets to print: a rich realistic one, an empty one, one with every field filled to a length."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jusuo_desktop.printing import Sheet, Template
from jusuo_desktop.printing.bindings import PARENT, Row
from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.field import Field, FieldType, Value
from jusuo_desktop.records.identity import new_id
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.registry import KINDS, children_of
from tests.printing import story

OFFICE = {"name": "嘉善县西塘司法所", "division_code": "330421103", "county_name": "嘉善县", "short_name": "西塘"}
COMMITTEE, VILLAGE, ADVISER, MEDIATOR, CLERK = (f"0197a0b4-0000-7000-8000-00000000000{n}" for n in range(1, 6))
LINKS: dict[str, dict[str, Any]] = {
    COMMITTEE: {"name": "西塘镇红菱村人民调解委员会", "short_name": "菱民", "committee_type": "01"},
    VILLAGE: {"name": "西塘镇红菱村", "division_code": "330421103204"},
    ADVISER: {"name": "欧阳文博", "worker_roles": ["3"], "firm_name": "浙江开发律师事务所", "license_number": "13304201010123456"},
    MEDIATOR: {"name": "沈金根", "worker_roles": ["2"]},
    CLERK: {"name": "陆晓燕", "worker_roles": ["1"]},
}
STORY = (
    "申请人张建国与被申请人李秀英系前后邻居。2026年2月18日，李秀英翻建辅房时将东侧墙体外移约0.4米，"
    "占用两家共用的滴水巷，雨水直接冲刷张建国家西墙，致墙面渗水、粉刷脱落。双方为此多次争吵，2月26日发生推搡，"
    "张建国手臂擦伤，自付医药费386.50元。村干部两次上门劝说未果，双方于3月5日到村调委会要求调解。"
)
PARTIES: list[dict[str, Any]] = [
    {
        "name": "张建国",
        "party_role": "1",
        "party_type": "01",
        "id_card_number": "330421196805123417",
        "sex": "1",
        "ethnicity": "01",
        "birth_date": "1968-05-12",
        "occupation": "务农",
        "contact_phone": "13857312345",
        "address": "浙江省嘉善县西塘镇红菱村南浜12号",
    },
    {
        "name": "李秀英",
        "party_role": "2",
        "party_type": "01",
        "id_card_number": "330421197211304825",
        "sex": "2",
        "ethnicity": "01",
        "birth_date": "1972-11-30",
        "occupation": "个体工商户",
        "contact_phone": "0573-84561234",
        "address": "浙江省嘉善县西塘镇红菱村南浜13号",
    },
]
COMPANY = {
    "name": "周卫东",
    "party_role": "2",
    "party_type": "02",
    "organization_name": "嘉善西塘古建筑修缮工程有限公司",
    "organization_principal": "周卫东",
    "contact_phone": "0573-84567890",
    "address": "浙江省嘉善县西塘镇南苑路168号3幢201室",
}
MEDIATION = {
    "case_number": "〔2026〕菱民调字第18号",
    "title": "张建国与李秀英邻里纠纷",
    "registered_on": "2026-03-05",
    "accepted_on": "2026-03-05",
    "dispute_type": "2",
    "case_source": "1",
    "committee": COMMITTEE,
    "village": VILLAGE,
    "mediators": [MEDIATOR, CLERK],
    "registered_by": CLERK,
    "dispute_summary": STORY,
}
SESSION = {
    "mediated_at": "2026-03-07T09:30",
    "place": "红菱村人民调解委员会调解室",
    "participants": "村委会主任沈金根、镇土管所工作人员吴斌、双方亲属各一人",
    "record_text": "调解员：今天把大家请来，是就滴水巷的事情当面说清楚。先请张建国讲。\n"
    "张建国：两家之间原来留有0.8米滴水巷，房契上写得明白。她翻建时往外移了墙，水全打在我家西墙上。我要求她退回去，再赔修墙的钱。\n"
    "李秀英：我请人放过线，没有想占他的地方。墙已经砌好了，拆掉损失太大。修墙的钱我愿意出一部分。\n"
    "调解员：土管所同志今天实地量过，现宽0.41米，比房契少0.39米。按照民法典第二百八十八条，相邻各方应当有利生产、方便生活、团结互助、公平合理地处理相邻关系。\n"
    "（经背靠背做工作，双方意见趋于一致。）",
    "undisputed_facts": "一、滴水巷原宽0.8米，2026年3月6日实测0.41米；\n二、外移墙体由李秀英于2026年2月18日至21日砌筑。",
    "mediation_result": "1",
    "mediators": [MEDIATOR],
    "recorder": CLERK,
}
AGREEMENT = {
    "agreement_number": "〔2026〕菱民调协字第9号",
    "agreement_form": "2",
    "facts_and_disputed_matters": STORY
    + "争议事项：一、外移墙体是否拆除；二、渗水墙面由谁修复；三、医药费由谁承担。李秀英未经协商外移墙体，应负主要责任。",
    "agreement_content": "一、李秀英于2026年4月10日前拆除外移墙体，恢复滴水巷原宽0.8米；\n"
    "二、李秀英一次性支付张建国墙面修复费3200元、医药费386.50元，合计3586.50元；\n"
    "三、双方今后互谅互让，不再为此事发生争执。",
    "performance_terms": "款项于签字当日以现金付清；墙体拆除由村调委会到场见证。",
    "performance_due_on": "2026-04-10",
    "agreement_amount": 358650,
    "agreed_on": "2026-03-07",
    "copies": 3,
    "recorder": CLERK,
}
CONSULTATION = {
    "consultation_number": "〔2026〕西塘咨字第36号",
    "consulted_at": "2026-03-09T14:20",
    "consultation_channel": "1",
    "name": "司马俊义",
    "sex": "1",
    "birth_date": "1979-08-01",
    "contact_phone": "15868399999",
    "address": "嘉善县西塘镇鸦鹊村大港45号",
    "crowd_types": ["1", "2"],
    "accompanying_count": 2,
    "village": VILLAGE,
    "matter_type": "1",
    "cause_of_action": "M0205",
    "consultation_content": "咨询人在镇上某五金厂工作六年，未签书面劳动合同，厂方自去年11月起拖欠工资共计23600元，"
    "春节后通知不用再来。问：能否要求支付拖欠工资和经济补偿，手里只有工作服、考勤卡照片和微信转账记录，够不够。",
    "reply_opinion": "一、工资应按月足额支付，可向劳动监察大队投诉，也可申请劳动仲裁；二、厂方违法解除，可要求赔偿金；"
    "三、现有材料可以证明劳动关系，请补充同事证言和银行流水；四、符合法律援助条件，已告知申请材料。",
    "replied_at": "2026-03-09T14:55",
    "handling_method": "5",
    "told_legal_aid": True,
    "transferred_to_legal_aid": True,
    "received_by": CLERK,
    "satisfaction_grade": "5",
}
VISIT = {
    "visit_number": "〔2026〕西塘顾字第7号",
    "served_on": "2026-03-12",
    "village": VILLAGE,
    "adviser": ADVISER,
    "started_at": "9:00",
    "ended_at": "11:30",
    "duration_minutes": 150,
    "place": "红菱村文化礼堂",
    "service_mode": "1",
    "served_persons": "红菱村村民42人、村两委干部5人",
    "service_types": ["1", "2", "4"],
    "service_content": "一、以“民法典进农家”为题讲座一小时，讲相邻关系、民间借贷和继承三个问题；二、解答村民关于土地流转合同的咨询3人次；"
    "三、审查《红菱村村规民约》修订稿和鱼塘承包合同各一份，提出修改意见6条。",
    "result": "咨询当场答复；村规民约修改意见已交村委会，拟提交3月25日村民代表会议表决。",
    "lecture_attendance": 42,
    "consultation_count": 3,
    "material_count": 60,
    "charter_count": 2,
    "rating": "5",
    "remarks": "下次到村：4月9日。",
}
EVALUATION = {
    "evaluated_on": "2026-04-15",
    "survey_method": "3",
    "respondent_name": "张建国",
    "service_attitude": "5",
    "impartiality": "5",
    "service_efficiency": "4",
    "service_competence": "4",
    "fee_charged": False,
    "performance": "1",
    "overall_satisfaction": "5",
    "comments": "调解员上门三次，讲道理也讲人情，满意。希望以后村里建房统一放线。",
}
RICH: dict[str, dict[str, Any]] = {
    "mediation": MEDIATION,
    "mediation_session": SESSION,
    "agreement": AGREEMENT,
    "consultation": CONSULTATION,
    "adviser_visit": VISIT,
    "evaluation": EVALUATION,
}
FILLED: dict[str, dict[str, Any]] = {
    **RICH,
    **story.ONE,
    "mediation": {**MEDIATION, **story.MEDIATION_LATER, "filed_by": CLERK},
    "inquiry": {**story.INQUIRY, "investigators": [MEDIATOR], "recorder": CLERK},
    "mediator_change": {**story.MEDIATOR_CHANGE, "former_mediators": [CLERK], "new_mediators": [MEDIATOR]},
    "follow_up": {**story.FOLLOW_UP, "visitor": CLERK},
    "service_proof": {**story.SERVICE_PROOF, "server": CLERK},
    "case_subsidy": {**story.CASE_SUBSIDY, "mediator": MEDIATOR},
    "dispute_screening": {**story.SCREENING, "village": VILLAGE, "committee": COMMITTEE, "screeners": [MEDIATOR, CLERK]},
    "screened_dispute": story.SCREENED[0],
    "early_warning": {**story.WARNING, "village": VILLAGE, "told_by": CLERK},
}
"""The whole case as it lies in the volume, and what was screened and warned of before it."""
LINKS |= {story.APPLICANT: PARTIES[0], story.RESPONDENT: PARTIES[1], story.SUBSIDY_CLASS: story.CLASS}
RECORD_ID = "0197a0b4-5c1d-7e2f-8a3b-4c5d6e7f8a9b"


def rich(template: Template, parties: list[dict[str, Any]] | None = None, **more: Any) -> Sheet:
    """A sheet as a good clerk fills it; `more` are further values of the mediation that fills it or is its parent."""
    values = {**FILLED, "mediation": {**FILLED["mediation"], **more}}
    if template.rows is not None:
        kind = template.rows.name
        one = Row(values.get(kind) or some(kind), {**under(kind, parties), PARENT: [values["mediation"]]})
        return Sheet(
            {"unit_name": OFFICE["name"], "about": "登记日期 2026-01-01至2026-03-31", "row_count": 3}, {kind: [one] * 3}, {}, {}, LINKS, OFFICE
        )
    own, above = template.kind.name, template.parent.name if template.parent else ""
    parent = (values.get(above) or some(above)) if above else {}
    return Sheet(values.get(own) or some(own), under(own, parties), parent, under(above, parties), LINKS, OFFICE, RECORD_ID)


def under(kind: str, parties: list[dict[str, Any]] | None = None) -> dict[str, list[dict[str, Any]]]:
    """The child rows of a record of that kind, some of every kind that there may be."""
    many = {**story.MANY, "party": PARTIES if parties is None else parties}
    return {child.name: many[child.name] if child.name in many else [some(child.name)] for child in children_of(kind)}


def some(kind: str) -> dict[str, Any]:
    """Values of a kind, each field with a few words where nothing better is written here."""
    return FILLED[kind] if kind in FILLED else {**values_for(KINDS[kind], lambda field: field.label[:8])}


def value_for(field: Field, words: Callable[[Field], str]) -> Value:
    """A value of the field; `words` gives its text where it holds text."""
    match field.type:
        case FieldType.DATE:
            return "2026-12-28"
        case FieldType.TIME:
            return "2026-12-28T23:59"
        case FieldType.INTEGER | FieldType.MONEY:
            return field.most or 0
        case FieldType.BOOLEAN:
            return True
        case FieldType.CODE:
            return max(code_list(field.code_list).labels, key=lambda c: len(code_list(field.code_list).labels[c]))
        case FieldType.CODES:
            return list(code_list(field.code_list).labels)
        case FieldType.ID_CARD:
            return "330421196805123417"
        case FieldType.LINK:
            return f"{field.link}/0"
        case FieldType.LINKS:
            return [f"{field.link}/{n}" for n in range(4)]
        case _:
            return words(field)


def values_for(kind: RecordKind, words: Callable[[Field], str]) -> dict[str, Value]:
    """Every field of a kind filled."""
    return {f.name: value_for(f, words) for f in kind.own_fields}


def full(template: Template, words: Callable[[Field], str], rows: int = 3) -> Sheet:
    """Every field of the record, its rows, its parent and its links filled."""
    links = {f"{name}/{n}": values_for(kind, words) for name, kind in KINDS.items() for n in range(4)}
    if template.rows is not None:
        listed = template.rows
        below: dict[str, list[dict[str, Value]]] = {k.name: [values_for(k, words) for _ in range(rows)] for k in children_of(listed.name)}
        below[PARENT] = [values_for(KINDS[k], words) for k in listed.parents if k in KINDS][:1]
        one = Row(values_for(listed, words), below)
        return Sheet(values_for(template.kind, words), {listed.name: [one] * rows}, {}, {}, links, values_for(KINDS["judicial_office"], words))
    own = {k.name: [values_for(k, words) for _ in range(rows)] for k in children_of(template.kind.name)}
    above = {k.name: [values_for(k, words) for _ in range(rows)] for k in children_of(template.parent.name)} if template.parent else {}
    parent = values_for(template.parent, words) if template.parent else {}
    return Sheet(values_for(template.kind, words), own, parent, above, links, values_for(KINDS["judicial_office"], words), new_id())


def grows(template: Template) -> bool:
    """Whether the form prints an account of any length."""
    return any(path.field.max_length > 1000 for path in template.paths)


LONG = "当事人称其父亲生前立有遗嘱，（见附件1）言明“老屋三间归长子所有”；次子不服，认为遗嘱系伪造。2026年3月7日上午9:30，Tel. 0573-84561234。"


def long_words(field: Field) -> str:
    """Text as long as the field allows, 2,000 characters at most."""
    length = min(field.max_length, 2000)
    said = (LONG * (length // len(LONG) + 1))[:length]
    return said.rstrip("\n") or "字"
