"""How the county's administrator signs in to the status page: a code made at the machine, kept as an Argon2id hash, and a sealed cookie.

The cookie says until when it holds and for which code it was given: a new code ends every sign-in of the old one, on all workers, and no
worker has to remember anything.
"""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection

from county_server import notes
from county_server.county import County
from jusuo_desktop.wire.enroll_code import ALPHABET

CODE_CHARACTERS: Final = 20
"""A hundred bits: nobody guesses it, however often he may try."""

GROUP: Final = 5
MOST_CODE: Final = 100
COOKIE: Final = "__Host-jusuo-status"
SIGNED_IN_MILLISECONDS: Final = 8 * 3_600_000
_LOOKALIKES: Final = str.maketrans("OIL", "011")


def new_code(connection: Connection, now: int) -> str:
    """A fresh code; the one before opens nothing any more."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(CODE_CHARACTERS))
    notes.put(connection, notes.STATUS_CODE, PasswordHasher().hash(drawn), now)
    return "-".join(drawn[i : i + GROUP] for i in range(0, CODE_CHARACTERS, GROUP))


def opens(hashed: str, typed: str) -> bool:
    """Whether what was typed is the code: in any case, with or without its hyphens, full width or half. Slow by design."""
    folded = unicodedata.normalize("NFKC", typed[:MOST_CODE]).upper().translate(_LOOKALIKES)
    try:
        return PasswordHasher().verify(hashed, "".join(c for c in folded if c in ALPHABET))
    except (VerificationError, InvalidHashError):
        return False


def cookie(county: County, hashed: str, now: int) -> str:
    """What a signed-in browser brings with each request."""
    until = str(now + SIGNED_IN_MILLISECONDS)
    return f"{until}.{_seal(county, until, hashed)}"


def holds(county: County, hashed: str, presented: str, now: int) -> bool:
    """Whether a cookie is ours, of the present code, and has not run out."""
    until, _, seal = presented.partition(".")
    if not hmac.compare_digest(seal.encode(errors="replace"), _seal(county, until, hashed).encode()):
        return False
    return int(until) > now


def form_seal(county: County, presented: str) -> str:
    """What a form carries to prove that it came from a page of this sign-in (no other site can know it)."""
    return county.seal(b"status form", presented.encode(errors="replace"))


def form_holds(county: County, presented: str, told: str) -> bool:
    """Whether a form carries its sign-in's seal."""
    return hmac.compare_digest(told.encode(errors="replace"), form_seal(county, presented).encode())


def _seal(county: County, until: str, hashed: str) -> str:
    return county.seal(b"status page", f"{until}\n{hashed}".encode(errors="replace"))
