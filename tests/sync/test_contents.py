"""Attachments on the road: by name, resumed where the line was cut, verified on both sides, given to nobody outside the scope (S9, S5)."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from county_server.county import County
from county_server.failing import Refusal
from jusuo_desktop.actions.contents import clear, content_of, fetches_ahead, room, travel
from jusuo_desktop.actions.enroll import enroll
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.sync_now import sync_now
from jusuo_desktop.store import Edit, Store
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.contents import ContentRun, missing
from jusuo_desktop.sync.engine import sync_once
from jusuo_desktop.sync.patience import Patience
from jusuo_desktop.sync.progress import Reins
from jusuo_desktop.wire.limits import MOST_PIECE
from jusuo_desktop.wire.messages import ContentGetRequest, ContentPutRequest, ContentStateRequest
from tests.county_server.counties import founded
from tests.running_county import running_county
from tests.sync.direct import DirectTransport, Fate, joined
from tests.sync.offices import OFFICE, OTHER_VILLAGE, VILLAGE, new_session, new_store

AGAIN = Patience(tries=6, first_pause=0.0, longest_pause=0.0)
ONCE = Patience(tries=1, first_pause=0.0, longest_pause=0.0)
Device = Callable[..., tuple[Store, DirectTransport]]


@pytest.fixture(params=["sqlite", "postgresql"])
def county(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[County]:
    url = None
    if request.param == "postgresql":
        import psycopg
        from sqlalchemy import make_url

        server = request.getfixturevalue("postgres_server")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS contents WITH (FORCE)")
            connection.execute("CREATE DATABASE contents")
        url = make_url(server).set(drivername="postgresql+psycopg", database="contents").render_as_string(hide_password=False)
    with founded(tmp_path / "county", url) as made:
        yield made


@pytest.fixture
def device(county: County, tmp_path: Path) -> Iterator[Device]:
    with ExitStack() as stack:

        def new(name: str, scope: str = OFFICE, fates: Iterable[Fate] = ()) -> tuple[Store, DirectTransport]:
            store = new_store(tmp_path / f"{name}{scope}", name)
            stack.callback(store.close)
            return store, DirectTransport(county, joined(county, store, scope), fates)

        yield new


def noise(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def attached(store: Store, data: bytes, village: str = VILLAGE) -> str:
    """A consultation with one attachment; the attachment's name by content."""
    from jusuo_desktop.records.identity import place_id

    parent = store.write([Edit("consultation", {"consulted_at": "2026-03-09T09:00", "village": place_id("village", village)})], act="save")[0].id
    sha256 = store.keep_content(data)
    values = {"file_name": "照片.jpg", "media_type": "image/jpeg", "sha256": sha256, "size_bytes": len(data)}
    store.write([Edit("attachment", values, parent_id=parent)], act="save")
    return sha256


def test_from_one_computer_to_the_other_by_way_of_the_county(county: County, device: Device) -> None:
    (one, road), (two, other) = device("王内勤"), device("李所长")
    large, small = noise(3 * MOST_PIECE + 5), noise(10, 2)
    names = [attached(one, large), attached(one, small)]
    sync_once(one, road)
    run = ContentRun(one, road)
    run.send()
    assert (run.report.sent, run.report.bytes_sent) == (2, len(large) + len(small))
    assert one.contents_sent() == set(names)
    again = ContentRun(one, road)
    again.send()
    assert again.report.bytes_sent == 0
    sync_once(two, other)
    assert [two.has_content(name) for name in names] == [False, False]
    fetched = ContentRun(two, other)
    fetched.fetch(missing(two))
    assert [two.content(name) for name in names] == [large, small]
    assert fetched.report.line == "取回 2 份。"
    assert missing(two) == []


def test_the_same_picture_from_another_computer_costs_nothing(county: County, device: Device) -> None:
    (one, road), (two, other) = device("王内勤"), device("李所长")
    data = noise(200_000)
    for store, way in ((one, road), (two, other)):
        attached(store, data)
        sync_once(store, way)
        ContentRun(store, way).send()
    last = ContentRun(two, other)
    last.send()
    assert last.report.bytes_sent == 0
    with county.database.reading() as connection:
        from sqlalchemy import text

        assert connection.execute(text("SELECT count(*) FROM content")).scalar() == 1


FATES = st.lists(st.sampled_from(list(Fate)), max_size=25)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(up=FATES, down=FATES, size=st.integers(1, 400_000))
def test_whatever_the_line_does_the_bytes_arrive_whole(tmp_path_factory: pytest.TempPathFactory, up: list[Fate], down: list[Fate], size: int) -> None:
    folder = tmp_path_factory.mktemp("line")
    with founded(folder / "county") as county, ExitStack() as stack:
        stores = [new_store(folder / name, name) for name in ("王内勤", "李所长")]
        for store in stores:
            stack.callback(store.close)
        one, two = stores
        roads = [joined(county, store, OFFICE) for store in stores]
        data = noise(size)
        name = attached(one, data)
        sync_once(one, DirectTransport(county, roads[0]))
        line = DirectTransport(county, roads[0], up)
        for _ in range(len(up) + 1):  # a new try goes on from where the last one stopped
            try:
                ContentRun(one, line, patience=ONCE).send()
            except failures.Transient:
                continue
        assert one.contents_sent() == {name}
        sync_once(two, DirectTransport(county, roads[1]))
        line = DirectTransport(county, roads[1], down)
        for _ in range(len(down) + 1):
            try:
                ContentRun(two, line, patience=ONCE).fetch(missing(two))
            except failures.Transient:
                continue
        assert two.content(name) == data
        assert two.content_come(name) == 0, "no part is left behind"


