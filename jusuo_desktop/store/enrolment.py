"""This device's identity at the county: kept inside the encrypted store, private key included."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import Connection

from jusuo_desktop.store.settings import get_setting, put_setting

NAME: Final = "enrolment"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """`private_key` and `server_key` are raw Ed25519 keys, `root_certificate` the DER of the county's root, b'' without TLS."""

    url: str
    device_id: str
    scope: str
    epoch: str
    server_key: bytes
    root_certificate: bytes
    private_key: bytes


def read_enrolment(connection: Connection) -> Enrolment | None:
    """The identity, None before enrolment."""
    kept: dict[str, str] | None = get_setting(connection, NAME)
    if not kept:
        return None
    server_key, root_certificate, private_key = (bytes.fromhex(kept[name]) for name in ("server_key", "root_certificate", "private_key"))
    return Enrolment(kept["url"], kept["device_id"], kept["scope"], kept["epoch"], server_key, root_certificate, private_key)


def write_enrolment(connection: Connection, enrolment: Enrolment) -> None:
    """Keeps the identity in place of an earlier one."""
    put_setting(connection, NAME, {n: v.hex() if isinstance(v, bytes) else v for n, v in asdict(enrolment).items()})
