"""A store of any number of invented records, written by the real write path and indexed by the real index: for search."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from jusuo_desktop.records.identity import new_id
from jusuo_desktop.sample.families import records
from jusuo_desktop.sample.people import Person, person
from jusuo_desktop.store import Edit, FirstRun, Store, create_store

AT_A_TIME = 6_000
STORIES = 400
STORY_CHARACTERS = (40, 160)
DAY = date(2026, 1, 2)
QUARRELS = ("邻里", "婚姻家庭", "房屋宅基地", "合同", "劳动争议", "道路交通事故", "山林土地", "损害赔偿")


def many_records(folder: Path, count: int) -> tuple[Store, list[Person]]:
    """The opened store, and some of the people in it."""
    store, _ = create_store(
        folder,
        FirstRun(
            office={"name": "清溪司法所", "division_code": "990101001", "short_name": "清溪"}, user_name="王芳", passphrase="benchmark of search"
        ),
    )
    draw = random.Random(20260102)
    stories = [str(r.values["dispute_summary"]) for r in records(1, most=STORIES * 6) if r.kind == "mediation"][:STORIES]
    people: list[Person] = []
    edits: list[Edit] = []
    for number in range(count // 3):
        edits += _family(draw, number, stories, people)
        if len(edits) >= AT_A_TIME or number == count // 3 - 1:
            store.write(edits, act="import")
            edits.clear()
            store.index_waiting(2 * AT_A_TIME)
    while store.index_waiting():
        pass
    return store, people


def _family(draw: random.Random, number: int, stories: list[str], people: list[Person]) -> Iterator[Edit]:
    one, other = person(draw, DAY), person(draw, DAY)
    people += (one, other)
    identity = new_id()
    told = draw.choice(stories)
    yield Edit(
        "mediation",
        {
            "title": f"{one.name}与{other.name}{draw.choice(QUARRELS)}纠纷",
            "case_number": f"〔{2010 + number % 16}〕清民调字第{number // 16 + 1}号",
            "registered_on": f"{2010 + number % 16}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
            "dispute_type": str(draw.randint(1, 8)),
            "dispute_summary": f"{one.name}称：{told[: draw.randint(*STORY_CHARACTERS)]}",
        },
        identity,
        new=True,
    )
    for role, who in (("1", one), ("2", other)):
        values = {"name": who.name, "party_role": role, "id_card_number": who.id_number, "contact_phone": who.phone}
        yield Edit("party", {**values, "address": f"清溪镇红旗村{draw.randint(1, 12)}组{draw.randint(1, 90)}号"}, parent_id=identity)
