"""The log of a real server process: one JSON object a line, and nothing of what people are called or typed, whatever goes wrong."""

from __future__ import annotations

import json
import logging
import secrets
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from county_server.journal import Line
from jusuo_desktop.wire.codec import encode
from jusuo_desktop.wire.columns import push_request
from jusuo_desktop.wire.messages import EnrollRequest, PullRequest
from tests.county_server.counties import OFFICE, change
from tests.county_server.speakers import Speaker
from tests.county_server.test_face import ask
from tests.running_county import RunningCounty, running_county

NAME = "欧阳诸葛甲乙"
NUMBER = "990101199003077777"
PLANTED = (NAME, quote(NAME), NUMBER, NAME.encode("unicode_escape").decode())


def breaks(county: RunningCounty, *statements: str) -> None:
    """Does something to the database under the server's feet."""
    with closing(sqlite3.connect(county.folder / "county.db", timeout=30)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


def awaited(county: RunningCounty, token: str, body: bytes) -> int:
    """The status of a push, sent again while the device is over its measure."""
    while (status := ask(county, "/v1/push", body, token=token).status) == 429:
        pass
    return status


def test_planted_names_are_nowhere_in_the_log_whatever_breaks(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with (
        running_county(tmp_path / "county", tls=False, log=log, more=("--device-rate", "1")) as county,
        closing(Speaker(county.url, county.enroll(OFFICE), NAME)) as speaker,
    ):
        speaker.sign_in()
        token = speaker._token
        made = [change({"name": NAME, "remarks": NUMBER}), change({"name": NAME, "reply_due_on": NUMBER}), change({NAME: NUMBER}, kind=NAME)]
        assert [r.status for r in speaker.push(made)] == ["accepted", "rejected", "rejected"]
        ask(county, f"/{quote(NAME)}?{quote(NAME)}={NUMBER}", method="GET", token=token)
        ask(county, f"/v1/push?{quote(NAME)}={NUMBER}", NAME.encode(), token=token)
        ask(county, "/v1/enroll", encode(EnrollRequest(NUMBER, NAME.encode(), NAME)), User_Agent=NUMBER)
        for _ in range(100):  # over its measure
            if ask(county, "/v1/pull", encode(PullRequest(speaker.epoch, {}, 1)), token=token).status == 429:
                break
        else:
            pytest.fail("no measure")
        breaks(county, f"CREATE TRIGGER broken BEFORE INSERT ON record BEGIN SELECT RAISE(ABORT, '{NAME}'); END")  # a bug of ours, with values in it
        body = encode(push_request(secrets.token_bytes(16), speaker.epoch, [change({"name": NAME, "remarks": NUMBER})]))
        assert awaited(county, token, body) == 500
        breaks(county, "DROP TRIGGER broken", "ALTER TABLE record RENAME TO elsewhere")
        assert awaited(county, token, body) == 503
    said = log.read_text(encoding="utf-8")
    for secret in (*PLANTED, token, token.rpartition(".")[2]):
        assert secret not in said
    lines = [json.loads(line) for line in said.splitlines()]
    by_status = {line["status"]: line for line in lines if "status" in line}
    assert {200, 400, 403, 404, 429, 500, 503} <= by_status.keys()
    assert by_status[404]["route"] == "elsewhere"
    assert by_status[200].keys() >= {"at", "request", "route", "status", "ms", "bytes_in", "bytes_out"}
    assert by_status[429]["device"] == speaker.id
    assert by_status[500]["level"] == "error"
    assert any("county_server/push.py" in place for error in by_status[500]["error"] for place in error["where"])


def test_a_line_of_another_library_loses_its_arguments_and_an_error_its_message() -> None:
    try:
        try:
            raise ValueError(NAME)
        except ValueError as error:
            raise ExceptionGroup(NAME, [RuntimeError(NUMBER)]) from error
    except ExceptionGroup as group:
        record = logging.LogRecord(
            "uvicorn.error", logging.ERROR, __file__, 1, f"said %s\n{NAME}", (NAME,), (type(group), group, group.__traceback__)
        )
    line = json.loads(Line().format(record))
    assert NAME not in str(line)
    assert NUMBER not in str(line)
    assert [one["kind"] for one in line["error"]] == ["builtins.ExceptionGroup", "builtins.RuntimeError"]


def test_what_nobody_catches_goes_the_same_way(tmp_path: Path) -> None:
    program = (
        "import logging.config, threading, warnings\n"
        "from county_server.journal import catch_the_rest, settings\n"
        "logging.config.dictConfig(settings(quiet=False)); catch_the_rest()\n"
        f"def broken(): raise ValueError('{NAME}')\n"
        "one = threading.Thread(target=broken); one.start(); one.join()\n"
        f"warnings.warn('{NAME}')\n"
        "broken()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert NAME not in done.stderr
    assert [json.loads(line)["event"] for line in done.stderr.splitlines()] == ["unhandled in a thread", "UserWarning at <string>:6", "unhandled"]
