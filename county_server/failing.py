"""What the server refuses, each with a code for the program and a sentence for the clerk."""

from __future__ import annotations

from typing import Final

PASSING: Final = (429, 503)
"""Statuses of what passes by itself; the answer says after how many seconds (Retry-After)."""

WAIT: Final = 10


class Refusal(Exception):
    """Answered as wire.messages.Failure with this HTTP status; `wait` is for how many seconds, where it passes by itself."""

    def __init__(self, status: int, code: str, message: str, wait: int = WAIT) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.wait = status, code, message, wait


def malformed() -> Refusal:
    """A body that is no message."""
    return Refusal(400, "malformed", "县服务器看不懂这次请求，请升级程序后再试。")


def too_large() -> Refusal:
    """A body over the limit."""
    return Refusal(413, "too_large", "这一批数据太大，请分小批再送。")


def unauthorized() -> Refusal:
    """No session, or one that has run out."""
    return Refusal(401, "unauthorized", "登录凭据已过期，请重新同步。")


def revoked() -> Refusal:
    """A device that the county has shut out."""
    return Refusal(403, "revoked", "这台设备已被县局停用，不能再同步。如有疑问请联系县局。")


def bad_code() -> Refusal:
    """An enrolment code that opens nothing."""
    return Refusal(403, "bad_code", "注册码不对、已经用过或者已经过期，请向县局重新领取。")


def too_many_codes() -> Refusal:
    """Too many wrong enrolment codes of late, from whomever."""
    return Refusal(429, "busy", "注册码输错次数太多，请十分钟后再试。")


def too_often(wait: int = WAIT) -> Refusal:
    """One device or one address asks more often than its measure."""
    return Refusal(429, "busy", f"请求太频繁，请过{wait}秒再试。", wait)


def too_much_at_once() -> Refusal:
    """One device or one address has too many bytes on their way already."""
    return Refusal(429, "busy", f"同时送来的数据太多，请过{WAIT}秒再试。")


def other_epoch() -> Refusal:
    """The device was enrolled at another installation than this one."""
    return Refusal(409, "epoch", "县服务器更换过，与本机对不上。本机数据没有改动，请联系县局处理。")


def went_backward() -> Refusal:
    """The device holds what this server never gave out."""
    return Refusal(409, "epoch", "县服务器恢复过旧数据，比本机已收到的还少。本机数据没有改动，请联系县局处理。")


def outside() -> Refusal:
    """Somebody else's."""
    return Refusal(403, "scope", "这不在本机的管辖范围内。")


def wrong_content(said: str = "附件的内容和它的校验值对不上，已经作废这次上传，会从头再传。") -> Refusal:
    """The bytes of an attachment are not there, or not what their name says."""
    return Refusal(409, "content", said)


def busy() -> Refusal:
    """Others are writing, or the database does not answer."""
    return Refusal(503, "busy", "县服务器正忙，请稍后再试。")


def no_such_path() -> Refusal:
    """An address that no version of the protocol knows."""
    return Refusal(404, "protocol", "县服务器没有这项服务，可能版本较旧，请联系县局。")


def too_old() -> Refusal:
    """A program that no longer understands this server."""
    return Refusal(409, "protocol", "本机程序的版本太旧，不能再与县服务器同步。请升级本机程序；已录入的内容都在本机，没有丢失。")


def too_new() -> Refusal:
    """A program that this server does not understand yet."""
    return Refusal(409, "protocol", "县服务器的版本太旧，本机程序还不能与它同步。请联系县局升级服务器；已录入的内容都在本机，没有丢失。")


def wrong_method() -> Refusal:
    """GET where POST is due, or the other way round."""
    return Refusal(405, "malformed", "县服务器看不懂这次请求，请升级程序后再试。")


def broken() -> Refusal:
    """A bug of the server; its log has the traceback."""
    return Refusal(500, "broken", "县服务器内部出错，已记入日志。本机数据没有丢失，请稍后再试。")
