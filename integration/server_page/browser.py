"""A headless Chromium, as Debian has it, that is told what to do as by somebody who sits in front of it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from integration.live_haproxy.conftest import until
from lbgen.testing.plugin import give_up

if TYPE_CHECKING:
    from selenium.webdriver.remote.webelement import WebElement

_PROGRAMS = {"chromium": "chromium", "chromedriver": "chromium-driver"}
_SWITCHES = (
    "--headless=new",
    "--no-sandbox",  # it refuses to start one for root
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    "--window-size=1200,900",
)
_NO_JAVASCRIPT = {"profile.managed_default_content_settings.javascript": 2}
_SECONDS = 180
_STARTS = 3


def need_chromium() -> None:
    """Ends the test where there is no Chromium, or nothing to drive it with: it is skipped, in CI it fails."""
    missing = [package for program, package in _PROGRAMS.items() if shutil.which(program) is None]
    if missing:
        give_up(f"needs a browser: not installed are Debian's packages {' and '.join(missing)}")


class Browser:
    """A window of its own."""

    def __init__(self, *, javascript: bool = True) -> None:
        self.driver = _started(javascript=javascript)
        self.driver.set_page_load_timeout(_SECONDS)
        self.driver.set_script_timeout(_SECONDS)

    def close(self) -> None:
        """Ends it."""
        self.driver.quit()

    def open(self, url: str) -> None:
        """Goes there, and complains where the page made the browser complain."""
        self.driver.get(url)
        self.check()

    def check(self) -> None:
        """Fails where the browser has complained: of errors, or of what the page may not load."""
        assert self.complaints() == []

    def complaints(self) -> list[str]:
        """What the browser has complained of since it was asked last."""
        return [str(each["message"]) for each in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]

    def click(self, text: str) -> None:
        """Clicks on the link with this text, and complains where the page behind it made the browser complain."""
        self.follow(self.driver.find_element(By.LINK_TEXT, text))

    def follow(self, link: WebElement) -> None:
        """Clicks on the link, and complains where the page behind it made the browser complain."""
        where = link.get_attribute("href")
        link.click()
        until(lambda: self.driver.current_url == where)
        self.check()

    def all(self, selector: str) -> list[WebElement]:
        """What the CSS selector finds."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        """The only element that the CSS selector finds."""
        (found,) = self.all(selector)
        return found

    def text(self, selector: str = "main") -> str:
        """What somebody reads there."""
        return self.one(selector).text

    def fragment(self) -> str:
        """The id behind the number sign of the address."""
        return self.driver.current_url.partition("#")[2]

    def in_view(self, element: WebElement) -> bool:
        """Whether the whole element is in the window."""
        script = """
            const box = arguments[0].getBoundingClientRect();
            return box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth;
        """
        return bool(self.driver.execute_script(script, element))

    def width(self) -> tuple[int, int]:
        """How wide the page is, and the window."""
        found = self.driver.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
        return int(found[0]), int(found[1])

    def resize(self, width: int, height: int) -> None:
        """Makes the window as large as a telephone, for one."""
        self._do("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def prefer(self, scheme: str) -> None:
        """Has the system ask for light or dark pages."""
        self._do("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def accessible(self) -> list[dict[str, Any]]:
        """What a screen reader is told, without what it is to pass over."""
        nodes = self._do("Accessibility.getFullAXTree")["nodes"]
        return [
            {
                "role": node["role"]["value"],
                "name": (node.get("name") or {}).get("value", ""),
                **{each["name"]: each["value"].get("value") for each in node.get("properties", ())},
            }
            for node in nodes
            if not node["ignored"]
        ]

    def _do(self, command: str, **arguments: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.driver.execute_cdp_cmd(command, arguments)
        return found


def _started(*, javascript: bool) -> webdriver.Chrome:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for each in _SWITCHES:
        options.add_argument(each)
    if not javascript:
        options.add_experimental_option("prefs", _NO_JAVASCRIPT)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for attempt in range(1, _STARTS + 1):
        try:
            return webdriver.Chrome(options, Service(shutil.which("chromedriver")))
        except WebDriverException:
            # The port that was free a moment ago may be somebody else's now.
            if attempt == _STARTS:
                raise
    raise AssertionError
