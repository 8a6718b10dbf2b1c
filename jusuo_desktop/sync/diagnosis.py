"""What a failed exchange means for the clerk: the library's exceptions and strange answers, named one by one."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

import requests
import urllib3.exceptions

from jusuo_desktop.sync import failures
from jusuo_desktop.sync.failures import SyncFailure

NO_ROUTE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL}


def diagnosed(error: Exception, url: str) -> SyncFailure:
    """The failure behind an exception of requests or of what lies under it: the innermost cause that says something decides."""
    host = urlsplit(url).hostname or url
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.MissingSchema | requests.exceptions.InvalidSchema):
        return failures.BadAddress(url)
    if isinstance(error, requests.exceptions.ProxyError):
        return failures.ProxyBroken()
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return failures.WrongRoot(cause.verify_message or cause.reason or "无法核实")
    for cause in causes:
        found = _named(cause, host)
        if found is not None:
            return found
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return failures.ConnectTimedOut(host)
    if isinstance(error, requests.exceptions.Timeout):
        return failures.TimedOut()
    return failures.LineCut()


def _named(cause: BaseException, host: str) -> SyncFailure | None:
    if isinstance(cause, socket.gaierror):
        return failures.NoNetwork() if cause.errno == socket.EAI_AGAIN else failures.NameNotFound(host)
    if isinstance(cause, ConnectionRefusedError):
        return failures.ConnectionRefusedThere(host)
    if isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError | http.client.IncompleteRead):
        return failures.LineCut()
    if isinstance(cause, ssl.SSLError):
        if cause.reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"):
            return failures.CaptivePortal("没有加密的网页")
        return failures.WrongRoot(cause.reason or "加密连接失败")
    if isinstance(cause, http.client.RemoteDisconnected):
        return failures.EmptyAnswer()
    if isinstance(cause, http.client.BadStatusLine | http.client.LineTooLong):
        return failures.CaptivePortal("不是网页服务")
    if isinstance(cause, urllib3.exceptions.ConnectTimeoutError) and not isinstance(cause, urllib3.exceptions.NewConnectionError):
        return failures.ConnectTimedOut(host)
    if isinstance(cause, urllib3.exceptions.ReadTimeoutError | TimeoutError):
        return failures.TimedOut()
    if isinstance(cause, ConnectionResetError | BrokenPipeError | ConnectionAbortedError):
        return failures.LineCut()
    if isinstance(cause, OSError) and cause.errno in NO_ROUTE:
        return failures.NoNetwork()
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Every exception wrapped in `error`, the outermost first (requests and urllib3 wrap in args, reason and context)."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop(0)
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]


def strange(answer: requests.Response) -> SyncFailure:
    """The failure behind an answer that no county server gives: its status or type is wrong."""
    if answer.is_redirect or 300 <= answer.status_code < 400:
        return failures.CaptivePortal(f"跳转到 {urlsplit(answer.headers.get('Location', '')).hostname or '别处'}")
    if answer.status_code in (407, 511):
        return failures.CaptivePortal("要求先登录网络")
    if answer.status_code in (429, 503):
        return failures.Busy()
    if answer.status_code >= 500:
        return failures.ServerBroken(answer.status_code)
    media = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return failures.CaptivePortal({"text/html": "HTML 网页", "": "没有类型"}.get(media, media[:60]))


def said(status: int, code: str, message: str) -> SyncFailure:
    """The failure that the county server itself names (wire.messages.Failure)."""
    match code:
        case "revoked":
            return failures.Revoked()
        case "unauthorized":
            return failures.Unauthorized(message)
        case "bad_code":
            return failures.CodeRefused(message)
        case "epoch":
            return failures.EpochChanged()
        case "too_large":
            return failures.TooLarge()
        case "protocol":
            return failures.TooNew(message)
        case "busy":
            return failures.Busy()
        case "content":
            return failures.WrongContent(message)
        case "scope":
            return failures.ScopeRefused(message)
    return failures.ServerBroken(status) if status >= 500 else failures.Rejected(message)
