"""A real browser on a real console; nothing in it may reach beyond the console's own address."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.desk_centre import PASSWORD, Served, make, served

AXE = Path(__file__).parents[2] / ".axe" / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--mute-audio",
    "--autoplay-policy=no-user-gesture-required", "--disable-background-networking",
    "--disable-component-update", "--no-first-run", "--window-size=1280,900",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


class Page:
    """One person at the browser."""

    def __init__(self, driver: webdriver.Chrome, console: Served) -> None:
        self.driver, self.console = driver, console

    def open(self, path: str) -> None:
        self.driver.get(self.console.address + path)
        self.until(lambda: self.run("return document.documentElement.dataset.ready === '1'"))

    def run(self, script: str, *arguments: object) -> object:
        return self.driver.execute_script(script, *arguments)

    def until(self, told: Callable[[], object], seconds: float = 20) -> object:
        # while a page gives way to the next one, its elements are gone or not there yet
        gone = (StaleElementReferenceException, NoSuchElementException)
        waiting = WebDriverWait(self.driver, seconds, 0.05, ignored_exceptions=gone)
        return waiting.until(lambda _: told())

    def all(self, css: str) -> list:
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def one(self, css: str):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def press(self, *keys: str) -> None:
        """Type at whatever has the focus, as a person without a mouse does."""
        self.driver.switch_to.active_element.send_keys(*keys)

    def sign_in(self, name: str) -> None:
        self.driver.delete_all_cookies()
        self.open("/sign-in")
        self.press(name, Keys.TAB, PASSWORD, Keys.ENTER)
        self.until(lambda: not self.driver.current_url.endswith("/sign-in"))
        self.until(lambda: self.run("return document.documentElement.dataset.ready === '1'"))


@pytest.fixture(scope="session")
def driver() -> Iterator[webdriver.Chrome]:
    binary, service = shutil.which("chromium"), shutil.which("chromedriver")
    if binary is None or service is None:
        pytest.skip("no chromium with its driver on this machine (Debian: chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    one = webdriver.Chrome(options=options, service=Service(service))
    yield one
    one.quit()


@pytest.fixture(scope="session")
def browsed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(make(tmp_path_factory.mktemp("browser") / "centre", chats=12)) as one:
        yield one


@pytest.fixture
def browser(driver: webdriver.Chrome, browsed: Served) -> Iterator[Page]:
    """A browser; afterwards no request left the origin and the console said no error."""
    driver.get_log("performance")
    driver.get_log("browser")
    yield Page(driver, browsed)
    asked = set()
    for entry in driver.get_log("performance"):
        if '"Network.requestWillBeSent"' in entry["message"]:
            asked.add(json.loads(entry["message"])["message"]["params"]["request"]["url"])
    ours = urlsplit(browsed.address).netloc
    assert [url for url in asked if urlsplit(url).netloc != ours and ":" in url
            and not url.startswith(("data:", "about:", "chrome"))] == []  # fmt: skip
    said = [one["message"] for one in driver.get_log("browser") if one["level"] != "DEBUG"]
    assert said == []


@pytest.fixture(scope="session")
def axe() -> str:
    if not AXE.is_file():
        pytest.skip("axe-core is not here: npm install --prefix .axe axe-core")
    return AXE.read_text("utf-8")
