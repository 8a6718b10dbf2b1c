"""Founds a county: its database, identity, keys and certificates, each private file readable by its owner alone."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert

from county_server.certificates import LOOPBACK, Root, new_root, read_root, server_certificate
from county_server.database import DATABASE_FILE, Database, county_row, database_url
from county_server.schema import COUNTY
from county_server.serving import TLS_CHAIN, TLS_KEY
from county_server.upgrade import upgrade
from jusuo_desktop.records.identity import new_id

ROOT_KEY: Final = "root-key.pem"
CONFIG: Final = "county.json"


class AlreadyFounded(Exception):
    """There is a county already; nothing was changed."""


def url_of(folder: Path, given: str | None) -> str:
    """The database of a county folder: the one given, the one it was founded on, or the embedded one."""
    config = folder / CONFIG
    if given is None and config.exists():
        given = json.loads(config.read_text(encoding="utf-8"))["database_url"]
    return given or database_url(folder)


def found(folder: Path, code: str, name: str, hosts: Sequence[str], database: str | None) -> None:
    """Founds the county in `folder`.

    Raises:
        AlreadyFounded: see there.
        OSError: the folder cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if database is None and not (folder / DATABASE_FILE).exists():
        _private(folder / DATABASE_FILE, b"")
    url = url_of(folder, database)
    opened = Database(url)
    try:
        upgrade(opened)
        with opened.writing() as connection:
            if county_row(connection) is not None:
                raise AlreadyFounded
            root = new_root(name)
            certify(folder, root, hosts)
            _private(folder / ROOT_KEY, root.key_pem)
            if database is not None:
                _private(folder / CONFIG, json.dumps({"database_url": database}).encode())
            connection.execute(
                insert(COUNTY).values(
                    code=code,
                    name=name,
                    epoch=new_id(),
                    signing_key=Ed25519PrivateKey.generate().private_bytes_raw(),
                    token_secret=secrets.token_bytes(32),
                    root_certificate=root.der,
                )
            )
    finally:
        opened.close()


def certify(folder: Path, root: Root, hosts: Sequence[str]) -> None:
    """Writes a fresh server certificate under the county's root, for `hosts` and this machine itself."""
    chain, key = server_certificate(root, list(dict.fromkeys([*hosts, *LOOPBACK])))
    _private(folder / TLS_CHAIN, chain)
    _private(folder / TLS_KEY, key)


def certify_again(folder: Path, root_key: Path, root_certificate: bytes, hosts: Sequence[str]) -> None:
    """The same years later, with the root's key brought back from where it is kept.

    Raises:
        ValueError: the key is not the root's.
    """
    certify(folder, read_root(root_key.read_bytes(), root_certificate), hosts)


def _private(path: Path, content: bytes) -> None:
    """Writes a file that only its owner may read, whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
