"""What the server refuses, each with a code for the program and a sentence for the clerk."""

from __future__ import annotations


class Refusal(Exception):
    """Answered as wire.messages.Failure with this HTTP status."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


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
    return Refusal(403, "bad_code", "登记码不对、已经用过或者已经过期，请向县局重新领取。")


def other_epoch() -> Refusal:
    """The device and this server have different pasts."""
    return Refusal(409, "epoch", "县服务器的数据被恢复或更换过，与本机对不上。本机数据没有改动，请联系县局处理。")


def busy() -> Refusal:
    """Too many attempts."""
    return Refusal(429, "busy", "登记码输错次数太多，请十分钟后再试。")
