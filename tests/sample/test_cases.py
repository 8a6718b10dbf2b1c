"""The case stories as data, and as the sample office has them: sound values, days that follow the calendar, sums that add up, volumes that lack
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from jusuo_desktop.actions.sample_cases import put_cases
from jusuo_desktop.actions.sample_office import make_sample_office
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records import id_card
from jusuo_desktop.records.deadlines import confirmation_due, mediation_due
from jusuo_desktop.records.field import FieldType
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.social_credit import social_credit_doubt
from jusuo_desktop.records.values import parse
from jusuo_desktop.records.working_days import WorkingDays
from jusuo_desktop.sample.cases import Act, BadStory, Row, Story, read_story, stories
from jusuo_desktop.sample.county import sample_county

LATE = datetime(2026, 11, 20, 9, 0)
VILLAGERS_TIME = frozenset({"c08_old_couple"})
"""Stories in which the village meets people when they are at home, at weekends too."""


def typed(story: Story, kind: str) -> list[dict[str, str]]:
    found: list[Act | Row] = [one for act in story.acts for one in (act, *act.rows) if one.kind == kind]
    return [dict(one.typed) for one in found]


def one(story: Story, kind: str, name: str) -> str:
    return next((t[name] for t in typed(story, kind) if name in t), "")


def fen(text: str) -> int:
    return round(float(text) * 100)


@pytest.mark.parametrize("story", stories(), ids=lambda s: s.name)
def test_every_value_is_one_of_its_field_and_every_name_one_of_the_sample_office(story: Story) -> None:
    office = sample_county().office("西塘司法所")
    known = {(r.kind, str(r.values["name"])) for r in office.records()}
    own = {
        (r.kind, t)
        for act in story.acts
        for r in (act, *act.rows)
        for t in (r.typed.get("name"), r.typed.get("organization_name"), r.typed.get("title"))
    }

    def link(kind: str, name: str) -> str | None:
        return name if (kind, name) in known or (kind, name) in own else None

    for act in story.acts:
        for one_of in (act, *act.rows):
            for name, text in one_of.typed.items():
                assert parse(KINDS[one_of.kind].by_name[name], text, links=link) is not None, (act.at, name)


@pytest.mark.parametrize("story", stories(), ids=lambda s: s.name)
def test_people_and_organisations_are_nobody_real_and_pass_every_check(story: Story) -> None:
    numbers = [t["id_card_number"] for kind in ("party", "agent") for t in typed(story, kind) if "id_card_number" in t]
    assert numbers
    assert all(n.startswith("990101") and not id_card.read(n).warning for n in numbers)
    assert not [t for t in typed(story, "party") if social_credit_doubt(t.get("social_credit_code", "91990101MA0HT20251"))]
    phones = [t[n] for kind in ("party", "agent", "participant") for t in typed(story, kind) for n in t if n.endswith("phone")]
    assert all(p.startswith(("154", "0199-")) for p in phones)


@pytest.mark.parametrize("story", stories(), ids=lambda s: s.name)
def test_days_follow_one_another_and_the_offices_work_on_working_days(story: Story) -> None:
    calendar = WorkingDays()
    for earlier, later in pairwise(story.acts):
        assert earlier.at <= later.at
    if story.name not in VILLAGERS_TIME:
        assert not [act.at for act in story.acts if not calendar.is_working_day(act.at.date())]
    for act in story.acts:
        for held in (act, *act.rows):
            for name, text in held.typed.items():
                if KINDS[held.kind].by_name[name].type in (FieldType.DATE, FieldType.TIME) and "due" not in name and not name.startswith("mediated"):
                    assert text[:10] <= act.at.date().isoformat(), (act.at, name, text)
    accepted, notified = one(story, "mediation", "accepted_on"), one(story, "mediation", "rights_notified_on")
    sessions = [t["mediated_at"][:10] for t in typed(story, "mediation_session")]
    assert accepted <= notified <= min(sessions)
    due = [t["new_due_on"] for t in typed(story, "period_change") if "new_due_on" in t] or [mediation_due(accepted).day]
    assert max(sessions) <= max(due)


@pytest.mark.parametrize("story", stories(), ids=lambda s: s.name)
def test_what_is_performed_is_what_was_agreed(story: Story) -> None:
    items = [t for t in typed(story, "performance") if "content" in t]
    agreement = next(iter(typed(story, "agreement")), None)
    if agreement is None:
        assert story.name == "c10_to_court"
        return
    written = agreement["agreement_content"] + agreement["performance_terms"]
    for item in items:
        if "amount" in item:
            assert item["amount"] in written, item
            assert fen(item.get("performed_amount", item["amount"])) == fen(item["amount"])
        assert item["due_on"] <= agreement["performance_due_on"] or story.name == "c08_old_couple"
    assert not items or one(story, "mediation", "performed_on") <= one(story, "mediation", "closed_on")
    parties = len(typed(story, "party"))
    if "copies" in agreement:
        assert int(agreement["copies"]) == parties + 1
    if confirmed := one(story, "judicial_confirmation", "applied_on"):
        assert confirmed <= confirmation_due(agreement["effective_on"]).day


def test_sums_that_the_stories_reckon_add_up() -> None:
    by_name = {s.name: s for s in stories()}
    wages = one(by_name["c02_unpaid_wages"], "agreement", "agreement_content").split("；")[0]
    each = [int(n) for n in re.findall(r"\D(\d{4,5})元", wages.split("为：")[1])]
    assert (len(each), sum(each)) == (20, 186_400)
    facts = one(by_name["c03_road_accident"], "agreement", "facts_and_disputed_matters")
    losses = [fen(n) for n in re.findall(r"[费失]([\d.]+)元", facts)]
    assert sum(losses) == fen("41960.50")
    terms = one(by_name["c03_road_accident"], "agreement", "agreement_content")
    assert all(n in terms for n in ("34300", "5362.35", "39662.35", "31662.35", "8000", "2298.15"))
    assert fen("34300") + fen("5362.35") == fen("39662.35") == fen("31662.35") + fen("8000")
    assert fen("39662.35") + fen("2298.15") == fen("41960.50")
    loan = [fen(t["amount"]) for t in typed(by_name["c07_loan"], "performance") if "amount" in t]
    assert sum(loan) == fen(one(by_name["c07_loan"], "agreement", "agreement_amount"))


def test_the_ten_of_the_issue_are_there_each_different() -> None:
    assert len(stories()) == 10
    kinds = {act.kind for s in stories() for held in s.acts for act in (held, *held.rows)}
    assert {"early_warning", "dispute_screening", "agent", "participant", "mediator_change", "period_change", "judicial_confirmation"} <= kinds
    types = [one(s, "mediation", "dispute_type") for s in stories()]
    assert len(set(types)) >= 6
    assert {one(s, "mediation", "case_source") for s in stories()} >= {"当事人申请", "人民调解委员会主动调解", "法院委托移送", "公安机关委托移送"}


def test_a_story_that_names_a_field_that_is_not_there_says_where(tmp_path: Path) -> None:
    path = tmp_path / "c99_wrong.toml"
    path.write_text('story = "x"\n[[act]]\nat = "2026-01-05 09:00"\nwrite = "mediation"\nvalues = { colour = "red" }\n[volume]\npapers = []\n')
    with pytest.raises(BadStory, match=r"c99_wrong\.toml, act 1: a mediation has no colour"):
        read_story(path)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    made = make_sample_office(tmp_path_factory.mktemp("cases") / "office", mediations=2, clock=lambda: LATE)
    yield made
    made.store.close()


def test_a_story_in_the_sample_office_is_archived_with_a_volume_that_lacks_nothing(session: Session) -> None:
    chosen = tuple(s for s in stories() if s.name in ("c09_noise", "c10_to_court"))
    for carried in put_cases(session, chosen):
        record = session.store.record(carried.record_id)
        assert record is not None
        assert record.values["state"] == "archived"
        assert carried.volume is not None
        assert [p.title for p in carried.volume.state.papers if not p.attachment] == list(carried.story.papers)
        assert not carried.volume.state.lacks
    before = session.store.verify()
    assert before == []
    many = len(session.store.prints(carried.record_id))
    again = list(put_cases(session, chosen))
    assert again[-1].record_id == carried.record_id
    assert len(session.store.prints(carried.record_id)) == many


def test_nothing_lies_ahead(session: Session, tmp_path: Path) -> None:
    early = Session(session.store, lambda: datetime.combine(date(2026, 1, 2), LATE.time()))
    assert list(put_cases(early)) == []
