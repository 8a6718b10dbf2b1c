"""The status page's pages with one thing on them: signing in, asking before an act, telling what came of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from county_server.status import html as h
from county_server.status.gathering import Seat
from county_server.status.html import PATH, Html, link, tag
from jusuo_desktop.wire.scope import COUNTY, OFFICE, VILLAGE

HOURS: Final = {"24": "一天", "72": "三天", "168": "七天"}


def alone(title: str, *inside: object) -> str:
    """A page with one thing on it."""
    return h.document(title, tag("main", tag("section", tag("h2", title), *inside, class_="sheet alone")))


def sign_in(county: str, *, said: str = "", possible: bool = True) -> str:
    """Where the administrator types the code."""
    title = f"{county} 县服务器状态"
    if not possible:
        return alone(title, tag("p", "还没有登录码。请在服务器上运行 county-server status-code，把显示的登录码填在这里。"))
    field = Html('<input id="code" name="code" class="wide-input code" autocomplete="off" autofocus required maxlength="100">')
    label = tag("label", "登录码（在服务器上用 county-server status-code 得到）", for_="code")
    return alone(
        title,
        tag("p", said, class_="said", role="alert") if said else "",
        h.form(f"{PATH}/sign-in", tag("p", label, field), tag("button", "登录")),
    )


def confirm_revoke(form_seal: str, seat: Seat) -> str:
    """Asks before a device is shut out."""
    asked = f"（{seat.id}，{seat.place}）？停用后它立即不能再同步，下次联系时封存本机内容，不能撤销；再用须重新注册。"
    return alone(
        "停用设备",
        tag("p", "停用", tag("b", seat.name or seat.id), asked),
        h.form(
            f"{PATH}/revoke",
            h.hidden(seal=form_seal, device=seat.id),
            tag("button", "停用", class_="bad"),
            " ",
            link(PATH, {}, "返回"),
        ),
    )


def ask_scope(form_seal: str, county_code: str, places: Mapping[str, str]) -> str:
    """Asks for whom an enrolment code is; `places` are offered."""
    offered = tag("datalist", *(tag("option", place, value=scope) for scope, place in sorted(places.items())), id="places")
    scope = Html(
        '<input id="scope" name="scope" list="places" inputmode="numeric" autocomplete="off" size="16" maxlength="12" required autofocus'
        f' placeholder="{h.text(county_code)}…">'
    )
    choices = [tag("option", label, value=hours, selected="" if hours == "72" else None) for hours, label in HOURS.items()]
    return alone(
        "发一个注册码",
        h.form(
            f"{PATH}/enroll",
            h.hidden(seal=form_seal),
            tag("div", tag("label", f"给谁用：{OFFICE}位司法所或{VILLAGE}位村的代码，{COUNTY}位是全县", for_="scope"), scope, offered),
            tag("div", tag("label", "有效期", for_="hours"), tag("select", *choices, name="hours", id="hours")),
            tag("button", "发注册码"),
            link(PATH, {}, "返回"),
            class_="row",
        ),
    )


def shown_code(place: str, code: str, until: int) -> str:
    """A fresh enrolment code, the only time it can be read."""
    return alone(
        "注册码",
        tag("p", f"给{place}的一台设备，{h.exactly(until)} 前有效，只能用一次："),
        tag("p", code, class_="big-code"),
        tag("p", "在那台电脑的“同步”页填写。离开本页后不能再看到它。", class_="note"),
        tag("p", link(PATH, {}, "返回")),
    )


def told(title: str, said: str) -> str:
    """A sentence and the way back."""
    return alone(title, tag("p", said), tag("p", link(PATH, {}, "返回")))
