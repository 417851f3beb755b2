"""The list of all pools: how each is, and why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.server.running import ServerHealth, State, Status
from tests.server.documents import app, pool, pool_v1
from tests.server.page.elements import rows
from tests.server.page.pools import edge

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lbgen.server.rendering import Rendering
    from lbgen.server.server import Server
    from lbgen.server.store import StoredPool
    from tests.server.page.conftest import Somebody
    from tests.server.page.elements import Element


def listed(page: Element) -> dict[str, list[str]]:
    """The rows of the list by the names of their pools."""
    return {name: rest for name, *rest in rows(page.one("table"))}


def banner(page: Element) -> str:
    return next(each for each in page.all("p") if "banner" in each.attributes.get("class", "")).text


def up(name: str, state: str = "UP", address: str = "192.0.2.7:31001") -> ServerHealth:
    return ServerHealth(name, address, state, 1, 0, "L4OK")


def test_without_pools(look: Callable[..., Element]) -> None:
    page = look()
    assert banner(page).startswith("There is no pool yet.")
    assert not page.all("table")


def test_where_nothing_runs(server: Server, look: Callable[..., Element]) -> None:
    server.pools.create("V2", pool())
    server.pools.upsert("V1", [pool_v1()])
    page = look()
    assert banner(page).startswith("Nothing is known to be wrong with the 2 pools. Nothing runs here")
    found = listed(page)
    assert list(found) == ["old-lb", "ping-lb"]
    assert found["ping-lb"] == ["Rendered", "15001 HTTP", "1 selected", "1 warning"]


def test_a_backend_without_servers(
    server: Server, look: Callable[..., Element], now_running: Callable[..., None]
) -> None:
    server.pools.create("V2", pool())
    now_running()
    assert listed(look())["ping-lb"][0] == "Broken backend ping: no server: it answers 503"


def test_one_backend_of_several_without_servers(server: Server, look: Callable[..., Element]) -> None:
    document = edge()
    document["haproxy"]["backends"][2]["services"] = [
        {"marathon": {"serviceID": "/nowhere"}, "endpoint": {"portName": "web"}}
    ]
    server.pools.create("V2", document)
    page = look()
    assert listed(page)["edge"][0] == "Degraded backend shop: no server: it answers 503"
    assert banner(page).startswith("1 of 1 pool needs a look.")


def test_what_lint_calls_an_error(server: Server, look: Callable[..., Element]) -> None:
    document = edge()
    link = document["haproxy"]["frontends"][1]["linkBackend"]
    link["map"] = [{"pathBeg": "/", "backend": "shop"}, {"pathBeg": "/v1", "backend": "api"}]
    server.pools.create("V2", document)
    state, _, _, counts = listed(look())["edge"]
    assert state.startswith("Has errors path-shadowed: never gets a request")
    assert counts.startswith("1 error ")


def test_a_template_that_fails_is_why_there_is_no_configuration(server: Server, look: Callable[..., Element]) -> None:
    server.pools.create("V2", pool())
    server.store.write(lambda state: state.change_pool("ping-lb", template="{{ pool.nowhere.at_all }}"))
    server.pools.create("V2", pool("other", 15009))
    page = look()
    state = listed(page)["ping-lb"][0]
    assert state.startswith("Broken there is no configuration: the template of the pool cannot be used: line 1:")
    assert banner(page).startswith("1 of 2 pools is in trouble")
    assert list(listed(page)) == ["ping-lb", "other"]


def everything_up(server: Server, somebody: Somebody, name: str) -> None:
    text = server.pools.render(server.pools.get(name)).text
    assert text is not None
    somebody.texts[name] = text
    somebody.servers[name] = {"ping": [up("agentip_192.0.2.7_31001")]}


def test_all_is_well(running_server: Server, somebody: Somebody, look_at_running: Callable[..., Element]) -> None:
    running_server.pools.create("V2", pool())
    everything_up(running_server, somebody, "ping-lb")
    page = look_at_running()
    assert banner(page) == "The pool runs."
    assert listed(page)["ping-lb"] == ["Running", "15001 HTTP", "1 of 1 up", "1 warning"]


@pytest.mark.parametrize(
    ("state", "word"),
    [("DOWN", "Broken"), ("DOWN 1/2", "Broken"), ("MAINT", "Broken"), ("DRAIN", "Broken"), ("no check", "Running")],
)
def test_the_only_server(
    running_server: Server, somebody: Somebody, look_at_running: Callable[..., Element], state: str, word: str
) -> None:
    running_server.pools.create("V2", pool())
    everything_up(running_server, somebody, "ping-lb")
    somebody.servers["ping-lb"] = {"ping": [up("agentip_192.0.2.7_31001", state)]}
    assert listed(look_at_running())["ping-lb"][0].startswith(word)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status(State.PENDING, "", 1, 0), "Starting"),
        (Status(State.PENDING, "", 1, 1), "Changing"),
        (Status(State.OK, "", 0, 0), "Scaled to 0"),
        (Status(State.ERROR, "port 80 is taken", 1, 0), "Not running port 80 is taken"),
        (
            Status(State.ERROR, "HAProxy refuses it", 1, 1),
            "Out of date HAProxy refuses it an older configuration goes on running",
        ),
    ],
)
def test_what_runs_is_told(
    running_server: Server, somebody: Somebody, look_at_running: Callable[..., Element], status: Status, said: str
) -> None:
    running_server.pools.create("V2", pool())
    if status.running:
        everything_up(running_server, somebody, "ping-lb")
    somebody.statuses["ping-lb"] = status
    assert listed(look_at_running())["ping-lb"][0] == said


def test_a_haproxy_that_does_not_answer(
    running_server: Server, somebody: Somebody, look_at_running: Callable[..., Element]
) -> None:
    running_server.pools.create("V2", pool())
    everything_up(running_server, somebody, "ping-lb")
    somebody.servers.clear()
    said = listed(look_at_running())["ping-lb"]
    assert said[0] == "Degraded HAProxy runs, and does not tell how its servers are"
    assert said[2] == "1 selected"


def test_the_worst_comes_first(
    running_server: Server, somebody: Somebody, look_at_running: Callable[..., Element]
) -> None:
    for number, name in enumerate(("a", "b", "c", "d")):
        running_server.pools.create("V2", pool(name, 15001 + number))
        everything_up(running_server, somebody, name)
    somebody.statuses["c"] = Status(State.ERROR, "port 80 is taken", 1, 1)
    somebody.statuses["a"] = Status(State.OK, "", 0, 0)
    page = look_at_running()
    assert list(listed(page)) == ["c", "b", "d", "a"]
    assert banner(page) == "1 of 4 pools is in trouble."


def test_tasks_that_cannot_be_read(server: Server, tasks: Path, look: Callable[..., Element]) -> None:
    server.pools.create("V2", pool())
    tasks.write_text("<html>")
    server.refresh()
    for path in ("/", "/page/pool?name=ping-lb"):
        said = look(path).one("p", role="status").text
        assert said.startswith("The tasks cannot be read. Servers are those that were known before.")
    assert listed(look())["ping-lb"][2] == "1 selected"


def test_many_reasons_are_counted(server: Server, look: Callable[..., Element]) -> None:
    document = edge()
    for each in document["haproxy"]["backends"]:
        each["services"] = [{"marathon": {"serviceID": "/nowhere"}, "endpoint": {"portName": "web"}}]
    server.pools.create("V2", document)
    assert listed(look())["edge"][0].endswith("answers 503 and 1 more")


def test_pool_templates_and_what_came_of_them(server: Server, tasks: Path, look: Callable[..., Element]) -> None:
    labels = {"edgelb.expose": "true", "edgelb.template": "shop", "edgelb.web.portName": "web"}
    tasks.write_text(json.dumps({"apps": [app("/shop/cart", labels=labels)]}))
    server.refresh()
    for name in ("shop", "idle"):
        server.pool_templates.create(name)
    table = look().all("table")[1]
    assert rows(table) == [["idle", "NO_TASKS", ""], ["shop", "OK", ""]]
    page = look("/page/template?name=shop")
    assert page.one("h1").text == "Pool template shop"
    assert rows(page.one("table"))[0][:2] == ["/shop/cart", "OK"]
    assert page.one("a", href="pool?name=auto-shop").text == "auto-shop"
    assert "pool template shop" in [each.text for each in look("/page/pool?name=auto-shop").all("a")]
    assert "It has no pool" in look("/page/template?name=idle").one("main").text


def test_a_pool_template_of_ones_own_is_shown(server: Server, look: Callable[..., Element]) -> None:
    server.pool_templates.create("mine")
    server.pool_templates.set_text("mine", "{# <b>mine</b> #}\n{{ pool | tojson }}")
    page = look("/page/template?name=mine")
    assert [cells[1] for cells in rows(page.all("table")[-1])] == ["{# <b>mine</b> #}", "{{ pool | tojson }}"]
    assert not page.all("b")


def test_what_changes_is_seen(server: Server, look: Callable[..., Element], now_running: Callable[..., Any]) -> None:
    server.pools.create("V2", pool())
    assert listed(look())["ping-lb"][2] == "1 selected"
    now_running(app(), {**app("/ping", "192.0.2.8"), "tasks": []})
    server.pools.update("V2", pool(port=15005))
    assert listed(look())["ping-lb"][1] == "15005 HTTP"


def test_one_that_lbgen_fails_at_hides_no_other(
    server: Server, look: Callable[..., Element], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, name in enumerate(("one", "two")):
        server.pools.create("V2", pool(name, 15001 + number))
    render = server.pools.render

    def fail_at_one(stored: StoredPool) -> Rendering:
        if stored.name == "one":
            raise ZeroDivisionError
        return render(stored)

    monkeypatch.setattr(server.pools, "render", fail_at_one)
    found = listed(look())
    assert found["one"][0] == "Broken there is no configuration: a mistake of lbgen's; its log says more"
    assert found["two"][0] == "Rendered"


def test_of_a_long_pool_template_it_is_said_how_much_is_not_shown(server: Server, look: Callable[..., Element]) -> None:
    server.pool_templates.create("mine")
    server.pool_templates.set_text("mine", "{#\n" + "\n" * 1200 + "#}{{ pool | tojson }}\n")
    page = look("/page/template?name=mine")
    assert len(rows(page.all("table")[-1])) == 1000
    assert "and 202 more lines" in page.one("main").text
