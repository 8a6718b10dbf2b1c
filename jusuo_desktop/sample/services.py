"""Consultations and village advisers' visits of the sample."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

from jusuo_desktop.records.field import Value
from jusuo_desktop.records.kind import Record
from jusuo_desktop.sample.case import CHINA, Family
from jusuo_desktop.sample.chance import Weighted, around, identity, pick
from jusuo_desktop.sample.county import Office, Village
from jusuo_desktop.sample.course import GRADES
from jusuo_desktop.sample.days import hour, iso
from jusuo_desktop.sample.parts import read, wordings
from jusuo_desktop.sample.people import person

CHANNELS: Final = Weighted([("1", 66), ("3", 26), ("4", 6), ("2", 2)])
CROWDS: Final = Weighted([(("6",), 42), (("2",), 14), (("5",), 16), (("4",), 10), (("1",), 3), ((), 12), (("6", "2"), 3)])


@cache
def _topics() -> Weighted[dict[str, Any]]:
    return Weighted((t | {"ask": wordings(t["ask"]), "reply": wordings(t["reply"])}, t["weight"]) for t in read("consultations.toml")["topic"])


@cache
def _visits() -> Weighted[dict[str, Any]]:
    return Weighted((v | {"content": wordings(v["content"]), "result": wordings(v["result"])}, v["weight"]) for v in read("visits.toml")["visit"])


def _at_ms(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=CHINA).timestamp() * 1000)


def consultation(draw: random.Random, office: Office, village: Village, on: date, number: int, until: date) -> Family:
    """Somebody asks the office for advice on that day."""
    topic = _topics().draw(draw)
    who = person(draw, on, ages=(20, 78))
    channel = CHANNELS.draw(draw)
    at = iso(on) + hour(draw)
    says = {"amount": around(draw, 12_000, 0.9)}
    receiver = office.clerk if draw.random() < 0.7 else village.adviser if draw.random() < 0.6 else office.director
    values: dict[str, Value] = {
        "consultation_number": f"〔{on.year}〕{office.record.values['short_name']}咨字第{number}号",
        "consulted_at": at,
        "consultation_channel": channel,
        "name": who.name,
        "sex": who.sex,
        "contact_phone": who.phone,
        "address": f"{office.town}{village.name}",
        "village": village.record.id,
        "matter_type": topic["matter"],
        "consultation_content": pick(draw, topic["ask"]).format_map(says).replace("来访人", {"3": "来电人", "2": "来信人"}.get(channel, "来访人")),
        "received_by": receiver.id,
        "state": "open",
    }
    crowd = CROWDS.draw(draw)
    if crowd and not ("2" in crowd and (on - who.born).days < 60 * 366):
        values["crowd_types"] = list(crowd)
    if channel == "3":
        values["call_type"] = "1" if draw.random() < 0.2 else "2"
    if channel == "2":
        values["letter_route"] = pick(draw, "1123")
    if "cause" in topic:
        values["cause_of_action"] = topic["cause"]
    if channel == "1" and draw.random() < 0.8:
        values |= {"id_card_number": who.id_number, "birth_date": iso(who.born)}
    if draw.random() < 0.02:
        values["identity_refused"] = True
        for name in ("name", "id_card_number", "birth_date"):
            values.pop(name, None)
    _answer(draw, values, topic, on, at, until)
    return Family(Record(identity(draw, _at_ms(on)), "consultation", village.code, values), ())


def _answer(draw: random.Random, values: dict[str, Value], topic: dict[str, Any], on: date, at: str, until: date) -> None:
    days = 0 if draw.random() < 0.88 else 2 + int(draw.random() * 9)
    if days:
        values["reply_due_on"] = iso(on + timedelta(days=days))
    if on + timedelta(days=days) > until:
        return
    reply = pick(draw, topic["reply"])
    replied = at if not days else iso(on + timedelta(days=days)) + "T10:00"
    values |= {"reply_opinion": reply, "replied_at": replied, "handling_method": topic.get("handling", "1"), "state": "closed"}
    if topic.get("aid"):
        values["told_legal_aid"] = True
        if draw.random() < 0.12:
            values |= {"transferred_to_legal_aid": True, "handling_method": pick(draw, ("212", "213", "213"))}
    if draw.random() < 0.7:
        values["satisfaction_grade"] = GRADES.draw(draw)


def visit(draw: random.Random, office: Office, village: Village, on: date, number: int) -> Family:
    """The village's adviser comes on that day."""
    kind = _visits().draw(draw)
    begun = (9 if draw.random() < 0.6 else 14) * 60 + int(draw.random() * 4) * 15
    length = 240 if draw.random() < 0.55 else 60 + int(draw.random() * 9) * 15
    people, asked = 12 + int(draw.random() * 50), 2 + int(draw.random() * 9)
    says = {"n": people, "k": asked}
    values: dict[str, Value] = {
        "visit_number": f"〔{on.year}〕{office.record.values['short_name']}顾字第{number}号",
        "served_on": iso(on),
        "village": village.record.id,
        "adviser": village.adviser.id,
        "started_at": f"{begun // 60}:{begun % 60:02d}",
        "ended_at": f"{(begun + length) // 60}:{(begun + length) % 60:02d}",
        "duration_minutes": length,
        "place": f"{village.name}公共法律服务室",
        "service_mode": "2" if kind.get("remote") else "1" if draw.random() < 0.9 else "3",
        "service_types": list(kind["types"]),
        "service_content": pick(draw, kind["content"]).format_map(says),
        "result": pick(draw, kind["result"]).format_map(says),
        "rating": "5" if draw.random() < 0.6 else "4",
    }
    if kind.get("lecture"):
        values |= {"lecture_attendance": people, "material_count": people + asked * 5, "served_persons": f"{village.name}村（居）民"}
    if kind.get("training"):
        values["training_attendance"] = people
    for name, count in (("mediation", "mediation_count"), ("charter", "charter_count"), ("document", "document_count")):
        if kind.get(name):
            values[count] = 1
    if kind.get("document") and draw.random() < 0.4:
        values["legal_aid_count"] = 1
    if "1" in kind["types"]:
        values["consultation_count"] = asked
    record = Record(identity(draw, _at_ms(on)), "adviser_visit", village.code, values)
    if draw.random() > 0.12:
        return Family(record, ())
    grade = GRADES.draw(draw)
    rated: dict[str, Value] = {
        "evaluation_subject": "3",
        "evaluated_on": iso(on),
        "survey_method": "1",
        "service_attitude": grade,
        "service_competence": grade,
        "overall_satisfaction": grade,
        "visited_by": village.liaison.id,
    }
    return Family(record, (Record(identity(draw, _at_ms(on) + 1), "evaluation", village.code, rated, record.id),))
