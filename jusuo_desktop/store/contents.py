"""The bytes of attachments (promise S9): named by their SHA-256, kept once, each in an encrypted file of its own beside records.db.

A file's name is a keyed hash of the content's, so the folder tells neither what is kept nor whether somebody else's known picture is;
its bytes are AES-256-GCM under a key derived from the database's, with the name bound in, so that files cannot be swapped. A content
never changes: it is written beside, flushed, and moved into its place in one step. One that no record names is harmless.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from jusuo_desktop.store.disk import disk_sentences, flush, write_flushed
from jusuo_desktop.store.engine import Database
from jusuo_desktop.store.presence import Presence
from jusuo_desktop.store.refusal import DamagedContent, Refused, StoreInUse

FOLDER: Final = "contents"
COMING: Final = "coming"
"""Folder in it for what is being written; whatever is found there when the store is opened was killed."""
SET_ASIDE: Final = Path("set-aside", FOLDER)
MOST_BYTES: Final = 100 << 20
HEAD: Final = b"JSC1"
NONCE_BYTES: Final = 12
OVERHEAD: Final = len(HEAD) + NONCE_BYTES + 16
PURPOSE_OF_NAMES: Final = b"jusuo contents: names"
PURPOSE_OF_BYTES: Final = b"jusuo contents: bytes"
NAME_DIGITS: Final = 64


class Contents:
    """The contents of one opened store. It keeps no key: each call derives what it needs, and is refused when the store was locked."""

    def __init__(self, store_folder: Path, database: Database) -> None:
        self.folder = store_folder / FOLDER
        self._aside = store_folder / SET_ASIDE
        self._database = database

    # -- keeping and giving back ---------------------------------------------

    def keep(self, data: bytes) -> str:
        """Keeps the bytes and returns their SHA-256; on the disk when this returns. What is there already is not written again.

        Raises:
            Refused: more than 100 MB.
            DiskTrouble: no room, no right to write; nothing half done is left.
        """
        if len(data) > MOST_BYTES:
            raise Refused(f"文件有{len(data) / 2**20:.0f}兆，最大只能保存{MOST_BYTES >> 20}兆。请压缩或者分成几个文件后再添加。")
        sha256 = hashlib.sha256(data).hexdigest()
        place = self.place(sha256)
        with disk_sentences(self.folder):
            if place.exists():
                if self.is_whole(place):
                    return sha256
                self._put_aside(place)
            put(self.folder, place, seal(self._database, place.name, data))
        return sha256

    def read(self, sha256: str) -> bytes | None:
        """The bytes, verified; None when they are not here.

        Raises:
            DamagedContent: the file is not what was written; it is set aside untouched.
        """
        place = self.place(sha256)
        with disk_sentences(self.folder):
            sealed = _read(place)
            if sealed is None:
                return None
            data = unseal(self._database, place.name, sealed)
            if data is not None and hashlib.sha256(data).hexdigest() == sha256:
                return data
            aside = self._put_aside(place)
        raise DamagedContent(f"附件的内容已损坏，原文件没有改动，移到了 {aside}。请从备份恢复，或者重新添加这份附件。")

    def has(self, sha256: str) -> bool:
        """Whether the bytes are here; not read."""
        return self.place(sha256).is_file()

    def drop(self, sha256: str) -> None:
        """Forgets a content; nothing when it is not here."""
        with disk_sentences(self.folder):
            self.place(sha256).unlink(missing_ok=True)

    # -- files -----------------------------------------------------------------

    def place(self, sha256: str) -> Path:
        """Where a content lies or would lie."""
        name = hmac.digest(self._database.derived(PURPOSE_OF_NAMES), sha256.encode(), "sha256").hex()
        return self.folder / name[:2] / name

    def files(self) -> Iterator[Path]:
        """Every content's file, in the order of their names."""
        return files_in(self.folder)

    def unnamed(self, named: Collection[str]) -> set[str]:
        """The places of contents that are none of those."""
        return {file.name for file in self.files()} - {self.place(sha256).name for sha256 in named}

    def at_place(self, place: str) -> tuple[str, bytes] | None:
        """The content at a place (name and bytes); None when it is not there or damaged."""
        found = _read(self.folder / place[:2] / place)
        data = unseal(self._database, place, found) if found is not None else None
        return (hashlib.sha256(data).hexdigest(), data) if data is not None else None

    def sealed(self, file: Path) -> bytes | None:
        """A file as it lies there, None unless it is, to the last bit, a content that this store wrote under that name."""
        found = _read(file)
        return found if found is not None and unseal(self._database, file.name, found) is not None else None

    def is_whole(self, file: Path) -> bool:
        """Whether a file is what this store wrote under that name."""
        return self.sealed(file) is not None

    def _put_aside(self, place: Path) -> Path:
        self._aside.mkdir(parents=True, exist_ok=True)
        aside = self._aside / place.name
        while aside.exists():
            aside = aside.with_name(aside.name + "-2")
        place.replace(aside)
        return aside

    def verify(self, most: int = 10) -> list[str]:
        """What is wrong with the contents, a sentence each; every one is read."""
        found = [file.name for file in self.files() if not self.is_whole(file)]
        said = [f"附件的内容 {name[:12]} 已损坏。请从备份恢复，或者重新添加这份附件。" for name in found[:most]]
        return said if len(found) <= most else [*said, f"还有{len(found) - most}份附件的内容也已损坏。"]


def files_in(folder: Path) -> Iterator[Path]:
    """The files of a contents folder, in the order of their names."""
    for shelf in sorted(folder.glob("[0-9a-f][0-9a-f]")):
        for file in sorted(shelf.iterdir()):
            if len(file.name) == NAME_DIGITS and file.is_file():
                yield file


def put(folder: Path, place: Path, sealed: bytes) -> None:
    """Puts a sealed content in its place in a contents folder, in one step."""
    coming = folder / COMING
    coming.mkdir(parents=True, exist_ok=True)
    beside = coming / secrets.token_hex(8)
    write_flushed(beside, sealed)
    try:
        new_shelf = not place.parent.exists()
        place.parent.mkdir(exist_ok=True)
        beside.replace(place)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    flush(place.parent)
    if new_shelf:
        flush(folder)


def seal(database: Database, name: str, data: bytes) -> bytes:
    """A content as it lies on the disk."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # opening a store does without it

    nonce = secrets.token_bytes(NONCE_BYTES)
    return b"".join((HEAD, nonce, AESGCM(database.derived(PURPOSE_OF_BYTES)).encrypt(nonce, data, name.encode())))


def unseal(database: Database, name: str, sealed: bytes) -> bytes | None:
    """The content again, None when it is not what was sealed under that name."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if not sealed.startswith(HEAD) or len(sealed) < OVERHEAD:
        return None
    view = memoryview(sealed)[len(HEAD) :]
    with suppress(InvalidTag):
        return AESGCM(database.derived(PURPOSE_OF_BYTES)).decrypt(view[:NONCE_BYTES], view[NONCE_BYTES:], name.encode())
    return None


def _read(place: Path) -> bytes | None:
    try:
        with place.open("rb") as file:
            return file.read(MOST_BYTES + OVERHEAD + 1)  # a longer one was not written here, and does not unseal
    except FileNotFoundError:
        return None


def clear_coming(store_folder: Path, presence: Presence) -> None:
    """Takes away what a killed program had not finished writing, unless another program has the store open: it may still be at it."""
    left = store_folder / FOLDER / COMING
    if not left.is_dir() or not any(left.iterdir()):
        return
    with suppress(StoreInUse), presence.alone():
        for file in left.iterdir():
            file.unlink(missing_ok=True)
