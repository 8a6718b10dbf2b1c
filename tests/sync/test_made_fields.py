"""What the program makes from other fields is never a conflict: two people change what it is made of, and it is made anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jusuo_desktop.actions.decide_conflict import decide, open_conflicts
from jusuo_desktop.actions.save_record import Child, save
from jusuo_desktop.actions.session import Session
from tests.sync.two_desks import Desks, two_desks


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Desks]:
    with two_desks(tmp_path, turns=3) as made:
        yield made


def case(session: Session) -> str:
    """A mediation between two people."""
    parties = [Child("party", {"name": name, "party_role": role}) for name, role in (("张三", "1"), ("李四", "2"))]
    return save(session, "mediation", {"dispute_type": "2", "dispute_summary": "院墙滴水"}, children=parties).record.id


def titles(one: Session, two: Session, made: str) -> set[str]:
    records = [session.store.record(made) for session in (one, two)]
    assert one.store.held_digest() == two.store.held_digest()
    assert [session.store.unsent_count() for session in (one, two)] == [0, 0]
    return {str(record.values["title"]) for record in records if record is not None}


def test_two_people_who_add_a_party_each_get_one_title_of_both(desks: Desks) -> None:
    one, two, meet = desks
    made = case(one)
    meet()
    save(one, "mediation", {}, record_id=made, children=[Child("party", {"name": "王五", "party_role": "1"})])
    save(two, "mediation", {"dispute_type": "1"}, record_id=made, children=[Child("party", {"name": "赵六", "party_role": "2"})])
    meet()
    assert [open_conflicts(session) for session in (one, two)] == [[], []]
    assert titles(one, two, made) == {"张三等与李四等婚姻家庭纠纷"}


@pytest.mark.parametrize("first", [0, 1])
def test_a_title_that_somebody_typed_outlasts_one_that_was_made(desks: Desks, first: int) -> None:
    one, two, meet = desks
    made = case(one)
    meet()
    typist, other = (one, two) if first == 0 else (two, one)
    save(typist, "mediation", {"title": "张家院墙滴水案"}, record_id=made)
    save(other, "mediation", {}, record_id=made, children=[Child("party", {"name": "王五", "party_role": "1"})])
    meet()
    assert [open_conflicts(session) for session in (one, two)] == [[], []]
    assert titles(one, two, made) == {"张家院墙滴水案"}
    save(other, "mediation", {"title": None}, record_id=made)
    meet()
    assert titles(one, two, made) == {"张三等与李四邻里纠纷"}


def test_two_typed_titles_are_one_conflict_and_the_title_follows_the_decision(desks: Desks) -> None:
    one, two, meet = desks
    made = case(one)
    meet()
    save(one, "mediation", {"title": "张家院墙滴水案"}, record_id=made)
    save(two, "mediation", {"title": "张李两家檐水案"}, record_id=made)
    meet()
    (told,) = open_conflicts(one)
    assert (told.kept, told.other) == ("张家院墙滴水案", "张李两家檐水案")
    decide(one, told.id, "other")
    meet()
    assert [open_conflicts(session) for session in (one, two)] == [[], []]
    assert titles(one, two, made) == {"张李两家檐水案"}
