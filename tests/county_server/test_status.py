"""The status page over HTTP: who gets in, what a form needs, that nothing is put together unescaped, and what it tells."""

from __future__ import annotations

import http.client
import re
import ssl
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from county_server.status import html as h
from county_server.status.sign_in import COOKIE
from jusuo_desktop.wire.enroll_code import read
from tests.county_server.counties import OFFICE
from tests.county_server.status_county import populate
from tests.running_county import RunningCounty, running_county


class Page(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def seal(self) -> str:
        found = re.search(r'name="seal" value="([0-9a-f]+)"', self.text)
        assert found
        return found[1]


class Browser:
    """Asks over TLS and keeps the one cookie there is."""

    def __init__(self, county: RunningCounty) -> None:
        self._where = urlsplit(county.url)
        self._trust = ssl.create_default_context(cafile=str(county.folder / "server-chain.pem"))
        self._trust.verify_flags &= ~ssl.VERIFY_X509_STRICT
        self.cookie = ""

    def ask(self, method: str, path: str, **form: str) -> Page:
        line = http.client.HTTPSConnection(str(self._where.hostname), self._where.port, timeout=60, context=self._trust)
        try:
            headers = {"Content-Type": "application/x-www-form-urlencoded", **({"Cookie": self.cookie} if self.cookie else {})}
            line.request(method, path, urlencode(form) or None, headers)
            got = line.getresponse()
            return Page(got.status, got.headers, got.read().decode())
        finally:
            line.close()

    def sign_in(self, code: str) -> Page:
        page = self.ask("POST", "/status/sign-in", code=code)
        if page.status == 303:
            self.cookie = page.headers["set-cookie"].partition(";")[0]
        return page


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningCounty, dict[str, str]]]:
    with running_county(tmp_path_factory.mktemp("county"), quiet=True) as county:
        yield county, populate(county.folder)


@pytest.fixture
def browser(filled: tuple[RunningCounty, dict[str, str]]) -> Browser:
    made = Browser(filled[0])
    assert made.sign_in(filled[0].say("status-code").strip().lower().replace("-", " ")).status == 303
    return made


def test_nobody_sees_anything_without_the_code(filled: tuple[RunningCounty, dict[str, str]]) -> None:
    county, ids = filled
    stranger = Browser(county)
    assert "status-code" in stranger.ask("GET", "/status").text
    county.say("status-code")
    for path in ("/status", "/status?sheet=aside", f"/status/revoke?device={ids['旧电脑']}", "/status/enroll"):
        page = stranger.ask("GET", path)
        assert "所前台" not in page.text
        assert "登录码" in page.text
    wrong = stranger.sign_in("00000-00000-00000-00000")
    assert (wrong.status, "登录码不对" in wrong.text) == (403, True)
    stranger.cookie = f"{COOKIE}=99999999999999.{'0' * 64}"
    assert "所前台" not in stranger.ask("GET", "/status").text
    for act in ("revoke", "enroll", "leave"):
        assert stranger.ask("POST", f"/status/{act}", device=ids["西塘所前台"], scope=OFFICE, hours="24").status == 403
    assert "停用" not in county.say("list").replace("旧电脑", "").split(ids["西塘所前台"])[1].splitlines()[0]


def test_the_cookie_is_for_this_site_alone_and_the_page_runs_nothing(browser: Browser, filled: tuple[RunningCounty, dict[str, str]]) -> None:
    code = filled[0].say("status-code").strip()
    told = browser.sign_in(code).headers["set-cookie"].lower()
    assert {"httponly", "secure", "samesite=strict", "path=/"} <= {part.strip() for part in told.split(";")}
    assert told.startswith("__host-")
    page = browser.ask("GET", "/status")
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert page.headers["cache-control"] == "no-store"
    assert "<script" not in page.text
    assert 'http-equiv="refresh"' in page.text


def test_a_new_code_ends_every_sign_in(browser: Browser, filled: tuple[RunningCounty, dict[str, str]]) -> None:
    assert "西塘所前台" in browser.ask("GET", "/status").text
    filled[0].say("status-code")
    assert "西塘所前台" not in browser.ask("GET", "/status").text


