"""Opens what a device sealed to the county: its rows as JSON lines, its scans and papers as files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from county_server.county import County
from county_server.schema import DEVICE
from jusuo_desktop.wire.bundle import FROM_DEVICE, BadBundle, open_bundle, read_head
from jusuo_desktop.wire.sealed import Sealed

ROWS_FILE = "rows.jsonl"


@dataclass(frozen=True, slots=True)
class Opened:
    """What came out, for the administrator."""

    device_id: str
    sealed_at: int
    scope: str
    rows: int
    contents: int


def open_sealed(county: County, parts: Sequence[tuple[str, bytes]], into: Path) -> Opened:
    """Opens the files (name, bytes) of one sealing into a folder; a device that is shut out by now is still believed.

    Raises:
        BadBundle: no sealed file of a device of this county, changed since, or files of several sealings.
        OSError: the folder cannot be written.
    """
    told = [(name, read_head(data), data) for name, data in parts]
    if len({(head.device_id, head.serial) for _, head, _ in told}) != 1 or told[0][1].sender != FROM_DEVICE:
        raise BadBundle("这些文件不是同一次封存的")
    head = told[0][1]
    with county.database.reading() as connection:
        key = connection.execute(select(DEVICE.c.public_key).where(DEVICE.c.id == head.device_id)).scalar()
    if key is None:
        raise BadBundle(f"本县没有编号为 {head.device_id} 的设备")
    sealed: list[Sealed] = sorted((open_bundle(data, Sealed, bytes(key), county.seal_key) for _, _, data in told), key=lambda one: one.part)
    if [one.part for one in sealed] != list(range(len(sealed))):
        raise BadBundle("少了几个文件，同一次封存的文件要一起打开")
    into.mkdir(parents=True, exist_ok=True)
    rows = [(table, row) for one in sealed for table, row in one.rows]
    with (into / ROWS_FILE).open("w", encoding="utf-8") as file:
        for table, row in rows:
            file.write(json.dumps({"table": table, **{n: v.hex() if isinstance(v, bytes) else v for n, v in row.items()}}, ensure_ascii=False) + "\n")
    contents: dict[str, bytearray] = {}
    for piece in (piece for one in sealed for piece in one.pieces):
        contents.setdefault(piece.sha256, bytearray()).extend(piece.data)
    for sha256, data in contents.items():
        if hashlib.sha256(data).hexdigest() != sha256:
            raise BadBundle("有一份附件不完整，同一次封存的文件要一起打开")
        (into / sha256).write_bytes(data)
    return Opened(head.device_id, head.made_at, sealed[0].scope, len(rows), len(contents))
