"""The county's own root certificate as a file, because the TLS library reads it from one; it is public."""

from __future__ import annotations

import os
import ssl
from pathlib import Path

from jusuo_desktop.store.refusal import DiskTrouble

FILE_NAME = "county-root.pem"


def written_root(folder: Path, certificate: bytes) -> Path | None:
    """Writes the DER `certificate` as PEM into `folder`, unless it stands there already; None for a county without TLS.

    What counts is the copy inside the encrypted store: a file that somebody changed is written anew.

    Raises:
        DiskTrouble: the folder cannot be written.
    """
    if not certificate:
        return None
    path = folder / FILE_NAME
    pem = ssl.DER_cert_to_PEM_cert(certificate).encode("ascii")
    try:
        if not path.exists() or path.read_bytes() != pem:
            fresh = path.with_suffix(".new")
            fresh.write_bytes(pem)
            os.replace(fresh, path)
    except OSError as error:
        raise DiskTrouble(f"不能写入文件夹“{folder}”：{error.strerror}。请检查权限和磁盘空间。") from error
    return path
