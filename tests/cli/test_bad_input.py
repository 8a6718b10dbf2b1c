"""What can go wrong outside: each is one clear sentence and status 1, and nothing is lost or changed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from jusuo_desktop.store.engine import DATABASE_FILE, Database
from jusuo_desktop.store.keys import KEYS_FILE, read_keys, unwrap
from jusuo_desktop.wire import enroll_code
from tests.cli.conftest import SECRET, Say
from tests.running_county import running_county
from tests.sync.certificates import authority
from tests.sync.zoo import ANIMALS, caged


def refused(office: Say, *words: str) -> str:
    said = office(*words, "--json")
    assert said.status == 1
    sentence = str(json.loads(said.out)["refused"])
    assert sentence.endswith(("。", "）"))
    assert "\n" not in sentence
    return sentence


def test_a_wrong_pass_phrase(office: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUSUO_PASSPHRASE", SECRET + "?")
    assert "口令不对" in refused(office, "list", "village")


def test_a_store_of_a_newer_version(office: Say, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    database = Database(folder / DATABASE_FILE, unwrap(read_keys(folder)["王内勤"], SECRET, "王内勤"))
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    assert "更新版本的程序" in refused(office, "list", "village")


@pytest.mark.parametrize("at", [0, 4096 * 3])
def test_a_damaged_store_is_left_as_it_is(office: Say, tmp_path: Path, at: int) -> None:
    path = tmp_path / "store" / DATABASE_FILE
    content = bytearray(path.read_bytes())
    content[at : at + 4096] = bytes(4096)
    path.write_bytes(content)
    said = office("verify", "--json")
    assert said.status == 1
    assert path.read_bytes()[at : at + 4096] == bytes(4096)


def test_damaged_keys_and_no_store_at_all(office: Say, tmp_path: Path) -> None:
    assert "没有数据" in refused(office, "--store", str(tmp_path / "nowhere"), "list", "village")
    (tmp_path / "store" / KEYS_FILE).write_text("{")
    assert "已损坏" in refused(office, "list", "village")


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is a folder that nobody may write, not even root")
def test_a_folder_that_cannot_be_written(office: Say) -> None:
    assert "写不了文件" in refused(office, "print", "mediation_agreement", "--blank", "--out", "/proc/协议.pdf")
    assert "建不了文件夹" in refused(office, "demo", "--out", "/proc/demo")


@pytest.mark.parametrize("name", ["html", "broken", "half a body", "nothing", "another service"])
def test_a_server_that_is_no_county_server(office: Say, tmp_path: Path, name: str) -> None:
    animal, piece = ANIMALS[name]
    code = str(enroll_code.make("A" * enroll_code.PRINT_CHARACTERS))
    with caged(animal, authority(tmp_path, "root").server_pem) as url:
        assert piece in refused(office, "enroll", url, code)
    assert "还没有在县服务器注册" in refused(office, "sync")


def test_two_stores_meet_at_a_county_and_one_is_shut_out(office: Say, tmp_path: Path) -> None:
    other = tmp_path / "other"
    init = ("init", "--office", "清溪司法所", "--office-code", "990101001", "--county", "清溪县", "--user-name", "李副所长")
    assert office(*init, store=other).status == 0
    with running_county(tmp_path / "county") as county:
        wrong = str(enroll_code.make("A" * enroll_code.PRINT_CHARACTERS))
        assert refused(office, "enroll", county.url, wrong)
        assert office("enroll", county.url, county.enroll("990101001")).status == 0
        device = office("enroll", county.url, county.enroll("990101001"), "--json", store=other).data["device"]
        first = office("sync", "--json").data
        second = office("sync", "--json", store=other).data
        assert first["sent"] > 0
        assert second["digest_equal"]
        assert office("list", "worker", "--json", store=other).data["total"] == 2
        assert office("list", "village", "--json", store=other).data["total"] == 1
        county.revoke(device)
        shut = office("sync", store=other)
        assert shut.status == 1
        assert "停用" in shut.err
        closed = office("list", "worker", store=other)
        assert closed.status == 1
        assert "恢复密钥" in closed.err
        assert office("sync").status == 0
    assert refused(office, "sync")
