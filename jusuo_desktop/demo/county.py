"""A real county server process on loopback, TLS on, started and spoken to as an administrator would: with its own words."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

COUNTY_NAME: Final = "清溪县"
PORT_FILE: Final = "demo-port"
PATIENCE_S: Final = 60.0


class CountyFailed(RuntimeError):
    """The county server did not do what it was told; its own words are in the message."""


def found_county(folder: Path, code: str) -> None:
    """Founds the county in `folder` unless that was done; half a founding is begun again."""
    if folder.exists():
        return
    making = folder.with_name(folder.name + ".making")
    shutil.rmtree(making, ignore_errors=True)
    say(making, "init", "--county-code", code, "--county-name", COUNTY_NAME)
    making.rename(folder)


def say(folder: Path, word: str, *more: str) -> str:
    """Runs one of the administrator's words to its end and returns what it printed.

    Raises:
        CountyFailed: it was refused.
    """
    done = subprocess.run(
        [sys.executable, "-m", "county_server.cli", word, "--dir", str(folder), *more], capture_output=True, encoding="utf-8", env=_environment()
    )
    if done.returncode:
        raise CountyFailed(f"county-server {word}: {done.stderr.strip()}")
    return done.stdout.strip()


@contextmanager
def running_county(folder: Path) -> Iterator[str]:
    """The county's address while the block runs; the same one each time, so that enrolled devices find it again.

    Raises:
        CountyFailed: it does not start.
    """
    kept = folder / PORT_FILE
    port = kept.read_text() if kept.exists() else "0"
    process, url = _start(folder, port)
    try:
        if port == "0":
            beside = kept.with_suffix(".new")
            beside.write_text(url.rpartition(":")[2])
            beside.replace(kept)
        yield url
    finally:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.wait(PATIENCE_S)
        process.stdout.close()


def _start(folder: Path, port: str) -> tuple[subprocess.Popen[str], str]:
    """Starts serving; the server of a demo that was killed may need a moment to leave the port."""
    serve = [sys.executable, "-m", "county_server.cli", "serve", "--dir", str(folder), "--port", port, "--quiet"]
    until = time.monotonic() + PATIENCE_S
    while True:
        process = subprocess.Popen(
            [sys.executable, "-m", "jusuo_desktop.demo.attended", *serve],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", env=_environment(),
        )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        line = process.stdout.readline()
        if "listening on" in line:
            return process, line.split()[-1]
        process.stdin.close()
        process.wait(PATIENCE_S)
        process.stdout.close()
        if time.monotonic() > until:
            raise CountyFailed(f"county-server serve did not start on port {port}")
        time.sleep(0.3)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
