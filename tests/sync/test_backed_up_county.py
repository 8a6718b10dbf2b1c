"""A backup taken while the county serves, the server lost, the backup brought back and said so: every device ends with nothing lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from county_server.cli import main
from jusuo_desktop.actions.enroll import enroll
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.sync_now import sync_now
from jusuo_desktop.sync.patience import Patience
from tests.postgres import emptied, plain, tool
from tests.running_county import RunningCounty, running_county
from tests.sync.offices import OFFICE, consult, new_session

ONCE = Patience(tries=1, first_pause=0.0, longest_pause=0.0)
MORE = 3
"""Syncs of the busy device before the backup, and after it."""


class Embedded:
    """As the README says for SQLite."""

    def __init__(self, county: RunningCounty, folder: Path) -> None:
        self._county, self._kept = county, folder / "elsewhere" / "county.db"
        self._kept.parent.mkdir()

    def back_up(self) -> None:
        assert "校验码" in self._county.say("backup", "--to", str(self._kept))
        assert stat.S_IMODE(self._kept.stat().st_mode) == 0o600
        assert [p.name for p in self._kept.parent.iterdir()] == ["county.db"]

    def lose(self) -> None:
        for file in self._county.folder.glob("county.db*"):
            file.unlink()

    def bring_back(self) -> None:
        shutil.copyfile(self._kept, self._county.folder / "county.db")


class Dumped:
    """As the README says for PostgreSQL."""

    def __init__(self, county: RunningCounty, url: str, folder: Path) -> None:
        self._county, self._url, self._kept = county, url, folder / "county.dump"

    def back_up(self) -> None:
        assert "check" in self._county.say("backup", "--to", str(self._kept))
        assert stat.S_IMODE(self._kept.stat().st_mode) == 0o600

    def lose(self) -> None:
        emptied(self._url)

    def bring_back(self) -> None:
        subprocess.run([tool("pg_restore"), "--exit-on-error", f"--dbname={plain(self._url)}", str(self._kept)], check=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[RunningCounty, Embedded | Dumped]]:
    """A county with two workers, and how its administrator keeps backups."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    if url:
        request.getfixturevalue("tools")
    with running_county(tmp_path / "county", tls=False, quiet=True, workers=2, database_url=url) as county:
        yield county, Dumped(county, url, tmp_path) if url else Embedded(county, tmp_path)


def synced(session: Session) -> None:
    report = sync_now(session, patience=ONCE)
    assert report.digest_equal is True
    assert session.store.outbox_counts() == {}


class Busy:
    """A device that records and syncs without a pause."""

    def __init__(self, session: Session) -> None:
        self._session, self._over = session, threading.Event()
        self._round = threading.Condition()
        self.made: list[str] = []
        self._rounds = 0

    def run(self) -> None:
        while not self._over.is_set():
            made = consult(self._session.store, f"来访人{len(self.made)}")
            synced(self._session)
            with self._round:
                self.made.append(made)
                self._rounds += 1
                self._round.notify_all()

    def wait(self, more: int) -> None:
        """Until it has synced so often again."""
        with self._round:
            until = self._rounds + more
            assert self._round.wait_for(lambda: self._rounds >= until, timeout=60)

    def stop(self) -> None:
        self._over.set()


