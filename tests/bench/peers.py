"""Runs the reference programs, each in a process of its own, and reads the one JSON line that it prints."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PEERS = ROOT.parent / "shared" / "bench" / "peers"


def peer_python() -> Path | None:
    """The interpreter of the peers' environment (`packaging/dev.py bench` makes it and names it), None where there is none."""
    named = os.environ.get("JUSUO_BENCH_PYTHON")
    for candidate in [Path(named)] if named else [ROOT / ".venv-bench" / "bin" / "python", ROOT / ".venv-bench" / "Scripts" / "python.exe"]:
        if candidate.exists():
            return candidate
    return None


def run_peer(script: str, *words: str, python: Path | None = None, seconds: float = 600) -> dict[str, Any] | None:
    """The JSON that a peer printed; None where its script or interpreter is missing.

    Raises:
        subprocess.CalledProcessError: the peer failed.
    """
    path = PEERS / script
    interpreter = python or Path(sys.executable)
    if not path.exists() or not interpreter.exists():
        return None
    done = subprocess.run([str(interpreter), str(path), *words], check=True, capture_output=True, text=True, timeout=seconds, encoding="utf-8")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))
