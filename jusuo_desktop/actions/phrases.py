"""The office's own paragraphs (常用语): those that every office begins with, and those that a page offers."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.field import Value, Values
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.phrase_choice import Phrase, phrase
from jusuo_desktop.store.edit import Edit
from jusuo_desktop.store.pinyin import initials
from jusuo_desktop.store.write import REFERENCE_WRITERS

PHRASES_FILE: Final = Path(__file__).parents[2] / "resources" / "phrases.toml"
STEP: Final = 10
"""Between the ranks, so that one can be put in between."""
MOST_ABOVE: Final = 3
"""A follow-up's mediation stands above its agreement."""


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """What a page offers; of the case above it the type of dispute ('' when it is not known) and the parties."""

    phrases: tuple[Phrase, ...]
    dispute_type: str = ""
    parties: tuple[Values, ...] = ()


def install_phrases(session: Session) -> int:
    """Writes the sample paragraphs that are not here yet; an office's changes to them stay. How many were written.

    The identities are the same on every device of the office, so that two first runs make one set.
    """
    if session.store.user.role not in REFERENCE_WRITERS:
        return 0
    with PHRASES_FILE.open("rb") as file:
        samples: list[dict[str, Any]] = tomllib.load(file)["phrase"]
    scope = session.store.scope
    ids = [place_id("phrase", f"{scope}/{sample['key']}") for sample in samples]
    known = {record.id for record, _ in session.store.families(ids)}
    edits = [
        Edit("phrase", _values(sample, place), record_id, scope=scope, new=True)
        for place, (sample, record_id) in enumerate(zip(samples, ids, strict=True), 1)
        if record_id not in known
    ]
    if edits:
        session.store.write(edits, act="install_phrases")
    return len(edits)


def _values(sample: dict[str, Any], place: int) -> dict[str, Value]:
    kept = {n: sample[n] for n in ("name", "letters", "wording", "places", "dispute_types") if sample.get(n)}
    spelled = initials(re.sub(r"[^\w]", "", sample["name"]))
    return {"letters": spelled[0] if spelled else "", **kept, "rank": place * STEP}


def phrase_book(session: Session, parent_id: str = "") -> PhraseBook:
    """Every paragraph of the office, and what the case above a page tells."""
    phrases = tuple(phrase(record.id, record.values, initials) for record in session.store.each_record("phrase"))
    above = _case_above(session, parent_id)
    if above is None:
        return PhraseBook(phrases)
    parties = tuple(c.values for c in session.store.children(above.id, "party") if not c.voided)
    return PhraseBook(phrases, str(above.values["dispute_type"]), parties)


def _case_above(session: Session, parent_id: str) -> Record | None:
    for _ in range(MOST_ABOVE):
        record = session.store.record(parent_id) if parent_id else None
        if record is None:
            return None
        if "dispute_type" in record.values:
            return record
        parent_id = record.parent_id
    return None
