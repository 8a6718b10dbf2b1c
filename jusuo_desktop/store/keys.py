"""The random database key, wrapped once for each user by Argon2id over the pass phrase and once for the printed recovery key.

`keys.json` holds login names, salts and wrapped keys; nothing in it opens the store without a pass phrase.
Argon2id with 64 MiB, 3 passes, 4 lanes: Bitwarden's numbers, 0.13 s here (anchors D).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jusuo_desktop.store.refusal import DamagedStore, DiskTrouble, NoStore, Refused, WrongPassphrase

KEYS_FILE: Final = "keys.json"
KEY_BYTES: Final = 32
MEMORY_KIB: Final = 64 * 1024
PASSES: Final = 3
LANES: Final = 4
MOST_KEYS_FILE_BYTES: Final = 1 << 20
CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SHORTEST_PASSPHRASE: Final = 8
RECOVERY: Final = ""
"""The entry of the recovery key: no user has an empty name."""


@dataclass(frozen=True, slots=True)
class Wrap:
    """One wrapped copy of the database key."""

    user_id: str
    salt: bytes
    nonce: bytes
    sealed: bytes


SHUT_OUT: Final = "shut_out"
"""Member of keys.json beside the wrapped keys: since when the county has shut this device out."""


@dataclass(frozen=True, slots=True)
class ShutOut:
    """That the county shut this device out: as which device, and when it heard of it (ms, this machine's clock)."""

    device_id: str
    at: int

    @property
    def line(self) -> str:
        """The sentence on the log-in page."""
        return (
            "本机已被县局停用，数据已经封存：所有口令作废，只有信封里的恢复密钥能打开。没有上报的内容都在里面，没有丢失。"
            "要重新使用，请向县局领取新的注册码，用恢复密钥打开以后在“同步”页重新注册。"
        )


def new_key() -> bytes:
    """A fresh random database key."""
    import secrets  # it brings hashing with it, and the log-in page reads this module before its first frame

    return secrets.token_bytes(KEY_BYTES)


def new_recovery_key() -> str:
    """120 random bits and a check character pair, in groups to be printed and typed: 'XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-X'."""
    import secrets

    value = secrets.randbits(120)
    symbols = "".join(CROCKFORD[(value >> shift) & 31] for shift in range(115, -1, -5)) + CROCKFORD[value % 31] + CROCKFORD[value % 29]
    return "-".join(symbols[i : i + 5] for i in range(0, len(symbols), 5))


def read_recovery_key(typed: str) -> str:
    """The 26 characters of a typed recovery key, O, I, L read as 0, 1, 1.

    Raises:
        WrongPassphrase: not a recovery key, or mistyped (the check characters say so before any attempt).
    """
    symbols = "".join(c for c in typed.upper().replace("O", "0").replace("I", "1").replace("L", "1") if c.isalnum())
    if len(symbols) != 26 or any(c not in CROCKFORD for c in symbols):
        raise WrongPassphrase("恢复密钥应为26个字母和数字，请对照封存的纸件重新输入。")
    value = 0
    for c in symbols[:24]:
        value = value << 5 | CROCKFORD.index(c)
    if symbols[24:] != CROCKFORD[value % 31] + CROCKFORD[value % 29]:
        raise WrongPassphrase("恢复密钥抄错了一个字符，请对照封存的纸件核对。")
    return symbols


def _derived(secret: str, salt: bytes) -> bytes:
    from argon2.low_level import Type, hash_secret_raw  # here and below: the log-in page reads the names without the ciphers

    return hash_secret_raw(secret.encode(), salt, time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, hash_len=32, type=Type.ID)


def wrap(key: bytes, secret: str, name: str, user_id: str) -> Wrap:
    """The key sealed under a secret; the login name and user id are bound in, so that entries cannot be swapped."""
    import secrets

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    sealed = AESGCM(_derived(secret, salt)).encrypt(nonce, key, f"{name}\n{user_id}".encode())
    return Wrap(user_id, salt, nonce, sealed)


def unwrap(wrapped: Wrap, secret: str, name: str) -> bytes:
    """The database key.

    Raises:
        WrongPassphrase: the secret is not the one it was sealed under.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(_derived(secret, wrapped.salt)).decrypt(wrapped.nonce, wrapped.sealed, f"{name}\n{wrapped.user_id}".encode())
    except InvalidTag:
        said = "恢复密钥不对，请对照封存的纸件核对。" if name == RECOVERY else f"“{name}”的口令不对，请重新输入（注意大小写和输入法）。"
        raise WrongPassphrase(said) from None


def check_passphrase(passphrase: str) -> None:
    """Refuses a pass phrase that is too short to protect anything.

    Raises:
        Refused: shorter than 8 characters.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise Refused(f"口令至少{SHORTEST_PASSPHRASE}个字符，可以用一句容易记住的话。")


def read_keys(folder: Path) -> dict[str, Wrap]:
    """The wrapped keys by login name; the recovery entry under ''.

    Raises:
        NoStore: the folder has no store.
        DamagedStore: the file is not what this program wrote.
    """
    path = folder / KEYS_FILE
    try:
        if path.stat().st_size > MOST_KEYS_FILE_BYTES:
            raise DamagedStore(f"密钥文件 {path} 过大，不是本程序写的，请从备份恢复。")
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return {
            name: Wrap(entry["user_id"], *(bytes.fromhex(entry[part]) for part in ("salt", "nonce", "sealed")))
            for name, entry in content["wraps"].items()
        }
    except FileNotFoundError:
        raise NoStore(f"文件夹 {folder} 里没有数据，请先初始化，或者检查文件夹是否选对。") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DamagedStore(f"密钥文件 {path} 已损坏，请从备份恢复。") from None
    except OSError as trouble:
        raise DiskTrouble(f"读不了密钥文件 {path}：{trouble.strerror}。请检查磁盘和权限。") from None


def user_names(folder: Path) -> list[str]:
    """The login names of a store.

    Raises:
        NoStore, DamagedStore: see refusal.
    """
    return [name for name in read_keys(folder) if name != RECOVERY]


def write_keys(folder: Path, wraps: dict[str, Wrap], beside: Mapping[str, Any] | None = None) -> None:
    """Replaces the file in one step: the old one or the new one is there, never half of one. `beside` are members beside the wrapped keys
    (store.closing); None, they stay as they are.

    Raises:
        DiskTrouble: the folder cannot be written.
    """
    content = {
        **(_beside(folder / KEYS_FILE) if beside is None else beside),
        "format": 1,
        "wraps": {name: {"user_id": w.user_id, "salt": w.salt.hex(), "nonce": w.nonce.hex(), "sealed": w.sealed.hex()} for name, w in wraps.items()},
    }
    write_whole(folder / KEYS_FILE, json.dumps(content, ensure_ascii=False, indent=1).encode())


def _beside(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {name: value for name, value in content.items() if name not in ("format", "wraps")}
    except (OSError, ValueError, AttributeError):
        return {}


def shut_out_since(folder: Path) -> ShutOut | None:
    """Whether the county shut this device out; None for an open store, and where there is none."""
    try:
        told = json.loads((folder / KEYS_FILE).read_text(encoding="utf-8")).get(SHUT_OUT)
        return ShutOut(str(told["device_id"]), int(told["at"])) if told else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # what is wrong with the file is said by whoever needs its keys


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file so that a power cut leaves the old one or the new one (temp file, fsync, replace), readable by its owner only.

    Raises:
        DiskTrouble: the disk is full or the folder cannot be written.
    """
    beside = path.with_name(path.name + ".new")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as trouble:
        raise DiskTrouble(f"写不了文件 {path}：{trouble.strerror}。请检查磁盘空间和文件夹权限。") from None
