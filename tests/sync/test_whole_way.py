"""The whole way over real processes: enrol, push, pull, a second device sees everything; whatever breaks on the way loses nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jusuo_desktop.actions.decide_conflict import decide, open_conflicts
from jusuo_desktop.actions.enroll import enroll
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.sync_now import LAST_CONTACT, LAST_OUTCOME, sync_now
from jusuo_desktop.store import Edit
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.enrolment import enrolled
from jusuo_desktop.sync.patience import BatchSize, Patience
from jusuo_desktop.sync.progress import Progress, Reins, Stage, SyncReport
from jusuo_desktop.wire import enroll_code
from tests.running_county import RunningCounty, running_county
from tests.sync import offices
from tests.sync.cutting_proxy import DOWN, UP, wired
from tests.sync.offices import OFFICE, OTHER_VILLAGE, VILLAGE, consult, new_session, reopened

ONCE = Patience(tries=1, first_pause=0.0, longest_pause=0.0)
AGAIN = Patience(tries=4, first_pause=0.0, longest_pause=0.0)
SMALL = BatchSize(changes=5, ceiling_changes=5)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def county(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCounty]:
    """A server over TLS: one process on SQLite, two on PostgreSQL."""
    folder = tmp_path_factory.mktemp("county")
    if request.param == "sqlite":
        with running_county(folder) as made:
            yield made
        return
    import psycopg
    from sqlalchemy import make_url

    server = request.getfixturevalue("postgres_server")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS whole_way WITH (FORCE)")
        connection.execute("CREATE DATABASE whole_way")
    url = make_url(server).set(drivername="postgresql+psycopg", database="whole_way").render_as_string(hide_password=False)
    with running_county(folder, database_url=url, workers=2) as made:
        yield made


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCounty]:
    """A server on loopback without TLS, so that a cut falls where it is meant to."""
    with running_county(tmp_path_factory.mktemp("plain"), tls=False) as made:
        yield made


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[list[Session]]:
    """The sessions that a test opened, to be closed after it."""
    made: list[Session] = []
    yield made
    for session in made:
        session.store.close()


def joined(county: RunningCounty, desks: list[Session], folder: Path, user: str = "王内勤", scope: str = OFFICE, url: str = "") -> Session:
    session = new_session(folder, user)
    desks.append(session)
    enroll(session, url or county.url, county.enroll(scope))
    return session


def whole(session: Session) -> SyncReport:
    """Syncs and sees that nothing is left to do."""
    report = sync_now(session, patience=AGAIN)
    assert report.digest_equal is True
    assert not report.repaired
    assert session.store.outbox_counts() == {}
    assert session.store.held_digest() == session.store.local_digest()
    return report


def test_a_second_device_sees_everything(county: RunningCounty, desks: list[Session], tmp_path: Path) -> None:
    a = joined(county, desks, tmp_path / "a")
    made = [consult(a.store, f"来访人{i}") for i in range(30)]
    assert whole(a).sent >= 30
    b = joined(county, desks, tmp_path / "b", "李所长")
    report = whole(b)
    assert report.received >= 30
    whole(a)
    assert [b.store.record(i).values for i in made] == [a.store.record(i).values for i in made]  # type: ignore[union-attr]
    assert b.store.history(made[0])[0].author_id == a.store.user.id
    assert a.store.local_digest() == b.store.local_digest()
    assert a.store.get(LAST_CONTACT)
    assert "核对一致" in str(a.store.get(LAST_OUTCOME))


def test_a_village_s_laptop_and_its_office(county: RunningCounty, desks: list[Session], tmp_path: Path) -> None:
    office = joined(county, desks, tmp_path / "office")
    village_s, other_s = consult(office.store, "东村的"), consult(office.store, "西村的", village=offices.place_id("village", OTHER_VILLAGE))
    whole(office)
    laptop = joined(county, desks, tmp_path / "laptop", "赵联络员", VILLAGE)
    own = consult(laptop.store, "村里录入的")
    report = whole(laptop)
    assert report.refused == 0
    assert laptop.store.record(village_s) is not None
    assert laptop.store.record(other_s) is None
    assert laptop.store.name_of(office.store.user.id) == "王内勤"
    whole(office)
    assert office.store.record(own).scope == VILLAGE  # type: ignore[union-attr]
    assert office.store.name_of(laptop.store.user.id) == "赵联络员"


def test_two_people_one_field_and_a_third_decides(county: RunningCounty, desks: list[Session], tmp_path: Path) -> None:
    a, b = joined(county, desks, tmp_path / "a"), joined(county, desks, tmp_path / "b", "李所长")
    record_id = consult(a.store)
    whole(a)
    whole(b)
    for session, phone in ((a, "13911111111"), (b, "13922222222")):
        session.store.write([Edit("consultation", {"contact_phone": phone}, record_id)], act="save")
    whole(a)
    assert sync_now(b).conflicts == 1
    whole(a)
    for session in (a, b):
        conflict = next(c for c in open_conflicts(session) if c.record_id == record_id)
        assert (conflict.label, conflict.kept, conflict.other) == ("联系电话", "13911111111", "13922222222")
        assert "王内勤" in conflict.kept_by
        assert "李所长" in conflict.other_by
    assert b.store.record(record_id).values["contact_phone"] == "13911111111"  # type: ignore[union-attr]
    decide(a, conflict.id, "other")
    whole(a)
    whole(b)
    assert b.store.record(record_id).values["contact_phone"] == "13922222222"  # type: ignore[union-attr]
    assert all(c.record_id != record_id for c in open_conflicts(b))
    with pytest.raises(Refused, match="已经决定"):
        decide(b, conflict.id, "kept")


def test_enrolment_codes(county: RunningCounty, plain: RunningCounty, desks: list[Session], tmp_path: Path) -> None:
    session = new_session(tmp_path / "a")
    desks.append(session)
    code = county.enroll(OFFICE)
    refused = {
        "不符": (plain.url, code),
        "应为25个": (county.url, code[:-1]),
        "没有“U”这个字符": (county.url, "U" + code[1:]),
        "注册码不对": (county.url, next(c for c in enroll_code.ALPHABET if c != code[0]) + code[1:]),
    }
    for said, (url, typed) in refused.items():
        with pytest.raises(failures.Fatal, match=said):
            enroll(session, url, typed)
        assert session.store.enrolment is None
    enroll(session, county.url, code)
    other = new_session(tmp_path / "b", "李所长")
    desks.append(other)
    with pytest.raises(failures.CodeRefused, match="已经用过"):
        enroll(other, county.url, code)
    with pytest.raises(failures.OtherScope, match="990101002"):
        enroll(other, county.url, county.enroll("990101002"))


def test_a_lost_answer_to_an_enrolment_gives_the_same_identity_again(plain: RunningCounty, desks: list[Session], tmp_path: Path) -> None:
    session = new_session(tmp_path / "a")
    desks.append(session)
    code = plain.enroll(OFFICE)
    with wired(plain.url) as wire:
        for direction, after in ((UP, 0), (DOWN, 100), (UP, 400), (DOWN, 750), (DOWN, 900)):
            wire.cut(direction, after)
            with pytest.raises(failures.Transient):
                enrolled(wire.url, code, "电脑", settings=session.store, folder=session.store.folder)
        first = enrolled(wire.url, code, "电脑", settings=session.store, folder=session.store.folder)
    assert enrolled(plain.url, code, "电脑", settings=session.store, folder=session.store.folder).device_id == first.device_id
    assert plain.say("list").count(first.device_id) == 1


def test_a_revoked_device_stops_with_everything_kept(county: RunningCounty, desks: list[Session], tmp_path: Path) -> None:
    session = joined(county, desks, tmp_path / "a")
    whole(session)
    record_id = consult(session.store)
    county.revoke(session.store.device_id)
    with pytest.raises(failures.Revoked, match="停用"):
        sync_now(session)
    assert session.store.record(record_id) is not None
    assert session.store.outbox_counts() == {"waiting": 1}
    assert "停用" in str(session.store.get(LAST_OUTCOME))
    enroll(session, county.url, county.enroll(OFFICE))
    whole(session)


CUTS = [
    *((UP, n) for n in (0, 40, 400, 900, 1500, 2500, 4000, 7000, 12000)),
    *((DOWN, n) for n in (0, 30, 250, 400, 600, 900, 1300, 2000, 3000, 5000)),
]


def test_the_line_may_be_cut_at_any_byte(plain: RunningCounty, desks: list[Session], tmp_path: Path) -> None:
    """Before the request, in it, between request and answer, in the answer's head and body, and after it."""
    reader = joined(plain, desks, tmp_path / "reader", "李所长")
    with wired(plain.url) as wire:
        writer = joined(plain, desks, tmp_path / "writer", url=wire.url)
        cut = 0
        for direction, after in CUTS:
            made = [consult(writer.store, f"{direction}{after}") for _ in range(7)]
            wire.cut(direction, after)
            try:
                sync_now(writer, patience=ONCE, size=SMALL)
            except failures.Transient:
                cut += 1
            wire.after = None
            whole(writer)
            assert all(writer.store.record(i).version == 1 for i in made)  # type: ignore[union-attr]
        assert cut > len(CUTS) / 2
        whole(reader)
        whole(writer)
    assert reader.store.local_digest() == writer.store.local_digest()


