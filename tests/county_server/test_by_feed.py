"""Kept by office: older databases come over whole, one office's work touches one office's rows, and an identity is one over all feeds."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from sqlalchemy import Connection, event, make_url, text

from county_server import upgrade
from county_server.checking import check
from county_server.county import County
from county_server.database import Database, database_url
from county_server.judging import Device, is_reference
from county_server.pull import digest, pull
from county_server.push import Moved, push
from county_server.schema import KNOWN, RECORD
from jusuo_desktop.wire.digest import combined
from jusuo_desktop.wire.messages import Change, ContentGetRequest, DigestRequest, Entry, PullRequest
from jusuo_desktop.wire.scope import visible
from tests.county_server.counties import COUNTY_CODE, OFFICE, OTHER_OFFICE, VILLAGE, change, enrolled, entries, founded, send

RELEASED = Path(__file__).parent / "released"
OFTEN = 12
"""After five times a statement is prepared, after five more PostgreSQL may plan it for every office at once."""
PART = re.compile(r"(?:change|record)_\d+")


# -- older databases -----------------------------------------------------------


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The kept database of schema 0002: a county, two offices and a village, a conflict, an attachment."""
    folder = tmp_path / "old"
    folder.mkdir()
    with closing(sqlite3.connect(folder / "county.db")) as made:
        made.executescript((RELEASED / "0002.sql").read_text(encoding="utf-8"))
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def old_database(request: pytest.FixtureRequest, old: Path) -> Iterator[Database]:
    """The same on either engine, as the former version left it."""
    if request.param == "sqlite":
        database = Database(database_url(old))
    else:
        database = Database(request.getfixturevalue("postgres_url"))
        with closing(sqlite3.connect(old / "county.db")) as kept, database.writing() as connection:
            upgrade._take_steps(connection, "0002")
            _poured(kept, connection)
    yield database
    database.close()


def _poured(kept: sqlite3.Connection, into: Connection) -> None:
    for (name,) in kept.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'alembic_version'").fetchall():
        rows = kept.execute(f"SELECT * FROM {name}")
        columns = [column[0] for column in rows.description]
        for row in rows:
            given = {f"v{place}": value for place, value in enumerate(row)}
            into.execute(text(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({', '.join(f':{key}' for key in given)})"), given)


def _before(folder: Path) -> dict[str, tuple[bytes, int]]:
    """By device, digest and count as the former version answered."""
    with closing(sqlite3.connect(folder / "county.db")) as kept:
        devices = dict(kept.execute("SELECT id, scope FROM device").fetchall())
        tally = kept.execute("SELECT scope, kind, records, digest FROM tally").fetchall()
    told = {}
    for device, scope in devices.items():
        mine = [row for row in tally if visible(row[0], scope, reference=is_reference(row[1]))]
        told[device] = combined(int.from_bytes(row[3], "big") for row in mine), sum(row[2] for row in mine)
    return told


def test_an_older_database_comes_over_whole(old: Path, old_database: Database) -> None:
    before = _before(old)
    with closing(sqlite3.connect(old / "county.db")) as kept:
        log = [msgspec.msgpack.decode(raw, type=Entry) for (raw,) in kept.execute("SELECT entry FROM change ORDER BY feed, seq")]
        (sha256,) = kept.execute("SELECT sha256 FROM content").fetchone()
    upgrade.upgrade(old_database)
    county = County(old_database)
    scopes = {}
    for device, (total, count) in before.items():
        answer = county.digest(device, DigestRequest(county.epoch))
        assert (answer.digest, answer.count) == (total, count)
        with old_database.reading() as connection:
            scopes[device] = connection.execute(text("SELECT scope FROM device WHERE id = :id"), {"id": device}).scalar_one()
        told = {(e.feed, e.seq) for e in entries(county, device)}
        assert told == {(e.feed, e.seq) for e in log if visible(e.scope, scopes[device], reference=is_reference(e.kind))}
    whole, office = (next(d for d, s in scopes.items() if s == wanted) for wanted in (COUNTY_CODE, OFFICE))
    again = [
        Change(e.change_id, e.record_id, e.kind, e.scope, e.parent_id, 0, e.author_id, e.made_at, e.fields or {})
        for e in log
        if e.device_id != "county"
    ]
    assert {r.status for r in send(county, whole, *again)} == {"duplicate"}
    assert county.content_get(office, ContentGetRequest(county.epoch, sha256, 0, 100)).size == 9
    edited = next(e for e in log if e.kind == "mediation")
    assert (
        send(county, office, change({"dispute_summary": "改"}, record_id=edited.record_id, kind="mediation", base_version=1))[0].status == "accepted"
    )
    with old_database.reading() as connection:
        known = {bytes(row.id): (row.feed, row.seq, row.home) for row in connection.execute(KNOWN.select())}
        homes = {bytes(row.id): row.feed for row in connection.execute(RECORD.select())}
    assert {i for i, k in known.items() if k[2]} == homes.keys()
    assert all(known[e.change_id][:2] == (e.feed, e.seq) for e in log)


def test_the_declared_tables_are_those_that_the_steps_make(postgres_url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from county_server.schema import METADATA, PARTITIONS

    database = Database(postgres_url)
    upgrade.upgrade(database)

    def no_part(name: str | None, kind: str, _parents: object) -> bool:
        return not (kind == "table" and name is not None and PART.fullmatch(name))

    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"include_name": no_part}), METADATA) == []
        parts = connection.execute(text("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'")).scalars().all()
    database.close()
    assert len(parts) == 2 * PARTITIONS


