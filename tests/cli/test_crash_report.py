"""A bug of ours is one plain sentence and a report that anybody may read."""

from __future__ import annotations

from pathlib import Path

import pytest

from jusuo_desktop import cli
from jusuo_desktop.actions.crash_report import crash_report, describe
from jusuo_desktop.records.kind import RecordKind
from tests.cli.conftest import Say

NAME = "单小芳"


def broken() -> BaseException:
    def inner(person: str) -> None:
        raise KeyError(f"{person} 110105194912310021")

    try:
        try:
            inner(NAME)
        except KeyError as cause:
            raise ValueError(f"about {NAME}") from cause
    except ValueError as error:
        return error
    raise AssertionError


def test_a_report_names_kinds_and_lines_and_no_value() -> None:
    said = describe(broken())
    assert "builtins.ValueError" in said
    assert "builtins.KeyError" in said
    assert "tests/cli/test_crash_report.py:" in said
    assert NAME not in said
    assert "1949" not in said
    assert str(Path.home()) not in said


def test_a_report_is_written_where_there_is_room(tmp_path: Path) -> None:
    path = crash_report(broken(), tmp_path / "log")
    assert path is not None
    assert path.parent == tmp_path / "log"
    (tmp_path / "file").write_text("x")
    elsewhere = crash_report(broken(), tmp_path / "file" / "log")
    assert elsewhere is not None
    assert elsewhere.exists()
    elsewhere.unlink()


def test_a_word_that_meets_a_bug_says_so_and_exits_70(
    office: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(RecordKind, "listed", property(lambda kind: [][1]))
    said = office("list", "mediation")
    assert said.status == cli.OUR_BUG
    assert "IndexError" in said.err
    assert "Traceback" not in said.err
    reports = list((tmp_path / "state").rglob("crash-*.txt"))
    assert len(reports) == 1
    assert reports[0].name in said.err
