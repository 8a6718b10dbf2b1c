"""One of each: a mediation with its people, session and agreement, a consultation, an adviser's visit, and what people thought of them.

Every record has an identity fixed by its name here, so that a demo that was killed finds what it had saved and makes nothing twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from jusuo_desktop.actions.linked import candidates
from jusuo_desktop.actions.save_record import Child, save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.take_step import take_step
from jusuo_desktop.demo.journal import Journal
from jusuo_desktop.records.id_card import check_character
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.listing import Filter, ListQuery

NAMESPACE: Final = uuid.UUID("0d6f6a52-93c1-5b0e-8f0c-6d1e3a7b2c44")
MAIN: Final = ("mediation", "consultation", "adviser_visit")
SUBJECTS: Final = {"mediation": "1", "consultation": "2", "adviser_visit": "3"}

FACTS: Final = (
    "单小芳家与陈𫖯家东西相邻。今年雨季以来，陈𫖯新建厢房的屋檐雨水直接滴到单小芳家的院墙上，墙体受潮脱落约六平方米，"
    "单小芳多次要求改装排水，双方发生争吵，单小芳遂申请调解。"
)
TERMS: Final = (
    "一、陈𫖯自本协议生效之日起七日内，在厢房屋檐加装水槽和落水管，雨水引入自家院内排水沟；\n"
    "二、陈𫖯一次性补偿单小芳院墙修缮费用人民币壹仟捌佰元整，于本协议签订之日付清；\n"
    "三、双方今后互相谅解，不再因此事发生争执。"
)
TALK: Final = (
    "调解员告知双方当事人权利义务，双方表示清楚，不申请回避。\n"
    "单小芳：厢房盖起来以后，一下雨水就浇在我家墙上，墙皮掉了一大片，我说过几回都没有结果。\n"
    "陈𫖯：盖房时没有想到排水，不是有意的，但是要我把屋檐拆掉我不同意。\n"
    "调解员：相邻各方应当按照有利生产、方便生活、团结互助、公平合理的原则处理排水。屋檐不必拆，加装水槽可以解决。\n"
    "陈𫖯：加水槽我同意，墙的修理我也愿意出一部分。\n"
    "单小芳：水槽装好，墙修好，我就没有意见。\n"
    "经调解，双方达成一致意见。"
)


def identity(name: str) -> str:
    """The fixed identity of a record of the demo."""
    return str(uuid.uuid5(NAMESPACE, name))


def record_one_of_each(session: Session, journal: Journal) -> None:
    """Records everything that is not yet recorded, a step at a time, each confirmed when it is saved."""
    _record_mediation(session, journal)
    _record_consultation(session, journal)
    _record_visit(session, journal)
    for kind in MAIN:
        _evaluate(session, journal, kind)
    _leave_something_for_today(session, journal)


def records_of_demo(session: Session) -> dict[tuple[str, str], str]:
    """What there is to print, by the record's kind and its parent's kind ('' for none)."""
    found: dict[tuple[str, str], str] = {}
    for name in MAIN:
        found[name, ""] = identity(name)
        for child in session.store.children(identity(name)):
            found.setdefault((child.kind, name), child.id)
    return found


def _once(session: Session, journal: Journal, kind: str, values: Mapping[str, Any], children: tuple[Child, ...] = (), **more: Any) -> None:
    name = more.pop("name", kind)
    if session.store.record(identity(name)) is None:
        record = save(session, kind, values, record_id=identity(name), new=True, children=children, **more).record
        journal.confirm(f"save {name}", _family(session, record))


def _family(session: Session, record: Record) -> list[str]:
    return [record.id, *(c.id for c in session.store.children(record.id))]


def _step(session: Session, journal: Journal, kind: str, act: str, values: Mapping[str, Any] | None = None, name: str = "") -> None:
    name = name or kind
    record = session.store.record(identity(name))
    workflow = KINDS[kind].workflow
    if record is None or workflow is None or act not in {s.act for s in workflow.open_steps(record.values)}:
        return
    take_step(session, record.id, act, values)
    journal.confirm(f"{act} {name}", [record.id])


def _one(session: Session, kind: str, field: str = "") -> str:
    found = candidates(session, kind, field=field, limit=1)
    return found[0][0] if found else session.store.user.id


def _who_mediates(session: Session) -> tuple[str, str, str]:
    """A village, its committee and a mediator of that committee."""
    village = _one(session, "village")
    committee = _first(session, "mediation_committee", "village", village) or _one(session, "mediation_committee")
    return village, committee, _first(session, "worker", "committee", committee) or _one(session, "worker", "mediators")


def _first(session: Session, kind: str, field: str, value: str) -> str:
    rows = session.store.rows(session.store.keys(ListQuery(kind, (Filter(field, "=", value),), descending=False), 1))
    return rows[0].id if rows else ""


def _number(born: str, order: int) -> str:
    first = f"990101{born}{order:03d}"  # 990101 is no place on the map: nobody has this number
    return first + check_character(first)


def _record_mediation(session: Session, journal: Journal) -> None:
    today, store = session.today(), session.store
    village, committee, mediator = _who_mediates(session)
    day, clerk, place = today.isoformat(), store.user.id, store.name_of(village)
    parties = (
        Child("party", {"name": "单小芳", "party_role": "1", "id_card_number": _number("19650512", 442), "ethnicity": "01", "occupation": "务农",
                        "contact_phone": "13800001357", "address": f"{place}一组12号"}),
        Child("party", {"name": "陈𫖯", "party_role": "2", "id_card_number": _number("19780923", 731), "ethnicity": "01", "occupation": "个体经营",
                        "contact_phone": "13900002468", "address": f"{place}一组13号"}),
    )  # fmt: skip
    values = {
        "registered_on": day, "dispute_type": "2", "case_source": "1", "village": village, "committee": committee, "mediators": [mediator],
        "registered_by": clerk, "dispute_summary": FACTS, "application_items": "请求陈𫖯改装屋檐排水，并承担院墙修缮费用。",
        "difficulty": "1", "risk_forecast": "1", "people_involved": 2,
    }  # fmt: skip
    _once(session, journal, "mediation", values, parties)
    _step(session, journal, "mediation", "accept", {"accepted_on": day, "rights_notified_on": day})
    _step(session, journal, "mediation", "mediate")
    parent = identity("mediation")
    session_values = {
        "mediated_at": f"{day}T09:30", "place": "村人民调解室", "participants": "村民小组长", "record_text": TALK, "mediation_result": "1",
        "mediators": [mediator], "recorder": clerk,
    }  # fmt: skip
    _once(session, journal, "mediation_session", session_values, parent_id=parent)
    agreement = {
        "agreement_form": "2", "facts_and_disputed_matters": FACTS, "agreement_content": TERMS, "performance_methods": ["5", "7"],
        "performance_terms": "协议签订之日付清补偿款；水槽和落水管在七日内装好，由村民小组长验看。", "agreement_amount": 180_000,
        "performance_due_on": (today + timedelta(days=7)).isoformat(), "agreed_on": day, "effective_on": day, "copies": 3, "recorder": clerk,
    }  # fmt: skip
    _once(session, journal, "agreement", agreement, parent_id=parent)
    _step(session, journal, "mediation", "settle", {"mediation_result": "1", "place": "村人民调解室"})


def _record_consultation(session: Session, journal: Journal) -> None:
    day, village = session.today().isoformat(), _one(session, "village")
    values = {
        "consulted_at": f"{day}T10:15", "consultation_channel": "1", "name": "解桂兰", "id_card_number": _number("19560304", 228),
        "contact_phone": "13700003579", "village": village,
        "address": f"{session.store.name_of(village)}二组5号", "matter_type": "1",
        "consultation_content": "老伴去世后，三个子女对赡养费有分歧，小儿子半年没有给钱，问怎样要求子女承担赡养义务。",
        "received_by": session.store.user.id,
    }  # fmt: skip
    _once(session, journal, "consultation", values)
    reply = "成年子女对父母负有赡养义务，不以分得财产为条件；可以先由村调委会调解，调解不成的可以起诉，符合条件的可以申请法律援助。"
    _step(session, journal, "consultation", "answer", {"reply_opinion": reply, "replied_at": f"{day}T10:40", "handling_method": "1",
                                                       "told_legal_aid": True, "satisfaction_grade": "5"})  # fmt: skip
    _step(session, journal, "consultation", "close")


def _record_visit(session: Session, journal: Journal) -> None:
    values = {
        "served_on": session.today().isoformat(), "village": _one(session, "village"), "adviser": _one(session, "worker", "adviser"),
        "started_at": "14:00", "ended_at": "17:30", "place": "村党群服务中心", "service_mode": "1", "served_persons": "村民、村“两委”成员",
        "service_types": ["1", "2", "4"],
        "service_content": "讲解土地流转合同的签订和备案；解答村民咨询四人次；审查村集体鱼塘承包合同，提出修改意见三条。",
        "result": "合同按意见修改后签订；村民咨询当场答复。", "lecture_attendance": 36, "consultation_count": 4, "charter_count": 1,
        "material_count": 40, "rating": "5",
    }  # fmt: skip
    _once(session, journal, "adviser_visit", values)


def _evaluate(session: Session, journal: Journal, kind: str) -> None:
    values = {
        "evaluation_subject": SUBJECTS[kind], "evaluated_on": session.today().isoformat(), "survey_method": "1", "service_attitude": "5",
        "impartiality": "5", "service_efficiency": "4", "service_competence": "5", "fee_charged": False, "overall_satisfaction": "5",
        "comments": "讲得明白，办得快。", "visited_by": session.store.user.id,
    }  # fmt: skip
    _once(session, journal, "evaluation", values, parent_id=identity(kind), name=f"evaluation of {kind}")


def _leave_something_for_today(session: Session, journal: Journal) -> None:
    """A mediation whose month is nearly over, and a reply promised for tomorrow."""
    today = session.today()
    village, committee, mediator = _who_mediates(session)
    begun = (today - timedelta(days=27)).isoformat()
    parties = (
        Child("party", {"name": "查文海", "party_role": "1", "contact_phone": "13600004680", "address": f"{session.store.name_of(village)}四组2号"}),
        Child("party", {"organization_name": "清溪兴旺农机合作社", "party_role": "2", "party_type": "03", "contact_phone": "13500005791"}),
    )
    values = {
        "registered_on": begun, "accepted_on": begun, "rights_notified_on": begun, "dispute_type": "4", "case_source": "1", "village": village,
        "committee": committee, "mediators": [mediator], "registered_by": session.store.user.id,
        "dispute_summary": "查文海向合作社租用收割机，机器中途故障停工三天，双方对误工损失和已付租金的退还有争议。",
    }  # fmt: skip
    _once(session, journal, "mediation", values, parties, name="unfinished mediation")
    _step(session, journal, "mediation", "accept", name="unfinished mediation")
    visitor = {
        "consulted_at": f"{today.isoformat()}T09:05", "consultation_channel": "3", "call_type": "2", "name": "区家栋", "contact_phone": "13400006802",
        "matter_type": "1", "consultation_content": "宅基地上的老房与堂弟共有，想翻建，问要不要对方同意、怎样办手续。",
        "reply_due_on": (today + timedelta(days=1)).isoformat(), "received_by": session.store.user.id, "village": village,
    }  # fmt: skip
    _once(session, journal, "consultation", visitor, name="promised reply")
