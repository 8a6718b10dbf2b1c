"""One mediation of the sample with its parties, sessions, agreement and evaluation, as far as its course had come by a given day."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache
from typing import Final

from jusuo_desktop.records.field import Value
from jusuo_desktop.records.kind import Record
from jusuo_desktop.sample.chance import Weighted, identity, pick
from jusuo_desktop.sample.county import Committee, Office, Village
from jusuo_desktop.sample.days import hour, in_words, iso, month_later, working_day
from jusuo_desktop.sample.parts import Plot, common, measures, names, plots
from jusuo_desktop.sample.people import Person, landline, person
from jusuo_desktop.sample.story import Tale, articles, record_text, tale

SOURCE_LATER: Final = frozenset({"3", "4", "5", "6", "7", "9"})
RURAL_TYPES: Final = frozenset({"7"})
CHINA: Final = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Family:
    """A record with its child rows."""

    record: Record
    children: tuple[Record, ...]

    @property
    def records(self) -> tuple[Record, ...]:
        """The record, then its children."""
        return (self.record, *self.children)


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when a case comes in, its number in the year's series, and the day up to which its course is known."""

    office: Office
    village: Village
    committee: Committee
    on: date
    number: int
    until: date


@cache
def _sources() -> Weighted[str]:
    return Weighted(measures()["sources"].items())


@cache
def _types(month: int) -> Weighted[str]:
    seasons = measures()["months_of_type"]
    return Weighted((t, w * (seasons[t][month - 1] if t in seasons else 1.0)) for t, w in measures()["types"].items())


DIFFICULTY: Final = Weighted([("1", 34), ("2", 54), ("3", 4), ("4", 8)])
DAYS_TO_SESSION: Final = Weighted([(0, 30), (1, 20), (2, 14), (3, 10), (4, 7), (6, 6), (8, 5), (12, 5), (18, 2), (25, 1)])
GRADES: Final = Weighted([("5", 55), ("4", 33), ("3", 9), ("2", 2), ("1", 1)])
OTHER_ENDS: Final = Weighted([("failed", 76), ("withdrawn", 13), ("refused", 11)])


def choose_plot(draw: random.Random, month: int, town: bool) -> tuple[str, Plot]:
    """A dispute type of the season and a plot of it that fits the place."""
    while True:
        kind = _types(month).draw(draw)
        if (kind, town) in plots():
            plot = plots()[kind, town].draw(draw)
            if month in plot.months:
                return kind, plot


def party(draw: random.Random, who: Person, role: str, address: str, *, town: bool, firm: str = "") -> dict[str, Value]:
    """The values of a party row; an elderly villager's number or phone is sometimes not known."""
    if firm:
        return {
            "organization_name": firm,
            "organization_principal": who.name,
            "party_role": role,
            "party_type": "02",
            "contact_phone": landline(draw) if draw.random() < 0.5 else who.phone,
            "address": address,
        }
    values: dict[str, Value] = {
        "name": who.name,
        "party_role": role,
        "party_type": "01",
        "id_card_number": who.id_number,
        "sex": who.sex,
        "ethnicity": who.ethnicity,
        "birth_date": iso(who.born),
        "occupation": pick(draw, names()["occupations_town" if town else "occupations_village"]),
        "contact_phone": who.phone,
        "address": address,
    }
    if draw.random() < 0.05:
        del values["id_card_number"]
    return values


class _Case:
    """Builds one family step by step; each step knows the day on which it happened."""

    def __init__(self, draw: random.Random, at: Setting, kind: str, plot: Plot) -> None:
        self.draw, self.at, self.kind = draw, at, kind
        village = at.village
        self.at_ms = int(datetime(at.on.year, at.on.month, at.on.day, tzinfo=CHINA).timestamp() * 1000)
        self.id = identity(draw, self.at_ms)
        self.children: list[Record] = []
        place = {"v": village.name, "vr": "居民" if village.town else "村民", "town": at.office.town}
        self.told: Tale = tale(draw, plot, at.on, place, village.town)
        mediators = at.committee.mediators
        lead = int(draw.random() * len(mediators))
        others = [m for i, m in enumerate(mediators) if i != lead]
        self.mediators = [mediators[lead]] + ([pick(draw, others)] if draw.random() < 0.55 else [])
        self.told.says["m"] = self.mediators[0].values["name"]
        self.values: dict[str, Value] = {}

    def child(self, kind: str, values: dict[str, Value], day: date) -> None:
        made = self.at_ms + (day - self.at.on).days * 86_400_000 + len(self.children) + 1
        self.children.append(Record(identity(self.draw, made), kind, self.at.village.code, values, self.id))

    @property
    def mediator_ids(self) -> list[str]:
        return [m.id for m in self.mediators]