def test_every_unique_index_of_what_grows_holds_the_distribution_column(postgres_url: str) -> None:
    """What Citus asks before it spreads a table over nodes: change, record, tally and the uses of attachments by feed, the rest by its own key."""
    database = Database(postgres_url)
    upgrade.upgrade(database)
    by = {"change": "feed", "record": "feed", "tally": "feed", "content_use": "feed", "feed": "name", "known": "id", "content_piece": "sha256"}
    query = text(
        "SELECT array_agg(a.attname::text) FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)"
        " WHERE i.indisunique AND i.indrelid = cast(:name AS regclass) GROUP BY i.indexrelid"
    )
    with database.reading() as connection:
        for name, column in by.items():
            unique = connection.execute(query, {"name": name}).scalars().all()
            assert unique, name
            assert all(column in columns for columns in unique), name
    database.close()


# -- one office's rows -----------------------------------------------------------


@contextmanager
def _statements(county: County) -> Iterator[list[tuple[str, Any]]]:
    """What is said to the database meanwhile."""
    said: list[tuple[str, Any]] = []

    def heard(_connection: object, _cursor: object, statement: str, parameters: Any, *_more: object) -> None:
        said.append((statement, parameters))

    event.listen(county.database.engine, "before_cursor_execute", heard)
    try:
        yield said
    finally:
        event.remove(county.database.engine, "before_cursor_execute", heard)


def _touched(county: County, act: Callable[[Connection], object], *, writes: bool) -> tuple[set[str], list[set[str]]]:
    """The partitions that PostgreSQL locked for an act, COPY included; and for each of its statements those in the plan."""
    with _statements(county) as said, county.database.writing() if writes else county.database.reading() as connection:
        act(connection)
        driver: Any = connection.connection.driver_connection
        locked = driver.execute("SELECT relation::regclass::text FROM pg_locks WHERE pid = pg_backend_pid() AND relation IS NOT NULL").fetchall()
        plans = []
        for statement, parameters in said:
            (plan,) = driver.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters).fetchone()
            plans.append(set(_read_from(plan[0]["Plan"])))
    return {name for (name,) in locked if PART.fullmatch(name)}, plans


def _read_from(plan: dict[str, Any]) -> Iterator[str]:
    """The partitions in a plan."""
    if PART.fullmatch(plan.get("Relation Name", "")):
        yield plan["Relation Name"]
    for below in plan.get("Plans", ()):
        yield from _read_from(below)


