"""The page of one pool: frontends with their routes, backends with their servers, findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.server.running import ServerHealth
from tests.server.documents import pool
from tests.server.page.elements import rows
from tests.server.page.pools import HOSTILE, edge, hostile, large

if TYPE_CHECKING:
    from collections.abc import Callable

    from lbgen.server.server import Server
    from tests.server.page.conftest import Somebody
    from tests.server.page.elements import Element


def part(page: Element, title: str) -> Element:
    """The frontend or backend of this name."""
    return next(each for each in page.all("article") if each.one("h3").text == title)


def test_routes_stand_in_the_order_in_which_they_are_evaluated(server: Server, look: Callable[..., Element]) -> None:
    server.pools.create("V2", edge())
    page = look("/page/pool?name=edge")
    assert [each.text for each in page.one("section", aria_labelledby="frontends").all("h3")] == [
        "plain",
        "secure",
        "stats",
    ]
    plain = part(page, "plain")
    assert plain.all("p")[0].text == "HTTP, on 0.0.0.0:80"
    assert [cells[1:-1] for cells in rows(plain.one("table"))] == [
        ["any", "all but any host /.well-known; old.example.org any path", "redirect to HTTPS"],
        ["everything else", "web"],
    ]
    assert [cells[:-1] for cells in rows(part(page, "secure").one("table"))] == [
        ["1", "http-request deny if { path_beg /admin }", "http-request deny"],
        ["2", "api.example.org", "/v1…", "api"],
        ["3", r"matching ^.*\.shop\.example\.org$", "any", "shop"],
        ["4", "any", "matching ^/static/ and ending in .png", "web"],
        ["5", "everything else", "web"],
    ]


def test_routes_lead_to_their_backends_and_lines(server: Server, look: Callable[..., Element]) -> None:
    server.pools.create("V2", edge())
    page = look("/page/pool?name=edge")
    row = part(page, "secure").one("tbody").all("tr")[1]
    to_backend, to_line = row.all("a")
    assert page.one("h3", id=to_backend.attributes["href"].removeprefix("#")).text == "api"
    config = look(f"/page/{to_line.attributes['href']}")
    anchor = to_line.attributes["href"].partition("#")[2]
    assert config.one("tr", id=anchor).one("code").text.startswith("use_backend api if")


def test_servers_are_shown_as_selected_where_nothing_runs(server: Server, look: Callable[..., Element]) -> None:
    server.pools.create("V2", edge())
    page = look("/page/pool?name=edge")
    assert "nobody knows how they are" in page.one("section", id="state").text
    (server_row,) = rows(part(page, "shop").one("table"))
    assert server_row[:-1] == ["address_192.0.2.21_8080", "192.0.2.21:8080", "selected"]
    assert part(page, "web").all("p")[0].text == "2 servers selected"


def test_servers_are_as_haproxy_tells(
    running_server: Server, somebody: Somebody, look_at_running: Callable[..., Element]
) -> None:
    running_server.pools.create("V2", edge())
    text = running_server.pools.render(running_server.pools.get("edge")).text
    assert text is not None
    somebody.texts["edge"] = text
    down = ServerHealth("address_192.0.2.11_8080", "192.0.2.11:8080", "DOWN", 1, 0, "L4CON Connection refused")
    fine = ServerHealth("address_192.0.2.12_8080", "192.0.2.12:8080", "UP", 10, 1234, "L7OK")
    more = ServerHealth("later", "192.0.2.14:8080", "MAINT", 1, 0, "")
    everywhere = {
        "web": [fine._replace(name=f"address_192.0.2.{last}_8080") for last in (1, 2)],
        "shop": [fine._replace(name="address_192.0.2.21_8080")],
    }
    somebody.servers["edge"] = {**everywhere, "api": [down, fine, more]}
    page = look_at_running("/page/pool?name=edge")
    assert page.one("section", id="state").text == "backend api: 1 of 4 servers up"
    # What is in trouble stands in front.
    assert [each.text for each in page.one("section", aria_labelledby="backends").all("h3")] == ["api", "shop", "web"]
    assert [cells[1:-1] for cells in rows(part(page, "api").one("table"))] == [
        ["192.0.2.11:8080", "DOWN", "L4CON Connection refused", "1", "0"],
        ["192.0.2.12:8080", "UP", "L7OK", "10", "1,234"],
        ["192.0.2.13:8080", "not there yet", ""],
        ["192.0.2.14:8080", "MAINT", "", "1", "0"],
    ]
    facts = {each.one("dt").text: each.one("dd").text for each in page.one("dl").all("div")}
    assert facts["Load balancers"] == "1 of 1 running"
    assert facts["Reached at"] == "192.0.2.99, 198.51.100.9"


def test_findings_lead_to_fields_and_lines(server: Server, look: Callable[..., Element]) -> None:
    document = edge()
    link = document["haproxy"]["frontends"][1]["linkBackend"]
    link["map"] = [{"pathBeg": "/", "backend": "shop"}, {"pathBeg": "/v1", "backend": "api"}]
    server.pools.create("V2", document)
    page = look("/page/pool?name=edge")
    first = page.one("section", aria_labelledby="findings").all("li")[0]
    heading, message, help_, where = first.all("p")
    assert heading.text == "error LBG402 path-shadowed"
    assert message.text.startswith("never gets a request for /v1")
    assert help_.text == "Help: put the narrower rule in front"
    field, line = where.all("a")
    assert field.text == "/haproxy/frontends/1/linkBackend/map/1/pathBeg"
    shown = look(f"/page/{field.attributes['href']}")
    row = shown.one("tr", id=field.attributes["href"].partition("#")[2])
    assert row.one("code").text == '"pathBeg": "/v1"'
    row = look(f"/page/{line.attributes['href']}").one("tr", id=line.attributes["href"].partition("#")[2])
    assert row.one("code").text.startswith("use_backend api if")
    assert "never gets a request for /v1" in row.text


def test_notes_are_there_and_out_of_the_way(server: Server, look: Callable[..., Element]) -> None:
    document = pool()
    document["haproxy"]["frontends"][0]["name"] = "ping"
    server.pools.create("V2", document)
    page = look("/page/pool?name=ping-lb")
    notes = page.one("details")
    assert notes.one("summary").text == "1 note"
    assert 'a backend is called "ping" too' in notes.one("li").text


def test_what_is_hostile_is_text(server: Server, look: Callable[..., Element]) -> None:
    server.pools.create("V2", hostile())
    for page in ("pool", "config", "document"):
        shown = look(f"/page/{page}?name=hostile")
        assert not shown.all("script", "img", "b")
        assert "49" not in shown.one("h1").text
        assert "\u202e" not in shown.text
    document = look("/page/document?name=hostile").text
    for value in HOSTILE[:4]:
        assert value.replace('"', '\\"') in document
    assert "<U+202E>gnp.exe" in document
    assert HOSTILE[0] in look("/page/pool?name=hostile").text


def test_what_is_long_is_cut(server: Server, look: Callable[..., Element]) -> None:
    server.pools.create("V2", hostile())
    for page in ("pool", "config", "document"):
        texts = [each.text for each in look(f"/page/{page}?name=hostile").all("td", "th", "li", "code")]
        assert max(map(len, texts)) < 1000
    assert any(len(text) > 700 for text in texts)


def test_of_much_the_first_is_shown(server: Server, look: Callable[..., Element]) -> None:
    server.pools.create("V2", large(size=600))
    page = look("/page/pool?name=large")
    routes, _ = page.one("section", aria_labelledby="frontends").all("article")
    assert len(rows(routes.one("table"))) == 500
    assert routes.all("p")[-1].text == "and 101 more routes: the configuration has them all"
    backends = page.one("section", aria_labelledby="backends")
    assert len(backends.all("article")) == 200
    assert backends.all("p")[-1].text == "and 400 more backends: the configuration has them all"


def test_where_there_is_no_configuration(server: Server, look: Callable[..., Element]) -> None:
    server.pools.create("V2", pool())
    server.store.write(lambda state: state.change_pool("ping-lb", template="{{ pool.nowhere.at_all }}"))
    page = look("/page/pool?name=ping-lb")
    assert "there is no configuration: the template" in page.one("section", id="state").text
    assert not page.all("article")
    config = look("/page/config?name=ping-lb")
    assert not config.all("table")
    assert "There is no configuration. the template of the pool cannot be used" in config.one("main").text
    look("/page/haproxy.cfg?name=ping-lb", status=404)