def test_a_server_killed_in_the_middle_of_a_batch(tmp_path: Path, desks: list[Session]) -> None:
    with running_county(tmp_path / "county", tls=False) as county, wired(county.url) as wire:
        session = joined(county, desks, tmp_path / "a", url=wire.url)
        for direction, after in ((UP, 2600), (DOWN, 500), (DOWN, 700)):
            made = [consult(session.store, f"{after}-{i}") for i in range(12)]
            wire.cut(direction, after, then=county.kill)
            with pytest.raises(failures.Transient):
                sync_now(session, patience=ONCE, size=SMALL)
            assert wire.happened.wait(30)  # the client may hear of it before the server has died to its end
            county.start()
            whole(session)
            assert all(session.store.record(i).version == 1 for i in made)  # type: ignore[union-attr]


@pytest.mark.parametrize(("stage", "nth"), [("SENDING", 1), ("SENDING", 3), ("RECEIVING", 1), ("CHECKING", 1), ("NUMBERS", 2)])
def test_a_client_killed_in_the_middle_of_a_sync(stage: str, nth: int, plain: RunningCounty, desks: list[Session], tmp_path: Path) -> None:
    session = joined(plain, desks, tmp_path / "a")
    made = [consult(session.store, f"{stage}{i}") for i in range(12)]
    desks.clear()
    session.store.close()
    kept = offices.original_of("王内勤")
    words = [str(tmp_path / "a"), kept.key.hex(), "王内勤", kept.user.id, stage, str(nth)]
    done = subprocess.run([sys.executable, "-m", "tests.sync.dying_client", *words], timeout=60, check=False)
    assert done.returncode == -9
    again = Session(reopened(tmp_path / "a"))
    desks.append(again)
    whole(again)
    assert all(again.store.record(i).version == 1 for i in made)  # type: ignore[union-attr]


