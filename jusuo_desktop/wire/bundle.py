"""A bundle: the messages of a sync as one file on a USB stick, signed by who made it and sealed to whom it is for (promise S10).

A device's bundle carries batches, the cursor from which it wants to read on, and the numbers it asks for; the county's answer carries
what the same requests would have been answered over the network. Both may be imported twice, late, or after the network came back:
batches are known by their changes' ids, answers by their cursor.

Sealed with HPKE (RFC 9180: X25519, HKDF-SHA256, ChaCha20-Poly1305) to a key that the receiver alone holds; the Ed25519 signature of the
sender stands over head and sealed part. The head says who it comes from and which past (epoch) it belongs to, nothing of the content.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from jusuo_desktop.wire.messages import (
    BlocksRequest,
    BlocksResponse,
    DigestResponse,
    LeaseRequest,
    LeaseResponse,
    PullResponse,
    PushResponse,
    Returned,
)
from jusuo_desktop.wire.receipt import signature_holds

SUFFIX: Final = ".jusuo"
MAGIC: Final = b"JUSUO-BUNDLE-1\n"
MOST_BUNDLE: Final = 64 * 1024 * 1024
"""Bytes of a file: a USB stick in the hand of a stranger must not fill the memory of an old computer."""
MOST_BATCHES: Final = 2_000
MOST_LEASES: Final = 500
FROM_DEVICE, FROM_COUNTY = "device", "county"
SIGNATURE: Final = 64

_suite: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class BadBundle(Exception):
    """The file is no bundle, or not one for this side; the sentence says what it is."""


class Head(msgspec.Struct, frozen=True, array_like=True):
    """What stands outside the seal. `serial` names a bundle, its answer bears the same; `reply_key` is whom the answer is sealed to."""

    sender: str
    device_id: str
    epoch: str
    serial: bytes
    made_at: int
    reply_key: bytes = b""


class Outgoing(msgspec.Struct, frozen=True, array_like=True):
    """What a device sends: batches as they go over the wire (wire.codec of PushRequest), its cursor, the blocks of numbers it wants."""

    batches: list[bytes]
    cursor: dict[str, int]
    leases: list[LeaseRequest]
    echo_own: bool = False
    returns: list[Returned] = []
    blocks: BlocksRequest | None = None


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """What the county says to it. `results` in the order of the batches, with the changes' ids (sixteen bytes each, joined);
    `pages` (wire.codec of PullResponse) follow on `cursor`; a lease that was not granted is None. `more`: not all fitted in.
    """

    results: list[tuple[bytes, PushResponse]]
    cursor: dict[str, int]
    pages: list[bytes]
    leases: list[tuple[bytes, LeaseResponse | None]]
    digest: DigestResponse
    more: bool
    returned: list[bytes] = []
    """Which of the numbers given back are noted now, by their ids."""
    blocks: BlocksResponse | None = None


def seal_key_of(secret: bytes) -> X25519PrivateKey:
    """The private key to which bundles for a secret's holder are sealed; always the same for the same secret."""
    derived = HKDF(SHA256(), 32, salt=None, info=b"jusuo bundle seal 1").derive(secret)
    return X25519PrivateKey.from_private_bytes(derived)


def write_bundle(head: Head, content: msgspec.Struct, signer: Ed25519PrivateKey, receiver_key: bytes) -> bytes:
    """The file.

    Raises:
        ValueError: the receiver's key is none.
    """
    outer = msgspec.msgpack.encode(head)
    start = MAGIC + len(outer).to_bytes(4, "big") + outer
    sealed = _suite.encrypt(msgspec.msgpack.encode(content), X25519PublicKey.from_public_bytes(receiver_key), info=start)
    return start + signer.sign(start + hashlib.sha256(sealed).digest()) + sealed


def read_head(data: bytes) -> Head:
    """Who made a file and for which county; nothing of it is proved yet.

    Raises:
        BadBundle: no bundle.
    """
    return _parted(data)[0]


def open_bundle(data: bytes, kind: type[Any], sender_key: bytes, own: X25519PrivateKey) -> Any:
    """The content of a file that the holder of `sender_key` signed and that is sealed to `own`; of type `kind`.

    Raises:
        BadBundle: changed on the way, signed by somebody else, or not meant for this side.
    """
    _, start, signature, sealed = _parted(data)
    if not signature_holds(sender_key, signature, start + hashlib.sha256(sealed).digest()):
        raise BadBundle("签名不对：文件在路上被改动过，或者不是那台设备、那个县做的")
    try:
        return msgspec.msgpack.decode(_suite.decrypt(sealed, own, info=start), type=kind)
    except InvalidTag:
        raise BadBundle("不是给这里的，或者已经损坏") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadBundle("由另一版本的程序做成，请先升级程序") from None


def digest_of_bundle(data: bytes) -> str:
    """What a hand-over receipt says of a file: the first sixteen characters of its SHA-256, in fours."""
    text = hashlib.sha256(data).hexdigest()[:16].upper()
    return " ".join(text[at : at + 4] for at in range(0, 16, 4))


def _parted(data: bytes) -> tuple[Head, bytes, bytes, bytes]:
    if len(data) > MOST_BUNDLE:
        raise BadBundle(f"文件超过 {MOST_BUNDLE // 2**20} MB，不是交换文件")
    if not data.startswith(MAGIC) or len(data) < len(MAGIC) + 4:
        raise BadBundle("不是本系统的交换文件")
    size = int.from_bytes(data[len(MAGIC) : len(MAGIC) + 4], "big")
    at = len(MAGIC) + 4 + size
    if size > 1_000 or len(data) < at + SIGNATURE:
        raise BadBundle("文件不完整，请重新复制一次")
    try:
        head = msgspec.msgpack.decode(data[len(MAGIC) + 4 : at], type=Head)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadBundle("文件不完整，请重新复制一次") from None
    return head, data[:at], data[at : at + SIGNATURE], data[at + SIGNATURE :]


__all__ = [
    "FROM_COUNTY", "FROM_DEVICE", "MOST_BATCHES", "MOST_BUNDLE", "MOST_LEASES", "SUFFIX",
    "Answer", "BadBundle", "Head", "Outgoing", "PullResponse",
    "digest_of_bundle", "open_bundle", "read_head", "seal_key_of", "write_bundle",
]  # fmt: skip
