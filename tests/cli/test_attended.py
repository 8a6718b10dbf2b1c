"""A command that is attended ends with its asker."""

from __future__ import annotations

import subprocess
import sys

import pytest

CHILD = "import os, threading; print(os.getpid(), flush=True); threading.Event().wait()"


@pytest.mark.parametrize("how", ["closed", "killed"])
def test_the_command_ends_when_its_asker_is_gone(how: str) -> None:
    attended = [sys.executable, "-m", "jusuo_desktop.demo.attended", sys.executable, "-c", CHILD]
    if how == "closed":
        with subprocess.Popen(attended, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stdout.readline()
            process.stdin.close()
            assert process.wait(20) != 0
        return
    asker = f"import subprocess, threading; p = subprocess.Popen({attended!r}, stdin=subprocess.PIPE); threading.Event().wait()"
    with subprocess.Popen([sys.executable, "-c", asker], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.kill()
        assert process.stdout.read() == b"", "the pipe ends only when the last of the three is gone"


def test_a_command_that_ends_by_itself_gives_its_status() -> None:
    attended = [sys.executable, "-m", "jusuo_desktop.demo.attended", sys.executable, "-c", "raise SystemExit(7)"]
    with subprocess.Popen(attended, stdin=subprocess.PIPE) as process:
        assert process.wait(20) == 7
