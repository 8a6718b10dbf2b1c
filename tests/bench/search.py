"""Search as you type over a million records, beside the bare FTS5 query for the same words in the same store (design.md §9)."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text

from jusuo_desktop.sample.people import Person
from jusuo_desktop.store import Store
from jusuo_desktop.store.pinyin import initials
from jusuo_desktop.store.search import text_expression
from jusuo_desktop.store.tokens import query_terms
from tests.bench.figure import Figure, percentile
from tests.bench.many_records import QUARRELS, many_records

RECORDS = 1_000_000
PEOPLE = 60
SHOWN = 20
BARE = "SELECT rowid FROM search_text WHERE search_text MATCH :match ORDER BY rowid DESC LIMIT :most"
WORDS = ("邻里", "院墙", "宅基地", "赔偿", "滴水", "清溪镇", "红旗村3组", "损害赔偿", "的", "号", "1", "13", "第1")


def typed_by_a_clerk(people: list[Person]) -> list[str]:
    """What stands in the search field after each key: names, initials, phones and identity numbers, documents, words of the text."""
    draw = random.Random(7)
    typed: list[str] = list(WORDS)
    for who in draw.sample(people, PEOPLE):
        spelled = (initials(who.name) or [who.name])[0]
        digits = who.phone.replace("-", "")
        number = f"〔{draw.randint(2010, 2025)}〕清民调字第{draw.randint(1, 300)}号"
        for whole, least in ((who.name, 1), (spelled, 1), (digits, 3), (who.id_number[-8:], 4), (number, len(number) - 2)):
            typed += [whole[:end] for end in range(least, len(whole) + 1)]
        typed += [f"{who.name} {draw.choice(QUARRELS)}", f"{spelled} {draw.choice(QUARRELS)[:2]}"]
    return typed


def _seconds(store: Store, typed: list[str]) -> tuple[list[float], list[float]]:
    ours: list[float] = []
    bare: list[float] = []
    for words in typed:  # one of each in turn, so that both meet the same machine
        begun = time.perf_counter()
        store.search(words, limit=SHOWN)
        between = time.perf_counter()
        with store._reading() as connection:
            connection.execute(text(BARE), {"match": text_expression(query_terms(words)), "most": SHOWN}).all()
        ours.append(between - begun)
        bare.append(time.perf_counter() - between)
    return ours, bare


def measure(*, small: bool) -> Iterator[Figure]:
    """Yields the figures; `small` takes a tenth of the records."""
    count = RECORDS // 10 if small else RECORDS
    with tempfile.TemporaryDirectory() as place:
        begun = time.perf_counter()
        store, people = many_records(Path(place) / "store", count)
        built = time.perf_counter() - begun
        try:
            typed = typed_by_a_clerk(people)
            _seconds(store, typed[:50])
            ours, bare = _seconds(store, typed)
        finally:
            store.close()
    noted = f"{len(typed)} queries, median {percentile(ours, 0.5) * 1000:.2f} ms, worst {max(ours) * 1000:.0f} ms"
    what = f"search as you type, {count:,} records, p95"
    yield Figure(what, percentile(ours, 0.95) * 1000, "ms", percentile(bare, 0.95) * 1000, "the bare FTS5 query", "<=10 ms", noted)
    yield Figure(f"written and indexed, {count:,} records", count / built, "records/s")