def mediation(draw: random.Random, at: Setting, chosen: tuple[str, Plot] | None = None) -> Family:
    """A mediation registered on that day; what would come after `at.until` has not happened yet."""
    kind, plot = chosen or choose_plot(draw, at.on.month, at.village.town)
    case = _Case(draw, at, kind, plot)
    source = _register(case)
    _parties(case)
    settled = draw.random() < measures()["settled_share"]
    end = "settled" if settled else OTHER_ENDS.draw(draw)
    _course(case, end, at.on + timedelta(days=int(draw.random() * 3) if source in SOURCE_LATER else 0))
    return Family(Record(case.id, "mediation", at.village.code, case.values), tuple(case.children))


def _register(case: _Case) -> str:
    draw, at, told, plot = case.draw, case.at, case.told, case.told.plot
    source = _sources().draw(draw)
    whole = told.amount
    difficulty = DIFFICULTY.draw(draw) if whole < 50_000 and told.crowd < 6 else pick(draw, "344")
    tail = told.tell(draw, common()["tail"][source])
    office_case = at.committee is at.office.committee
    case.values |= {
        "case_number": f"〔{at.on.year}〕{at.committee.short_name}调字第{at.number}号",
        "title": _title(told, case.kind),
        "registered_on": iso(at.on),
        "dispute_type": case.kind,
        "case_source": source,
        "village": at.village.record.id,
        "committee": at.committee.record.id,
        "mediators": list(case.mediator_ids),
        "registered_by": at.office.clerk.id if office_case else at.village.liaison.id,
        "dispute_summary": f"{told.lead}{told.facts}。{tail}",
        "application_items": told.tell(draw, plot.items) + "。",
        "difficulty": difficulty,
        "risk_forecast": "1" if draw.random() < 0.97 else pick(draw, "2334556"),
        "people_involved": max(2, told.crowd + 1 if told.crowd > 1 else 2 + int(draw.random() ** 3 * 5)),
        "state": "registered",
    }
    if draw.random() < 0.06:
        case.values["remarks"] = pick(draw, common()["remarks"]["some"])
    return source


def _title(told: Tale, kind: str) -> str:
    from jusuo_desktop.records.codes import code_list

    others = "等人" if told.crowd > 1 else ""
    return f"{told.says['a']}{others}与{told.says['full']}{code_list('dispute_type').label_of(kind)}"


def _parties(case: _Case) -> None:
    draw, at, told = case.draw, case.at, case.told
    home = f"{at.office.town}{at.village.name}{told.group}"
    same = told.plot.who in ("couple", "wife", "neighbours", "upstairs")
    group = told.group if same or draw.random() < 0.5 else told.group.replace(told.group[0], "一", 1)
    case.child("party", party(draw, told.a, "1", home, town=at.village.town), at.on)
    other = f"清溪县{at.office.town}" if told.firm else f"{at.office.town}{at.village.name}{group}"
    case.child("party", party(draw, told.b, "2", other, town=at.village.town, firm=told.firm), at.on)
    if told.crowd > 2 and draw.random() < 0.6:
        case.child("party", party(draw, person(draw, at.on, ages=(22, 58)), "1", home, town=at.village.town), at.on)


def _course(case: _Case, end: str, accepted: date) -> None:
    draw, at, values = case.draw, case.at, case.values
    if end == "refused":
        values |= {"state": "refused", "refusal_reason": pick(draw, ("1", "3", "3"))}
        return _close(case, at.on)
    if accepted > at.until:
        return None
    values |= {"accepted_on": iso(accepted), "due_on": iso(month_later(accepted)), "state": "accepted"}
    if end == "withdrawn":
        left = accepted + timedelta(days=2 + int(draw.random() * 9))
        if left <= at.until:
            values["state"] = "withdrawn"
            _close(case, left)
        return None
    first = accepted + timedelta(days=DAYS_TO_SESSION.draw(draw))
    first = working_day(first) if draw.random() < 0.8 else first
    if first > at.until:
        return None
    values |= {"rights_notified_on": iso(accepted if draw.random() < 0.4 else first), "place": _place(case), "is_public": draw.random() < 0.2}
    hard = values["difficulty"] in ("3", "4")
    twice = draw.random() < (0.6 if hard else 0.12) or end == "failed"
    last = working_day(first + timedelta(days=2 + int(draw.random() * 9))) if twice else first
    agreed = [case.told.tell(draw, some) for some in _agreed(case, last)]
    values["state"] = "mediating"
    if twice:
        _session(case, first, "first", "3", "")
        if last > at.until:
            return None
    if end == "failed":
        _session(case, last, "failed", "2", "")
        values |= {"state": "failed", "mediation_result": "2", "termination_reason": "1" if draw.random() < 0.3 else "2"}
        return _close(case, last + timedelta(days=int(draw.random() * 4)))
    _session(case, last, "last" if twice else "only", "1", articles(agreed))
    values |= {"state": "settled", "mediation_result": "1"}
    return _agreement(case, last, agreed)


def _agreed(case: _Case, last: date) -> tuple[tuple[str, ...], ...]:
    due = working_day(last + timedelta(days=pick(case.draw, (5, 7, 10, 15, 20, 30, 45, 60))))
    case.told.says |= {"due": in_words(due), "due_day": due}
    return case.told.plot.agree


