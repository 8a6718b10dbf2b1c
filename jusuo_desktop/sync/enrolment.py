"""How this machine gets its identity from the county: a one-time code, a key made here, a server that proves itself first."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jusuo_desktop.store.enrolment import Enrolment
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.county_line import CountyLine, seconds_allowed, tidy_address
from jusuo_desktop.sync.county_root import written_root
from jusuo_desktop.wire import enroll_code
from jusuo_desktop.wire.messages import OLDEST, PROTOCOL, EnrollRequest, EnrollResponse, Hello

BEGUN = "enrolment_begun"
"""Setting that holds the key of an enrolment whose answer may have been lost; inside the encrypted store."""


class Settings(Protocol):
    """Where an enrolment remembers that it has begun: a store, which is encrypted."""

    def get(self, name: str, default: Any = None) -> Any:
        """The value kept under a name."""

    def set(self, name: str, value: Any) -> None:
        """Keeps a value."""


def enrolled(
    url: str,
    code: str,
    device_name: str,
    *,
    settings: Settings,
    folder: Path,
    allowed: Callable[[int], float] = seconds_allowed,
) -> Enrolment:
    """Redeems the one-time `code` at `url`; the caller keeps the result in the store and then calls `finished`.

    The server is believed only after its key and root certificate match the fingerprint inside the code. The private
    key is kept before it is used: if the answer is lost, the same code redeemed again brings the same identity.

    Raises:
        SyncFailure: CodeRefused, WrongFingerprint, BadAddress, or a failure of the line.
    """
    try:
        typed = enroll_code.read(code)
    except enroll_code.BadCode as error:
        raise failures.CodeRefused(str(error)) from error
    address = tidy_address(url)
    hello = _hello(address, allowed)
    if not hmac.compare_digest(typed.fingerprint, enroll_code.fingerprint(hello.server_key, hello.root_certificate)):
        raise failures.WrongFingerprint
    if hello.oldest > PROTOCOL:
        raise failures.TooNew
    if hello.protocol < OLDEST:
        raise failures.TooNew(f"县服务器的版本太旧，本机程序还不能与它同步。请联系县局升级服务器；{failures.KEPT}")
    if address.startswith("https") and not hello.root_certificate:
        raise failures.WrongRoot("没有本县的根证书")
    key = _key_for(settings, typed.secret, hello.server_key)
    line = CountyLine(address, root=written_root(folder, hello.root_certificate), server_key=hello.server_key, allowed=allowed)
    try:
        public = key.public_key().public_bytes_raw()
        answer = line.ask("/v1/enroll", EnrollRequest(str(typed), public, device_name), EnrollResponse)
    finally:
        line.close()
    return Enrolment(
        url=address,
        device_id=answer.device_id,
        scope=answer.scope,
        epoch=answer.epoch,
        server_key=hello.server_key,
        root_certificate=hello.root_certificate,
        private_key=key.private_bytes_raw(),
    )


def finished(settings: Settings) -> None:
    """Forgets the key of the begun enrolment, once the store holds the result."""
    settings.set(BEGUN, None)


def _hello(address: str, allowed: Callable[[int], float]) -> Hello:
    line = CountyLine(address, root=None, server_key=b"", allowed=allowed)
    try:
        return line.ask("/v1/hello", None, Hello)
    finally:
        line.close()


def _key_for(settings: Settings, secret: bytes, server_key: bytes) -> Ed25519PrivateKey:
    """The key begun for this code and server earlier, or a new one, kept before its first use."""
    mark = hashlib.sha256(secret + server_key).hexdigest()
    begun = settings.get(BEGUN)
    if begun and begun["for"] == mark:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(begun["key"]))
    key = Ed25519PrivateKey.generate()
    settings.set(BEGUN, {"for": mark, "key": key.private_bytes_raw().hex()})
    return key
