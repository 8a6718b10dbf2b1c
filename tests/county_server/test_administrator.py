"""The administrator's words: what they do, and the sentence for everything that can go wrong."""

from __future__ import annotations

import json
import socket
import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from county_server import upgrade
from county_server.cli import main
from county_server.database import Database
from jusuo_desktop.wire import enroll_code
from tests.county_server.counties import COUNTY_CODE, OFFICE, enrolled, founded

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "county"
    assert main(["init", "--dir", str(made), "--county-code", COUNTY_CODE, "--county-name", "清溪县"]) == 0
    return made


def refused(capsys: Capture, *words: str) -> str:
    capsys.readouterr()
    assert main(words) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.endswith("。\n")
    assert told.err.count("\n") == 1
    return told.err


def test_a_second_init_changes_nothing(folder: Path, capsys: Capture) -> None:
    before = {p.name: p.read_bytes() for p in folder.iterdir() if p.suffix == ".pem"}
    assert "已经有" in refused(capsys, "init", "--dir", str(folder), "--county-code", COUNTY_CODE, "--county-name", "清溪县")
    assert {p.name: p.read_bytes() for p in folder.iterdir() if p.suffix == ".pem"} == before


def test_private_files_are_private(folder: Path) -> None:
    for name in ("root-key.pem", "server-key.pem", "county.db"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def test_a_code_and_a_list(folder: Path, capsys: Capture) -> None:
    capsys.readouterr()
    assert main(["enroll", "--dir", str(folder), "--scope", OFFICE]) == 0
    assert len(enroll_code.read(capsys.readouterr().out).secret) == enroll_code.SECRET_CHARACTERS
    assert main(["list", "--dir", str(folder)]) == 0
    assert "还没有设备" in capsys.readouterr().out
    assert main(["list", "--dir", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_devices_are_listed_and_revoked(tmp_path: Path, capsys: Capture) -> None:
    with founded(tmp_path / "county") as county:
        device, _ = enrolled(county, OFFICE, "内勤电脑")
    capsys.readouterr()
    words = ["--dir", str(tmp_path / "county")]
    assert main(["list", *words]) == 0
    shown = capsys.readouterr().out
    assert all(part in shown for part in (device, OFFICE, "在用", "内勤电脑"))
    assert main(["revoke", *words, device]) == 0
    assert main(["list", *words]) == 0
    assert "已停用" in capsys.readouterr().out
    assert main(["list", *words, "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert (listed[0]["id"], listed[0]["revoked_at"] > 0) == (device, True)
    assert "nobody" in refused(capsys, "revoke", *words, "nobody")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("enroll", "--scope", "110101001"), "本县"),
        (("enroll", "--scope", "99"), "区划代码"),
        (("enroll", "--scope", OFFICE, "--hours", "0"), "--hours"),
        (("enroll", "--scope", OFFICE, "--hours", "nan"), "--hours"),
        (("serve", "--no-tls", "--host", "0.0.0.0"), "回环"),
        (("serve", "--workers", "0"), "--workers"),
        (("serve", "--port", "70000"), "--port"),
        (("certificate", "--root-key", "nowhere.pem"), "nowhere.pem"),
    ],
)
def test_wrong_words_get_a_sentence(folder: Path, capsys: Capture, words: tuple[str, ...], said: str) -> None:
    assert said in refused(capsys, words[0], "--dir", str(folder), *words[1:])


def test_no_county_yet(tmp_path: Path, capsys: Capture) -> None:
    assert "county-server init" in refused(capsys, "list", "--dir", str(tmp_path / "nothing"))
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize("code", ["99", "9901011", "九九零一零一"])
def test_a_county_code_that_is_none(tmp_path: Path, capsys: Capture, code: str) -> None:
    assert "6位" in refused(capsys, "init", "--dir", str(tmp_path / "x"), "--county-code", code, "--county-name", "清溪县")


def test_a_port_that_is_taken(folder: Path, capsys: Capture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = str(door.getsockname()[1])
        assert port in refused(capsys, "serve", "--dir", str(folder), "--port", port)


@pytest.mark.parametrize("url", ["postgresql+psycopg://nobody@127.0.0.1:1/none", "nonsense", "mysql://x/y"])
def test_a_database_that_is_not_there(tmp_path: Path, capsys: Capture, url: str) -> None:
    said = refused(capsys, "init", "--dir", str(tmp_path / "x"), "--county-code", COUNTY_CODE, "--county-name", "清溪县", "--database-url", url)
    assert "数据库" in said
    assert "nobody" not in said


def test_a_database_that_is_damaged(folder: Path, capsys: Capture) -> None:
    (folder / "county.db").write_bytes(b"not a database at all, but long enough to be read as one" * 100)
    assert "数据库" in refused(capsys, "list", "--dir", str(folder))


def test_a_database_of_a_newer_version_is_left_alone(folder: Path, capsys: Capture) -> None:
    database = Database(f"sqlite:///{folder / 'county.db'}")
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    assert "更新的版本" in refused(capsys, "list", "--dir", str(folder))


def test_a_postgresql_that_is_too_old_gets_a_sentence() -> None:
    said = upgrade.too_old((14, 19))
    assert said is not None
    assert said.endswith("。")
    assert "14.19" in said
    assert upgrade.too_old(()) is not None
    assert (upgrade.too_old((15, 0)), upgrade.too_old((18, 1))) == (None, None)


def test_the_head_is_the_newest_step_and_makes_the_declared_tables(folder: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    from county_server.schema import METADATA

    steps = ScriptDirectory(str(Path(upgrade.__file__).parent / "migrations"))
    assert steps.get_current_head() == upgrade.HEAD
    database = Database(f"sqlite:///{folder / 'county.db'}")
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    database.close()


def test_the_certificate_is_renewed_under_the_same_root(folder: Path, capsys: Capture) -> None:
    before = (folder / "server-chain.pem").read_bytes()
    assert main(["certificate", "--dir", str(folder), "--root-key", str(folder / "root-key.pem"), "--host", "county.example"]) == 0
    after = (folder / "server-chain.pem").read_bytes()
    assert after != before
    assert after.split(b"-----BEGIN")[2] == before.split(b"-----BEGIN")[2]
    assert "不是本县" in refused(capsys, "certificate", "--dir", str(folder), "--root-key", str(folder / "server-key.pem"))
