"""The administrator's words about numbers and locked machines: each mistake gets a sentence, nothing is closed that may still be drawn from."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from county_server import devices
from county_server.cli import main
from county_server.county import County
from county_server.number_returns import blocks
from jusuo_desktop.wire.messages import BlocksRequest, LeaseRequest
from jusuo_desktop.wire.release_code import MOST_DAYS, device_secret, granted, new_challenge
from tests.county_server.counties import OFFICE, OTHER_OFFICE, VILLAGE, enrolled, founded

SERIES = "6f1d3c52-4b0e-5d0a-9c57-2f6a1e8d7b30/2026/mediation"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "county"


@pytest.fixture
def county(folder: Path) -> Iterator[County]:
    with founded(folder) as made:
        yield made


def say(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """What a word answers."""
    status = main([words[0], "--dir", str(folder), *words[1:]])
    told = capsys.readouterr()
    return status, told.out + told.err


def test_blocks_are_closed_only_of_a_device_that_is_shut_out(county: County, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    device, _ = enrolled(county, VILLAGE, "老笔记本")
    county.lease(device, LeaseRequest(secrets.token_bytes(16), SERIES, 50))
    assert say(folder, capsys, "close-blocks", "NOBODY") == (1, "没有编号为 NOBODY 的设备，请用 county-server list 查看。\n")
    status, told = say(folder, capsys, "close-blocks", device)
    assert status == 1
    assert "请先用 county-server revoke 停用它" in told
    with county.database.writing() as connection:
        devices.revoke(connection, device, county.now())
    status, told = say(folder, capsys, "close-blocks", device, "--because", "电脑 损坏")
    assert (status, told.startswith("已作废1个号段")) == (0, True)
    assert say(folder, capsys, "close-blocks", device) == (0, "这台设备没有未作废的号段。\n")
    with county.database.reading() as connection:
        (block,) = blocks(connection, OFFICE)
    assert (block.because, block.closed_at > 0, block.device_name) == ("电脑 损坏", True, "老笔记本")


def test_a_code_is_given_out_for_a_device_in_use_and_a_challenge_that_was_heard_right(
    county: County, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    device, _ = enrolled(county, VILLAGE, "老笔记本")
    challenge = new_challenge()
    status, told = say(folder, capsys, "release", device.lower(), challenge.lower(), "--days", "5")
    code = told.partition("解锁码：")[2].partition("，")[0]
    assert status == 0
    assert "老笔记本" in told
    assert granted(device_secret(county._secret, device), device, challenge, code) == 5
    for words, said in (
        (("release", "NOBODY", challenge), "没有编号为 NOBODY 的设备"),
        (("release", device, "ABCD-EFG"), "挑战码应为8个"),
        (("release", device, challenge, "--days", str(MOST_DAYS + 1)), f"--days 应为1至{MOST_DAYS}"),
    ):
        status, told = say(folder, capsys, *words)
        assert status == 1
        assert said in told
    with county.database.writing() as connection:
        devices.revoke(connection, device, county.now())
    assert "已被县局停用" in say(folder, capsys, "release", device, challenge)[1]


def test_the_list_comes_once_and_only_of_the_office(county: County) -> None:
    office, _ = enrolled(county, OFFICE)
    other, _ = enrolled(county, OTHER_OFFICE)
    for device in (office, other):
        county.lease(device, LeaseRequest(secrets.token_bytes(16), SERIES, 50))
        county.lease(device, LeaseRequest(secrets.token_bytes(16), SERIES.replace("2026", "2024"), 50))
    answer = county.blocks(office, BlocksRequest(2026))
    assert [(b.device_id, b.series) for b in answer.blocks] == [(office, SERIES)]
    assert county.blocks(office, BlocksRequest(2026, answer.digest)).blocks == []
    assert county.blocks(other, BlocksRequest(2026, answer.digest)).blocks != []