def _parts_of(county: County, feed: str) -> set[str]:
    with county.database.reading() as connection:
        query = "SELECT tableoid::regclass::text FROM {} WHERE feed = :feed LIMIT 1"
        return {connection.execute(text(query.format(name)), {"feed": feed}).scalar_one() for name in ("change", "record")}


@pytest.fixture
def province(postgres_url: str, tmp_path: Path) -> Iterator[County]:
    """A county on PostgreSQL with twelve offices."""
    with founded(tmp_path / "county", postgres_url) as made:
        whole, _ = enrolled(made, COUNTY_CODE)
        offices = [f"{COUNTY_CODE}{n:03}" for n in range(1, 13)]
        send(made, whole, change({"name": "县里的人"}, kind="worker", scope=COUNTY_CODE))
        assert {r.status for r in send(made, whole, *(change({"name": f"某{n}"}, scope=o) for o in offices for n in range(5)))} == {"accepted"}
        yield made


@pytest.mark.parametrize("scope", [OFFICE, VILLAGE])
def test_one_office_s_work_touches_one_office_s_rows(province: County, scope: str) -> None:
    device_id, _ = enrolled(province, scope)
    device = Device(device_id, scope)
    mine, of_county = _parts_of(province, OFFICE), _parts_of(province, COUNTY_CODE)
    first = [change({"name": "甲"}, scope=scope), change({"dispute_summary": "争地界"}, scope=scope, kind="mediation")]
    send(province, device_id, *first)
    again = [
        *first,
        change({"name": "乙"}, scope=scope, record_id=first[0].record_id, base_version=1),
        change({"name": "张三"}, scope=scope, kind="party", parent_id=first[1].record_id),
    ]
    acts: dict[str, tuple[Callable[[Connection], object], bool, set[str]]] = {
        "push": (lambda c: push(c, device, again, 1), True, mine),
        "pull": (lambda c: pull(c, device, PullRequest(province.epoch, {}, 1 << 20), province.epoch, 1), False, mine | of_county),
        "digest": (lambda c: digest(c, device), False, set()),
    }
    for name, (act, writes, allowed) in acts.items():
        for _ in range(OFTEN):
            with province.database.writing() if writes else province.database.reading() as connection:
                act(connection)
        locked, plans = _touched(province, act, writes=writes)
        assert locked <= allowed, name
        assert all(len(plan) <= 1 for plan in plans), name
    assert any(plan for _, plans in [_touched(province, acts["push"][0], writes=True)] for plan in plans), "the push reads what is there"


# -- identities over all feeds --------------------------------------------------------


def test_two_offices_cannot_both_make_one_record(county: County) -> None:
    """What both imported from one workbook, at the same moment: one of them has it, the other is told, whoever was first."""
    a, b = enrolled(county, OFFICE)[0], enrolled(county, OTHER_OFFICE)[0]
    for _ in range(10):
        mine = change({"name": "同一行"})
        theirs = change({"name": "同一行"}, record_id=mine.record_id, scope=OTHER_OFFICE)
        with ThreadPoolExecutor(2) as both:
            told = [both.submit(send, county, a, mine), both.submit(send, county, b, theirs)]
            statuses = sorted(one.result(30)[0].status for one in told)
        assert statuses == ["accepted", "rejected"]
    seen = defaultdict(set)
    for entry in entries(county, enrolled(county, COUNTY_CODE)[0]):
        seen[entry.record_id].add(entry.feed)
    assert len(seen) == 10
    assert all(len(feeds) == 1 for feeds in seen.values())


