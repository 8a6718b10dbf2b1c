"""The demo, killed with -9 at several moments and started again: nothing confirmed is lost, and both computers end equal."""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.unlock import unlock, user_names
from jusuo_desktop.demo.county import PORT_FILE
from jusuo_desktop.demo.course import COUNTY, FIRST, PASSPHRASE, SECOND
from jusuo_desktop.demo.journal import Journal
from jusuo_desktop.printing import shipped_forms
from tests.cli.conftest import ROOT, Say

PATIENCE = 600
LATEST_S = 2.5
"""A kill comes at most this long after a step was announced: the longest steps take about two seconds."""


def start(out: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "jusuo_desktop.cli", "demo", "--out", str(out), "--mediations", "4", "--cases", "1", "--json", *words]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, encoding="utf-8", cwd=ROOT, env=environment
    )


def killed(out: Path, steps: int, later_s: float) -> bool:
    """Runs the demo until `steps` steps were announced and a moment more, then kills it; False if it was faster than that."""
    with start(out, "--no-pictures") as process:
        assert process.stderr is not None
        for _ in range(steps):
            process.stderr.readline()
        try:
            process.wait(later_s)
        except subprocess.TimeoutExpired:
            process.kill()
            return True
        return False


def whole(out: Path, *words: str) -> dict[str, Any]:
    """Runs the demo to its end."""
    with start(out, *words) as process:
        said, complained = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, complained
    summary: dict[str, Any] = json.loads(said)
    return summary


def confirmed(out: Path) -> set[str]:
    journal = Journal(out)
    try:
        return journal.ids()
    finally:
        journal.close()


@contextmanager
def computer(folder: Path) -> Iterator[Session]:
    session = unlock(folder, user_names(folder)[0], PASSPHRASE)
    try:
        yield session
    finally:
        session.store.close()


def check(out: Path, summary: dict[str, Any], known: set[str]) -> None:
    with computer(out / FIRST) as first, computer(out / SECOND) as second:
        assert first.store.local_digest() == second.store.local_digest()
        assert first.store.unsent_count() == second.store.unsent_count() == 0
        for session in (first, second):
            assert [i for i in known if session.store.record(i) is None] == []
            assert session.store.verify() == []
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int((out / COUNTY / PORT_FILE).read_text())))
    assert summary["equal_digests"]
    assert summary["lost"] == []
    assert summary["by_kind"]["conflict"] >= 1
    assert summary["imported"]["taken_in"] + summary["imported"]["refused"] == summary["imported"]["lines"]
    assert json.loads((out / "summary.json").read_text("utf-8")) == summary
    for name, template in shipped_forms().items():
        for file in (out / "forms" / f"{name}.pdf", out / "forms" / f"{name}-blank.pdf"):
            with pypdfium2.PdfDocument(file) as document:
                assert len(document) >= 1
                first_page = "".join(document[0].get_textpage().get_text_bounded().split())
                assert "".join(template.title.split()) in first_page or template.title[:4] in first_page or not template.heading
            assert (out / "pages" / f"{file.stem}-1.png").stat().st_size > 1000
    assert "陈𫖯" in pdf_text(out / "forms" / "mediation_agreement.pdf")


def check_pictures(out: Path, summary: dict[str, Any]) -> None:
    """Every main screen in both sizes, and no two screens alike: each really was in front."""
    screens = ["consultation", "first-run", "import", "list", "login", "mediation", "preview", "search", "settings", "statistics", "sync", "today"]
    assert summary["pictures"] == sorted(f"{s}-{size}.png" for s in [*screens, "visit"] for size in ("1366x768", "1920x1080"))
    for size in ((1366, 768), (1920, 1080)):
        seen = set()
        for file in (out / "pictures").glob(f"*-{size[0]}x{size[1]}.png"):
            with Image.open(file) as picture:
                assert picture.size == size
                seen.add(picture.tobytes())
        assert len(seen) == len(screens) + 1


def pdf_text(file: Path) -> str:
    with pypdfium2.PdfDocument(file) as document:
        return "".join(page.get_textpage().get_text_bounded() for page in document)


@pytest.mark.timeout(900)
def test_a_killed_demo_goes_on_and_loses_nothing(tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    draw = random.Random(seed)
    out = tmp_path / "demo"
    known: set[str] = set()
    for steps in (draw.randint(1, 4), draw.randint(5, 8)):
        killed(out, steps, draw.uniform(0, LATEST_S))
        known |= confirmed(out) if (out / "confirmed.jsonl").exists() else set()
    summary = whole(out)
    assert known <= confirmed(out), f"seed {seed}"
    check(out, summary, known)
    check_pictures(out, summary)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(6))
def test_a_demo_killed_again_and_again(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    out = tmp_path / "demo"
    known: set[str] = set()
    for _ in range(6):
        killed(out, draw.randint(1, 8), draw.uniform(0, LATEST_S))
        known |= confirmed(out) if (out / "confirmed.jsonl").exists() else set()
    check(out, whole(out, "--no-pictures"), known)


def test_a_folder_that_holds_something_else_is_left_alone(say: Say, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    said = say("demo", "--out", str(tmp_path))
    assert said.status == 1
    assert "别的东西" in said.err
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]
    assert say("demo", "--out", str(tmp_path / "letter.txt" / "demo")).status == 1
