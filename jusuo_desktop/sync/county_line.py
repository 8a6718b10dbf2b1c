"""One exchange with the county server over HTTP: bounded in time and size, verified before anything is believed."""

from __future__ import annotations

import base64
import binascii
import http.client
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec
import requests
import requests.adapters
import urllib3.exceptions

from jusuo_desktop.sync import failures
from jusuo_desktop.sync.diagnosis import diagnosed, said, strange
from jusuo_desktop.wire.codec import Malformed, decode, encode
from jusuo_desktop.wire.limits import MOST_BODY_BYTES
from jusuo_desktop.wire.messages import CONTENT_TYPE, PROTOCOL, RECEIPT_HEADER, Failure
from jusuo_desktop.wire.receipt import receipt_holds

Answer = TypeVar("Answer")

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def seconds_allowed(size: int) -> float:
    """Time-out in seconds of an exchange of `size` bytes: 25 s + 1.5 s each 50,000 bytes (anchors B.3, SecureDrop's rule)."""
    return 25.0 + 1.5 * size / 50_000


def tidy_address(url: str) -> str:
    """The address as typed, brought into the form https://host:port.

    Raises:
        BadAddress: no address, or one that would send records unencrypted over a network.
    """
    typed = url.strip()
    if "://" not in typed:
        typed = "https://" + typed
    try:
        parts = urlsplit(typed)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise failures.BadAddress(url) from error
    if not host or " " in typed or (port is not None and port == 0) or parts.query or parts.fragment or parts.username:
        raise failures.BadAddress(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        raise failures.BadAddress(url)
    return typed.rstrip("/")


class CountyLine:
    """The line to one address. Not for two threads at once.

    `root` is the file with the county's own root certificate; None leaves the line unverified, for comparing the
    fingerprint inside a one-time code and nothing else. `server_key` checks the receipt of every answer. `road` carries the
    requests in place of sockets (the simulation's).
    """

    def __init__(
        self,
        url: str,
        *,
        root: Path | None,
        server_key: bytes,
        allowed: Callable[[int], float] = seconds_allowed,
        road: requests.adapters.BaseAdapter | None = None,
    ) -> None:
        self.url = tidy_address(url)
        self._verify: str | bool = str(root) if root is not None else False
        self._server_key = server_key
        self._allowed = allowed
        self._session = requests.Session()
        if road is not None:
            self._session.mount(self.url, road)
        # The environment may not swap the root (REQUESTS_CA_BUNDLE) or add a log-in (netrc); its proxies are asked for below.
        self._session.trust_env = False
        self._session.headers.update({"Accept": CONTENT_TYPE, "Accept-Encoding": "identity", "User-Agent": f"jusuo-desktop/{PROTOCOL}"})

    def close(self) -> None:
        """Closes the connection."""
        self._session.close()

    def ask(self, path: str, request: msgspec.Struct | bytes | None, answer: type[Answer], *, token: str = "", awaited: int = 0) -> Answer:
        """POSTs `request`, encoded already or not (GETs if None), and returns the verified answer; `awaited` is the size asked for in bytes.

        Raises:
            SyncFailure: one of sync.failures; the server may or may not have acted.
        """
        sent = request if isinstance(request, bytes) else encode(request) if request is not None else b""
        url = self.url + path
        headers = {"Content-Type": CONTENT_TYPE} if request is not None else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        seconds = self._allowed(len(sent) + awaited)
        try:
            with warnings.catch_warnings():
                if self._verify is False:
                    warnings.simplefilter("ignore", urllib3.exceptions.InsecureRequestWarning)
                got = self._session.request(
                    "GET" if request is None else "POST",
                    url,
                    data=sent or None,
                    headers=headers,
                    timeout=seconds,
                    verify=self._verify,
                    proxies=dict(requests.utils.get_environ_proxies(url, no_proxy=None)),
                    allow_redirects=False,
                    stream=True,
                )
            with got:
                try:
                    return self._believed(got, sent, answer, time.monotonic() + seconds)
                except failures.Busy as busy:
                    busy.wait = _wait(got)
                    raise
        except (requests.RequestException, urllib3.exceptions.HTTPError, http.client.HTTPException, OSError) as error:
            raise diagnosed(error, self.url) from error

    def _believed(self, got: requests.Response, sent: bytes, answer: type[Answer], until: float) -> Answer:
        if got.headers.get("Content-Type", "").partition(";")[0].strip().lower() != CONTENT_TYPE:
            raise strange(got)
        body = self._body(got, until)
        if not body:
            raise failures.EmptyAnswer
        if self._server_key and not self._signed(got, sent, body):
            if "Content-Length" not in got.headers and "chunked" not in got.headers.get("Transfer-Encoding", ""):
                raise failures.LineCut  # an answer that ends with the line cannot tell its end from a cut
            raise failures.FalseReceipt
        if got.status_code >= 400:
            failure = self._decoded(body, Failure)
            raised = said(got.status_code, failure.code, failure.message)
            if isinstance(raised, failures.Revoked):
                raised.proved = bool(self._server_key) and receipt_holds(self._server_key, _signature(got), sent, body)
            raise raised
        if got.status_code != 200:
            raise strange(got)
        return self._decoded(body, answer)

    def _body(self, got: requests.Response, until: float) -> bytes:
        parts: list[bytes] = []
        size = 0
        while part := got.raw.read1(256 * 1024):  # whatever is there: a trickling line must not hold us until so much has come
            size += len(part)
            if size > MOST_BODY_BYTES:
                raise failures.Garbled
            if time.monotonic() > until:  # ... and never trips the time-out of a single read
                raise failures.TimedOut
            parts.append(part)
        stated = got.headers.get("Content-Length", "")
        if stated.isdigit() and size < int(stated):
            raise failures.LineCut
        return b"".join(parts)

    def _signed(self, got: requests.Response, sent: bytes, body: bytes) -> bool:
        signature = _signature(got)
        if receipt_holds(self._server_key, signature, sent, body):
            return True
        # a refusal may come before the request was read (a token that ran out, a body too large); it never makes anything count as sent
        return got.status_code >= 400 and receipt_holds(self._server_key, signature, b"", body)

    def _decoded(self, body: bytes, kind: type[Answer]) -> Answer:
        try:
            return decode(body, kind)
        except Malformed as error:
            raise failures.Garbled from error


def _signature(got: requests.Response) -> bytes:
    try:
        return base64.b64decode(got.headers.get(RECEIPT_HEADER, ""), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _wait(got: requests.Response) -> float:
    """Seconds that a busy server asks for; its other way of saying it, as a date, would need a clock that can be trusted."""
    asked = got.headers.get("Retry-After", "")
    return float(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0.0
