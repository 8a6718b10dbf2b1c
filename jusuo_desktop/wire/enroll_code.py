"""The one-time code: read over the phone or from a slip, typed once. It names the secret and proves the server.

25 characters of Crockford's base 32 in groups of five: 45 bits of secret (single use, short-lived, attempts bounded) and 80 bits of the
fingerprint of the server's key and root certificate, so that a forged server is found out before anything is sent.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECRET_CHARACTERS: Final = 9
PRINT_CHARACTERS: Final = 16


class BadCode(ValueError):
    """What was typed is no enrolment code; the message is a sentence for the clerk."""


@dataclass(frozen=True, slots=True)
class EnrollCode:
    """The two parts of a code: the secret as ASCII bytes, the fingerprint as characters."""

    secret: bytes
    fingerprint: str

    def __str__(self) -> str:
        joined = self.secret.decode() + self.fingerprint
        return "-".join(joined[i : i + 5] for i in range(0, len(joined), 5))


def fingerprint(server_key: bytes, root_certificate: bytes) -> str:
    """16 characters (80 bits) that stand for the server's key and root."""
    value = int.from_bytes(hashlib.sha256(server_key + root_certificate).digest()[:10], "big")
    return "".join(ALPHABET[(value >> shift) & 31] for shift in range(75, -1, -5))


def make(server_fingerprint: str) -> EnrollCode:
    """A fresh code for this server."""
    return EnrollCode("".join(secrets.choice(ALPHABET) for _ in range(SECRET_CHARACTERS)).encode(), server_fingerprint)


def read(typed: str) -> EnrollCode:
    """The code that was typed; O, I and L are read as 0, 1, 1.

    Raises:
        BadCode: wrong length or characters.
    """
    joined = "".join(c for c in typed.upper().replace("O", "0").replace("I", "1").replace("L", "1") if c.isalnum())
    if len(joined) != SECRET_CHARACTERS + PRINT_CHARACTERS or any(c not in ALPHABET for c in joined):
        raise BadCode("登记码应为25个字母和数字，请对照县局发的登记码重新输入。")
    return EnrollCode(joined[:SECRET_CHARACTERS].encode(), joined[SECRET_CHARACTERS:])
