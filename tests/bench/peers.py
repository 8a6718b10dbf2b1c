"""Runs the reference programs, each in a process of its own, and reads the one JSON line that it prints."""

from __future__ import annotations

import json
import os
import shutil
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


def node() -> tuple[Path, dict[str, str]] | None:
    """Node and the environment in which it finds the peers from npm; None where either is missing."""
    named = os.environ.get("JUSUO_BENCH_NODE_MODULES")
    modules = Path(named) if named else ROOT / ".venv-bench" / "npm" / "node_modules"
    program = shutil.which("node")
    if program is None or not modules.exists():
        return None
    return Path(program), {**os.environ, "NODE_PATH": str(modules)}


NO_NODE = "PouchDB not measured: Node, npm or its packages are not on this machine"
NO_ANKI = "Anki not measured: the peers' environment is missing"


def run_pouch(count: int) -> dict[str, Any] | None:
    """PouchDB and express-pouchdb on loopback; None where they are missing."""
    found = node()
    path = PEERS / "pouch_sync.js"
    return _said([str(found[0]), str(path), str(count)], 600, found[1]) if found is not None and path.exists() else None


def run_peer(script: str, *words: str, python: Path | None = None, seconds: float = 600) -> dict[str, Any] | None:
    """The JSON that a peer printed; None where its script or interpreter is missing.

    Raises:
        subprocess.CalledProcessError: the peer failed.
    """
    path = PEERS / script
    interpreter = python or Path(sys.executable)
    if not path.exists() or not interpreter.exists():
        return None
    return _said([str(interpreter), str(path), *words], seconds, None)


def _said(command: list[str], seconds: float, environment: dict[str, str] | None) -> dict[str, Any]:
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds, encoding="utf-8", env=environment)
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))
