"""What the demo has confirmed: one line a step, on the disk before anybody is told, ids only. A demo that was killed goes on behind it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

FILE: Final = "confirmed.jsonl"


class Journal:
    """The confirmed steps of one folder and the ids of the records that each of them saved."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._lines: list[dict[str, object]] = []
        whole = 0
        if self._path.exists():
            content = self._path.read_bytes()
            whole = content.rfind(b"\n") + 1  # a line cut by a kill was never confirmed
            self._lines = [json.loads(line) for line in content[:whole].splitlines()]
        self._file = self._path.open("ab")
        self._file.truncate(whole)

    def confirm(self, step: str, ids: Iterable[str] = (), **counts: int) -> None:
        """Keeps that a step was done, which records it saved and what it counted; on disk when this returns."""
        line: dict[str, object] = {"step": step, "ids": list(ids), **counts}
        self._lines.append(line)
        self._file.write(json.dumps(line).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def has(self, step: str) -> bool:
        """Whether the step was confirmed."""
        return any(line["step"] == step for line in self._lines)

    def ids(self) -> set[str]:
        """Every record that was confirmed as saved."""
        return {str(i) for line in self._lines if isinstance(ids := line["ids"], list) for i in ids}

    def total(self, count: str) -> int:
        """What all steps together counted under that name, those before a kill included."""
        return sum(n for line in self._lines if isinstance(n := line.get(count, 0), int))

    def close(self) -> None:
        """Gives the file back."""
        self._file.close()
