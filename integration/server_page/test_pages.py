"""The pages in a real browser: what somebody sees, and where links lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from selenium.common.exceptions import NoAlertPresentException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from integration.server_page.conftest import TOKEN
from integration.server_run.edge import free_port, pool, until
from tests.server.page.pools import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable

    from integration.server_page.browser import Browser
    from integration.server_run.edge import Edge, Worker

PAGES = ("/", *(f"/page/{page}?name={name}" for name in ("edge", "hostile") for page in ("pool", "config", "document")))
TELEPHONE = (360, 740)


def test_under_the_prefix_it_is_the_same(browser: Browser, url: str) -> None:
    for root in ("/service/edgelb/", "/service/edgelb"):
        browser.open(f"{url}{root}")
        browser.click("edge")
        browser.click("JSON")
        browser.click("Pools")
        assert browser.driver.current_url == f"{url}/service/edgelb/"
        assert browser.text("h1") == "Pools"


def test_from_the_list_to_where_a_line_comes_from(any_browser: Browser, url: str) -> None:
    any_browser.open(url)
    assert any_browser.text("h1") == "Pools"
    # Without tasks one has no server.
    assert [each.text for each in any_browser.all("tbody th")] == ["hostile", "edge", "large"]
    any_browser.click("edge")
    assert any_browser.text("h1") == "edge"
    assert [each.text for each in any_browser.all("#backends ~ article h3")] == ["api", "shop", "web"]
    route = next(each for each in any_browser.all("tbody tr") if "api.example.org" in each.text)
    any_browser.follow(route.find_element(By.CSS_SELECTOR, "td:last-child a"))
    assert any_browser.text("h1") == "Configuration of edge"
    row = any_browser.one(f"#{any_browser.fragment()}")
    assert any_browser.in_view(row)
    assert row.value_of_css_property("background-color") != any_browser.all("tr[id]")[0].value_of_css_property(
        "background-color"
    )
    assert "use_backend api if" in row.text
    any_browser.click("/haproxy/frontends/1/linkBackend/map/0/backend")
    assert any_browser.text("h1") == "JSON of edge"
    field = any_browser.one(f"#{any_browser.fragment()}")
    assert any_browser.in_view(field)
    assert '"backend": "api"' in field.text
    any_browser.click("Pools")
    assert any_browser.text("h1") == "Pools"


def test_the_middle_of_what_is_long(any_browser: Browser, url: str) -> None:
    any_browser.open(f"{url}/page/config?name=large&line=5500#L5500")
    assert any_browser.in_view(any_browser.one("#L5500"))
    assert len(any_browser.all("tr[id]")) == 1000
    any_browser.follow(any_browser.all("a[rel=next]")[0])
    assert any_browser.all("tr[id]")[0].get_attribute("id") == "L6001"


def test_what_is_hostile_is_text(any_browser: Browser, url: str) -> None:
    for page in ("pool", "config", "document"):
        any_browser.open(f"{url}/page/{page}?name=hostile")
        with pytest.raises(NoAlertPresentException):
            _ = any_browser.driver.switch_to.alert
        assert not any_browser.all("script, img, iframe, main form")
    for value in HOSTILE[:4]:
        assert value.replace('"', '\\"') in any_browser.text()
    any_browser.open(f"{url}/page/pool?name=hostile")
    assert HOSTILE[0] in any_browser.text()


def test_a_pool_that_is_not_there(browser: Browser, url: str) -> None:
    browser.driver.get(f"{url}/page/pool?name=%3Cb%3Enowhere")
    # The browser itself notes the 404.
    assert ["404" in each for each in browser.complaints()] == [True]
    assert browser.text("h1") == "Not found"
    assert "pool <b>nowhere not found" in browser.text()
    browser.click("Pools")
    assert browser.text("h1") == "Pools"


def test_by_keyboard_alone(browser: Browser, url: str) -> None:
    browser.open(f"{url}/page/pool?name=edge")
    browser.one("body").send_keys(Keys.TAB)
    skip = browser.driver.switch_to.active_element
    assert skip.text == "Skip to the content"
    assert browser.in_view(skip)
    assert skip.value_of_css_property("outline-style") == "solid"
    skip.send_keys(Keys.ENTER)
    until(lambda: browser.fragment() == "main")
    browser.driver.switch_to.active_element.send_keys(Keys.TAB)
    first = browser.driver.switch_to.active_element
    assert first.text == "Overview"
    assert first.value_of_css_property("outline-style") == "solid"
    first.send_keys(Keys.TAB)
    browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    until(lambda: browser.driver.title == "Configuration of edge")


def test_nothing_is_wider_than_a_telephone(browser: Browser, url: str) -> None:
    browser.resize(*TELEPHONE)
    for page in PAGES:
        browser.open(f"{url}{page}")
        wide, window = browser.width()
        assert wide <= window, page


@pytest.mark.parametrize(("scheme", "paper"), [("light", "rgba(255, 255, 255, 1)"), ("dark", "rgba(20, 23, 27, 1)")])
def test_light_and_dark(browser: Browser, url: str, scheme: str, paper: str) -> None:
    browser.prefer(scheme)
    browser.open(f"{url}/")
    assert browser.one("body").value_of_css_property("background-color") == paper


@pytest.mark.parametrize("size", [(1200, 900), TELEPHONE], ids=["wide", "narrow"])
@pytest.mark.parametrize("page", ["/", "/page/pool?name=edge", "/page/config?name=edge"])
def test_what_a_screen_reader_is_told(browser: Browser, url: str, page: str, size: tuple[int, int]) -> None:
    browser.resize(*size)
    browser.open(f"{url}{page}")
    told = browser.accessible()
    roles = [each["role"] for each in told]
    for role in ("main", "banner", "contentinfo", "navigation", "table", "columnheader", "rowheader", "row", "cell"):
        assert role in roles, role
    assert next(each["level"] for each in told if each["role"] == "heading") == 1
    for each in told:
        if each["role"] in {"link", "heading", "table", "navigation", "region"}:
            assert each["name"], each


def test_the_token_is_the_password(browser: Browser, guarded: str) -> None:
    browser.driver.get(guarded)
    # It would ask for the password now; nobody is there to give it, and it shows nothing.
    assert browser.all("h1") == []
    assert ["401" in each for each in browser.complaints()] == [True]
    browser.open(f"{guarded.replace('://', f'://anybody:{TOKEN}@')}/")
    assert [each.text for each in browser.all("tbody th")] == ["edge"]
    browser.click("edge")
    assert browser.text("h1") == "edge"
    # The style is there as well: the browser asked for it with the token.
    assert browser.all("caption")[0].value_of_css_property("text-align") == "left"


def test_what_runs(browser: Browser, make: Callable[..., Edge], worker: Callable[[str], Worker]) -> None:
    edge, port = make(), free_port()
    gone = worker("gone")
    edge.run(worker("one"), gone)
    edge.start()
    edge.create(pool("web", port, with_check()))
    root = edge.server.url
    # A busy machine may find servers down for a moment.
    until(lambda: shown(browser, f"{root}/page/pool?name=web", ".servers td .badge") == ["UP", "UP"])
    until(lambda: shown(browser, root, ".banner") == ["The pool runs."])
    gone.close()
    until(lambda: shown(browser, root, ".pools .why") == ["backend web: 1 of 2 servers up"])
    until(lambda: "DOWN" in shown(browser, f"{root}/page/pool?name=web", ".servers td .badge"))
    edge.put(pool("web", port, {"miscStrs": ["http-request nonsense"]}))
    edge.wait("web", "ERROR")
    until(lambda: shown(browser, root, ".pools .badge") == ["Out of date"])
    assert "'nonsense'" in browser.text(".pools")
    until(lambda: "This one runs, and not" in shown(browser, f"{root}/page/config?name=web", "main")[0])
    assert "nonsense" not in browser.text(".lines")
    browser.click("What the pool asks for")
    assert "http-request nonsense" in browser.text(".lines")


def with_check() -> dict[str, Any]:
    """What a backend needs for HAProxy to see soon that a server is gone."""
    check = {"enabled": True, "customStr": "inter 2s fall 1 rise 1"}
    endpoint = {"portName": "web", "check": check}
    return {"services": [{"marathon": {"serviceID": "/web"}, "endpoint": endpoint}]}


def shown(browser: Browser, url: str, selector: str) -> list[str]:
    """What a page shows there now."""
    browser.open(url)
    return [each.text for each in browser.all(selector)]
