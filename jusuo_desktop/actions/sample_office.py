"""To make an invented office for looking around, for the demo and for measuring; everything goes through the one write path."""

from __future__ import annotations

import shutil
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import chain, count, islice
from pathlib import Path
from typing import Final

from jusuo_desktop.actions.phrases import install_phrases
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.set_up import set_up
from jusuo_desktop.actions.unlock import unlock
from jusuo_desktop.records.field import Value
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.sample.case import Family
from jusuo_desktop.sample.county import County, Office, sample_county
from jusuo_desktop.sample.families import sample_records
from jusuo_desktop.sample.screenings import screening_records, subsidy_classes
from jusuo_desktop.store import Edit, FirstRun
from jusuo_desktop.store.keys import KEYS_FILE
from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.store.people import add_user
from jusuo_desktop.store.refusal import DiskTrouble, Refused

OFFICE: Final = "西塘司法所"
MEDIATIONS: Final = 860
"""A year of one office: 6,000 in a county of seven (design.md §1)."""
SCREENED_DAYS: Final = 183
SAMPLE_PASSPHRASE: Final = "示例数据，没有秘密"
"""Of invented data alone."""
BATCH: Final = 1000
"""Records in one transaction while somebody waits and is told of it."""
BULK: Final = 5000
"""Records in one transaction when filling up for a measurement."""
PART: Final = ".part"
"""What is half made lies beside its place under this ending and is made anew."""


def make_sample_office(
    folder: Path,
    passphrase: str = "",
    *,
    seed: int = 1,
    mediations: int = MEDIATIONS,
    clock: Callable[[], datetime] = datetime.now,
    tell: Callable[[str], None] = lambda said: None,
) -> Session:
    """Sets up 西塘司法所 with its villages, committees and people, its newest `mediations` up to today, the services of the same
    months and half a year of dispute screening.

    Its clerk is logged in; its director and a village's liaison may log in with the same pass phrase.

    Raises:
        Refused: there is a store already, the pass phrase is short, the folder cannot be written.
    """
    if (folder / KEYS_FILE).exists():
        raise Refused(f"文件夹 {folder} 里已经有数据，示例司法所请建在别的文件夹。")
    county = sample_county(seed)
    office = county.office(OFFICE)
    secret = passphrase or SAMPLE_PASSPHRASE
    part = folder.with_name(folder.name + PART)
    shutil.rmtree(part, ignore_errors=True)
    session, _ = set_up(part, _first_run(office, secret), clock)
    try:
        tell("登记人员…")
        _write(session, _people(office))
        install_phrases(session)
        for worker in (office.director, office.villages[0].liaison):
            access = {"name": worker.values["name"], "access_role": worker.values["access_role"]}
            add_user(session.store, secret, access, secret, worker.id)
        for written in _fill(session, office, _newest(county, office, session, mediations)):
            tell(f"写入示例记录 {written}…")
        since = session.today() - timedelta(days=SCREENED_DAYS)
        for _ in _fill(session, office, screening_records(county, office, since, session.today())):
            tell("写入排查、预警记录…")
        _write(session, (Edit(r.kind, r.values, r.id, new=True) for r in subsidy_classes(county)))
    finally:
        session.store.close()
    _move_whole(part, folder)
    return unlock(folder, str(office.clerk.values["name"]), secret, clock)


def _move_whole(part: Path, folder: Path) -> None:
    """Moves a finished store to its place, the keys last: without them nothing opens it, so a half-moved one is made anew."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for entry in sorted(part.iterdir(), key=lambda p: p.name == KEYS_FILE):
            entry.replace(folder / entry.name)
        part.rmdir()
    except OSError as trouble:
        raise DiskTrouble(f"不能写入文件夹 {folder}：{trouble.strerror}。请检查磁盘空间和权限。") from None


def fill_store(session: Session, wanted: int, *, seed: int = 1, tell: Callable[[int], None] = lambda written: None) -> float:
    """Adds `wanted` invented records of the open sample office, children counted; returns how many a second. Their text is indexed as well.

    Raises:
        Refused: the store is no sample office.
    """
    office = _own_office(session, sample_county(seed))
    begun = time.perf_counter()
    done = 0
    for done in _fill(session, office, _endless(office, session, seed), wanted, BULK):
        tell(done)
        session.store.index_waiting(BULK * 2)
    while session.store.index_waiting(BULK * 2):
        pass
    return done / (time.perf_counter() - begun)


def _own_office(session: Session, county: County) -> Office:
    for office in county.offices:
        if office.code == session.store.scope:
            return office
    raise Refused("这不是示例司法所，不能写入示例数据。")


def _first_run(office: Office, passphrase: str) -> FirstRun:
    clerk = office.clerk.values
    return FirstRun(
        office=office.record.values,
        user_name=str(clerk["name"]),
        passphrase=passphrase,
        villages=[v.record.values for v in office.villages],
        committees=[c.record.values for c in office.committees],
        user_values={n: v for n, v in clerk.items() if n not in ("name", "access_role")},
        role="clerk",
    )


def _people(office: Office) -> Iterator[Edit]:
    for worker in office.workers:
        if worker.id != office.clerk.id:
            yield Edit("worker", worker.values, worker.id, scope=worker.scope, new=True)


def _newest(county: County, office: Office, session: Session, mediations: int) -> Iterable[Family]:
    """The families of the last months, so many that `mediations` of them are mediations."""
    today = session.today()
    whole = sum(len(o.villages) for o in county.offices)
    per_year = max(round(mediations * 1.1 * whole / len(office.villages)), 1)
    kept: deque[Family] = deque()
    held = 0
    for family in sample_records(county, office, per_year=per_year, years=(today.year - 1, today.year), until=today):
        kept.append(family)
        held += family.record.kind == "mediation"
        while held > mediations:
            held -= kept.popleft().record.kind == "mediation"
    while mediations and kept and kept[0].record.kind != "mediation":
        kept.popleft()
    return kept


def _endless(office: Office, session: Session, seed: int) -> Iterator[Family]:
    """Families without end, none of which the store holds yet: two years of this office, two more of another seed, and so on."""
    for turn in count(session.store.count(ListQuery("mediation")) + 1):
        another = County(seed * 100_000_007 + turn, "", "", (office,))
        yield from sample_records(another, office, per_year=20_000, until=session.today())


def _fill(session: Session, office: Office, families: Iterable[Family], most: int | None = None, size: int = BATCH) -> Iterator[int]:
    """Writes families in batches; tells how many records there are after each."""
    me = {office.clerk.id: session.store.user.id}
    edits = islice(chain.from_iterable(_edits(family, me) for family in families), most)
    done = 0
    while batch := list(islice(edits, size)):
        _write(session, batch)
        done += len(batch)
        yield done


def _edits(family: Family, names: Mapping[str, str]) -> Iterator[Edit]:
    for record in family.records:
        key = f"sample/{record.id}" if KINDS[record.kind].workflow is not None else ""
        yield Edit(record.kind, _renamed(record, names), record.id, record.parent_id, record.scope, new=True, import_key=key)


def _renamed(record: Record, names: Mapping[str, str]) -> dict[str, Value]:
    """The values, with the sample's clerk replaced by the user who really logged in."""
    found: dict[str, Value] = {}
    for name, value in record.values.items():
        if isinstance(value, list):
            found[name] = [names.get(v, v) for v in value]
        else:
            found[name] = names.get(value, value) if isinstance(value, str) else value
    return found


def _write(session: Session, edits: Iterable[Edit]) -> None:
    session.store.write(list(edits), act="sample")
