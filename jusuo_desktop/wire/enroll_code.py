"""The one-time code that a person types to enrol a device: 25 characters of Crockford base32 in groups of five.

9 characters (45 bits) are the secret that the county server redeems once; 16 characters (80 bits) are the fingerprint by which the device knows the
server before it trusts it. Crockford's alphabet has no I, L, O, U, and reads them as what they look like.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECRET_BITS: Final = 45
FINGERPRINT_BITS: Final = 80
CHARACTERS: Final = (SECRET_BITS + FINGERPRINT_BITS) // 5
_SECRET_BYTES: Final = 6
_FINGERPRINT_BYTES: Final = FINGERPRINT_BITS // 8
_LOOKALIKES: Final = str.maketrans("OIL", "011")


class BadCode(Exception):
    """What was typed is no code; the message is a sentence for the clerk."""


@dataclass(frozen=True, slots=True)
class EnrollCode:
    """`secret`: 6 bytes, of which the lower 45 bits count. `fingerprint`: 10 bytes."""

    secret: bytes
    fingerprint: bytes


def new_secret() -> bytes:
    """A random secret."""
    return secrets.randbits(SECRET_BITS).to_bytes(_SECRET_BYTES, "big")


def fingerprint(server_key: bytes, root_certificate: bytes) -> bytes:
    """The first 80 bits of sha256 over the server's public key (32 bytes) and the county's root certificate (DER)."""
    return hashlib.sha256(server_key + root_certificate).digest()[:_FINGERPRINT_BYTES]


def make(secret: bytes, fingerprint: bytes) -> str:
    """The code as it is printed: 'XXXXX-XXXXX-XXXXX-XXXXX-XXXXX'."""
    number = int.from_bytes(secret, "big") << FINGERPRINT_BITS | int.from_bytes(fingerprint, "big")
    text = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(CHARACTERS)))
    return "-".join(text[start : start + 5] for start in range(0, CHARACTERS, 5))


def read(typed: str) -> EnrollCode:
    """The code behind what a person typed: spaces, hyphens, small letters, full-width characters and look-alikes are read.

    Raises:
        BadCode: another length or a foreign character.
    """
    narrow = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in typed[:200])
    text = "".join(c for c in narrow.upper() if not c.isspace() and c not in "-—–－_·.").translate(_LOOKALIKES)
    foreign = next((c for c in text if c not in ALPHABET), "")
    if foreign:
        raise BadCode(f"注册码里没有“{foreign}”这个字符，请按县局给的注册码重新输入。")
    if len(text) != CHARACTERS:
        raise BadCode(f"注册码应为{CHARACTERS}位，现有{len(text)}位，请按县局给的注册码重新输入。")
    number = 0
    for character in text:
        number = number << 5 | ALPHABET.index(character)
    return EnrollCode(
        (number >> FINGERPRINT_BITS).to_bytes(_SECRET_BYTES, "big"),
        (number & (1 << FINGERPRINT_BITS) - 1).to_bytes(_FINGERPRINT_BYTES, "big"),
    )
