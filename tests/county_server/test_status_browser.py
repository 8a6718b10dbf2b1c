"""The status page in a real browser: Chromium signs in, sorts, filters and shuts a device out; a name made of HTML stays text."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from county_server.county import County
from county_server.database import Database
from county_server.failing import Refusal
from county_server.founding import url_of
from jusuo_desktop.wire.messages import PullRequest
from tests.county_server.status_county import HOSTILE, populate
from tests.running_county import RunningCounty, running_county

SECONDS = 60
SIZES = ((1366, 768), (1920, 1080))


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    """Chromium without a window. Where there is none the test says so; where everything must run (CI=true) that is a failure."""
    program = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
    driver = shutil.which("chromedriver")
    if program is None or driver is None:
        said = "no Chromium with its driver on this machine (on Debian: apt-get install chromium chromium-driver): the status page was NOT tried"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for word in ("--headless=new", "--disable-dev-shm-usage", "--no-first-run", "--lang=zh-CN"):
        options.add_argument(word)
    if os.name == "posix" and os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # Chromium does not start as root with it
    options.accept_insecure_certs = True  # the county's own root
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    made = webdriver.Chrome(options=options, service=Service(driver))
    made.set_page_load_timeout(SECONDS)
    yield made
    made.quit()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningCounty, dict[str, str]]]:
    with running_county(tmp_path_factory.mktemp("county"), quiet=True) as county:
        yield county, populate(county.folder)


@pytest.fixture
def page(browser: webdriver.Chrome, filled: tuple[RunningCounty, dict[str, str]]) -> webdriver.Chrome:
    """The page, signed in by keyboard."""
    county, _ = filled
    code = county.say("status-code").strip()
    browser.delete_all_cookies()
    browser.get(county.url + "/status")
    wait(browser, lambda: browser.switch_to.active_element.get_attribute("id") == "code")
    browser.switch_to.active_element.send_keys(code, Keys.ENTER)
    wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "table"))
    return browser


def wait(browser: webdriver.Chrome, holds: Callable[[], Any]) -> None:
    WebDriverWait(browser, SECONDS, poll_frequency=0.05).until(lambda _: holds())


def names(browser: webdriver.Chrome) -> list[str]:
    return [cell.text for cell in browser.find_elements(By.CSS_SELECTOR, "td.name")]


def follow(browser: webdriver.Chrome, text: str, piece: str) -> None:
    """Clicks a link and waits for the page that it leads to."""
    browser.find_element(By.PARTIAL_LINK_TEXT, text).click()
    wait(browser, lambda: piece in browser.current_url and browser.execute_script("return document.readyState") == "complete")


def test_devices_are_seen_sorted_and_filtered(page: webdriver.Chrome) -> None:
    assert {"西塘所前台", "东岭村笔记本", "北河村笔记本"} <= set(names(page))
    assert "旧电脑" not in names(page)
    page.find_element(By.CSS_SELECTOR, "th a").click()
    wait(page, lambda: "sort=name" in page.current_url)
    upward = names(page)
    assert upward == sorted(upward)
    page.find_element(By.CSS_SELECTOR, "th a").click()
    wait(page, lambda: "down=1" in page.current_url)
    assert names(page) == upward[::-1]
    follow(page, "东岭司法所", "office=990101002")
    assert sorted(names(page)) == ["东岭所前台", "东岭村笔记本"]
    follow(page, "全部", "sort=name")
    page.find_element(By.CSS_SELECTOR, "a.tile.warn").click()
    wait(page, lambda: "state=silent" in page.current_url)
    assert names(page) == ["北河村笔记本"]


def test_a_name_made_of_html_is_text_and_nothing_runs(page: webdriver.Chrome) -> None:
    assert any(name.startswith('<img src=x onerror="document.title=') for name in names(page))
    assert HOSTILE.startswith(next(name for name in names(page) if name.startswith("<img")))
    assert page.title == "清溪县 县服务器状态"
    assert page.find_elements(By.CSS_SELECTOR, "td img, script") == []
    assert page.get_log("browser") == []  # no blocked script, no missing file


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
@pytest.mark.parametrize("sheet", ["devices", "aside", "blocks", "server"])
def test_each_sheet_fits_the_screen(page: webdriver.Chrome, sheet: str, size: tuple[int, int]) -> None:
    metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    page.get(page.current_url.partition("?")[0] + f"?sheet={sheet}")
    assert page.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    assert page.execute_script("return [...document.querySelectorAll('.wide')].every(e => e.scrollWidth <= e.clientWidth)")
    assert page.find_element(By.CSS_SELECTOR, "nav a[aria-current]").is_displayed()
    sizes = page.execute_script("return [...document.querySelectorAll('td, th, dd, .tile span')].map(e => parseFloat(getComputedStyle(e).fontSize))")
    assert min(sizes) >= 13


def test_a_device_is_shut_out_after_it_was_asked_for(page: webdriver.Chrome, filled: tuple[RunningCounty, dict[str, str]]) -> None:
    county, ids = filled
    device = ids["南湾村笔记本"]
    row = next(row for row in page.find_elements(By.CSS_SELECTOR, "tbody tr") if device in row.text)
    row.find_element(By.PARTIAL_LINK_TEXT, "停用").click()
    wait(page, lambda: "/status/revoke" in page.current_url)
    assert "南湾村笔记本" in page.find_element(By.TAG_NAME, "main").text
    page.find_element(By.CSS_SELECTOR, "button.bad").click()
    wait(page, lambda: "state=revoked" in page.current_url)
    assert "南湾村笔记本" in names(page)
    with closing(Database(url_of(county.folder, None))) as database:
        inside = County(database)
        with pytest.raises(Refusal, match="停用"):
            inside.pull(device, PullRequest(inside.epoch, {}, 1000))


def test_leaving_shows_nothing_any_more(page: webdriver.Chrome) -> None:
    page.find_element(By.CSS_SELECTOR, "header button").click()
    wait(page, lambda: page.find_elements(By.ID, "code"))
    page.back()
    page.refresh()
    assert names(page) == []
