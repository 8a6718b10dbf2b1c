"""Words as they are typed: most inside this process, a few as processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jusuo_desktop.cli import main
from jusuo_desktop.words.opening import PASSPHRASE

SECRET = "春江水暖鸭先知啊"
ROOT = Path(__file__).parents[2]
INIT = (
    "init", "--office", "清溪司法所", "--office-code", "990101001", "--county", "清溪县", "--short-name", "清溪", "--user-name", "王内勤",
    "--village", "990101001201", "东村", "--committee", "东村人民调解委员会",
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Say = Callable[..., Said]


@pytest.fixture
def say(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Say:
    """Says a word about the store of this test; `store=` names another one."""
    monkeypatch.setenv(PASSPHRASE, SECRET)

    def said(*words: str, store: Path | None = None) -> Said:
        capsys.readouterr()
        try:
            status = main(["--store", str(store or tmp_path / "store"), *words])
        except SystemExit as stopped:  # argparse: wrong usage
            status = int(stopped.code or 0)
        out, err = capsys.readouterr()
        return Said(status, out, err)

    return said


@pytest.fixture
def office(say: Say) -> Say:
    """The same, over a store that was set up."""
    assert say(*INIT).status == 0
    return say


def process(*words: str, **environment: str) -> Said:
    """The words as a process of their own."""
    done = subprocess.run(
        [sys.executable, "-m", "jusuo_desktop.cli", *words],
        capture_output=True, encoding="utf-8", cwd=ROOT, timeout=120, stdin=subprocess.DEVNULL,
        env={**{n: v for n, v in os.environ.items() if n != PASSPHRASE}, **environment},
    )  # fmt: skip
    return Said(done.returncode, done.stdout, done.stderr)
