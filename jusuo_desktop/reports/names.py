"""Names as ledgers write them: several in one cell, two sides in one cell, a company instead of a person, blanks inside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from jusuo_desktop.records.values import halfwidth

ORGANIZATION: Final = re.compile(
    r"(公司|厂|店|合作社|委员会|村委会|居委会|管委会|学校|小学|中学|大学|幼儿园|医院|卫生院|诊所|银行|信用社|中心|集团|局|所|站|队|协会|工会|酒店|饭店|超市|"
    r"商行|经营部|工作室|事务所|农场|工地|项目部|部|政府|办事处|经济社|合作联社|小组|村|社区)$"
)
BETWEEN_NAMES: Final = re.compile(r"[、，,;；/\n]+(?![^()]*\))|\s{2,}|\s+(?=\d{1,2}[.、)])")
"""Not inside a bracket, which tells about one of them."""
BETWEEN_SIDES: Final = re.compile(r"(?:\s*(?:与|诉|vs\.?|VS\.?|－|—+|--)\s*)")
AND: Final = re.compile(r"^([^\s]{2,4})[和及]([^\s]{2,4})$")
OTHERS: Final = re.compile(r"等(?:[\d一二三四五六七八九十两]+[人户名位]|人)?$")
ORDER: Final = re.compile(r"^(?:\d{1,2}[.、)]|[(]\d{1,2}[)]|[①-⑳])")
LONE_BLANK: Final = re.compile(r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff])\s+(?=[\u3400-\u9fff\U00020000-\U0003ffff])")
BLANKED_NAME: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]\s+[\u3400-\u9fff\U00020000-\U0003ffff]")
TITLE: Final = re.compile(r"^(?P<one>.{2,20}?)(?:与|诉|和)(?P<other>.{2,20}?)(?:之间|因|的)?(?P<type>[^因与诉]{2,10}?纠纷)(?:案|一案)?$")


JOINING: Final = "与和及跟同诉"
"""Words between two names, each of which may also stand inside a name: 李和平, 陈与义."""
SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵周吴徐孙马胡朱郭何罗高林郑梁谢唐许冯宋韩邓彭曹曾田萧潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付傅方邹熊白孟"
    "秦邱侯江尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文樊兰殷施洪翟安颜倪季牛温芦俞章鲁葛柴骆柳单毕聂焦左鲍靳祝纪耿宁包颛欧阮"
    "蓝詹喻应岳盛关凌辛管冉池游裴席霍申甄屈项车苗卜娄房霍伍缪柯庄解虞华尚申桂甘臧穆楼仇戚瞿祁司慕端诸皇上官公冶宗政濮淳单太闻人查米沙危农巫艾荣谷"
)
"""Characters with which most surnames begin, to tell a name from the middle of one."""


@dataclass(frozen=True, slots=True)
class Named:
    """One party as a cell names it. `others`: the cell says 等 behind it."""

    name: str
    organization: bool
    others: bool = False


def tidy(name: str) -> str:
    """A name without the blanks that make columns look even: “张　三” is 张三."""
    name = halfwidth(name).strip()
    return BLANKED_NAME.sub(lambda m: m[0][0] + m[0][-1], name) if BLANKED_NAME.fullmatch(name) else LONE_BLANK.sub("", name)


def named(text: str) -> list[Named]:
    """The names in one cell: “张三、李四”, one a line, “1.张三 2.李四”, “张三等3人”."""
    text = halfwidth(text).strip()
    parts = [text] if BLANKED_NAME.fullmatch(text) else [p for p in BETWEEN_NAMES.split(text) if p.strip()]
    if len(parts) == 1 and (both := AND.match(parts[0])) and not ORGANIZATION.search(parts[0]):
        parts = [both[1], both[2]]
    if len(parts) == 1 and re.fullmatch(r"[\u3400-\u9fff]{2,4}(?:\s[\u3400-\u9fff]{2,4})+", parts[0]):
        parts = parts[0].split()
    found: list[Named] = []
    for part in parts:
        name = ORDER.sub("", tidy(part)).strip()
        others = OTHERS.search(name) is not None
        name = OTHERS.sub("", name).strip() if others else name
        if name:
            found.append(Named(name, bool(ORGANIZATION.search(re.sub(r"\(.*\)$", "", name))), others))
    return found


def sides(text: str) -> tuple[list[Named], list[Named]]:
    """Applicants and respondents of a cell that names both: “张三与李四”, “张三诉李四、王五”, “张三、李四” (the first against the rest)."""
    text = halfwidth(text).strip()
    parts = [p for p in BETWEEN_SIDES.split(text, maxsplit=1) if p.strip()]
    if len(parts) == 2:
        return named(parts[0]), named(parts[1])
    people = named(text)
    return people[:1], people[1:]


def everyone(text: str) -> list[Named]:
    """All the people and organizations that a text names, side by side: “张三、李四与王五”, “李和平和东村小组”. A joining word is taken for
    one only where both sides of it look like names, so that nothing is torn apart that may be one name; no character gets lost but those
    that join.
    """
    parts = [p for p in BETWEEN_NAMES.split(halfwidth(text).strip()) if p.strip()]
    return [one for part in parts for piece in _apart(part.strip()) for one in named(piece)]


def _apart(part: str) -> list[str]:
    for place, character in enumerate(part):
        if character in JOINING and _looks_named(part[:place]):
            rest = _apart(part[place + 1 :])
            if all(_looks_named(piece) for piece in rest):
                return [part[:place], *rest]
    return [part]


def _looks_named(piece: str) -> bool:
    bare = OTHERS.sub("", tidy(re.sub(r"\(.*?\)", "", piece)))
    if ORGANIZATION.search(bare):
        return len(bare) > 2
    return 2 <= len(bare) <= 4 and bare[0] in SURNAMES


def sides_of_title(title: str) -> tuple[list[Named], list[Named], str]:
    """The parties and the type that a title tells: “张三与李四邻里纠纷”; nothing where it is no such title."""
    match = TITLE.match(halfwidth(title).strip())
    if match is None:
        return [], [], ""
    return named(match["one"]), named(match["other"]), match["type"]


def shared_out(text: str, count: int) -> list[str] | None:
    """A cell beside `count` names: one piece for each, or all of it for the first; None when it cannot be told whose is whose."""
    text = text.strip()
    if count <= 1 or not text:
        return [text]
    pieces = [ORDER.sub("", p.strip()).strip() for p in re.split(r"[、，,;；\n]+|\s+", text) if p.strip()]
    if len(pieces) == count:
        return pieces
    return [text] if len(pieces) == 1 else None
