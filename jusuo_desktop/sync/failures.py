"""Everything that can go wrong between this machine and the county server, each with one sentence for the clerk.

Three classes of answer (anchors B.2, "retry never happens, or never stops"): `Transient` ones are tried again after a
pause, with a smaller batch; a rejected item is set aside by the store and the rest goes on (no exception at all);
`Fatal` ones stop the sync until a person has done something, because trying again cannot help.
"""

from __future__ import annotations

from jusuo_desktop.store.refusal import Refused

KEPT = "已录入的内容都保存在本机，没有丢失。"


class SyncFailure(Refused):
    """The sync could not go on; nothing that was saved is lost."""


class Transient(SyncFailure):
    """May pass by itself: tried again after a pause."""


class Fatal(SyncFailure):
    """Does not pass by itself: the sync stops and says so."""


class Unreachable(Transient):
    """The server was not reached at all; nothing was sent."""


class NoNetwork(Unreachable):
    """No route: cable out, wireless off, government network down."""

    def __init__(self) -> None:
        super().__init__(f"本机没有连上网络，请检查网线或无线网络；{KEPT}")


class NameNotFound(Unreachable):
    """The server's name has no address here."""

    def __init__(self, host: str) -> None:
        super().__init__(f"找不到县服务器“{host}”：网络未连通，或者地址有误；{KEPT}")


class ConnectionRefusedThere(Unreachable):
    """The machine is there, the service is not."""

    def __init__(self, host: str) -> None:
        super().__init__(f"县服务器“{host}”拒绝连接，可能没有启动或正在维护，请稍后再试；{KEPT}")


class ProxyBroken(Unreachable):
    """The proxy of this machine's settings does not let us through."""

    def __init__(self) -> None:
        super().__init__(f"本机设置的代理服务器不通，请检查系统的代理设置；{KEPT}")


class ConnectTimedOut(Unreachable):
    """No answer to the connection attempt."""

    def __init__(self, host: str) -> None:
        super().__init__(f"连接县服务器“{host}”超时，网络可能很慢或不通；{KEPT}")


class TimedOut(Transient):
    """Connected, but the answer did not come in the time that its size allows."""

    def __init__(self) -> None:
        super().__init__(f"等待县服务器答复超时，网络太慢；下次会减少每批的数量。{KEPT}")


class LineCut(Transient):
    """The line was cut before the whole answer was there: half a body, a reset."""

    def __init__(self) -> None:
        super().__init__(f"传输中途断线，答复不完整，这一批会再传一次；{KEPT}")


class EmptyAnswer(Transient):
    """The server closed the line, or answered with nothing."""

    def __init__(self) -> None:
        super().__init__(f"县服务器没有给出任何答复，这一批会再传一次；{KEPT}")


class ServerBroken(Transient):
    """Status 500 and kin."""

    def __init__(self, status: int) -> None:
        super().__init__(f"县服务器出错（{status}），请稍后再试，多次出现请告诉县局管理员；{KEPT}")


class Busy(Transient):
    """The server asks for patience; `wait` is for how many seconds, 0 where it does not say."""

    wait: float = 0.0

    def __init__(self) -> None:
        super().__init__(f"县服务器正忙，稍后会自动再试；{KEPT}")


class Garbled(Transient):
    """An answer of the right type that does not decode."""

    def __init__(self) -> None:
        super().__init__(f"县服务器的答复在途中损坏，无法读取，这一批会再传一次；{KEPT}")


class CaptivePortal(Transient):
    """HTML, a redirect or another type: a log-in page of the network, a proxy's page, a router."""

    def __init__(self, seen: str) -> None:
        super().__init__(f"答复的不是县服务器，而是别的网页（{seen}）：可能需要先在浏览器里登录上网，或者地址有误；{KEPT}")


class FalseReceipt(Fatal):
    """The answer is not signed by the county server this machine enrolled with."""

    def __init__(self) -> None:
        super().__init__(f"答复上没有县服务器的有效回执，不能当作已经上报；请告诉县局管理员。{KEPT}")


class WrongRoot(Fatal):
    """TLS: a certificate of another root, expired, or for another name."""

    def __init__(self, why: str) -> None:
        super().__init__(f"对方的证书不是本县签发的或已失效（{why}），为防冒充已停止同步；请告诉县局管理员。{KEPT}")