def test_two_offices_cannot_both_make_a_record_whose_identity_a_change_bears(province: County) -> None:
    """Neither adds the identity, both would change what is known of it: the second waits for the first, finds it changed, and looks anew."""
    whole, a, b = enrolled(province, COUNTY_CODE)[0], enrolled(province, OFFICE)[0], enrolled(province, OTHER_OFFICE)[0]
    bearing = change({"name": "先有的"}, scope=COUNTY_CODE)
    send(province, whole, bearing)
    mine = change({"name": "同一行"}, record_id=bearing.change_id)
    theirs = change({"name": "同一行"}, record_id=bearing.change_id, scope=OTHER_OFFICE)

    def second() -> None:
        with province.database.writing() as connection:
            push(connection, Device(b, OTHER_OFFICE), [theirs], 1)

    with ThreadPoolExecutor(1) as thread:
        with province.database.writing() as first:
            push(first, Device(a, OFFICE), [mine], 1)
            waiting = thread.submit(second)
            while not waiting.done() and not _somebody_waits(province):
                pass
        with pytest.raises(Moved):
            waiting.result(30)
    assert send(province, b, theirs)[0].status == "rejected"
    with province.database.reading() as connection:
        check(connection)


def _somebody_waits(county: County) -> bool:
    with county.database.reading() as connection:
        return bool(connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one())


def test_a_change_id_of_another_office_is_found_out(county: County) -> None:
    a, b, whole = enrolled(county, OFFICE)[0], enrolled(county, OTHER_OFFICE)[0], enrolled(county, COUNTY_CODE)[0]
    one = change({"name": "李四"})
    send(county, a, one)
    other = change({"name": "王五"}, change_id=one.change_id, scope=OTHER_OFFICE)
    assert send(county, b, other)[0].status == "rejected"
    assert send(county, whole, one)[0].status == "duplicate"
    assert send(county, whole, other)[0].status == "duplicate", "an identity stands for one change; nothing of the other is taken in"
    assert entries(county, b) == []


def test_a_record_s_identity_borne_by_a_change_made_later(county: County) -> None:
    """A restored county: somebody restated the record under another change, then the change that once made it arrives."""
    a, b = enrolled(county, OFFICE)[0], enrolled(county, OFFICE)[0]
    made = change({"name": "李四"})
    made = msgspec.structs.replace(made, change_id=made.record_id)
    restated = change({"name": "李四"}, record_id=made.record_id)
    assert send(county, b, restated)[0].status == "accepted"
    assert send(county, a, made)[0].status == "accepted"
    assert [r.status for r in send(county, a, made, restated)] == ["duplicate", "duplicate"]
    assert len({e.seq for e in entries(county, a)}) == 2


def test_a_change_that_bears_the_identity_of_another_office_s_record(county: County) -> None:
    a, b = enrolled(county, OFFICE)[0], enrolled(county, OTHER_OFFICE)[0]
    theirs = change({"name": "外所的"}, scope=OTHER_OFFICE)
    send(county, b, theirs)
    mine = change({"name": "本所的"}, change_id=theirs.record_id)
    assert send(county, a, mine)[0].status == "accepted"
    assert send(county, a, mine)[0].status == "duplicate"
    assert send(county, b, change({"name": "改"}, record_id=theirs.record_id, scope=OTHER_OFFICE, base_version=1))[0].status == "accepted"
    assert len(entries(county, a)) == 1


def test_two_counties_live_in_schemas_of_one_database(postgres_url: str, tmp_path: Path) -> None:
    """A province: each county's address names its schema, and neither knows of the other."""
    names = ("c990101", "c990102")
    with psycopg.connect(make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True) as connection:
        for name in names:
            connection.execute(f"CREATE SCHEMA {name}")
    urls = [make_url(postgres_url).update_query_dict({"options": f"-csearch_path={n}"}).render_as_string(hide_password=False) for n in names]
    with founded(tmp_path / "one", urls[0]) as one, founded(tmp_path / "two", urls[1]) as two:
        assert one.epoch != two.epoch
        mine, theirs = enrolled(one, OFFICE)[0], enrolled(two, OFFICE)[0]
        made = change({"name": "李四"})
        assert [send(one, mine, made)[0].status, send(two, theirs, made)[0].status] == ["accepted", "accepted"]
        assert [e.fields for e in entries(two, enrolled(two, OFFICE)[0])] == [{"name": "李四"}]
        with one.database.reading() as connection:
            kept = connection.execute(text("SELECT count(*) FROM c990102.record")).scalar_one()
            assert (kept, connection.execute(text("SHOW lock_timeout")).scalar_one()) == (1, "1min")