def _place(case: _Case) -> str:
    if case.at.committee is case.at.office.committee:
        return f"{case.at.office.town}人民调解委员会调解室"
    if case.draw.random() < 0.25:
        return pick(case.draw, (f"{case.told.says['a']}家中", "纠纷现场", f"{case.at.village.name}党群服务中心"))
    return f"{case.at.village.name}调解室"


def _session(case: _Case, day: date, course: str, result: str, agreed: str) -> None:
    draw = case.draw
    recorder = case.mediators[1] if len(case.mediators) > 1 else case.at.village.liaison
    head = case.at.village.committee.mediators[0].values["name"]
    values: dict[str, Value] = {
        "mediated_at": iso(day) + hour(draw),
        "place": case.values["place"],
        "record_text": record_text(draw, case.told, course=course, agreed=agreed),
        "mediation_result": result,
        "mediators": list(case.mediator_ids),
        "recorder": recorder.id,
    }
    if draw.random() < 0.45:
        values["participants"] = f"{case.at.village.name}干部{head}" + pick(draw, ("", "、双方亲属", "、村民代表二人"))
    case.child("mediation_session", values, day)


def _agreement(case: _Case, day: date, agreed: list[str]) -> None:
    draw, told, at = case.draw, case.told, case.at
    said = common()["terms"]
    amount, oral = told.amount, draw.random() < (0.4 if told.amount < 1000 else 0.04)
    due: date = told.says["due_day"]
    if told.plot.terms:
        terms, mode = told.tell(draw, told.plot.terms), "now" if amount else "later"
        due = day if amount else due
    elif oral or amount < 800 or draw.random() < 0.45:
        terms, mode, due = told.tell(draw, said["now"]), "now", day
    elif amount >= 8000 and draw.random() < 0.35:
        first = max(amount // 2000 * 1000, 1000)
        told.says |= {"first": first, "rest": amount - first}
        terms, mode = told.tell(draw, said["parts"]), "parts"
    else:
        terms, mode = told.tell(draw, said["later"]), "later"
    values: dict[str, Value] = {
        "agreement_form": "1" if oral else "2",
        "facts_and_disputed_matters": f"{told.lead}{told.facts}。双方争议的是{told.tell(draw, told.plot.issue)}。"
        f"经调查了解，{told.tell(draw, told.plot.blame)}。",
        "agreement_content": articles([*agreed, told.tell(draw, said["closing"]).rstrip("。")]),
        "performance_methods": list(told.plot.methods),
        "performance_terms": terms,
        "performance_due_on": iso(due),
        "agreed_on": iso(day),
        "effective_on": iso(day),
        "recorder": (case.mediators[1] if len(case.mediators) > 1 else at.village.liaison).id,
    }
    if amount:
        values["agreement_amount"] = amount * 100
    if not oral:
        parties = sum(1 for c in case.children if c.kind == "party")
        values |= {"agreement_number": str(case.values["case_number"]).replace("调字", "调协字"), "copies": parties + 1}
    case.child("agreement", values, day)
    _perform(case, day, due, mode)


def _perform(case: _Case, agreed_on: date, due: date, mode: str) -> None:
    draw, at, values = case.draw, case.at, case.values
    done = due if mode == "now" else due + timedelta(days=int(draw.random() * 6) - 3)
    done = max(done, agreed_on)
    kept = draw.random()
    if kept < 0.965 and done <= at.until:
        values |= {"performance_status": "1", "performed_on": iso(done)}
    elif kept >= 0.965 and due + timedelta(days=20) <= at.until:
        values["performance_status"] = "2" if kept < 0.98 else "3" if kept < 0.99 else "5"
    if draw.random() < 0.3:
        asked = agreed_on + timedelta(days=3 + int(draw.random() * 25))
        if asked <= at.until:
            _evaluation(case, asked)
    _close(case, agreed_on if draw.random() < 0.5 else agreed_on + timedelta(days=int(draw.random() * 8)))


def _evaluation(case: _Case, day: date) -> None:
    draw = case.draw
    overall = GRADES.draw(draw)
    values: dict[str, Value] = {
        "evaluation_subject": "1",
        "evaluated_on": iso(day),
        "survey_method": pick(draw, "1223"),
        "service_attitude": overall if draw.random() < 0.7 else "5",
        "impartiality": overall if draw.random() < 0.8 else "4",
        "service_efficiency": overall,
        "overall_satisfaction": overall,
        "fee_charged": False,
        "visited_by": case.at.village.liaison.id,
    }
    if draw.random() < 0.6:
        values["respondent_name"] = str(case.told.says["a"])
    if "performance_status" in case.values:
        values["performance"] = "1" if case.values["performance_status"] == "1" else "3"
    case.child("evaluation", values, day)


def _close(case: _Case, day: date) -> None:
    values, until = case.values, case.at.until
    if day > until:
        return
    values |= {"closed_on": iso(day), "state": "closed"}
    if day.year < until.year and day + timedelta(days=60) <= until:
        values |= {"state": "archived", "retention_period": "2" if values.get("difficulty") in ("3", "4") else "1"}