class WrongFingerprint(Fatal):
    """Enrolment: the server does not match the fingerprint inside the one-time code."""

    def __init__(self) -> None:
        super().__init__("这台服务器与注册码不符，可能地址有误或被冒充，没有注册；请核对地址和注册码。")


class Revoked(Fatal):
    """The county revoked this device. `proved`: its signature stands over this very question, which named this device."""

    def __init__(self, *, proved: bool = False) -> None:
        super().__init__(f"本机已被县局停用，不能再同步；需要恢复请向县局领取新的注册码。{KEPT}")
        self.proved = proved


class ShutOut(Revoked):
    """The county revoked this device, and proved it: the store was closed to everybody but the holder of the recovery key."""

    turns_out = True

    def __init__(self, said: str) -> None:
        super().__init__(proved=True)
        self.args, self.message = (said,), said


class PostEnded(Fatal):
    """The user at work may not work here any more, because his post ended or the device belongs elsewhere now; what he recorded goes on."""

    turns_out = True

    def __init__(self, name: str) -> None:
        super().__init__(
            f"“{name}”已经离岗，或者本机已改归别处管辖，不能再在本机使用本程序，已退出登录。"
            "没有上报的内容由本机继续上报，没有丢失；如有误，请所长改正工作人员登记。"
        )


class EpochChanged(Fatal):
    """The server was restored from a backup or replaced: its order of changes is not the one we know."""

    def __init__(self) -> None:
        super().__init__(f"县服务器的数据被恢复或更换过，为免丢失已停止同步；请联系县局管理员。{KEPT}")


class WentBackward(Fatal):
    """The server's order ends before the place up to which this machine holds it (anchors B.2: stop, never delete)."""

    def __init__(self) -> None:
        super().__init__(f"县服务器上的记录比本机已收到的还少，可能恢复过旧数据，已停止同步；请联系县局管理员。{KEPT}")


class ScopeRefused(Fatal):
    """The device asks for what is not its own."""

    def __init__(self, said: str) -> None:
        super().__init__(f"县服务器不接受：{said}" if said else "县服务器不接受：超出本机的管辖范围。")


class WrongContent(Fatal):
    """The county does not hold this attachment whole: not sent yet, or what came was not what its name says."""


class CodeRefused(Fatal):
    """The one-time code is used up, expired or mistyped."""

    def __init__(self, said: str = "") -> None:
        super().__init__(said or "注册码不对、已用过或已过期，请向县局要一个新的。")


class TooNew(Fatal):
    """Both sides speak different protocols."""

    def __init__(self, said: str = "") -> None:
        super().__init__(said or f"县服务器与本机程序的版本不能互通，请更新本机程序；{KEPT}")


class NotEnrolled(Fatal):
    """This machine has no identity at the county yet."""

    def __init__(self) -> None:
        super().__init__("本机还没有在县服务器注册，请先在“同步”页填写地址和注册码。")


class OtherScope(Fatal):
    """The code is for another place than this store's."""

    def __init__(self, theirs: str, ours: str) -> None:
        super().__init__(f"这个注册码属于区划 {theirs}，而本机是 {ours}，没有注册；请向县局要本所的注册码。")


class BadAddress(Fatal):
    """The address cannot be one."""

    def __init__(self, url: str) -> None:
        super().__init__(f"“{url}”不像服务器地址，请填写成 https://服务器名:端口 的样子。")


class TooLarge(Fatal):
    """One change alone is larger than the server takes; the engine sets it aside and goes on."""

    def __init__(self) -> None:
        super().__init__("这一批内容超过县服务器的上限。")


class Rejected(Fatal):
    """The server could not read the request at all: our bug or a version gap; `said` is its sentence."""

    def __init__(self, said: str) -> None:
        super().__init__(f"县服务器不能处理本机的请求：{said or '格式不符'}。{KEPT}")


class Unauthorized(Transient):
    """The session has expired or the server's key changed; the transport signs in again."""

    def __init__(self, said: str = "") -> None:
        super().__init__(said or f"登录县服务器没有成功，请稍后再试；{KEPT}")


class Cancelled(SyncFailure):
    """The clerk stopped it, between two batches."""

    def __init__(self) -> None:
        super().__init__(f"同步已停止，没有传完的下次继续；{KEPT}")
