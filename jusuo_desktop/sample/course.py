"""The course of a case after it was registered: accepted, mediated, settled or not, performed, evaluated, closed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from jusuo_desktop.records.field import Value
from jusuo_desktop.sample.case import Case
from jusuo_desktop.sample.chance import Weighted, pick
from jusuo_desktop.sample.days import hour, in_words, iso, month_later, working_day
from jusuo_desktop.sample.parts import common
from jusuo_desktop.sample.story import articles, record_text

DAYS_TO_SESSION: Final = Weighted([(0, 30), (1, 20), (2, 14), (3, 10), (4, 7), (6, 6), (8, 5), (12, 5), (18, 2), (25, 1), (28, 1.5), (33, 0.8)])
GRADES: Final = Weighted([("5", 55), ("4", 33), ("3", 9), ("2", 2), ("1", 1)])


def run_course(case: Case, end: str, accepted: date) -> None:
    """What became of the case; `end` is settled, failed, withdrawn or refused. Nothing is written that would come after `until`."""
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
    apart = 2 + int(draw.random() * 9) if draw.random() < 0.85 else 11 + int(draw.random() * 14)
    last = working_day(first + timedelta(days=apart)) if twice else first
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


def _agreed(case: Case, last: date) -> tuple[tuple[str, ...], ...]:
    due = working_day(last + timedelta(days=pick(case.draw, (5, 7, 10, 15, 20, 30, 45, 60))))
    case.told.says |= {"due": in_words(due), "due_day": due}
    return case.told.plot.agree


def _place(case: Case) -> str:
    if case.at.committee is case.at.office.committee:
        return f"{case.at.office.town}人民调解委员会调解室"
    if case.draw.random() < 0.25:
        return pick(case.draw, (f"{case.told.says['a']}家中", "纠纷现场", f"{case.at.village.name}党群服务中心"))
    return f"{case.at.village.name}调解室"


def _session(case: Case, day: date, course: str, result: str, agreed: str) -> None:
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


def _agreement(case: Case, day: date, agreed: list[str]) -> None:
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


def _perform(case: Case, agreed_on: date, due: date, mode: str) -> None:
    draw, at, values = case.draw, case.at, case.values
    late = 5 + int(draw.random() * 20) if draw.random() < 0.12 else int(draw.random() * 6) - 3
    done = due if mode == "now" else due + timedelta(days=late)
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


def _evaluation(case: Case, day: date) -> None:
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


def _close(case: Case, day: date) -> None:
    values, until = case.values, case.at.until
    if day > until:
        return
    values |= {"closed_on": iso(day), "state": "closed"}
    if day.year < until.year and day + timedelta(days=60) <= until:
        values |= {"state": "archived", "retention_period": "2" if values.get("difficulty") in ("3", "4") else "1"}
