"""The one-time code: read over the phone or from a slip, typed once. It names the secret and proves the server.

25 characters of Crockford's base 32 in groups of five: 45 bits of secret (single use, short-lived, attempts bounded)
and 80 bits of the fingerprint of the server's key and root certificate, so that a forged server is found out before
anything is sent.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECRET_CHARACTERS: Final = 9
PRINT_CHARACTERS: Final = 16
CHARACTERS: Final = SECRET_CHARACTERS + PRINT_CHARACTERS
_LOOKALIKES: Final = str.maketrans("OIL", "011")


class BadCode(ValueError):
    """What was typed is no enrolment code; the message is a sentence for the clerk."""


@dataclass(frozen=True, slots=True)
class EnrollCode:
    """The two parts of a code: the secret as ASCII bytes, the fingerprint as characters. `str()` is what is printed."""

    secret: bytes
    fingerprint: str

    def __str__(self) -> str:
        joined = self.secret.decode() + self.fingerprint
        return "-".join(joined[i : i + 5] for i in range(0, len(joined), 5))


def fingerprint(server_key: bytes, root_certificate: bytes) -> str:
    """16 characters (80 bits of sha256) that stand for the server's key (32 bytes) and the county's root (DER)."""
    value = int.from_bytes(hashlib.sha256(server_key + root_certificate).digest()[:10], "big")
    return "".join(ALPHABET[(value >> shift) & 31] for shift in range(75, -1, -5))


def make(server_fingerprint: str) -> EnrollCode:
    """A fresh code for this server."""
    return EnrollCode("".join(secrets.choice(ALPHABET) for _ in range(SECRET_CHARACTERS)).encode(), server_fingerprint)


def read(typed: str) -> EnrollCode:
    """The code that was typed: spaces, hyphens, small and full-width characters are read, O, I and L as 0, 1, 1.

    Raises:
        BadCode: wrong length or characters.
    """
    narrow = unicodedata.normalize("NFKC", typed[:200]).upper()
    joined = "".join(c for c in narrow if not (c.isspace() or c in "-—–－_·.")).translate(_LOOKALIKES)
    foreign = next((c for c in joined if c not in ALPHABET), "")
    if foreign:
        raise BadCode(f"注册码里没有“{foreign}”这个字符，请对照县局发的注册码重新输入。")
    if len(joined) != CHARACTERS:
        raise BadCode(f"注册码应为{CHARACTERS}个字母和数字，现有{len(joined)}个，请对照县局发的注册码重新输入。")
    return EnrollCode(joined[:SECRET_CHARACTERS].encode(), joined[SECRET_CHARACTERS:])
