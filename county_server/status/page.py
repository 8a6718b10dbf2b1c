"""The status page's sheets as HTML: pure, from what was gathered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from county_server.status import html as h
from county_server.status.gathering import Aside, Block, CourierFile, Seat, Standing
from county_server.status.html import DAY, PATH, Html, link, tag
from jusuo_desktop.wire.scope import feed_of

REFRESH: Final = 60
SILENT_DAYS: Final = 7
"""A device that was not heard for so long is marked: an office's computer speaks every five minutes, a laptop comes back every week."""

MOST_SHOWN: Final = 1_000
"""Devices on one page."""

SHEETS: Final = {"devices": "设备", "aside": "退回与暂缓", "blocks": "号段", "server": "U盘文件与服务器"}
RESULTS: Final = {"accepted": "接收", "duplicate": "以前已收", "conflict": "有冲突", "held": "暂缓", "rejected": "退回"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: which sheet, in which order, of which office, in which state."""

    sheet: str = "devices"
    sort: str = ""
    down: bool = False
    office: str = ""
    state: str = ""
    year: int = 0

    def but(self, **other: str) -> dict[str, str]:
        """The query of the same page but for what is given."""
        told = {"sheet": self.sheet, "sort": self.sort, "down": "1" if self.down else "", "office": self.office, "state": self.state}
        return {**told, "year": str(self.year) if self.year and self.sheet == "blocks" else "", **other}


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every sheet."""

    county: str
    code: str
    version: str
    now: int
    form_seal: str
    seats: Sequence[Seat]
    standing: Standing


def whole(frame: Frame, asked: Asked, sheet: Html) -> str:
    """A sheet with head, figures and the ways to the others."""
    ways = [link(PATH, {"sheet": name if name != "devices" else ""}, label, current=name == asked.sheet) for name, label in SHEETS.items()]
    ways.append(link(f"{PATH}/enroll", {}, "发注册码…", class_="act"))
    leave = h.form(f"{PATH}/leave", h.hidden(seal=frame.form_seal), tag("button", "退出", class_="plain"))
    head = tag(
        "header",
        tag("h1", frame.county),
        tag("span", "县服务器状态", class_="what"),
        tag("div", h.exactly(frame.now), leave, class_="right"),
    )
    body = h.joined(head, tag("main", _tiles(frame), tag("nav", *ways), sheet))
    return h.document(f"{frame.county} 县服务器状态", body, refresh=REFRESH)


def _tiles(frame: Frame) -> Html:
    active = [s for s in frame.seats if s.revoked_at is None]
    silent = sum(_is_silent(s, frame.now) for s in active)
    behind = sum(bool(s.behind) for s in active)
    one = frame.standing
    backup = h.ago(one.backup[0], frame.now) if one.backup is not None else "未知"
    old = one.backup is None or frame.now - one.backup[0] > 2 * DAY
    told: list[tuple[object, str, bool, dict[str, str]]] = [
        (h.number(len(active)), "在用设备", False, {}),
        (h.number(silent), f"{SILENT_DAYS}天没有联系", silent > 0, {"state": "silent"}),
        (h.number(behind), "还有内容没取", False, {"state": "behind"}),
        (h.number(one.aside), "退回与暂缓", one.aside > 0, {"sheet": "aside"}),
        (h.number(one.conflicts), "没有处理的冲突", False, {"sheet": "server"}),
        (h.number(one.contents_waiting), "附件还没传全", False, {"sheet": "server"}),
        (backup, "最近备份", old, {"sheet": "server"}),
    ]
    tiles = (link(PATH, way, tag("b", value), tag("span", label), class_="tile warn" if warn else "tile") for value, label, warn, way in told)
    return tag("div", *tiles, class_="tiles")


def _is_silent(seat: Seat, now: int) -> bool:
    return seat.revoked_at is None and now - seat.last_contact > SILENT_DAYS * DAY


# -- devices -----------------------------------------------------------------------------

_ORDERS: Final[dict[str, Callable[[Seat], Any]]] = {
    "name": lambda s: (s.name, s.id),
    "place": lambda s: (s.scope, s.name),
    "contact": lambda s: -s.last_contact,
    "behind": lambda s: s.behind if s.behind is not None else -1,
    "aside": lambda s: s.aside,
    "program": lambda s: s.program,
}
_STATES: Final = {
    "": "在用",
    "silent": f"{SILENT_DAYS}天没有联系",
    "behind": "还有内容没取",
    "aside": "有退回或暂缓",
    "revoked": "已停用",
    "all": "全部",
}


def devices(frame: Frame, asked: Asked) -> Html:
    """The devices, in the order asked for."""
    chosen = [s for s in frame.seats if _is_in(s, asked.state, frame.now)]
    shown = [s for s in chosen if not asked.office or feed_of(s.scope) == asked.office]
    order = asked.sort if asked.sort in _ORDERS else "place"
    shown = sorted(shown, key=_ORDERS[order], reverse=asked.down)
    heads = [
        _by(asked, order, "name", "设备"),
        "编号",
        _by(asked, order, "place", "司法所 · 村"),
        _by(asked, order, "contact", "最近联系"),
        h.count_head(_by(asked, order, "behind", "还没取的更改")),
        h.count_head(_by(asked, order, "aside", "退回/暂缓")),
        _by(asked, order, "program", "程序版本"),
        "状态",
        "",
    ]
    rows = [_device(s, frame.now) for s in shown[:MOST_SHOWN]]
    more = tag("p", f"只列出前 {MOST_SHOWN} 台，共 {h.number(len(shown))} 台，请选一个司法所。", class_="note") if len(shown) > MOST_SHOWN else ""
    states = [link(PATH, asked.but(state=name), label, current=asked.state == name) for name, label in _STATES.items()]
    return h.joined(
        tag("div", tag("span", "状态"), *states, class_="choices"),
        _offices(asked, chosen),
        h.table(heads, rows, empty="没有这样的设备。" if frame.seats else "还没有设备。先发一个注册码，到司法所的电脑上填写。"),
        more,
    )


def _is_in(seat: Seat, state: str, now: int) -> bool:
    if state in ("all", "revoked"):
        return state == "all" or seat.revoked_at is not None
    if seat.revoked_at is not None:
        return False
    return {"silent": _is_silent(seat, now), "behind": bool(seat.behind), "aside": seat.aside > 0}.get(state, True)


def _offices(asked: Asked, seats: Sequence[Seat]) -> Html:
    counted = Counter(feed_of(s.scope) for s in seats)
    names = {feed_of(s.scope): s.place.partition(" · ")[0] for s in seats}
    if asked.office and asked.office not in counted:
        counted[asked.office], names[asked.office] = 0, asked.office
    if len(counted) < 2:
        return Html("")
    every = link(PATH, asked.but(office=""), f"全部 {sum(counted.values())}", current=not asked.office)
    each = [link(PATH, asked.but(office=code), f"{names[code]} {counted[code]}", current=asked.office == code) for code in sorted(counted)]
    return tag("div", tag("span", "司法所"), every, *each, class_="choices")


def _by(asked: Asked, order: str, name: str, label: str) -> Html:
    """A column's head: sorts by it, and the other way round when it is sorted by already."""
    mine = order == name
    arrow = (" ▾" if asked.down else " ▴") if mine else ""
    return link(PATH, asked.but(sort=name, down="1" if mine and not asked.down else ""), f"{label}{arrow}")


def _device(seat: Seat, now: int) -> list[object]:
    if seat.revoked_at is not None:
        state, acts = h.mark(f"{h.exactly(seat.revoked_at)} 停用", "off"), Html("")
    else:
        state = h.mark("久未联系", "warn") if _is_silent(seat, now) else h.mark("正常")
        acts = link(f"{PATH}/revoke", {"device": seat.id}, "停用…")
    return [
        h.name_cell(seat.name or "（没有名称）"),
        h.code_cell(seat.id),
        seat.place,
        h.moment(seat.last_contact, now),
        h.count_cell("从未取过" if seat.behind is None else seat.behind),
        h.count_cell(seat.aside or ""),
        seat.program or "未知",
        state,
        tag("td", acts, class_="acts"),
    ]


# -- what was not taken in ---------------------------------------------------------------


def aside(frame: Frame, asked: Asked, rows: Sequence[Aside]) -> Html:
    """Changes that were refused or held."""
    settled = asked.state == "settled"
    states = [("", "还没解决"), ("settled", "后来已接收"), ("left", "已停用的设备留下的")]
    ways = [link(PATH, {"sheet": "aside", "state": name}, label, current=asked.state == name) for name, label in states]
    heads = ["从何时起", "设备", "司法所 · 村", "记录", "怎样", "原因", *(["接收于"] if settled else [])]
    said = "退回的要在那台设备上改正（同步页“退回的更改”）；暂缓的等它前面的更改到了会自己接收。这里不显示记录的内容。"
    empty = "没有。" if asked.state else "没有退回或暂缓的更改，各设备送来的都接收了。"
    listed = h.table(heads, [_aside(a, frame.now) for a in rows], empty=empty)
    return h.joined(tag("div", *ways, class_="choices"), listed, tag("p", said, class_="note"))


def _aside(one: Aside, now: int) -> list[object]:
    return [
        h.moment(one.since, now),
        h.name_cell(one.device_name),
        one.place,
        h.joined(one.kind, " ", tag("span", f"…{one.record}", class_="code")),
        h.mark("暂缓", "warn") if one.held else h.mark("退回", "bad"),
        one.reason,
        *([h.moment(one.settled_at, now)] if one.settled_at is not None else []),
    ]


# -- number blocks -----------------------------------------------------------------------


def blocks(frame: Frame, asked: Asked, rows: Sequence[Block]) -> Html:
    """The number blocks of a year."""
    years = [link(PATH, {"sheet": "blocks", "year": str(y)}, f"{y}年", current=y == asked.year) for y in (asked.year - 1, asked.year, asked.year + 1)]
    heads = ["编号", h.count_head("号段"), "设备", "领取时间", "退回的", "状态"]
    listed = h.table(heads, [_block(b, frame.now) for b in rows], empty=f"{asked.year}年还没有领取号段。")
    return h.joined(tag("div", *years, class_="choices"), listed)


def _block(one: Block, now: int) -> list[object]:
    block = one.of
    return [
        h.name_cell(one.series),
        h.count_cell(f"{block.first}–{block.last}"),
        h.name_cell(block.device_name),
        h.moment(block.leased_at, now),
        "、".join(f"{first}–{last}（{h.exactly(at)}）" for first, last, at in block.returned),
        h.mark(f"{h.exactly(block.closed_at)} 关闭：{block.because}", "off") if block.closed_at else h.mark("在用"),
    ]


# -- courier files and the server --------------------------------------------------------


def server(frame: Frame, files: Sequence[CourierFile]) -> Html:
    """What came by stick, and the machine itself."""
    heads = ["最近导入", "设备", "校验码", "收到的更改", h.count_head("带回"), h.count_head("导入次数")]
    one = frame.standing
    facts: list[tuple[str, object]] = [
        ("县", f"{frame.county}（{frame.code}）"),
        ("程序版本", frame.version or "未知"),
        ("数据库", f"{one.database}，{h.size(one.database_bytes)}，结构 {one.schema}"),
        ("最近备份", h.joined(h.moment(one.backup[0], frame.now), " ", one.backup[1]) if one.backup is not None else "没有记录"),
        ("没有处理的冲突", f"{h.number(one.conflicts)} 处，由各司法所在“冲突”里处理"),
        ("附件", f"共 {h.number(one.contents_named)} 份，{h.number(one.contents_waiting)} 份还没传全，已开始的还差 {h.size(one.bytes_waiting)}"),
    ]
    lines = [[one.places.get(code, code), h.code_cell(code), h.count_cell(last)] for code, last in one.heads.items()]
    feeds = h.table(["司法所", "代码", h.count_head("更改数")], lines, empty="还没有更改。")
    told = tag("dl", *(part for name, value in facts for part in (tag("dt", name), tag("dd", value))))
    return h.joined(
        tag("div", tag("section", tag("h2", "服务器"), told, class_="sheet"), feeds, class_="two"),
        tag("h2", "U盘带来的文件"),
        h.table(heads, [_file(f, frame.now) for f in files], empty="还没有导入过U盘文件。"),
    )


def _file(one: CourierFile, now: int) -> list[object]:
    return [
        h.moment(one.taken_at, now),
        h.name_cell(one.device_name or one.device_id),
        h.code_cell(one.digest),
        _counted(one.counts),
        h.count_cell(one.entries),
        h.count_cell(one.times),
    ]


def _counted(counts: Mapping[str, int]) -> str:
    return "，".join(f"{said}{counts[name]}" for name, said in RESULTS.items() if counts.get(name)) or "没有新的更改"