def test_nothing_is_lost_with_the_server(house: tuple[RunningCounty, Embedded | Dumped], tmp_path: Path) -> None:
    county, keeper = house
    a, b = new_session(tmp_path / "a"), new_session(tmp_path / "b", "李所长")
    with closing(a.store), closing(b.store):
        for session in (a, b):
            enroll(session, county.url, county.enroll(OFFICE))
            synced(session)
        busy = Busy(b)
        with ThreadPoolExecutor(1) as thread:
            work = thread.submit(busy.run)
            try:
                busy.wait(MORE)
                keeper.back_up()
                known = len(busy.made)
                mine = consult(a.store, "备份以后来的")
                synced(a)
                busy.wait(MORE)
            finally:
                busy.stop()
            work.result(60)
        county.kill()
        keeper.lose()
        keeper.bring_back()
        assert "核对无误" in county.say("check")
        assert "跳过" in county.say("restored")
        county.start()
        for session in (a, b, a):
            synced(session)
        assert a.store.local_digest() == b.store.local_digest()
        assert len(busy.made) >= known + MORE - 1
        for identity in (mine, *busy.made):
            assert a.store.record(identity) is not None
            assert b.store.record(identity) is not None
        assert "核对无误" in county.say("check")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county on SQLite with something in it, not served."""
    folder = tmp_path_factory.mktemp("kept")
    with running_county(folder / "county", tls=False, quiet=True) as county, closing((session := new_session(folder / "a")).store):
        enroll(session, county.url, county.enroll(OFFICE))
        consult(session.store)
        synced(session)
    return folder / "county"


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(original, tmp_path / "county"))


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    assert main(words) == 1
    told = capsys.readouterr()
    assert told.err.count("\n") == 1
    return told.err


def spoil(statement: str) -> Callable[[Path], None]:
    def spoilt(file: Path) -> None:
        with closing(sqlite3.connect(file)) as connection, connection:
            assert connection.execute(statement).rowcount > 0

    return spoilt


@pytest.mark.parametrize(
    ("how", "told"),
    [
        (spoil("DELETE FROM change WHERE seq = 2"), "顺序有缺"),
        (spoil("UPDATE record SET body = X'80' WHERE id = (SELECT max(id) FROM record)"), "校验值对不上"),
        (spoil("UPDATE tally SET records = records + 1"), "总数"),
        (spoil("DELETE FROM known WHERE id = (SELECT max(id) FROM record)"), "编号登记不全"),
    ],
)
def test_a_backup_that_does_not_fit_together_is_not_kept(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], how: Callable[[Path], None], told: str
) -> None:
    kept = tmp_path / "kept.db"
    assert main(["backup", "--dir", str(folder), "--to", str(kept)]) == 0
    before = kept.read_bytes()
    how(folder / "county.db")
    assert told in said(capsys, "check", "--dir", str(folder))
    assert told in said(capsys, "backup", "--dir", str(folder), "--to", str(kept))
    assert kept.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith("kept")) == ["kept.db"]


def test_places_where_no_backup_can_be_written(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "文件夹" in said(capsys, "backup", "--dir", str(folder), "--to", str(tmp_path))
    assert "不能读写" in said(capsys, "backup", "--dir", str(folder), "--to", str(tmp_path / "nowhere" / "kept.db"))
    assert not any(p.name.endswith(".part") for p in tmp_path.rglob("*"))


@pytest.mark.skipif(os.name == "nt" or not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_gets_a_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "backup", "--dir", str(folder), "--to", "/dev/full/kept.db")


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch, postgres_server: str) -> None:
    """PostgreSQL's own programs can be found."""
    monkeypatch.setenv("PATH", f"{Path(tool('pg_dump')).parent}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.usefixtures("tools")
def test_a_county_in_a_schema_of_its_own_is_dumped_alone(postgres_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with psycopg.connect(plain(postgres_url), autocommit=True) as connection:
        for name in ("c990101", "c990102"):
            connection.execute(f"CREATE SCHEMA {name}")
    for name in ("c990101", "c990102"):
        url = make_url(postgres_url).update_query_dict({"options": f"-csearch_path={name}"}).render_as_string(hide_password=False)
        words = ["--dir", str(tmp_path / name), "--database-url", url]
        assert main(["init", *words, "--county-code", name[1:], "--county-name", "清溪县"]) == 0
    kept = tmp_path / "kept.dump"
    assert main(["backup", *words, "--to", str(kept)]) == 0
    listed = subprocess.run([tool("pg_restore"), "--list", str(kept)], check=True, capture_output=True, text=True).stdout
    assert "c990102 record" in listed
    assert "c990101" not in listed


def test_a_dump_that_cannot_be_made_gets_a_sentence(
    postgres_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ["--dir", str(tmp_path / "county"), "--database-url", postgres_url]
    assert main(["init", *made, "--county-code", "990101", "--county-name", "清溪县"]) == 0
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "pg_dump" in said(capsys, "backup", *made, "--to", str(tmp_path / "x"))
    assert not list(tmp_path.glob("x*"))
