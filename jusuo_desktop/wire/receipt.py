"""Receipts: every answer of the county server is signed together with the question, so that nothing in between can stand in for it."""

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
    """Whether the pinned server signed this answer to this question."""
    try:
        Ed25519PublicKey.from_public_bytes(server_key).verify(signature, receipt_text(request, answer))
    except (InvalidSignature, ValueError):
        return False
    return True


def challenge_text(epoch: str, challenge: bytes) -> bytes:
    """What a device signs to open a session."""
    return b"jusuo session 1\n" + epoch.encode() + b"\n" + challenge
