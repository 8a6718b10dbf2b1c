"""The cable is in: a county, two computers of one office that work side by side, disagree once, and end with equal records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from jusuo_desktop.actions.enroll import enroll
from jusuo_desktop.actions.save_record import save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.set_up import set_up
from jusuo_desktop.actions.sync_now import sync_now
from jusuo_desktop.demo.county import found_county, running_county, say
from jusuo_desktop.demo.course import COUNTY, FIRST, PASSPHRASE, SECOND, Course
from jusuo_desktop.demo.records import identity
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.store.opening import FirstRun
from jusuo_desktop.wire.scope import OFFICE

COLLEAGUE: Final = "周所长"
MOST_ROUNDS: Final = 5
EDITS: Final = {
    FIRST: {"mediation": {"place": "村人民调解室（村委会一楼）"}, "consultation": {"remarks": "已告知村调委会上门走访。"}},
    SECOND: {"mediation": {"place": "争议院墙现场", "remarks": "所长已阅，七日后回访。"}, "adviser_visit": {"remarks": "下月安排合同讲座。"}},
}
"""What each of the two writes before it has seen the other's: different fields both stand, the one field typed twice becomes a conflict."""


@contextmanager
def county_at_work(course: Course) -> Iterator[str]:
    """Founds the county of the first computer's office and serves it for the block; gives its address."""
    with course.opened(FIRST) as session:
        scope = session.store.scope
    found_county(course.out / COUNTY, scope[:6])
    with running_county(course.out / COUNTY) as url:
        yield url


def work_together(course: Course, url: str) -> dict[str, Any]:
    """Enrols both computers and syncs until nothing waits; says what went and whether they are equal."""
    course.tell("第一台电脑入网，上报…")
    with course.opened(FIRST) as first:
        office = first.store.record(place_id("judicial_office", first.store.scope[:OFFICE]))
        assert office is not None
        _enrol(course, first, url, first.store.scope)
        _sync(course, first)
    course.tell("第二台电脑入网，接收…")
    course.made(SECOND, lambda folder: set_up(folder, _first_run(office))[0])
    with course.opened(FIRST) as first, course.opened(SECOND) as second:
        _enrol(course, second, url, first.store.scope)
        _sync(course, second)
        for name, session in ((FIRST, first), (SECOND, second)):
            _edit(course, name, session)
        course.tell("两台电脑同步，直到没有可送的…")
        for _ in range(MOST_ROUNDS):
            for session in (first, second):
                _sync(course, session)
            if first.store.local_digest() == second.store.local_digest() and not first.store.unsent_count() + second.store.unsent_count():
                break
        return _compare(course, first, second)


def _first_run(office: Record) -> FirstRun:
    return FirstRun(office=dict(office.values), user_name=COLLEAGUE, passphrase=PASSPHRASE, role="director", user_values={"worker_roles": ["2"]})


def _enrol(course: Course, session: Session, url: str, scope: str) -> None:
    if session.store.enrolment is None:
        code = say(course.out / COUNTY, "enroll", "--scope", scope)
        enrolment = enroll(session, url, code, session.store.folder.name)
        course.journal.confirm(f"enrol {enrolment.device_id}")


def _sync(course: Course, session: Session) -> None:
    report = sync_now(session)
    course.journal.confirm("sync", sent=report.sent, received=report.received)


def _edit(course: Course, name: str, session: Session) -> None:
    if course.journal.has(f"edits of {name}"):
        return
    edits: Mapping[str, Mapping[str, str]] = EDITS[name]
    for kind, values in edits.items():
        save(session, kind, values, record_id=identity(kind))
    course.journal.confirm(f"edits of {name}", [identity(kind) for kind in edits])


def _compare(course: Course, first: Session, second: Session) -> dict[str, Any]:
    digests = [session.store.local_digest() for session in (first, second)]
    confirmed = course.journal.ids()
    lost = sorted(i for i in confirmed if any(s.store.record(i) is None for s in (first, second)))
    return {
        "sent": course.journal.total("sent"),
        "received": course.journal.total("received"),
        "records": digests[0][1],
        "by_kind": {name: first.store.count(ListQuery(name)) for name in KINDS},
        "devices": [
            {"name": s.store.folder.name, "digest": digest.hex(), "records": count, "unsent": s.store.unsent_count()}
            for s, (digest, count) in zip((first, second), digests, strict=True)
        ],
        "equal_digests": digests[0] == digests[1],
        "confirmed": len(confirmed),
        "lost": lost,
    }
