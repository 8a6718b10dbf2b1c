"""The county's signature under every answer: it says what was asked and what was answered, and can be shown years later."""

from __future__ import annotations

import hashlib
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

HEADING: Final = b"jusuo receipt 1\n"


def receipt_text(sent: bytes, answered: bytes) -> bytes:
    """What is signed: a heading, sha256 of the request's body and sha256 of the answer's body, as they travelled."""
    return HEADING + hashlib.sha256(sent).digest() + hashlib.sha256(answered).digest()


def signed_receipt(key: Ed25519PrivateKey, sent: bytes, answered: bytes) -> bytes:
    """The server's signature, 64 bytes."""
    return key.sign(receipt_text(sent, answered))


def receipt_holds(server_key: bytes, signature: bytes, sent: bytes, answered: bytes) -> bool:
    """Whether `signature` is the server's (32 bytes of public key) under this request and this answer."""
    try:
        Ed25519PublicKey.from_public_bytes(server_key).verify(signature, receipt_text(sent, answered))
    except (InvalidSignature, ValueError):
        return False
    return True
