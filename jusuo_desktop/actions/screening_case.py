"""A matter found by screening becomes a case: the mediation with what is known of it, its parties, and the links both ways, in one write."""

from __future__ import annotations

import re
from typing import Final

from jusuo_desktop.actions.first_values import first_values, followed
from jusuo_desktop.actions.save_record import Child, existing, save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.field import Value
from jusuo_desktop.records.identity import new_id
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.place import PERSON_NAME
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.reports.names import Named, everyone
from jusuo_desktop.store.edit import Edit
from jusuo_desktop.store.refusal import Refused

FOUND_BY_COMMITTEE: Final = "2"
"""Code of the list case_source: 人民调解委员会主动调解."""
MADE_A_CASE: Final = "3"
"""Code of the list screening_outcome: 转为调解案件."""
CARRIED: Final = ("dispute_type", "people_involved", "risk_forecast")
HEADCOUNT: Final = re.compile(r"等(\d{1,5})[人户名位]")
NOT_A_NAME: Final = re.compile(r"[\s、，,;；/．.()（）与和及跟同诉]|等[\d一二三四五六七八九十两]*[人户名位]?$")


def turn_into_case(session: Session, screened_id: str) -> Record:
    """The mediation that a screened dispute became: made now, or the one it has been turned into before.

    Raises:
        Refused: no such matter, or it is voided; its case is not on this machine; the role may not write.
    """
    screened = existing(session, screened_id)
    if screened.voided:
        raise Refused("这条排查事项已经作废，不能转为案件。")
    if (known := _known_case(session, screened)) is not None:
        return known
    identity = new_id()
    also = Edit(
        screened.kind,
        {"mediation": identity, "screening_outcome": MADE_A_CASE},
        screened.id,
        expected={"mediation": screened.values.get("mediation")},
    )
    try:
        saved = save(session, "mediation", _mediation(session, screened), record_id=identity, new=True, children=parties(screened), also=(also,))
    except Refused:
        known = _known_case(session, existing(session, screened_id))
        if known is None:
            raise
        return known  # somebody else, at this moment, did the same
    return saved.record


def _known_case(session: Session, screened: Record) -> Record | None:
    """The case it was turned into, unless that one is voided.

    Raises:
        Refused: it is a case already, and that case is not on this machine: a second one would be the same dispute twice.
    """
    if not screened.values.get("mediation"):
        return None
    found = session.store.record(str(screened.values["mediation"]))
    if found is None:
        raise Refused("这件纠纷已经转为案件，案件不在本机上，可能由司法所或者别的调委会办理。")
    return None if found.voided else found


def _mediation(session: Session, screened: Record) -> dict[str, Value]:
    values: dict[str, Value] = dict(first_values(session, "mediation"))
    screening = session.store.record(screened.parent_id)
    told = screening.values if screening is not None else {}
    for name in ("village", "committee"):
        if told.get(name):
            values[name] = told[name]
    if "village" in told and "committee" not in told:
        values |= followed(session, "mediation", "village", str(told["village"]))
    if told.get("committee") and "village" not in told:
        values.pop("village", None)  # the town's own find: the first village that comes to mind would be a guess
    values |= {n: screened.values[n] for n in CARRIED if n in screened.values}
    values["case_source"] = FOUND_BY_COMMITTEE
    values["screened_dispute"] = screened.id
    if summary := _summary(screened):
        values["dispute_summary"] = summary
    written = str(screened.values.get("parties", ""))
    if written and not _all_in(written, everyone(written)):
        values["remarks"] = f"排查时登记的当事人：{written}"
    return values


def _summary(screened: Record) -> str:
    summary, place = str(screened.values.get("summary", "")), str(screened.values.get("place", ""))
    return f"{summary}（地点：{place}）" if place and place not in summary else summary


def parties(screened: Record) -> list[Child]:
    """A party for each name, with no role: who applies is for the clerk to say."""
    return [Child("party", _party(one, str(screened.values.get("parties", "")))) for one in everyone(str(screened.values.get("parties", "")))]


def _party(one: Named, written: str) -> dict[str, Value | None]:
    name = "organization_name" if one.organization or len(one.name) > PERSON_NAME.max_length else PERSON_NAME.name
    values: dict[str, Value | None] = {name: one.name[: KINDS["party"].by_name[name].max_length]}
    if one.others and (many := HEADCOUNT.search(written, written.find(one.name))):
        values["side_headcount"] = int(many[1])
    return values


def _all_in(written: str, people: list[Named]) -> bool:
    """Whether the names hold everything that was written, but for what stands between names."""
    if "等" in written or any(len(one.name) > PERSON_NAME.max_length for one in people):
        return False
    return NOT_A_NAME.sub("", written) == NOT_A_NAME.sub("", "".join(one.name for one in people))
