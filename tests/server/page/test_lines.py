"""The configuration with the origin of each line, and the JSON that these lead into."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lbgen.server.page.paging import Some, Stretch, around, some
from tests.server.documents import pool, pool_v1
from tests.server.page.pools import edge, large

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

    from lbgen.server.server import Server
    from tests.server.page.conftest import Somebody
    from tests.server.page.elements import Element


def lines(page: Element) -> list[tuple[str, str]]:
    """The text of each line, and where it comes from."""
    found = []
    for row in page.one("tbody").all("tr"):
        text, origin = row.all("td")
        found.append(("".join(str(each) for each in text.one("code").children), origin.text))
    return found


def test_every_line_is_there_as_it_is(server: Server, look: Callable[..., Element]) -> None:
    server.pools.create("V2", edge())
    text = server.pools.render(server.pools.get("edge")).text
    assert text is not None
    page = look("/page/config?name=edge")
    assert [line for line, _ in lines(page)] == text.rstrip("\n").split("\n")
    numbers = [row.attributes["id"] for row in page.one("tbody").all("tr")]
    assert numbers == [f"L{number}" for number in range(1, text.count("\n") + 1)]


def test_every_line_says_where_it_comes_from(server: Server, look: Callable[..., Element]) -> None:
    server.pools.create("V2", edge())
    found = {line.strip(): origin for line, origin in lines(look("/page/config?name=edge"))}
    assert found["maxconn               10000"] == "lbgen"
    assert found["http-request deny if { path_beg /admin }"] == "/haproxy/frontends/1/miscStrs/0"
    assert found["frontend secure"] == "/haproxy/frontends/1/name"
    assert found["backend shop"] == "/haproxy/backends/2/name"
    assert all(origin for line, origin in found.items() if line)


@pytest.mark.parametrize("version", ["V1", "V2"])
def test_origins_lead_to_the_field(server: Server, look: Callable[..., Element], version: str) -> None:
    server.pools.upsert(version, [edge() if version == "V2" else pool_v1("edge")])
    links = [
        each for each in look("/page/config?name=edge").one("tbody").all("a") if "document" in each.attributes["href"]
    ]
    document = {
        row.attributes["id"]: row.one("code").text
        for row in look("/page/document?name=edge").all("tr")
        if row.all("code")
    }
    assert links
    for link in links:
        field = link.text.rpartition("/")[2]
        line = document[link.attributes["href"].partition("#")[2]]
        # What has no name stands in a list, or for all that is in it.
        assert line.startswith(f'"{field}":') or field.isdecimal() or line in {"{", "["}


def test_the_lines_of_a_template_are_told_apart(server: Server, look: Callable[..., Element]) -> None:
    server.pools.create("V2", pool())
    template = (
        "# mine\n{% for each in sections %}{{ each.text }}\n"
        "{% if each.kind == 'frontend' %}  acl mine always_true\n{% endif %}{% endfor %}"
    )
    server.pools.set_template("ping-lb", template)
    found = {line.strip(): origin for line, origin in lines(look("/page/config?name=ping-lb"))}
    assert found["# mine"] == found["acl mine always_true"] == "template"
    assert found["bind 0.0.0.0:15001"] == "/haproxy/frontends/0/bindPort"
    assert found["default_backend ping"] == "/haproxy/frontends/0/linkBackend/defaultBackend"
    assert found["global"] == "lbgen"


def test_what_runs_and_what_is_wanted(
    running_server: Server, somebody: Somebody, look_at_running: Callable[..., Element]
) -> None:
    running_server.pools.create("V2", pool())
    text = running_server.pools.render(running_server.pools.get("ping-lb")).text
    assert text is not None
    somebody.texts["ping-lb"] = text.replace("roundrobin", "leastconn")
    runs, wanted = "/page/config?name=ping-lb", "/page/config?name=ping-lb&text=wanted"
    page = look_at_running(runs)
    assert [each.text for each in page.one("nav", aria_label="Texts").all("a")] == [
        "What runs",
        "What the pool asks for",
    ]
    found = {line.strip(): origin for line, origin in lines(page)}
    assert "balance leastconn" in found
    assert found["balance leastconn"] == "added"
    found = {line.strip(): origin for line, origin in lines(look_at_running(wanted))}
    assert found["balance roundrobin"] == "/haproxy/backends/0/balance"


def test_many_lines_are_shown_by_the_page(server: Server, look: Callable[..., Element]) -> None:
    server.pools.create("V2", large(size=250))
    text = server.pools.render(server.pools.get("large")).text
    assert text is not None
    wanted = text.rstrip("\n").split("\n")
    assert len(wanted) > 2_000
    got: list[str] = []
    path = "/page/config?name=large"
    while path:
        page = look(path)
        got += [line for line, _ in lines(page)]
        following = page.all("a", rel="next")
        path = f"/page/{following[0].attributes['href']}" if following else ""
    assert got == wanted


def test_the_page_of_a_line(server: Server, look: Callable[..., Element]) -> None:
    server.pools.create("V2", large(size=120))
    page = look("/page/config?name=large&line=1001")
    assert page.one("tbody").all("tr")[0].attributes["id"] == "L1001"


@pytest.mark.parametrize("line", ["1", "1000", "0", "-5", "x", "", "٣"])
def test_the_first_page_is_that_of_its_lines_and_of_what_is_none(
    server: Server, look: Callable[..., Element], line: str
) -> None:
    server.pools.create("V2", pool())
    assert look(f"/page/config?name=ping-lb&line={line}").one("tr", id="L1")


@pytest.mark.parametrize(
    ("line", "total", "stretch"),
    [
        (1, 10, Stretch(1, 10, 10, 0, 0)),
        (1, 1000, Stretch(1, 1000, 1000, 0, 0)),
        (1000, 1001, Stretch(1, 1000, 1001, 0, 1001)),
        (1001, 1001, Stretch(1001, 1001, 1001, 1, 0)),
        (2500, 9999, Stretch(2001, 3000, 9999, 1001, 3001)),
        (10**9, 3000, Stretch(2001, 3000, 3000, 1001, 0)),
        (1, 0, Stretch(1, 0, 0, 0, 0)),
    ],
)
def test_stretches_of_lines(line: int, total: int, stretch: Stretch) -> None:
    assert around(line, total) == stretch


def test_only_what_is_worth_a_line_is_left_out() -> None:
    assert some([1, 2, 3], 2) == Some([1, 2, 3], 0)
    assert some([1, 2, 3, 4], 2) == Some([1, 2], 2)


def test_lines_behind_the_end_are_those_at_the_end(server: Server, look: Callable[..., Element]) -> None:
    server.pools.create("V2", pool())
    for line in ("99999", "9" * 5000):
        assert look(f"/page/config?name=ping-lb&line={line}").one("tr", id="L1")
        assert look(f"/page/document?name=ping-lb&line={line}").one("tr", id="J1")


def test_plain_texts(client: TestClient, server: Server) -> None:
    server.pools.create("V2", pool())
    config = client.get("/page/haproxy.cfg?name=ping-lb")
    assert config.headers["content-type"] == "text/plain; charset=utf-8"
    assert config.text == client.get("/v2/pools/ping-lb/lbconfig").text
    document = client.get("/page/pool.json?name=ping-lb")
    assert document.headers["content-type"] == "application/json"
    assert document.json() == client.get("/v2/pools/ping-lb").json()
