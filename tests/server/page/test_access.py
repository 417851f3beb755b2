"""Pages for keyboards, screen readers, and eyes of every kind."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

import lbgen.server.page
from lbgen.pipeline.pools import PoolOptions
from lbgen.server.http.app import Api
from lbgen.server.http.guard import Guard
from lbgen.server.running import Nobody
from lbgen.server.server import Server
from lbgen.server.tasks import Files
from tests.server.documents import pool
from tests.server.page.conftest import BROWSER
from tests.server.page.elements import read
from tests.server.page.pools import edge, hostile, large

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.server.page.elements import Element

STYLE = (Path(lbgen.server.page.__file__).parent / "templates" / "style.css").read_text()
PATHS = [
    "/",
    *(f"/page/{page}?name={name}" for page in ("pool", "config", "document") for name in ("edge", "hostile", "broken")),
    "/page/config?name=large&line=2000",
    "/page/template?name=shop",
]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Element]]:
    """The page at a path, made once."""
    server = Server(tmp_path_factory.mktemp("data"), Files(), Nobody(), PoolOptions())
    for document in (edge(), hostile(), pool("broken", 15003), large()):
        server.pools.create("V2", document)
    server.store.write(lambda state: state.change_pool("broken", template="{{ pool.nowhere.at_all }}"))
    server.pool_templates.create("shop")
    client = TestClient(Api(server, Guard()), base_url="http://localhost")
    yield cache(lambda path: read(client.get(path, headers=BROWSER).text))
    server.close()


@pytest.fixture(params=PATHS)
def page(request: pytest.FixtureRequest, pages: Callable[[str], Element]) -> Element:
    return pages(request.param)


def test_a_page_is_made_for_those_who_do_not_see_it(page: Element) -> None:
    assert page.one("html").attributes["lang"] == "en"
    assert page.one("title").text
    for landmark in ("main", "header", "footer", "h1"):
        assert page.one(landmark)
    headings = [int(each.tag[1]) for each in page.all("h1", "h2", "h3", "h4")]
    assert headings[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(headings)), "a level of headings is left out"
    names = [nav.attributes["aria-label"] for nav in page.all("nav")]
    assert len(names) == len(set(names))


def test_the_first_link_leads_to_the_content(page: Element) -> None:
    first = page.all("a")[0]
    assert (first.text, first.attributes["href"]) == ("Skip to the content", "#main")
    assert page.one("main").attributes["id"] == "main"


def test_references_within_a_page_hold(page: Element) -> None:
    ids = [each.attributes["id"] for each in page.all() if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    assert not [each for each in ids if not re.fullmatch(r"[A-Za-z][\w-]*", each)]
    wanted = {each.attributes["aria-labelledby"] for each in page.all() if "aria-labelledby" in each.attributes}
    wanted |= {each.attributes["href"][1:] for each in page.all("a") if each.attributes["href"].startswith("#")}
    assert wanted <= set(ids)


def test_every_link_has_a_name(page: Element) -> None:
    assert all(each.text for each in page.all("a", "summary", "th") if not each.attributes.get("hidden"))


def test_tables_say_what_their_cells_are_about(page: Element) -> None:
    for table in page.all("table"):
        assert table.one("caption").text
        head = table.one("thead").all("th")
        assert all(each.attributes["scope"] == "col" for each in head)
        for row in table.one("tbody").all("tr"):
            cells = row.all("td", "th")
            assert (cells[0].tag, cells[0].attributes["scope"]) == ("th", "row")
            assert sum(int(each.attributes.get("colspan", "1")) for each in cells) == len(head)


def test_what_scrolls_can_be_reached_by_keyboard(page: Element) -> None:
    for each in page.all("div"):
        if each.attributes.get("class") == "scroll":
            assert (each.attributes["tabindex"], each.attributes["role"]) == ("0", "region")
            assert each.attributes["aria-labelledby"]


def test_no_state_is_told_by_colour_alone(page: Element) -> None:
    for each in page.all("span"):
        if each.attributes.get("class", "").startswith("badge"):
            assert each.text
        if each.attributes.get("class", "").startswith("mark"):
            assert each.attributes["aria-hidden"] == "true"


def colors(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


LIGHT, DARK = (colors(block) for block in re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL))


def contrast(one: str, other: str) -> float:
    """As WCAG defines it."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(color: str) -> float:
    parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_texts_stand_out_from_what_is_behind_them(scheme: dict[str, str]) -> None:
    assert scheme.keys() == LIGHT.keys()
    levels = ("ok", "warning", "error", "idle")
    papers = ("paper", "raised", "here", *(f"{level}-paper" for level in levels))
    pairs = [(ink, paper) for ink in ("ink", "quiet", "link") for paper in papers]
    pairs += [(level, paper) for level in levels for paper in (f"{level}-paper", "paper", "raised")]
    weak = {f"{ink} on {paper}": round(contrast(scheme[ink], scheme[paper]), 2) for ink, paper in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


def test_dark_is_dark() -> None:
    assert luminance(DARK["paper"]) < 0.05
    assert luminance(LIGHT["paper"]) > 0.9


def test_every_colour_is_one_of_both_schemes() -> None:
    rest = re.sub(r":root \{.*?\}", "", STYLE, flags=re.DOTALL)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", rest)
    used = set(re.findall(r"var\(--([\w-]+)\)", STYLE))
    assert used - {"tone", "tone-paper"} <= LIGHT.keys()