def test_a_server_restored_from_an_older_day_stops_the_sync(tmp_path: Path, desks: list[Session]) -> None:
    with running_county(tmp_path / "county") as county:
        session = joined(county, desks, tmp_path / "a")
        whole(session)
        county.stop()
        shutil.copytree(county.folder, tmp_path / "older")
        county.start()
        record_id = consult(session.store)
        whole(session)
        county.stop()
        shutil.rmtree(county.folder)
        shutil.copytree(tmp_path / "older", county.folder)
        county.start()
        with pytest.raises(failures.EpochChanged, match="恢复或更换过"):
            sync_now(session)
        assert session.store.record(record_id) is not None


def test_another_server_in_its_place_is_found_out(tmp_path: Path, desks: list[Session]) -> None:
    with running_county(tmp_path / "county") as county:
        session = joined(county, desks, tmp_path / "a")
        whole(session)
        county.stop()
        shutil.rmtree(county.folder)
        county.say("init", "--county-code", "990101", "--county-name", "清溪县")
        county.start()
        with pytest.raises(failures.WrongRoot, match="证书"):
            sync_now(session)


def test_the_clerk_stops_a_sync_and_goes_on_later(plain: RunningCounty, desks: list[Session], tmp_path: Path) -> None:
    session = joined(plain, desks, tmp_path / "a")
    for i in range(12):
        consult(session.store, f"来访人{i}")
    reins = Reins()

    def told(progress: Progress) -> None:
        if progress.stage is Stage.SENDING and progress.done:
            reins.stopped.set()

    reins.tell = told
    with pytest.raises(failures.Cancelled):
        sync_now(session, reins=reins, size=SMALL)
    assert session.store.outbox_counts()["waiting"] > 0
    whole(session)