def test_a_cut_upload_goes_on_where_it_stopped(county: County, device: Device) -> None:
    one, road = device("王内勤")
    data = noise(2 * MOST_PIECE)
    attached(one, data)
    sync_once(one, road)
    cut = ContentRun(one, DirectTransport(county, str(one.enrolment.device_id), [Fate.WELL, Fate.WELL, Fate.WELL, Fate.LOST]), patience=ONCE)  # type: ignore[union-attr]
    with pytest.raises(failures.Transient):
        cut.send()
    rest = ContentRun(one, road)
    rest.send()
    assert cut.report.bytes_sent + rest.report.bytes_sent == len(data)


def test_what_had_come_whole_when_the_power_went_is_kept(county: County, device: Device) -> None:
    """The last piece was there, the whole not yet; found by the simulation: the county was asked for what comes behind the end, for ever."""
    (one, road), (two, other) = device("王内勤"), device("李所长")
    data = noise(1000)
    name = attached(one, data)
    sync_once(one, road)
    ContentRun(one, road).send()
    sync_once(two, other)
    two.add_content_part(name, 0, data)
    fetched = ContentRun(two, other)
    fetched.fetch(missing(two))
    assert (two.content(name), fetched.report.fetched, fetched.report.bytes_fetched, two.content_come(name)) == (data, 1, 0, 0)


def test_nothing_goes_to_or_comes_from_outside_the_scope(county: County, device: Device) -> None:
    (office, road), (own, own_road), (_foreign, foreign_road) = device("王内勤"), device("张联络", VILLAGE), device("赵联络", OTHER_VILLAGE)
    data = noise(50_000)
    name = bytes.fromhex(attached(office, data))
    assert road.content_state([name]).received == [-1], "before a record names it, nobody may send it"
    with pytest.raises(failures.ScopeRefused):
        road.content_put(name, len(data), 0, data)
    sync_once(office, road)
    with pytest.raises(failures.WrongContent):
        road.content_get(name, 0, 10)
    ContentRun(office, road).send()
    assert own_road.content_get(name, 0, 10).data == data[:10]
    with pytest.raises(failures.ScopeRefused):
        foreign_road.content_get(name, 0, 10)
    assert foreign_road.content_state([name]).received == [-1]
    assert not fetches_ahead(own)
    sync_once(own, own_road)
    travel(Session(own), own_road, Reins())
    assert not own.has_content(name.hex()), "a village's laptop fetches what is opened"


def test_wrong_bytes_are_found_by_the_name_and_forgotten(county: County, device: Device) -> None:
    (one, road), (two, other) = device("王内勤"), device("李所长")
    data = noise(300_000)
    name = bytes.fromhex(attached(one, data))
    sync_once(one, road)
    assert other.content_put(name, len(data), 0, b"x" * 1000).received == 1000
    run = ContentRun(one, road)
    run.send()  # goes on behind the wrong piece, is told so at the end, begins anew
    assert one.contents_sent() == {name.hex()}
    assert road.content_get(name, 0, 1000).data == data[:1000]
    assert other.content_put(name, 77, 0, b"y").complete, "what is whole stays so, whatever somebody claims"
    sync_once(two, other)
    two.add_content_part(name.hex(), 0, b"z" * 500)
    with pytest.raises(failures.Garbled):
        ContentRun(two, other, patience=ONCE).fetch(missing(two))
    ContentRun(two, other).fetch(missing(two))
    assert two.content(name.hex()) == data


@pytest.mark.parametrize(
    ("size", "at", "data"),
    [(0, 0, b"x"), (10, 0, b""), (10, -1, b"x"), (10, 10, b"x"), (10, 5, b"x" * 6), (2**40, 0, b"x"), (2**22, 0, b"x" * (MOST_PIECE + 1))],
)
def test_pieces_that_cannot_be_are_refused(county: County, device: Device, size: int, at: int, data: bytes) -> None:
    one, road = device("王内勤")
    name = bytes.fromhex(attached(one, b"0123456789"))
    sync_once(one, road)
    assert one.enrolment is not None
    with pytest.raises(Refusal):
        county.content_put(one.enrolment.device_id, ContentPutRequest(county.epoch, name, size, at, data))
    for most, place in ((0, 0), (MOST_PIECE + 1, 0), (10, -1)):
        with pytest.raises(Refusal):
            county.content_get(one.enrolment.device_id, ContentGetRequest(county.epoch, name, place, most))
    with pytest.raises(Refusal):
        county.content_state(one.enrolment.device_id, ContentStateRequest(county.epoch, [name] * 501))


def test_only_what_the_county_holds_is_cleared_and_comes_back_when_opened(tmp_path: Path) -> None:
    with running_county(tmp_path / "county") as county, ExitStack() as stack:
        session = new_session(tmp_path / "own")
        stack.callback(session.store.close)
        enroll(session, county.url, county.say("enroll", "--scope", OFFICE).strip(), "电脑")
        first, second = (attached(session.store, noise(60_000, seed)) for seed in (1, 2))
        sync_now(session)
        third = attached(session.store, noise(60_000, 3))
        assert (room(session).contents, room(session).safe) == (2, 2), "a record that has not travelled yet does not count"
        assert clear(session, 60_000) == 60_000
        assert [session.store.has_content(name) for name in (first, second, third)] == [False, True, True]
        assert content_of(session, first, "照片.jpg") == noise(60_000, 1)
        clear(session, 0)
        county.stop()
        with pytest.raises(Refused, match="连不上县服务器"):
            content_of(session, first, "照片.jpg")
        assert content_of(session, third, "照片.jpg") == noise(60_000, 3)
        county.start()
        sync_now(session)
        assert hashlib.sha256(content_of(session, second, "照片.jpg")).hexdigest() == second
