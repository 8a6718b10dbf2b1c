"""The pages of a store's file as SQLCipher has them in clear, freed ones included: what somebody with the key and a hex editor would see."""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from jusuo_desktop.store import Store

PAGE: Final = 4096
RESERVED: Final = 80
"""Bytes at the end of a page: its initialisation vector (16) and its check sum."""
SALT: Final = 16


def plain_pages(store: Store) -> bytes:
    """Every page, decrypted; the write-ahead log is brought into the file first."""
    raw = store._engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        raw.close()
    data = (store.folder / "records.db").read_bytes()
    key = bytes(store._database._key)
    pages = []
    for start in range(0, len(data), PAGE):
        page = data[start : start + PAGE]
        sealed, vector = page[: PAGE - RESERVED], page[PAGE - RESERVED : PAGE - RESERVED + 16]
        reader = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
        pages.append(reader.update(sealed[SALT:] if start == 0 else sealed))
    return b"".join(pages)