def test_a_name_made_of_html_is_text(browser: Browser) -> None:
    page = browser.ask("GET", "/status").text
    assert "<img" not in page
    assert "&lt;img src=x onerror=" in page
    said = browser.ask("GET", "/status?office=" + quote('"><script>') + "&state=" + quote('"><b>') + "&sort=" + quote('"><i>')).text
    assert not re.search("<script|<b>[^0-9]*<|<i>", said.replace("<b>1天前</b>", ""))


@given(st.text(alphabet="<>&\"'=/ax "))
def test_whatever_comes_from_outside_is_escaped(told: str) -> None:
    for made in (h.tag("td", told, title=told), h.link("/status", {"q": told}, told), h.hidden(device=told), h.table([told], [[told]], empty=told)):
        inside = re.sub(r"</?(td|a|input|div|table|thead|tbody|tr|th|p)( [a-z-]+=\"[^\"<>]*\")*>", "", made)
        assert "<" not in inside
        assert ">" not in inside


def test_what_it_tells(browser: Browser, filled: tuple[RunningCounty, dict[str, str]]) -> None:
    _, ids = filled
    page = browser.ask("GET", "/status").text
    row = re.search(rf"<tr>(?:(?!</tr>).)*{ids['北河村笔记本']}.*?</tr>", page)
    assert row
    assert "北河司法所 · 北河村" in row[0]
    assert "19天前" in row[0]
    assert "久未联系" in row[0]
    assert ids["旧电脑"] not in page
    assert ids["旧电脑"] in browser.ask("GET", "/status?state=revoked").text
    only = browser.ask("GET", "/status?office=990101002").text
    assert ids["东岭所前台"] in only
    assert ids["西塘所前台"] not in only
    aside = browser.ask("GET", "/status?sheet=aside").text
    assert "内容不合规：约期答复日期。" in aside
    assert "昨天" not in aside
    blocks = browser.ask("GET", "/status?sheet=blocks&year=2026").text
    assert "西塘村调委会 2026年 人民调解" in blocks
    assert "1–50" in blocks
    server = browser.ask("GET", "/status?sheet=server").text
    assert "接收41" in server
    assert "/srv/backup/county-20261123.db" in server
    for odd in ("sheet=x&sort=y&office=z&year=" + "9" * 5000, "year=٣", "year=-1", "sort=behind&down=1", "state=all&sort=name"):
        assert browser.ask("GET", "/status?" + quote(odd, safe="=&")).status == 200


def test_an_act_needs_a_form_of_this_sign_in(browser: Browser, filled: tuple[RunningCounty, dict[str, str]]) -> None:
    county, ids = filled
    device = ids["南湾村笔记本"]
    for seal in ("", "0" * 64, "x"):
        assert browser.ask("POST", "/status/revoke", device=device, seal=seal).status == 403
    assert f"{device}" in browser.ask("GET", "/status").text
    asked = browser.ask("GET", f"/status/revoke?device={device}")
    done = browser.ask("POST", "/status/revoke", device=device, seal=asked.seal)
    assert (done.status, done.headers["location"]) == (303, "/status?state=revoked")
    assert "已停用" in next(line for line in county.say("list").splitlines() if line.startswith(device))
    assert browser.ask("POST", "/status/revoke", device="nobody", seal=asked.seal).status == 404
    assert browser.ask("GET", "/status/revoke?device=nobody").status == 404


def test_an_enrolment_code_from_the_page_is_one(browser: Browser) -> None:
    seal = browser.ask("GET", "/status/enroll").seal
    page = browser.ask("POST", "/status/enroll", seal=seal, scope=OFFICE, hours="24")
    found = re.search(r'class="big-code">([^<]+)<', page.text)
    assert found
    assert read(found[1]).secret
    for wrong in ({"scope": "110101", "hours": "24"}, {"scope": "<b>", "hours": "24"}, {"scope": OFFICE, "hours": "9999"}):
        refused = browser.ask("POST", "/status/enroll", seal=seal, **wrong)
        assert refused.status == 400
        assert "<b>" not in refused.text


def test_leaving_ends_it(browser: Browser) -> None:
    done = browser.ask("POST", "/status/leave", seal=browser.ask("GET", "/status").seal)
    assert done.status == 303
    assert "max-age=0" in done.headers["set-cookie"].lower()
