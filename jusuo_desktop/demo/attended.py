"""Runs a command for as long as its asker lives: when standard input ends, by intent or because the asker was killed, the command is
ended too. So a demo that is killed with -9 leaves no county server behind, on any system.

    python -m jusuo_desktop.demo.attended COMMAND …
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading

PATIENCE_S = 10


def main(command: list[str]) -> int:
    """Runs the command to its end, or to the end of standard input."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)

    def attend() -> None:
        while os.read(0, 4096):  # not through sys.stdin: its lock would be held while the interpreter ends
            pass
        process.terminate()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()

    threading.Thread(target=attend, daemon=True).start()
    return process.wait()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
