"""Receipts: every answer of the county server is signed together with the question, so that nothing in between can
stand in for it; a receipt can still be shown years later.
"""

from __future__ import annotations

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def receipt_text(request: bytes, answer: bytes) -> bytes:
    """What the server signs: both bodies as they were sent."""
    return b"jusuo receipt 1\n" + hashlib.sha256(request).digest() + hashlib.sha256(answer).digest()


def sign_receipt(key: Ed25519PrivateKey, request: bytes, answer: bytes) -> bytes:
    """The server's signature, 64 bytes."""
    return key.sign(receipt_text(request, answer))


def receipt_holds(server_key: bytes, signature: bytes, request: bytes, answer: bytes) -> bool:
    """Whether the pinned server (32 bytes of Ed25519 key) signed this answer to this question."""
    return signature_holds(server_key, signature, receipt_text(request, answer))


def challenge_text(epoch: str, challenge: bytes) -> bytes:
    """What a device signs to open a session."""
    return b"jusuo session 1\n" + epoch.encode() + b"\n" + challenge


def signature_holds(key: bytes, signature: bytes, text: bytes) -> bool:
    """Whether an Ed25519 `signature` under `text` is that of the public `key`."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True
